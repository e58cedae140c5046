"""The server is killed: at each step that a report goes through, and at any moment under load."""

from __future__ import annotations

import asyncio
import random

import pytest

from tests.faults.harness.processes import until

BEFORE_COMMIT, BEFORE_ACK, BEFORE_FAN_OUT = (
    "before commit", "after commit before ack", "after ack before fan-out",
)  # fmt: skip


@pytest.mark.parametrize("point", [BEFORE_COMMIT, BEFORE_ACK, BEFORE_FAN_OUT])
async def test_a_report_survives_the_death_of_the_server_at(point, site):
    server = site.server()
    phone = site.phone()
    await server.start(dies_at=point, nth=3)
    walls = await site.all_walls()
    reports = [phone.write() for _ in range(6)]
    flushed = site.start(phone.flush())
    for fatal in (reports[2], reports[4]):
        await until(lambda: not server.is_alive, "the server is dead")
        # The point was hit exactly: what is stored, what is acknowledged, what is on a wall.
        assert site.is_stored(fatal["id"]) == (point != BEFORE_COMMIT)
        if point == BEFORE_FAN_OUT:
            await until(lambda: fatal["id"] in site.ledger.acks, "the phone has its ack")  # noqa: B023
            incident = site.ledger.acks[fatal["id"]][0]["incident"]
            assert not any(incident in wall.cards for wall in walls)
        else:
            assert fatal["id"] not in site.ledger.acks
        if fatal is reports[2]:
            # The report that is repeated passes before it is a repeat; stored already it passes no commit.
            await server.start(dies_at=point, nth=2 if point != BEFORE_COMMIT else 3)
        else:
            await server.start()
    await flushed
    await site.judge()


async def test_one_of_two_processes_is_killed_again_and_again_under_load(site, redis):
    await redis.start()
    both = await asyncio.gather(site.started(REDIS_URL=redis.url), site.started(REDIS_URL=redis.url))
    await site.all_walls()
    async with site.load(phones=8):
        for turn in range(3):  # each of them at least once: wherever the phones are, some are cut off
            await site.more_acks(random.randint(10, 60))
            victim = both[turn % 2]
            victim.kill()
            await site.more_acks(20)  # by the other one
            await victim.start()
    assert any(phone.cuts for phone in site.phones)
    await site.judge()
