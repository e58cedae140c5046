"""Reporters, in a process of their own. Run by `tests.bench.feed`, not by hand."""

from __future__ import annotations

import asyncio
import random
import re
import sys
import time
from datetime import UTC, datetime
from uuid import uuid4

from tests.bench.sockets import opened_all, serve

ANSWER = re.compile(rb'^{"kind":"(ack|error)".*?"id":"([0-9a-f-]{36})"(?:,"incident":(\d+))?')
REPORT = (
    '{"kind":"report","id":"%s","matter":"rubbish","text":"路灯不亮","lon":%r,"lat":%r,"accuracy_m":8.0,'
    '"position_source":"device","observed_at":"%s","sent_at":"%s"}'
)


class Phone:
    """Sends reports, and notes which incident each became and how long that took."""

    def __init__(self, crowd):
        self.crowd = crowd
        self.left: dict[str, float] = {}

    def report(self):
        lon, lat = random.choice(self.crowd.spots)
        report_id, now = str(uuid4()), datetime.now(UTC).isoformat()
        self.left[report_id] = time.perf_counter()
        self.socket.say((REPORT % (report_id, lon, lat, now, now)).encode())

    def hear(self, text):
        if not text.startswith((b'{"kind":"ack"', b'{"kind":"error"')):
            return
        kind, report_id, incident = ANSWER.match(text).groups()
        left, now = self.left.pop(report_id.decode()), time.perf_counter()
        if kind == b"ack":
            self.crowd.acked[int(incident)] = (left, now - left)
        else:
            self.crowd.refused.append(text.decode()[:300])
        self.crowd.answered(self)


class Crowd:
    """All phones; the closed loop has each report as soon as it is answered, the open one at a rate."""

    def __init__(self):
        self.phones: list[Phone] = []
        self.end = 0.0

    async def open(self, addresses, cookies, spots):
        self.spots = spots
        new = [Phone(self) for _ in cookies]
        heards = [phone.hear for phone in new]
        for phone, socket in zip(
            new, await opened_all(addresses, "/ws/phone/", cookies, heards), strict=True
        ):
            phone.socket = socket
        self.phones += new
        return len(self.phones)

    async def report(self, seconds, rate):
        self.acked: dict[int, tuple[float, float]] = {}
        self.refused: list[str] = []
        self.is_closed = rate is None
        started = time.perf_counter()
        self.end = started + seconds
        count = len(self.phones) if rate is None else int(seconds * rate)
        for n in range(count):
            if rate is not None:
                await asyncio.sleep(max(0, started + n / rate - time.perf_counter()))
            self.phones[n % len(self.phones)].report()
        await asyncio.sleep(max(0, self.end - time.perf_counter()))
        patience = time.perf_counter() + 30
        while any(phone.left for phone in self.phones):
            if time.perf_counter() > patience:
                sys.exit("reports were not answered")
            await asyncio.sleep(0.005)
        took = time.perf_counter() - started
        return {
            "seconds": took,
            "acked": [(incident, *times) for incident, times in self.acked.items()],
            "refused": self.refused[:3],
            "asked": len(self.acked) + len(self.refused),
        }

    def answered(self, phone):
        if self.is_closed and time.perf_counter() < self.end:
            phone.report()


async def main():
    crowd = Crowd()
    await serve({"open": crowd.open, "report": crowd.report})


if __name__ == "__main__":
    asyncio.run(main())
