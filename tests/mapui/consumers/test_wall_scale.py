"""Many cards, many walls, many events missed: in parts, once for all, in pieces."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from incidents.models import IncidentEvent
from incidents.selectors import wall_snapshot
from tests.mapui.consumers.talk import in_database, together, wall
from tests.mapui.consumers.test_wall import Store, write

pytestmark = pytest.mark.django_db


async def test_many_cards_come_in_parts_and_packed_the_same(world, monkeypatch):
    await in_database(write, world, 3)
    monkeypatch.setattr("mapui.live.frames.CARDS_IN_FRAME", 2)
    screen = await wall(world.centre)
    told = []
    for packed in (False, True):
        await screen.say(kind="hello", packed=packed)
        await screen.hear("welcome")
        parts = [await screen.hear("snapshot")]
        while parts[-1]["part"] < parts[-1]["parts"]:
            parts.append(await screen.hear("snapshot"))
        assert [part["part"] for part in parts] == list(range(1, parts[0]["parts"] + 1))
        assert all(part["figures"] is None for part in parts[:-1])
        told.append((parts[-1]["figures"]["open"], [card["id"] for part in parts for card in part["cards"]]))
    assert told[0] == told[1]
    assert told[0][0] == len(set(told[0][1])) >= 3
    await together(screen)


async def test_who_comes_a_little_later_gets_the_same_snapshot_and_what_happened_since(
    world, hub, monkeypatch
):
    taken = []

    def counted(*audience):
        taken.append(audience)
        return wall_snapshot(*audience)

    monkeypatch.setattr("mapui.live.hub.selectors.wall_snapshot", counted)
    hub.pace = replace(hub.pace, snapshot=60)
    early, late = await wall(world.centre), await wall(world.centre)
    first = await early.begin()
    await in_database(write, world, 2)
    await late.say(kind="hello")
    welcome, snapshot = await late.hear("welcome"), await late.hear("snapshot")
    assert welcome["head"] == snapshot["position"] + 2 == first["position"] + 2
    store = Store(snapshot)
    await store.follow(late, welcome["head"])
    assert len(taken) == 1
    fresh = await in_database(wall_snapshot, {world.city.pk})
    assert store.cards.keys() == {card.id for card in fresh.cards}
    await together(early, late)


async def test_what_was_missed_comes_in_pieces_that_a_page_takes_in_at_once(world, monkeypatch):
    screen = await wall(world.centre)
    position = (await screen.begin())["position"]
    await screen.leave()
    written = await in_database(write, world, 5)
    monkeypatch.setattr("mapui.live.reading.EVENTS_IN_FRAME", 2)
    again = await wall(world.centre)
    assert (await again.begin(position))["head"] == written[-1].position
    told = []
    while sum(told) < 5:
        told.append(len((await again.hear("events"))["events"]))
    assert told == [2, 2, 1]
    await together(again)


async def test_the_more_screens_there_are_the_more_news_come_in_one_frame(world, hub):
    hub.pace = replace(hub.pace, frame_each=0.5)
    screens = [await wall(world.centre), await wall(world.centre)]
    for screen in screens:
        await screen.begin()
    await in_database(write, world, 1)
    assert [len((await screen.hear("events"))["events"]) for screen in screens] == [1, 1]
    for _ in range(2):
        await in_database(write, world, 1)
    assert [len((await screen.hear("events"))["events"]) for screen in screens] == [2, 2]
    await together(*screens)


async def test_a_snapshot_says_when_something_last_happened(world):
    [reported] = await in_database(write, world, 1)
    screen = await wall(world.centre)
    last = datetime.fromisoformat((await screen.begin())["last_at"])
    assert last == (await in_database(IncidentEvent.objects.get, seq=reported.position)).at
    await together(screen)
