"""Who lives in a drawn area: counted for who commands there, named only for who keeps the register."""

from __future__ import annotations

from datetime import timedelta

import pytest
import shapely
from django.db import DataError, IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.utils import timezone
from shapely import box

from gis_grids.errors import BadInput
from gis_grids.levels import Level, PostKind
from gis_grids.models.shapes import to_boundary
from gis_grids.permissions import scope_of
from households.models import AccessRecord, Dwelling, HouseholdUnit, Need
from households.selectors.areas import FEWEST_FOR_NEEDS, count_living, households_in, listed_in
from households.services.access import reveal_in_area
from tests.factories import LONG_AGO, UserFactory, inside, make_town, post
from tests.households.making import building, household

TODAY = timezone.localdate()
ALWAYS = DateTimeTZRange(LONG_AGO, None)


def area(*shapes):
    return to_boundary(shapely.MultiPolygon([shapely.Polygon(shape.exterior) for shape in shapes]))


@pytest.fixture
def town(db):
    return make_town()


@pytest.fixture
def here(town):
    x, y = inside(town.leaf)
    return x, y, area(box(x - 1e-4, y - 1e-4, x + 1e-4, y + 1e-4))


def need(home, kind=Need.Kind.ELDERLY, people=1, first=TODAY, after=None):
    return Need.objects.create(
        household=home, kind=kind, people=people, purpose="Meals at home", days=DateRange(first, after)
    )


def clerk(unit, kind=PostKind.OFFICE_CLERK):
    user = UserFactory()
    post(user, unit, kind)
    return user


def test_by_their_place_or_else_by_their_buildings(town, here):
    x, y, drawn = here
    house = building(box(x - 5e-5, y - 5e-5, x + 5e-5, y + 5e-5), code="B1")
    flat = Dwelling.objects.create(building=house, floor=1, room="101")
    placed, unplaced = household((x, y), size=3), household(None, dwelling=flat, size=2)
    household((x + 1e-3, y), size=9)
    household((x + 1e-3, y), size=9, dwelling=flat)  # its own place goes before its building's
    assert set(households_in(drawn)) == {placed, unplaced}
    living = count_living(drawn)
    assert (living.households, living.residents) == (2, 5)


def test_needs_are_counted_where_they_name_nobody(town, here):
    x, y, drawn = here
    homes = [household((x, y)) for _ in range(FEWEST_FOR_NEEDS - 1)]
    need(homes[0], people=2)
    need(homes[1], after=TODAY + timedelta(days=1))
    need(homes[1], Need.Kind.CARE)
    need(homes[2], first=TODAY - timedelta(days=9), after=TODAY)  # over
    assert count_living(drawn).needs is None
    household((x, y))
    counted = {each.kind: (each.households, each.people) for each in count_living(drawn).needs}
    assert counted == {"elderly": (2, 3), "care": (1, 1)}


def test_names_are_for_the_register_s_keeper_alone_and_put_on_record(town, here):
    x, y, drawn = here
    home = household((x, y), householder="张三丰", phone="13812341234", address="云杉路1号")
    HouseholdUnit.objects.create(household=home, unit=town.leaf, source="geometry", valid=ALWAYS)
    need(home)
    street = town.units[Level.STREET][0]
    office, centre = clerk(street), clerk(street, PostKind.COMMAND_OPERATOR)
    [masked] = listed_in(scope_of(office), drawn)
    assert (masked.householder, masked.phone, masked.needs, masked.is_named) == (
        "张*",
        "138****1234",
        None,
        False,
    )
    assert AccessRecord.objects.count() == 0
    [named] = reveal_in_area(emergency_id=7, area=drawn, reason="疏散", reader=office)
    assert (named.householder, named.phone, named.needs) == ("张三丰", "13812341234", ("elderly",))
    record = AccessRecord.objects.get()
    assert (record.what, record.about, record.households, record.reader) == ("emergency", 7, 1, office)
    [still_masked] = reveal_in_area(emergency_id=7, area=drawn, reason="疏散", reader=centre)
    assert (still_masked.householder, still_masked.needs) == ("张*", None)
    assert AccessRecord.objects.latest("pk").households == 0
    elsewhere = clerk(town.units[Level.STREET][1])
    worker = clerk(town.leaf, PostKind.GRID_WORKER)
    for stranger in (elsewhere, worker):
        assert reveal_in_area(emergency_id=7, area=drawn, reason="疏散", reader=stranger) == []


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201])
def test_without_a_reason_nobody_is_named(town, here, reason):
    with pytest.raises(BadInput):
        reveal_in_area(emergency_id=7, area=here[2], reason=reason, reader=clerk(town.leaf))
    assert AccessRecord.objects.count() == 0


@pytest.mark.parametrize(
    "change", [{"people": 0}, {"kind": "illness"}, {"purpose": ""}, {"days": DateRange(TODAY, TODAY)}]
)
def test_the_database_refuses_what_is_no_need(town, here, change):
    home = household(here[:2])
    row = {"kind": "elderly", "people": 1, "purpose": "Meals", "days": DateRange(TODAY, None)} | change
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        Need.objects.create(household=home, **row)


def test_a_need_is_noted_once_at_a_time(town, here):
    home = household(here[:2])
    need(home)
    with pytest.raises(IntegrityError), transaction.atomic():
        need(home, first=TODAY + timedelta(days=3))
