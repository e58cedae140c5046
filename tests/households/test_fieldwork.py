"""Visits and places from the door: stored once, by who may, and the household goes where its pin is."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.contrib.gis.geos import Point
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from shapely import box

from gis_grids.errors import BadInput, Conflict, InvalidPoint, NotFound
from gis_grids.levels import Level, PostKind
from households.models import Dwelling, PlaceChange, PlaceSource, Visit
from households.permissions import VISITORS
from households.selectors.visits import DUE_AFTER, households_to_visit, visits_of
from households.services import home_households
from households.services.fieldwork import link_follow_up, record_visit, set_place
from tests.factories import UserFactory, inside, make_grid, make_town, post
from tests.households.making import building, household, open_unit

YESTERDAY = datetime(2026, 11, 28, 19, 30, tzinfo=UTC)

pytestmark = pytest.mark.django_db


class World:
    """Two areas side by side, a household in each, and the worker of the first."""

    def __init__(self):
        self.west, self.east = make_grid(1, 2)
        self.mine = household(
            inside(self.west), householder="张三丰", address="幸福里 1 号", phone="13812341234"
        )
        self.next_door = household(inside(self.east), householder="李四")
        home_households()
        self.worker = UserFactory(last_name="陈", first_name="格安")
        post(self.worker, self.west, PostKind.GRID_WORKER)

    def visit(self, **changes):
        given = {
            "visit_id": uuid4(),
            "household_id": self.mine.pk,
            "visitor": self.worker,
            "at": YESTERDAY,
            "result": Visit.Result.MET,
        }
        return record_visit(**given | changes)

    def pin(self, **changes):
        given = {
            "change_id": uuid4(),
            "household_id": self.mine.pk,
            "actor": self.worker,
            "place": inside(self.west),
            "accuracy_m": 8.0,
            "at": YESTERDAY,
        }
        return set_place(**given | changes)


@pytest.fixture
def world():
    return World()


def test_a_visit_is_stored_once_however_often_it_is_sent(world):
    one = uuid4()
    first = world.visit(visit_id=one, note=" 老人独居，周末再来 ")
    again = world.visit(visit_id=one, note="老人独居，周末再来")
    assert (first.note, again.received_at) == ("老人独居，周末再来", first.received_at)
    assert Visit.objects.count() == 1


@pytest.mark.parametrize(
    "change", [{"result": Visit.Result.DECLINED}, {"note": "其他"}, {"at": YESTERDAY - timedelta(hours=1)}]
)
def test_another_visit_under_the_same_id_is_a_conflict(world, change):
    one = world.visit()
    with pytest.raises(Conflict) as told:
        world.visit(visit_id=one.pk, **change)
    assert told.value.code == "visit.other_content"
    assert Visit.objects.get().result == Visit.Result.MET


def test_a_phone_whose_clock_runs_ahead_was_there_now(world):
    ahead, one = timezone.now() + timedelta(days=3), uuid4()
    visit = world.visit(visit_id=one, at=ahead)
    assert visit.at == visit.received_at
    assert world.visit(visit_id=one, at=ahead).pk == one, "the same again is the same"


def test_a_follow_up_is_linked_once_and_by_who_made_the_visit(world):
    visit, other, report = world.visit(), world.visit(), uuid4()
    for _ in range(2):
        assert link_follow_up(visit_id=visit.pk, report_id=report, actor=world.worker).follow_up == report
    for wrong in ({"visit_id": visit.pk, "report_id": uuid4()}, {"visit_id": other.pk, "report_id": report}):
        with pytest.raises(Conflict):
            link_follow_up(actor=world.worker, **wrong)
    with pytest.raises(NotFound):
        link_follow_up(visit_id=visit.pk, report_id=report, actor=_lead_of(world))


def test_what_cannot_be_stored_is_said(world):
    with pytest.raises(BadInput) as told:
        world.visit(note="x" * 501)
    assert told.value.code == "text.too_long"
    with pytest.raises(InvalidPoint):
        world.visit(place=(39.9, 116.3))
    assert not Visit.objects.exists()


@pytest.mark.parametrize("kind", PostKind)
def test_who_may_visit(kind):
    town = make_town()
    one = household(inside(town.leaf))
    home_households()
    person, stranger = UserFactory(), UserFactory()
    post(person, town.units[Level.COMMUNITY][0], kind)
    post(stranger, town.units[Level.COMMUNITY][1], kind)
    given = {"household_id": one.pk, "at": YESTERDAY, "result": Visit.Result.MET}
    pin = {"household_id": one.pk, "at": YESTERDAY, "place": inside(town.leaf), "accuracy_m": None}
    for who, may in ((person, kind in VISITORS), (stranger, False), (UserFactory(), False)):
        if may:
            record_visit(visit_id=uuid4(), visitor=who, **given)
            set_place(change_id=uuid4(), actor=who, **pin)
            assert [row.id for row in households_to_visit(who).households] == [one.pk]
            assert len(visits_of(who, one.pk)) == 1
            continue
        assert households_to_visit(who).households == []
        for refused in (
            lambda who=who: record_visit(visit_id=uuid4(), visitor=who, **given),
            lambda who=who: set_place(change_id=uuid4(), actor=who, **pin),
            lambda who=who: visits_of(who, one.pk),
        ):
            with pytest.raises(NotFound) as told:
                refused()
            assert told.value.code == "household.not_found"


def test_who_is_no_longer_active_visits_nobody(world):
    world.worker.is_active = False
    world.worker.save()
    with pytest.raises(NotFound):
        world.visit()


def test_a_visit_of_before_a_redraw_arrives_after_it(world):
    """It was made in his grid, without a network; meanwhile the household went to the neighbour."""
    world.pin(place=inside(world.east), at=timezone.now())
    with pytest.raises(NotFound):
        world.visit(at=timezone.now() + timedelta(seconds=1))
    membership = world.mine.memberships.order_by("valid").first()
    assert world.visit(at=membership.valid.lower).pk


def test_the_list_masks_names_and_begins_with_whom_nobody_has_met(world):
    late, fresh = household(inside(world.west), householder="欧阳娜娜"), household(inside(world.west))
    home_households()
    now = timezone.now()
    world.visit(household_id=late.pk, at=now - DUE_AFTER - timedelta(days=1))
    world.visit(household_id=late.pk, at=now - timedelta(days=1), result=Visit.Result.NOT_AT_HOME)
    world.visit(household_id=fresh.pk, at=now - timedelta(days=2), result=Visit.Result.DECLINED)
    rows = households_to_visit(world.worker).households
    assert [(row.id, row.householder, row.last_result, row.is_due) for row in rows] == [
        (world.mine.pk, "张*", "", True),
        (late.pk, "欧*", "not_at_home", True),
        (fresh.pk, "", "declined", False),
    ]
    assert "三丰" not in repr(rows)
    assert "13812341234" not in repr(rows)


def test_the_list_takes_as_many_queries_for_one_as_for_many(world, django_assert_num_queries):
    x, y = inside(world.west)
    house = building(box(x - 1e-4, y - 1e-4, x + 1e-4, y + 1e-4), code="B1", address="幸福里 1 号")
    for room in ("101", "102", "201"):
        dwelling = Dwelling.objects.create(building=house, floor=1, room=room)
        household((x, y), dwelling=dwelling)
    home_households()
    with django_assert_num_queries(4):
        found = households_to_visit(world.worker)
    assert [row.room for row in found.households] == ["", "101", "102", "201"]
    assert [one.address for one in found.buildings] == ["幸福里 1 号"]


def test_a_pin_moves_the_household_and_keeps_where_it_was(world):
    before = world.mine.place
    x, y = inside(world.east)
    world.pin(place=(x, y), accuracy_m=5.0)
    world.mine.refresh_from_db()
    assert (world.mine.place.x, world.mine.place.y) == (x, y)
    assert (world.mine.place_source, world.mine.place_accuracy_m) == (PlaceSource.PHONE, 5.0)
    assert world.mine.placed_on == timezone.localdate(YESTERDAY)
    assert open_unit(world.mine) == world.east.pk, "re-homed"
    change = PlaceChange.objects.get()
    assert (change.place_before, change.source_before) == (before, PlaceSource.SURVEY)
    assert change.placed_on_before == date(2026, 1, 1)


def test_a_pin_sent_again_moves_nothing_again(world):
    one = world.pin(place=inside(world.east))
    later = world.pin(place=inside(world.west), actor=_lead_of(world), at=YESTERDAY + timedelta(hours=1))
    assert world.pin(change_id=one.pk, place=inside(world.east)).pk == one.pk
    world.mine.refresh_from_db()
    assert world.mine.place == later.place


def test_of_two_pins_the_later_counts_whichever_arrives_first(world):
    world.pin(at=YESTERDAY, place=inside(world.west))
    world.mine.refresh_from_db()
    stays = world.mine.place
    older = world.pin(
        at=YESTERDAY - timedelta(hours=1), place=(inside(world.west)[0] + 1e-4, inside(world.west)[1])
    )
    world.mine.refresh_from_db()
    assert not older.was_used
    assert world.mine.place == stays


def test_a_pin_outside_every_grid_is_refused(world):
    with pytest.raises(BadInput) as told:
        world.pin(place=(inside(world.west)[0], 39.5))
    assert told.value.code == "place.outside"
    assert open_unit(world.mine) == world.west.pk


def test_the_database_keeps_the_rules_by_itself(world):
    now = timezone.now()
    base = {"household": world.mine, "visitor": world.worker, "received_at": now, "result": "met"}
    for wrong in (
        {"at": now + timedelta(seconds=1)},
        {"at": now, "place": Point(500, 40, srid=4326)},
        {"at": now, "accuracy_m": 5.0},
        {"at": now, "place": Point(116.3, 39.9, srid=4326), "accuracy_m": -1.0},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Visit.objects.create(id=uuid4(), **base | wrong)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_store_one():
    world, one = World(), UUID(int=7)
    start, stored = threading.Barrier(2), []

    def send():
        start.wait()
        stored.append(world.visit(visit_id=one).received_at)
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(stored)) == 1
    assert Visit.objects.count() == 1


def _lead_of(world):
    lead = UserFactory()
    post(lead, world.west, PostKind.GRID_LEADER)
    post(lead, world.east, PostKind.GRID_LEADER)
    return lead
