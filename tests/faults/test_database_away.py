"""PostgreSQL goes and comes back while reports arrive; the servers are never restarted."""

from __future__ import annotations

import asyncio

import pytest

from tests.faults.harness.processes import until

#: What clients are told meanwhile: an error on a socket that is open, or its end.
OUTAGE = {"unavailable", "try later"}


@pytest.mark.parametrize("way", ["stopped at once", "killed"])
async def test_the_database_goes_and_comes_back_under_load(way, site, cluster):
    server = await site.started()
    walls = await site.all_walls()
    asking = site.phone("operator")
    async with site.load(phones=6):
        await site.more_acks(30)
        cluster.stop_at_once() if way == "stopped at once" else cluster.kill()
        switched_on = site.start(site.wall("frontier"))
        told = until(lambda: site.ledger.told.total() >= 6, "phones are told to try again later")
        put = asking.put(server, asking.write())
        health = asyncio.to_thread(server.health)
        (status, headers), health, _told = await asyncio.gather(put, health, told)
        assert (status, "Retry-After" in headers, health) == (503, True, "down")
        cluster.start()
        await site.more_acks(3, site.reporting)
    await asyncio.gather(asking.flush(), switched_on)
    assert server.health() == "ok"
    assert all(wall.snapshots == 1 for wall in walls), "walls go on with what they missed, not from the start"
    assert site.ledger.refused == {}
    assert site.ledger.told.keys() <= OUTAGE
    await site.judge()


async def test_all_sessions_of_the_database_are_ended_again_and_again(site, cluster):
    server = await site.started()
    await site.all_walls()
    async with site.load(phones=6):
        for _ in range(3):
            await site.more_acks(20)
            assert cluster.cut_all_sessions(site.database)
        await site.more_acks(3, site.reporting)
    assert server.health() == "ok"
    assert site.ledger.refused == {}
    assert site.ledger.told.keys() <= OUTAGE
    await site.judge()
