"""A network between client and server that fails where a test wants it to."""

from __future__ import annotations

import asyncio
import socket
import struct
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

#: Closing then sends a reset, and forgets what was not sent yet.
LINGER_0 = struct.pack("ii", 1, 0)


@dataclass(slots=True)
class Line:
    """What becomes of the connections that are made from now on.

    They break once so many bytes went up (to the server) or down, after ``pause_s`` seconds of silence.
    ``is_reset``: by a reset, else by an orderly end. ``is_black_hole``: nothing arrives any more, and nobody
    is told. ``stranger``: somebody else answers, with these bytes, whatever is asked.
    """

    cut_up: int | None = None
    cut_down: int | None = None
    is_reset: bool = True
    is_black_hole: bool = False
    pause_s: float = 0
    stranger: bytes = b""


class Proxy:
    """Listens on a port of its own; ``line`` may be changed at any time."""

    def __init__(self, port: int) -> None:
        self.target = port
        self.line = Line()
        #: Bytes of the latest connection, in each direction.
        self.up = self.down = 0
        #: Bytes towards the server on all connections, and how many of these the line broke.
        self.all_up = self.broken = 0
        self._open: set[asyncio.StreamWriter] = set()

    def next_line(self) -> Line:
        """Return what becomes of the connection that is made now."""
        return self.line

    def cut_all(self) -> None:
        """Break all connections that are open."""
        for client in self._open:
            client.transport.abort()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        self.address = f"127.0.0.1:{self.port}"
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._server.close()

    async def _carry(self, down: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        line, self.up, self.down = self.next_line(), 0, 0
        if line.stranger:
            await self._answer(down, client, line.stranger)
            return
        try:
            up, server = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            client.transport.abort()
            return
        self._open.add(client)
        ways = {
            asyncio.create_task(self._pump(down, server, line, "up", line.cut_up)),
            asyncio.create_task(self._pump(up, client, line, "down", line.cut_down)),
        }
        with suppress(asyncio.CancelledError):  # the test is over
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for task in ways:
            task.cancel()
        self._open.discard(client)
        for writer in (client, server):
            if line.is_reset:
                with suppress(OSError):  # it broke already
                    raw = writer.get_extra_info("socket")
                    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_0)
                writer.transport.abort()
            else:
                writer.close()

    async def _pump(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, line: Line, way: str, most: int | None
    ) -> None:
        carried = 0
        with suppress(OSError):
            while most is None or carried < most:
                content = await source.read(65536 if most is None else most - carried)
                if not content:
                    return
                carried += len(content)
                setattr(self, way, carried)
                if way == "up":
                    self.all_up += len(content)
                if not line.is_black_hole:
                    sink.write(content)
                    await sink.drain()
            self.broken += 1
            await asyncio.sleep(line.pause_s)

    async def _answer(self, down: asyncio.StreamReader, client: asyncio.StreamWriter, answer: bytes) -> None:
        self.broken += 1
        with suppress(OSError):
            await down.read(65536)
            client.write(answer)
            await client.drain()
        client.close()
