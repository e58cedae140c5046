"""What the log gets of libraries that say more than somebody can read."""

from __future__ import annotations

import logging
import traceback
from time import monotonic
from typing import TYPE_CHECKING, Final

from gis_grids.errors import LingeError

if TYPE_CHECKING:
    from types import TracebackType

    ErrorInfo = tuple[type[BaseException], BaseException, TracebackType | None]

#: Errors whose words are ours, or the machine's, and hold nothing that somebody wrote or that is stored.
_SPEAKING: Final = (LingeError, OSError, ImportError)


class WithoutWords(logging.Formatter):
    """Writes of an error where it happened and what kind it is, not what it says.

    A database names the values of the row that it refuses, and a conversion what it couldn't read: the name
    or number that somebody wrote would stand in the log.
    """

    def formatException(self, ei: ErrorInfo) -> str:  # type: ignore[override]  # noqa: N802
        """Return the traceback, with all errors that it came from, without their words."""
        told = traceback.TracebackException(*ei, compact=True)
        _silence(told, ei[1])
        return "".join(told.format()).rstrip()


def _silence(told: traceback.TracebackException, error: BaseException) -> None:
    if not isinstance(error, _SPEAKING):
        told._str = "…"  # type: ignore[attr-defined]  # noqa: SLF001 - there is no other way to its words
    told.__notes__ = None
    for part, cause in ((told.__cause__, error.__cause__), (told.__context__, error.__context__)):
        if part is not None and cause is not None:
            _silence(part, cause)
    for part, one in zip(told.exceptions or (), getattr(error, "exceptions", ()), strict=False):
        _silence(part, one)


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
