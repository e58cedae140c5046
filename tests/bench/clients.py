"""Phones and walls, in a process of their own: reads its task as JSON, prints what it saw as JSON.

Run by `tests.bench.live`, not by hand.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import sys
import time
from datetime import UTC, datetime
from uuid import uuid4

from websockets.asyncio.client import connect

EVENT = re.compile(r'"seq":(\d+),"at":"[^"]*","incident":(\d+)')
PATIENCE_S = 15


class Phone:
    """A reporter: sends, and waits for the acknowledgement of each report."""

    def __init__(self, socket, spots):
        self.socket, self.spots = socket, spots
        self.awaited: dict[str, asyncio.Future[dict]] = {}

    async def listen(self):
        async for text in self.socket:
            if text.startswith(('{"kind":"ack"', '{"kind":"error"')):
                answer = json.loads(text)
                self.awaited.pop(answer["id"]).set_result(answer)

    async def report(self, sent, acked):
        """Send one report; notes when it left, and when which incident was acknowledged."""
        lon, lat = random.choice(self.spots)
        now = datetime.now(UTC).isoformat()
        report = {"kind": "report", "id": str(uuid4()), "matter": "rubbish", "text": "路灯不亮", "lon": lon}
        report |= {"lat": lat, "accuracy_m": 8.0, "position_source": "device", "observed_at": now}
        answer = self.awaited[report["id"]] = asyncio.get_running_loop().create_future()
        left = time.perf_counter()
        await self.socket.send(json.dumps(report | {"sent_at": now}))
        ack = await answer
        if ack["kind"] != "ack":
            sys.exit(f"a report was refused: {ack}")
        sent[ack["incident"]] = left
        acked.append(time.perf_counter() - left)


class Wall:
    """A screen: notes when it saw which event; it reads no more of a frame, to leave the CPU to others."""

    def __init__(self, socket):
        self.socket = socket
        self.frames: list[tuple[float, str]] = []
        self.seen: set[int] = set()

    async def listen(self):
        async for text in self.socket:
            if text.startswith('{"kind":"events"'):
                self.frames.append((time.perf_counter(), text))
            elif text.startswith('{"kind":"resume"'):
                sys.exit("a wall was cut off")

    def events(self):
        """Yield (time, number, incident) of all events so far, and forget the frames."""
        frames, self.frames = self.frames, []
        for at, text in frames:
            for number, incident in EVENT.findall(text):
                yield at, int(number), int(incident)


async def run(task):
    phones = [Phone(socket, task["spots"]) for socket in await opened(task, "phone", task["phones"])]
    walls = [Wall(socket) for socket in await opened(task, "wall", task["walls"])]
    listening = [asyncio.create_task(one.listen()) for one in (*phones, *walls)]
    await asyncio.sleep(0.3)
    found = {}
    for name, phase in task["phases"].items():
        found[name] = await measure(phones, walls, **phase)
    for task_ in listening:
        task_.cancel()
    return found


async def opened(task, face, cookies):
    return await asyncio.gather(*(open_one(task, face, cookie) for cookie in cookies))


async def open_one(task, face, cookie):
    headers = {"Cookie": cookie}
    socket = await connect(
        f"ws://{task['address']}/ws/{face}/",
        origin=f"http://{task['address']}",
        additional_headers=headers,
        max_size=None,
        ping_interval=None,
    )
    await socket.send('{"kind":"hello"}')
    while not (await socket.recv()).startswith('{"kind":"snapshot"'):
        pass
    return socket


async def measure(phones, walls, seconds, rate):
    """Report for some seconds, as fast as each phone is answered or at a rate; then wait for the walls."""
    sent, acked = {}, []
    started = time.perf_counter()
    work = closed_loop if rate is None else offered
    await work(phones, sent, acked, started + seconds, rate)
    took = time.perf_counter() - started
    arrivals = [{} for _ in walls]
    numbers = [[] for _ in walls]
    end = time.perf_counter() + PATIENCE_S
    while True:
        for wall, arrived, count in zip(walls, arrivals, numbers, strict=True):
            for at, number, incident in wall.events():
                arrived.setdefault(incident, at)
                count.append(number)
        if all(sent.keys() <= arrived.keys() for arrived in arrivals) or time.perf_counter() > end:
            break
        await asyncio.sleep(0.05)
    return {
        "reports": len(sent),
        "seconds": took,
        "ack_ms": [1000 * each for each in acked],
        "wall_ms": [1000 * (arrived[i] - sent[i]) for arrived in arrivals for i in sent if i in arrived],
        "lost": sum(len(sent.keys() - arrived.keys()) for arrived in arrivals),
        "doubled": sum(len(count) - len(set(count)) for count in numbers),
        "deliveries": sum(len(count) for count in numbers),
    }


async def closed_loop(phones, sent, acked, end, _rate):
    async def go_on(phone):
        while time.perf_counter() < end:
            await phone.report(sent, acked)

    await asyncio.gather(*(go_on(phone) for phone in phones))


async def offered(phones, sent, acked, end, rate):
    under_way = []
    started = time.perf_counter()
    count = int((end - started) * rate)
    for n in range(count):
        await asyncio.sleep(max(0, started + n / rate - time.perf_counter()))
        under_way.append(asyncio.create_task(phones[n % len(phones)].report(sent, acked)))
    await asyncio.gather(*under_way)


if __name__ == "__main__":
    print(json.dumps(asyncio.run(run(json.load(sys.stdin)))))
