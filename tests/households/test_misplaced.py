"""The worklist of places: what is on it, who sees it, and how a click, or its undoing, changes it."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
import shapely
from django.contrib.gis.geos import Point
from django.utils import timezone

from gis_grids.errors import BadInput, Conflict, NotFound
from gis_grids.levels import Level, PostKind
from gis_grids.models import UnitVersion
from households.models import Dwelling, Entrance, Household, HouseholdUnit, PlaceSource
from households.selectors.misplaced import Fault, count_misplaced, place_task, worklist
from households.services import home_households
from households.services.fieldwork import set_place, undo_place
from tests.factories import TOWN_BOX, UserFactory, boundary_of, inside, make_grid, make_unit, post
from tests.households.making import building, household, open_unit

pytestmark = pytest.mark.django_db
WEST, SOUTH, EAST, NORTH = TOWN_BOX
METRE = 1 / 111_000


class Quarter:
    """Two groups of a street; in the first a house of about 22 m by 22 m, and households in and around it."""

    def __init__(self):
        self.street = make_unit(shapely.box(*TOWN_BOX), level=Level.STREET)
        self.here, self.there = make_grid(1, 2, parent=self.street)
        self.x, self.y = inside(self.here)
        d = 10 * METRE
        shape = shapely.box(self.x - d, self.y - d, self.x + d, self.y + d)
        self.house = building(shape, code="house", name="阳光花园3号楼")
        self.door = Entrance.objects.create(building=self.house, number=1, point=Point(self.x, self.y - d))
        self.right = self.living((self.x, self.y), "101")
        self.at_the_door = self.living((self.x, self.y - 13 * METRE), "102")
        self.beside = self.living((self.x, self.y - 40 * METRE), "103")
        self.nowhere = household(None, address="阳光花园3号楼1单元201")
        self.away = household((EAST + 0.01, NORTH))
        home_households()
        HouseholdUnit.objects.filter(household=self.nowhere).delete()
        self.clerk = self.holder(self.street)

    def living(self, place, room, **values):
        dwelling = Dwelling.objects.create(building=self.house, entrance=self.door, floor=1, room=room)
        return household(place, dwelling=dwelling, **values)

    def holder(self, unit, kind=PostKind.OFFICE_CLERK):
        person = UserFactory()
        post(person, unit, kind)
        return person

    def listed(self, person=None, **asked):
        return {row.household_id: row.fault for row in worklist(person or self.clerk, **asked)}

    def put(self, one, place, **values):
        given = {"change_id": uuid4(), "household_id": one.pk, "actor": self.clerk, "place": place}
        given |= {"accuracy_m": None, "at": timezone.now(), "source": PlaceSource.MANUAL}
        return set_place(**given | values)


@pytest.fixture
def quarter():
    return Quarter()


def test_the_worklist_has_those_without_a_place_outside_their_building_and_outside_every_unit(quarter):
    assert quarter.listed() == {
        quarter.beside.pk: Fault.OUTSIDE_BUILDING,
        quarter.nowhere.pk: Fault.NO_PLACE,
        quarter.away.pk: Fault.OUTSIDE_UNIT,
    }
    assert count_misplaced(quarter.clerk) == dict.fromkeys(Fault, 1)
    assert quarter.listed(faults=[Fault.NO_PLACE]) == {quarter.nowhere.pk: Fault.NO_PLACE}


def test_a_point_that_is_known_less_exactly_may_be_farther_from_its_house(quarter):
    Household.objects.filter(pk=quarter.beside.pk).update(place_accuracy_m=100)
    assert quarter.beside.pk in quarter.listed()  # 30 m from the wall: no accuracy reaches farther
    Household.objects.filter(pk=quarter.beside.pk).update(place=Point(quarter.x, quarter.y - 36 * METRE))
    assert quarter.beside.pk not in quarter.listed()


def test_a_household_whose_point_left_its_unit_is_listed_but_not_one_set_by_hand(quarter):
    Household.objects.filter(pk=quarter.right.pk).update(place=Point(*inside(quarter.there)), dwelling=None)
    assert quarter.listed()[quarter.right.pk] == Fault.OUTSIDE_UNIT
    HouseholdUnit.objects.filter(household=quarter.right).update(source="manual")
    assert quarter.right.pk not in quarter.listed()


def test_pages_follow_each_other_and_a_unit_can_be_looked_at_alone(quarter):
    first = worklist(quarter.clerk, size=1)
    rest = worklist(quarter.clerk, after=first[-1].household_id)
    assert len({row.household_id for row in [*first, *rest]}) == 3
    assert list(quarter.listed(unit_id=quarter.here.pk)) == [quarter.beside.pk]
    assert quarter.listed(unit_id=quarter.there.pk) == {}


def test_what_one_needs_to_see_for_a_household(quarter):
    task = place_task(quarter.clerk, quarter.beside.pk)
    assert (task.fault, task.building) == (Fault.OUTSIDE_BUILDING, "阳光花园3号楼")
    assert json.loads(task.footprint)["type"] == json.loads(task.boundary)["type"] == "MultiPolygon"
    assert [(each.label, each.lon) for each in task.suggestions] == [("阳光花园3号楼, entrance 1", quarter.x)]
    unknown = place_task(quarter.clerk, quarter.nowhere.pk)
    assert (unknown.fault, unknown.lon, unknown.footprint) == (Fault.NO_PLACE, None, None)
    assert [each.label for each in unknown.suggestions] == ["阳光花园3号楼"]
    assert place_task(quarter.clerk, quarter.right.pk).fault is None


def test_a_click_gives_a_place_and_a_unit_and_its_undoing_takes_both_back(quarter):
    change = quarter.put(quarter.nowhere, (quarter.x, quarter.y))
    one = Household.objects.get(pk=quarter.nowhere.pk)
    assert (one.place.coords, one.place_source) == ((quarter.x, quarter.y), "manual")
    assert open_unit(one) == quarter.here.pk
    assert quarter.nowhere.pk not in quarter.listed()
    for _twice in range(2):
        undone = undo_place(change_id=change.pk, actor=quarter.clerk)
    one.refresh_from_db()
    assert (one.place, one.place_source, one.placed_on) == (None, "", None)
    assert (undone.undone_by, undone.was_used) == (quarter.clerk, False)
    assert quarter.listed()[quarter.nowhere.pk] == Fault.NO_PLACE


def test_only_ones_own_last_place_can_be_taken_back(quarter):
    first = quarter.put(quarter.beside, (quarter.x, quarter.y))
    other = quarter.holder(quarter.street)
    with pytest.raises(NotFound, match="no such place"):
        undo_place(change_id=first.pk, actor=other)
    second = quarter.put(quarter.beside, (quarter.x, quarter.y + METRE), actor=other)
    with pytest.raises(Conflict, match="another place since"):
        undo_place(change_id=first.pk, actor=quarter.clerk)
    undo_place(change_id=second.pk, actor=other)
    undo_place(change_id=first.pk, actor=quarter.clerk)
    assert quarter.listed()[quarter.beside.pk] == Fault.OUTSIDE_BUILDING
    earlier = quarter.put(quarter.beside, (quarter.x, quarter.y), at=first.at)
    assert earlier.was_used


def test_a_click_outside_every_grid_is_refused(quarter):
    with pytest.raises(BadInput, match="outside every grid"):
        quarter.put(quarter.nowhere, (EAST + 0.01, NORTH))


@pytest.mark.parametrize("kind", [kind for kind in PostKind if kind != PostKind.OFFICE_CLERK])
def test_nobody_but_the_office_has_a_worklist(quarter, kind):
    person = quarter.holder(quarter.street, kind)
    assert quarter.listed(person) == {}
    with pytest.raises(NotFound):
        place_task(person, quarter.beside.pk)
    with pytest.raises(NotFound):
        quarter.put(quarter.nowhere, (quarter.x, quarter.y), actor=person)


def test_an_office_sees_and_sets_only_what_lies_in_its_units(quarter):
    elsewhere = quarter.holder(quarter.there)
    assert quarter.listed(elsewhere) == {}
    with pytest.raises(NotFound):
        place_task(elsewhere, quarter.beside.pk)
    with pytest.raises(NotFound):
        quarter.put(quarter.beside, (quarter.x, quarter.y), actor=elsewhere)


def test_a_redraw_that_leaves_a_gap_puts_its_households_on_the_list(quarter):
    narrow = boundary_of(shapely.box(WEST, SOUTH, quarter.x - 0.001, NORTH))
    UnitVersion.objects.filter(unit=quarter.here).update(boundary=narrow)
    assert quarter.listed()[quarter.right.pk] == Fault.OUTSIDE_UNIT
