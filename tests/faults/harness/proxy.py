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

    They break once so many bytes went up (to the server) or down. ``is_reset``: by a reset, else by an
    orderly end. ``is_black_hole``: nothing arrives any more, and nobody is told.
    """

    cut_up: int | None = None
    cut_down: int | None = None
    is_reset: bool = True
    is_black_hole: bool = False


class Proxy:
    """Listens on a port of its own; ``line`` may be changed at any time."""

    def __init__(self, port: int) -> None:
        self.target = port
        self.line = Line()
        #: Bytes of the latest connection, in each direction.
        self.up = self.down = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        self.address = f"127.0.0.1:{self.port}"
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._server.close()

    async def _carry(self, down: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        line, self.up, self.down = self.line, 0, 0
        try:
            up, server = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            client.transport.abort()
            return
        ways = {
            asyncio.create_task(self._pump(down, server, line, "up", line.cut_up)),
            asyncio.create_task(self._pump(up, client, line, "down", line.cut_down)),
        }
        with suppress(asyncio.CancelledError):  # the test is over
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for task in ways:
            task.cancel()
        for writer in (client, server):
            if line.is_reset:
                raw = writer.get_extra_info("socket")
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_0)
                writer.transport.abort()
            else:
                writer.close()

    async def _pump(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, line: Line, way: str, most: int | None
    ) -> None:
        carried = 0
        while most is None or carried < most:
            try:
                content = await source.read(65536 if most is None else most - carried)
            except OSError:
                return
            if not content:
                return
            carried += len(content)
            setattr(self, way, carried)
            if not line.is_black_hole:
                sink.write(content)
                await sink.drain()
