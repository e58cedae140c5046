"""A network between a phone and the server that fails at random points, the same ones for the same seed."""

from __future__ import annotations

import asyncio
import random
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

#: A log-in page of somebody else's network: it answers everything, and means nothing.
_PAGE: Final = b"<!doctype html><title>Wi-Fi</title><h1>Welcome. Log in to use this network.</h1>"
CAPTIVE_PAGE: Final = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n"
    b"Content-Length: %d\r\n\r\n%s" % (len(_PAGE), _PAGE)
)
#: How long a hole swallows everything before the connection breaks; seconds.
_HOLE_S: Final = 4.0
_CHUNK: Final = 65536


@dataclass(slots=True)
class Fate:
    """What becomes of a connection: after so many bytes up or down it breaks, or swallows all that comes."""

    up: float = float("inf")
    down: float = float("inf")
    is_hole: bool = False
    is_captive: bool = False


@dataclass(slots=True)
class Tally:
    """What went through so far: bytes towards the server, connections, and how many of these were broken."""

    up: int = 0
    connections: int = 0
    broken: int = 0


class Network:
    """Carries bytes to ``target`` (a port); once it is shaken, connections fail as the seed has it."""

    def __init__(self, target: int, seed: int, loop: asyncio.AbstractEventLoop) -> None:
        self.target = target
        self._loop = loop
        self._open: set[asyncio.StreamWriter] = set()
        self._is_bad = False
        self.tally = Tally()
        self._random = random.Random(seed)

    def _fate(self) -> Fate:
        if not self._is_bad:
            return Fate()
        kind = self._random.random()
        size = self._random.lognormvariate(10.3, 1.5)  # half of them below 30 KB
        if kind < 0.40:
            return Fate(up=size)
        if kind < 0.60:  # the answer is lost: the server has it, the phone doesn't know
            return Fate(down=self._random.uniform(0, 1500))
        if kind < 0.66:
            return Fate(up=size, is_hole=True)
        return Fate(up=20 * size, is_captive=kind < 0.72)

    def shake(self) -> None:
        """Let connections fail from now on; those that are open break at once."""
        self._is_bad = True
        self._loop.call_soon_threadsafe(lambda: [writer.transport.abort() for writer in self._open])

    async def carry(self, phone: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        """Carry one connection until it ends or meets its fate."""
        fate = self._fate()
        self.tally.connections += 1
        if fate.is_captive:
            self.tally.broken += 1
            with suppress(OSError):
                await phone.read(_CHUNK)
                back.write(CAPTIVE_PAGE)
                await back.drain()
            back.close()
            return
        try:
            server, forth = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            back.transport.abort()
            return
        ways = [
            self._pump(phone, forth, fate.up, fate, is_up=True),
            self._pump(server, back, fate.down, fate),
        ]
        tasks = {asyncio.ensure_future(way) for way in ways}
        self._open.add(back)
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        self._open.discard(back)
        for writer in (back, forth):
            writer.transport.abort()

    async def _pump(
        self,
        source: asyncio.StreamReader,
        sink: asyncio.StreamWriter,
        most: float,
        fate: Fate,
        *,
        is_up: bool = False,
    ) -> None:
        left = most
        with suppress(OSError):
            while content := await source.read(_CHUNK):
                sink.write(content[: int(min(left, len(content)))])
                await sink.drain()
                left -= len(content)
                if is_up:
                    self.tally.up += len(content)
                if left < 0:
                    self.tally.broken += 1
                    if fate.is_hole:
                        await asyncio.sleep(_HOLE_S)
                    return


@contextmanager
def network(target: int, seed: int) -> Iterator[tuple[Network, int]]:
    """Yield a network to a port of this machine, and the port where it begins; it has its own thread."""
    loop = asyncio.new_event_loop()
    one = Network(target, seed, loop)
    server = loop.run_until_complete(asyncio.start_server(one.carry, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield one, server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
