"""Screens, in a process of their own. Run by `tests.bench.feed` and `comeback`, not by hand.

A frame that many walls get is read once; of the others only the time is noted.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import random
import re
import sys
import time
from contextlib import suppress

from tests.bench.sockets import connected, opened_all, serve

EVENT = re.compile(rb'"seq":(\d+),"at":"[^"]*","incident":(\d+)')
POSITION = re.compile(rb'"position":(\d+)')
PATIENCE_S = 20
#: A page comes back within this time after the server has gone (mapui/frontend/src/live/backoff.js).
BACKOFF_S = (0.25, 0.5)


class Wall:
    """Notes when which frame came, and how far it is."""

    def __init__(self, room):
        self.room = room
        self.position = 0
        self.frames: list[tuple[float, int]] = []

    def hear(self, text):
        if text.startswith(b'{"kind":"events"'):
            number = self.room.known.setdefault(text, len(self.room.known))
            self.frames.append((time.perf_counter(), number))
            if number == len(self.room.positions):
                self.room.positions.append(int(POSITION.search(text)[1]))
            self.position = self.room.positions[number]
        elif text.startswith(b'{"kind":"tick"'):
            self.position = max(self.position, int(POSITION.search(text)[1]))
        elif text.startswith(b'{"kind":"resume"'):
            sys.exit("a wall was cut off")


class Room:
    """All walls of a process."""

    def __init__(self):
        self.walls: list[Wall] = []
        self._forget()

    def _forget(self):
        self.known: dict[bytes, int] = {}
        self.positions: list[int] = []
        for wall in self.walls:
            wall.frames = []

    async def open(self, addresses, cookies):
        self.walls = [Wall(self) for _ in cookies]
        heards = [wall.hear for wall in self.walls]
        self.sockets = await opened_all(addresses, "/ws/wall/", cookies, heards)
        return len(self.walls)

    async def come_back(self, address, cookies):
        """Have walls that know nothing come at once, as after a restart; return what each waited, and got.

        The seconds from its connection until the last part of its snapshot is there.
        """
        whole: dict[bytes, bool] = {}

        async def one(cookie):
            await asyncio.sleep(random.uniform(*BACKOFF_S))
            start, size, end = time.perf_counter(), 0, asyncio.get_running_loop().create_future()

            def hear(frame):
                nonlocal size
                size += len(frame)
                if frame not in whole:
                    text = frame if frame[:1] == b"{" else gzip.decompress(frame)
                    said = json.loads(text)
                    whole[frame] = said["kind"] == "snapshot" and said["part"] == said["parts"]
                if whole[frame] and not end.done():
                    end.set_result(time.perf_counter() - start)

            socket = await connected(address, "/ws/wall/", cookie, hear)
            socket.say(b'{"kind":"hello","packed":true}')
            waited = await end
            socket.leave()
            return waited, size

        start = time.perf_counter()
        found = await asyncio.gather(*map(one, cookies))
        return {"found": found, "span": time.perf_counter() - start}

    async def leave(self):
        for socket in self.sockets:
            socket.leave()
        return 0

    async def seen(self, position, count=0, *, texts=False):
        """Return what came until all have reached the position, or so many frames, and forget it."""

        def misses_something(wall):
            return wall.position < position or len(wall.frames) < count

        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_S):
                while any(map(misses_something, self.walls)):  # noqa: ASYNC110 - a look now and then is cheaper
                    await asyncio.sleep(0.01)
        found = {
            "frames": [[(int(n), int(i)) for n, i in EVENT.findall(text)] for text in self.known],
            "arrivals": [wall.frames for wall in self.walls],
            "texts": [text.decode() for text in self.known] if texts else [],
        }
        self._forget()
        return found


async def main():
    room = Room()
    await serve({"open": room.open, "come_back": room.come_back, "leave": room.leave, "seen": room.seen})


if __name__ == "__main__":
    asyncio.run(main())
