"""A network between a phone and the server that fails at random points, the same ones for the same seed."""

from __future__ import annotations

import asyncio
import random
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from tests.faults.harness.proxy import Line, Proxy

if TYPE_CHECKING:
    from collections.abc import Iterator

#: A log-in page of somebody else's network: it answers everything, and means nothing.
_PAGE: Final = b"<!doctype html><title>Wi-Fi</title><h1>Welcome. Log in to use this network.</h1>"
_CAPTIVE: Final = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n"
    b"Content-Length: %d\r\n\r\n%s" % (len(_PAGE), _PAGE)
)
#: How long a line is silent before it breaks, where it does both; seconds.
_SILENT_S: Final = 4.0


class Network(Proxy):
    """Carries bytes to a port; once it is shaken, connections fail as the seed has it."""

    def __init__(self, port: int, seed: int) -> None:
        super().__init__(port)
        self._random = random.Random(seed)
        self._is_bad = False

    def next_line(self) -> Line:
        """Return what becomes of the connection that is made now."""
        if not self._is_bad:
            return self.line
        kind = self._random.random()
        size = int(self._random.lognormvariate(10.3, 1.5))  # half of them below 30 KB
        if kind < 0.40:
            return Line(cut_up=size)
        if kind < 0.60:  # the answer is lost: the server has it, the phone doesn't know
            return Line(cut_down=self._random.randrange(1500))
        if kind < 0.66:
            return Line(cut_up=size, pause_s=_SILENT_S)
        return Line(stranger=_CAPTIVE) if kind < 0.72 else Line(cut_up=20 * size)

    def shake(self) -> None:
        """Let connections fail from now on; those that are open break at once."""
        self._is_bad = True
        self._server.get_loop().call_soon_threadsafe(self.cut_all)


@contextmanager
def network(port: int, seed: int) -> Iterator[Network]:
    """Yield a network to a port of this machine; it runs in a thread of its own."""
    loop, one = asyncio.new_event_loop(), Network(port, seed)
    loop.run_until_complete(one.__aenter__())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield one
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
