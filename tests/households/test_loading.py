"""Buildings and households in bulk: what refers to what, and where each household is."""

from __future__ import annotations

from datetime import date

import pytest
import shapely
from django.db import IntegrityError, transaction

from gis_grids.errors import BadInput
from gis_grids.models import MapVersion
from households.models import Building, Dwelling, Household, PlaceSource
from households.services import (
    NewBuilding,
    NewDwelling,
    NewEntrance,
    NewHousehold,
    load_buildings,
    load_households,
)
from tests.factories import LONG_AGO, TOWN_BOX, inside, make_grid
from tests.households.making import building, open_unit

pytestmark = pytest.mark.django_db
WEST, SOUTH, EAST, NORTH = TOWN_BOX


@pytest.fixture
def units():
    return make_grid(1, 2)


@pytest.fixture
def tower():
    """A tower in the west whose second entrance lies in the east."""
    footprint = shapely.box(WEST + 0.001, SOUTH + 0.001, WEST + 0.002, SOUTH + 0.002)
    new = NewBuilding(
        code="T1",
        footprint=footprint,
        floors=2,
        entrances=(NewEntrance(number=1), NewEntrance(number=2, point=(EAST - 0.001, SOUTH + 0.001))),
        dwellings=tuple(NewDwelling(floor=1, room="101", entrance=entrance) for entrance in (None, 1, 2)),
    )
    load_buildings(buildings=[new])
    return new


def test_dwellings_hang_under_their_entrance(tower):
    assert list(Dwelling.objects.order_by("pk").values_list("building__code", "entrance__number")) == [
        ("T1", None),
        ("T1", 1),
        ("T1", 2),
    ]
    assert MapVersion.objects.filter(layer="base").exists()


@pytest.mark.parametrize(("entrance", "home"), [(None, 0), (1, 0), (2, 1)])
def test_a_household_takes_the_place_of_its_entrance_or_else_of_its_building(units, tower, entrance, home):
    (pk,) = load_households(households=[NewHousehold(dwelling=("T1", entrance, "101"))], when=LONG_AGO)
    one = Household.objects.get(pk=pk)
    assert (one.place_source, one.placed_on) == (PlaceSource.BUILDING, date(2020, 1, 1))
    assert open_unit(one) == units[home].pk
    assert one.memberships.get().valid.lower == LONG_AGO


def test_a_place_of_its_own_wins(units, tower):
    new = NewHousehold(
        dwelling=("T1", 1, "101"),
        householder="张三",
        phone="13800001111",
        size=3,
        is_party_member_household=True,
        place=inside(units[1]),
        place_source=PlaceSource.SURVEY,
        place_accuracy_m=2.5,
        placed_on=date(2026, 3, 1),
    )
    (pk,) = load_households(households=[new])
    one = Household.objects.get(pk=pk)
    assert open_unit(one) == units[1].pk
    assert (one.householder, one.phone, one.size, one.place.coords) == (
        "张三",
        "13800001111",
        3,
        inside(units[1]),
    )


def test_without_dwelling_and_place_it_has_neither(units):
    (pk,) = load_households(households=[NewHousehold()])
    assert Household.objects.get(pk=pk).place is None
    assert open_unit(pk) is None


def test_an_unknown_dwelling_stores_nothing(units):
    with pytest.raises(BadInput) as error:
        load_households(households=[NewHousehold(), NewHousehold(dwelling=("T9", None, "101"))])
    assert error.value.code == "household.no_dwelling"
    assert not Household.objects.exists()


def test_a_code_that_is_taken_stores_nothing(tower):
    other = NewBuilding(code="T2", footprint=tower.footprint)
    with pytest.raises(IntegrityError), transaction.atomic():
        load_buildings(buildings=[other, tower])
    assert list(Building.objects.values_list("code", flat=True)) == ["T1"]


@pytest.mark.parametrize(
    "shape",
    [
        shapely.Polygon([(0, 0), (1, 1), (0, 1), (1, 0)]),
        shapely.box(500, 0, 501, 1),
        shapely.Polygon(),
    ],
    ids=["bow-tie", "off the Earth", "empty"],
)
def test_the_database_refuses_an_unsound_footprint(shape):
    with pytest.raises(IntegrityError), transaction.atomic():
        building(shape, code="X")
