"""Two operators act on the same case at the same moment."""

from __future__ import annotations

import asyncio

ROUNDS = 25


async def test_one_wins_and_the_other_is_told_what_happened(site, redis):
    await redis.start()
    both = await asyncio.gather(site.started(REDIS_URL=redis.url), site.started(REDIS_URL=redis.url))
    first, second = await asyncio.gather(
        site.wall("city", both[0].address), site.wall("operator", both[1].address)
    )
    await site.wall("west")
    phone = site.phone()
    reports = [phone.write() for _ in range(ROUNDS)]
    await phone.flush()
    for report in reports:
        case = {"incident": site.ledger.acks[report["id"]][0]["incident"], "expected_version": 1}
        answers = await asyncio.gather(
            first.command(action="accept", **case),
            second.command(action="review", note="not ours", **case),
        )
        assert sorted(answer["kind"] for answer in answers) == ["done", "error"]
        won = next(answer for answer in answers if answer["kind"] == "done")
        lost = next(answer for answer in answers if answer["kind"] == "error")
        assert lost["code"] == "incident.stale"
        told = {name: lost["details"][name] for name in ("as", "action", "state", "version")}
        action = "accept" if won is answers[0] else "review"
        assert told == {"as": "operator", "action": action, "state": won["state"], "version": won["version"]}
    await site.judge()
