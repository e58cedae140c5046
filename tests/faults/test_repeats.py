"""The same report many times over, and a phone that comes back after a day."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime, timedelta

TIMES = 50
QUEUED = 200
SKEW = timedelta(hours=3)


async def test_a_report_sent_fifty_times_at_once_is_one_case_and_one_answer(site, redis):
    await redis.start()
    both = await asyncio.gather(site.started(REDIS_URL=redis.url), site.started(REDIS_URL=redis.url))
    await site.all_walls()
    phones = [site.phone("worker0", server.address) for server in both for _ in range(2)]
    report = phones[0].write()
    for phone in phones:  # the lines are up before the race begins
        await phone._connect()

    async def send(number):
        if number % 2:
            await phones[0].put(both[number // 2 % 2], report)
        else:
            await next_phone(number)._send_one(report)

    locks = {id(phone): asyncio.Lock() for phone in phones}

    def next_phone(number):
        return phones[number // 2 % len(phones)]

    async def in_turn(number):
        if number % 2:
            await send(number)
        else:
            async with locks[id(next_phone(number))]:
                await send(number)

    await asyncio.gather(*(in_turn(number) for number in range(TIMES)))
    acks = site.ledger.acks[report["id"]]
    assert len(acks) == TIMES
    assert sum(not ack["is_repeat"] for ack in acks) == 1
    await site.judge()


async def test_two_hundred_reports_of_a_day_offline_arrive_whole_with_a_wrong_clock(site):
    server = await site.started()
    await site.all_walls()
    clock = datetime.now(UTC) - SKEW
    phone = site.phone()
    written = [phone.write(observed_at=(clock - timedelta(minutes=7 * n)).isoformat()) for n in range(QUEUED)]
    shuffled = random.sample(written, QUEUED)
    phone.outbox = {report["id"]: report | {"sent_at": clock.isoformat()} for report in shuffled}
    await phone.flush()
    assert site.ledger.refused == {}
    with site.sql() as database:
        rows = database.execute(
            "SELECT report_id, observed_at, clock_skew_s FROM incidents_incident"
        ).fetchall()
    assert {str(report): observed.isoformat() for report, observed, _skew in rows} == {
        report["id"]: report["observed_at"] for report in written
    }
    assert all(abs(skew - SKEW.total_seconds()) < 300 for _report, _observed, skew in rows)
    assert server.is_alive
    await site.judge()
