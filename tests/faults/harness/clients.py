"""What phones and walls have in common: a person's session, the way to the servers, and patience."""

from __future__ import annotations

import asyncio
import random
from itertools import count
from typing import TYPE_CHECKING

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

#: What a client meets when the line is cut, wherever that happens.
CUTS = (OSError, WebSocketException, TimeoutError, EOFError)
#: As the pages' backoff, twenty times as fast: the longest wait before attempt n, in seconds.
FIRST_WAIT_S, LONGEST_WAIT_S = 0.05, 1.0


class Backoff:
    """How long to wait before trying again: at random, and longer each time."""

    def __init__(self) -> None:
        self._attempts = count()

    async def wait(self) -> None:
        most = min(FIRST_WAIT_S * 2 ** next(self._attempts), LONGEST_WAIT_S)
        await asyncio.sleep(random.uniform(most / 2, most))


def open_socket(address: str, face: str, cookie: str, **options) -> connect:
    """Return the opening of a face's socket, as a browser does it."""
    headers = {"Cookie": cookie}
    options = {"max_size": None, "ping_interval": None, "open_timeout": 10, "compression": None} | options
    return connect(
        f"ws://{address}/ws/{face}/", origin=f"http://{address}", additional_headers=headers, **options
    )


def leave(socket: ClientConnection) -> None:
    """Drop a connection without a word."""
    socket.transport.abort()
