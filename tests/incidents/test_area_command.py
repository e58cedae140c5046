"""Emergencies and broadcasts for a drawn area: who may, what they do, and that they end cleanly."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone, translation

from gis_grids.errors import BadInput, Conflict, NotFound, Refused
from gis_grids.levels import Level, PostKind
from incidents.models import Addressee, Announcement, Emergency, EmergencyEntry, IncidentCycle, Mode
from incidents.selectors.announcements import addressed_by, addressees_of, announcements_for
from incidents.selectors.areas import commanded_area, count_area
from incidents.selectors.orders import running
from incidents.services.announcements import announce_in_area, note_reading
from incidents.services.emergencies import declare_emergency, declare_in_area, end_emergency, give_order
from tests.factories import UserFactory, inside, post, shape_of
from tests.households.making import household

HOUR = timedelta(hours=1)
FAR = 1e-4


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def around(unit, reach=FAR):
    x, y = inside(unit)
    return [(x - reach, y - reach), (x + reach, y - reach), (x + reach, y + reach), (x - reach, y + reach)]


def whole(unit):
    west, south, east, north = shape_of(unit).bounds
    return [(west, south), (east, south), (east, north), (west, north)]


@pytest.fixture
def declare(world):
    def make(actor=None, ring=None, reason="燃气泄漏", order="立即疏散", call_id=None):
        return declare_in_area(
            actor=actor or world.operator,
            ring=ring or around(world.town.leaf),
            reason=reason,
            order=order,
            call_id=call_id or uuid4(),
        )

    return make


@pytest.fixture
def broadcast(world):
    def make(actor=None, ring=None, text="请核对消防通道", until=None, call_id=None):
        return announce_in_area(
            actor=actor or world.operator,
            ring=ring or around(world.town.leaf),
            text=text,
            until=until or timezone.now() + HOUR,
            call_id=call_id or uuid4(),
        )

    return make


def told(user):
    return [each.text for each in announcements_for(user)]


# --- who may ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["worker", "colleague", "lead", "stranger"])
def test_others_command_nowhere(world, declare, broadcast, who):
    actor = getattr(world, who)
    for attempt in (declare, broadcast):
        with pytest.raises(Refused) as refused:
            attempt(actor=actor)
        assert refused.value.code == "area.not_yours"
    with pytest.raises(Refused):
        commanded_area(actor, around(world.town.leaf))
    emergency = declare()
    with pytest.raises(Refused):
        give_order(actor=actor, emergency_id=emergency.pk, order="撤", call_id=uuid4())
    with pytest.raises(Refused):
        end_emergency(actor=actor, emergency_id=emergency.pk)
    assert Emergency.objects.get().term.upper is None


def test_a_planner_commands_nowhere(world, declare):
    planner = UserFactory()
    post(planner, world.town.units[Level.DISTRICT][0], PostKind.PLANNER)
    with pytest.raises(Refused):
        declare(actor=planner)


def test_an_office_commands_in_its_own_grids_only(world, declare):
    other = world.town.units[Level.STREET][1]
    with pytest.raises(BadInput, match="Nothing of the area lies in your grids"):
        declare(actor=world.office, ring=around(other))
    emergency = declare(actor=world.office, ring=whole(world.town.units[Level.DISTRICT][0]))
    assert emergency.unit == world.town.units[Level.STREET][0]
    clerk = UserFactory()
    for unit in world.town.units[Level.STREET]:
        post(clerk, unit, PostKind.OFFICE_CLERK)
    with pytest.raises(Refused, match="Draw one in each"):
        declare(actor=clerk, ring=whole(world.town.units[Level.DISTRICT][0]))


# --- what it does -----------------------------------------------------------------------------------


def test_limits_tighten_inside_and_nowhere_else(world, declare):
    before = world.case()
    emergency = declare()
    x, y = inside(world.town.leaf)
    inside_it, beside_it = world.case(), world.case(lon=x + 3 * FAR, lat=y)
    assert beside_it.unit == inside_it.unit == world.town.leaf

    def mode(case):
        return Mode(IncidentCycle.objects.get(incident=case).rule.mode)

    assert [mode(case) for case in (before, inside_it, beside_it)] == [
        Mode.NORMAL,
        Mode.EMERGENCY,
        Mode.NORMAL,
    ]
    end_emergency(actor=world.office, emergency_id=emergency.pk)
    assert mode(world.case()) is Mode.NORMAL


def test_all_posts_on_the_ground_inside_are_ordered(world, declare):
    neighbour = UserFactory()
    post(neighbour, world.town.units[Level.RESIDENT_GROUP][1], PostKind.GRID_WORKER)
    emergency = declare()
    for user in (world.worker, world.colleague, world.lead):
        assert told(user) == ["立即疏散"]
    assert announcements_for(world.worker)[0].is_order
    for user in (world.operator, world.office, world.head, world.stranger, neighbour):
        assert told(user) == []
    [order] = emergency.orders.all()
    assert addressed_by([order.pk]) == {world.worker.pk, world.colleague.pk, world.lead.pk}
    _order, rows = addressees_of(world.operator, order.pk)
    assert [row.read_at for row in rows] == [None, None, None]


def test_answers_are_counted_by_people(world, declare):
    post(world.worker, world.town.units[Level.AREA][0], PostKind.BUILDING_STEWARD)
    emergency = declare()
    assert Addressee.objects.count() == 4
    [going_on] = running().emergencies
    assert (going_on.id, going_on.reason, going_on.orders) == (emergency.pk, "燃气泄漏", 1)
    assert (going_on.answers.addressed, going_on.answers.acknowledged) == (3, 0)
    order = emergency.orders.get()
    for _ in range(2):
        note_reading(reader=world.worker, announcement_id=order.pk, at=timezone.now())
    with pytest.raises(NotFound):
        note_reading(reader=world.stranger, announcement_id=order.pk, at=timezone.now())
    assert running().emergencies[0].answers.acknowledged == 1
    give_order(actor=world.operator, emergency_id=emergency.pk, order="回报人数", call_id=uuid4())
    [going_on] = running().emergencies
    assert (going_on.orders, going_on.answers.acknowledged) == (2, 0)


def test_it_ends_cleanly_and_everything_is_logged(world, declare):
    household(inside(world.town.leaf), size=4)
    emergency = declare()
    note_reading(reader=world.lead, announcement_id=emergency.orders.get().pk, at=timezone.now())
    end_emergency(actor=world.office, emergency_id=emergency.pk)
    assert told(world.worker) == []
    assert running().emergencies == running().broadcasts == ()
    entries = list(EmergencyEntry.objects.filter(emergency=emergency))
    assert [(entry.deed, entry.actor) for entry in entries] == [
        ("declared", world.operator),
        ("ordered", world.operator),
        ("ended", world.office),
    ]
    declared, ordered, ended = (entry.details for entry in entries)
    assert (declared["households"], declared["residents"], declared["people"]) == (1, 4, 3)
    assert ordered["people"] == 3
    assert list(ended["answers"].values()) == [[3, 1]]
    for change in (entries[0].delete, lambda: EmergencyEntry.objects.update(deed="ended")):
        with pytest.raises(ProgrammingError), transaction.atomic():
            change()
    with pytest.raises(Conflict):
        give_order(actor=world.operator, emergency_id=emergency.pk, order="撤", call_id=uuid4())
    with pytest.raises(Conflict):
        end_emergency(actor=world.operator, emergency_id=emergency.pk)


def test_without_an_order_or_anybody_to_give_it_to_it_is_declared_all_the_same(world, declare):
    declare(order="  ")
    declare(ring=around(world.town.units[Level.RESIDENT_GROUP][-1]))
    assert Emergency.objects.count() == 2
    assert Announcement.objects.count() == 0


def test_the_same_call_is_done_once(world, declare, broadcast):
    call = uuid4()
    assert declare(call_id=call) == declare(call_id=call)
    assert (Emergency.objects.count(), Announcement.objects.count(), EmergencyEntry.objects.count()) == (
        1,
        1,
        2,
    )
    with pytest.raises(Conflict):
        declare(call_id=call, reason="另一件事")
    with pytest.raises(Conflict):
        declare(call_id=call, actor=world.office)
    call = uuid4()
    assert broadcast(call_id=call) == broadcast(call_id=call)
    with pytest.raises(Conflict):
        broadcast(call_id=call, text="别的")
    emergency, call = Emergency.objects.get(), uuid4()
    orders = {
        give_order(actor=world.operator, emergency_id=emergency.pk, order="回报", call_id=call)
        for _ in range(2)
    }
    assert len(orders) == 1


def test_a_broadcast_is_for_the_workers_inside_and_counts_for_nobody_later(world, broadcast):
    sent = broadcast()
    assert told(world.worker) == ["请核对消防通道"]
    assert not announcements_for(world.worker)[0].is_order
    late = UserFactory()
    post(late, world.town.leaf, PostKind.GRID_WORKER)
    assert told(late) == []
    [going_on] = running().broadcasts
    assert (going_on.id, going_on.answers.addressed) == (sent.pk, 3)
    assert going_on.chain[-1].unit_id == world.town.leaf.pk


def test_what_can_not_be_sent(world, broadcast, declare):
    with pytest.raises(BadInput) as caught:
        broadcast(ring=around(world.town.units[Level.RESIDENT_GROUP][-1]))
    assert caught.value.code == "announcement.nobody"
    with pytest.raises(BadInput):
        broadcast(text=" ")
    with pytest.raises(BadInput):
        broadcast(until=timezone.now() - HOUR)
    with pytest.raises(BadInput):
        declare(reason=" ")
    whole_unit = declare_emergency(actor=world.operator, unit_id=world.town.leaf.pk, reason="洪水")
    with pytest.raises(Conflict) as whole:
        give_order(actor=world.operator, emergency_id=whole_unit.pk, order="撤", call_id=uuid4())
    assert whole.value.code == "emergency.whole_unit"
    assert Announcement.objects.count() == 0


def test_two_areas_of_one_unit_are_two_emergencies(world, declare):
    assert declare().unit == declare().unit
    declare_emergency(actor=world.operator, unit_id=world.town.leaf.pk, reason="洪水")
    with pytest.raises(Conflict):
        declare_emergency(actor=world.operator, unit_id=world.town.leaf.pk, reason="洪水")


def test_the_database_keeps_orders_to_areas(world, declare):
    emergency = declare()
    with pytest.raises(IntegrityError), transaction.atomic():
        emergency.orders.update(area=None)


def test_what_is_inside_is_counted_by_what_the_reader_may_see(world):
    household(inside(world.town.leaf), size=2)
    case = world.case()
    area = commanded_area(world.operator, around(world.town.leaf))
    count = count_area(world.operator, area)
    assert (count.living.households, count.living.residents, count.living.needs) == (1, 2, None)
    assert {each.kind: each.posts for each in count.posts} == {
        PostKind.GRID_LEADER: 1,
        PostKind.GRID_WORKER: 2,
    }
    assert (count.people, count.open_cases) == (3, 1)
    type(case.matter).objects.filter(pk=case.matter_id).update(is_private=True)
    assert count_area(world.operator, area).open_cases == 0
