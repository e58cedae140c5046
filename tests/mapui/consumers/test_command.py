"""What walls are told of emergencies and broadcasts, and of who else has a case open."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from gis_grids.levels import Level, PostKind
from incidents.services.announcements import announce_in_area, end_announcement, note_reading
from incidents.services.emergencies import declare_in_area, end_emergency
from mapui.consumers import wall as consumer
from tests.mapui.consumers.talk import in_database, phone, together, wall

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick(hub, monkeypatch):
    hub.pace = type(hub.pace)(poll=0.3, frame=0.01, tick=0.3, figures=0.1, retry=0.05, orders=0.05)
    monkeypatch.setattr(consumer, "LOOK_S", 0.05)


def ring(world):
    x, y = world.spots[world.leaves[0].pk]
    return [(x - 1e-4, y - 1e-4), (x + 1e-4, y - 1e-4), (x, y + 1e-4)]


async def over(talk, what):
    """Hear that nothing of it goes on; a look that fell into the very moment of its end still told of it."""
    while (await talk.hear("orders"))[what]:
        pass


async def test_an_emergency_and_its_answers_are_live(world):
    screen, west = await wall(world.centre), await wall(world.west_lead)
    for talk in (screen, west):
        await talk.begin()
    emergency = await in_database(
        declare_in_area,
        actor=world.centre,
        ring=ring(world),
        reason="燃气泄漏",
        order="立即疏散",
        call_id=uuid4(),
    )
    for talk in (screen, west):
        [shown] = (await talk.hear("orders"))["emergencies"]
        assert (shown["id"], shown["reason"], shown["addressed"], shown["acknowledged"]) == (
            emergency.pk,
            "燃气泄漏",
            1,
            0,
        )
        assert shown["area"]["type"] == "MultiPolygon"
    order = await in_database(emergency.orders.get)
    await in_database(note_reading, reader=world.worker, announcement_id=order.pk, at=timezone.now())
    assert (await screen.hear("orders"))["emergencies"][0]["acknowledged"] == 1
    late = await wall(world.centre)
    await late.begin()
    assert (await late.hear("orders"))["emergencies"][0]["acknowledged"] == 1
    await in_database(end_emergency, actor=world.centre, emergency_id=emergency.pk)
    await over(screen, "emergencies")
    await together(screen, west, late)


async def test_it_is_for_the_walls_of_the_place_and_for_no_phone(world):
    elsewhere = await in_database(world.somebody, world.streets[1], PostKind.GRID_LEADER)
    below = await in_database(world.somebody, world.town.units[Level.AREA][0], PostKind.AREA_HEAD)
    other, inner, talk = await wall(elsewhere), await wall(below), await phone(world.far_worker)
    for each in (other, inner, talk):
        await each.begin()
    sent = await in_database(
        announce_in_area,
        actor=world.centre,
        ring=ring(world),
        text="请核对",
        until=timezone.now() + timedelta(hours=1),
        call_id=uuid4(),
    )
    [shown] = (await inner.hear("orders"))["broadcasts"]
    assert shown["id"] == sent.pk
    assert "请核对" not in str(shown)
    for each in (other, talk):
        for _ in range(3):  # nothing but signs of life comes there
            await each.hear("tick")
    await in_database(end_announcement, actor=world.centre, announcement_id=sent.pk)
    await over(inner, "broadcasts")
    await together(other, inner, talk)


async def test_operators_at_one_case_see_each_other(world):
    report = await phone(world.worker)
    await report.say(**world.report())
    case = (await report.hear("ack"))["incident"]
    one, other = await wall(world.centre), await wall(world.west_lead)
    for talk in (one, other):
        await talk.begin()
    await one.say(kind="watch", incident=case)
    assert await one.hear("here") == {"kind": "here", "incident": case, "others": []}
    await other.say(kind="watch", incident=case)
    [seen] = (await other.hear("here"))["others"]
    assert seen["post"] == "command_operator"
    [seen] = (await one.hear("here"))["others"]
    assert (seen["post"], set(seen)) == ("grid_leader", {"post", "unit_name"})
    await other.say(kind="watch", incident=None)
    assert (await one.hear("here"))["others"] == []
    await other.say(kind="watch", incident=case)
    assert (await one.hear("here"))["others"] != []
    await other.leave()
    assert (await one.hear("here"))["others"] == []
    await together(one, report)


async def test_a_case_elsewhere_is_watched_by_nobody(world):
    report = await phone(world.far_worker)
    await report.say(**world.report(unit=world.leaves[-1]))
    case = (await report.hear("ack"))["incident"]
    screen = await wall(world.west_lead)
    await screen.begin()
    await screen.say(kind="watch", incident=case)
    assert (await screen.hear("error"))["code"] == "incident.not_found"
    await screen.say(kind="watch", incident=0)
    assert (await screen.hear("error"))["code"] == "message.bad_field"
    await together(screen, report)
