"""Redis between two processes is a convenience: without it walls follow a little later, and nothing else."""

from __future__ import annotations

import asyncio
import signal

import pytest

from tests.faults.harness.processes import until

#: A few polls of the hub, and what a busy machine adds. With hints it is a fraction of a second.
FEW_POLLS_S = 12


async def both_say(health, servers):
    for server in servers:
        await until(lambda: server.health() == health, f"{server.port} says {health}")  # noqa: B023


@pytest.mark.parametrize("way", ["absent from the start", "killed", "frozen"])
async def test_without_redis_walls_of_another_process_follow_by_polling(way, site, redis):
    if way != "absent from the start":
        await redis.start()
    here, there = await asyncio.gather(site.started(REDIS_URL=redis.url), site.started(REDIS_URL=redis.url))
    walls = await site.all_walls(there.address)
    phone = site.phone("", here.address)

    async def report_and_see():
        report = phone.write()
        await phone.flush()
        incident = site.ledger.acks[report["id"]][0]["incident"]
        await walls[0].until(lambda: incident in walls[0].cards, "the case is on it", within=FEW_POLLS_S)

    if way == "killed":
        redis.kill()
    elif way == "frozen":
        redis.signal(signal.SIGSTOP)
    await both_say("degraded", (here, there))
    for _ in range(2):
        await report_and_see()
    async with site.load(phones=4):
        await site.more_acks(50)
    if way == "frozen":
        redis.signal(signal.SIGCONT)
    else:
        await redis.start()
    await both_say("ok", (here, there))
    await report_and_see()
    assert phone.cuts == 0
    assert all(wall.snapshots == 1 for wall in walls)
    await site.judge()
