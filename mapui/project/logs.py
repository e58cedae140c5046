"""What the log gets of libraries that say more than somebody can read."""

from __future__ import annotations

import logging
from time import monotonic


class OneLine(logging.Filter):
    """Lets the message through without its traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Take the traceback off the record."""
        if record.exc_info and (error := record.exc_info[1]) is not None:
            # The name of the error alone: its text may hold an address with a password.
            record.msg, record.args = f"{record.getMessage()} ({type(error).__name__})", ()
        record.exc_info = record.exc_text = None
        return True


class OneLinePerOutage(OneLine):
    """Lets the first message of a series through, and the next one only after some seconds of silence."""

    silence_s = 10.0

    def __init__(self, name: str = "") -> None:
        super().__init__(name)
        self._last = -self.silence_s

    def filter(self, record: logging.LogRecord) -> bool:
        """Take the traceback off, and drop what continues a series."""
        now, last = monotonic(), self._last
        self._last = now
        return super().filter(record) and now - last >= self.silence_s
