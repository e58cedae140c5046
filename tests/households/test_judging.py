"""What units have, and how they stand to the norms: against a town that is counted by hand."""

from __future__ import annotations

from decimal import Decimal
from math import inf

import pytest
from shapely import box

from gis_grids.levels import Level, PostKind
from gis_grids.models import Facility, UnitFunds
from gis_grids.norms import NormKind
from gis_grids.services.norms import begin_with_norms
from households.models import Building
from households.selectors.grid_card import six_elements
from households.selectors.judging import judged
from households.services import home_households
from tests.factories import UserFactory, inside, make_town, post
from tests.households.making import building, household

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    """A town whose first resident group has three households in two buildings of one compound."""
    begin_with_norms()
    town = make_town()
    x, y = inside(town.leaf)
    for n in range(2):
        west = x + n * 2e-4
        building(box(west, y, west + 1e-4, y + 1e-4), code=f"B{n}", use="residential")
    building(box(x, y + 2e-4, x + 1e-4, y + 3e-4), code="S", use="commercial")
    for _home in range(3):
        household((x + 5e-5, y + 5e-5), size=4)
    around = box(x - 1e-5, y - 1e-5, x + 4e-4, y + 4e-4)
    Facility.objects.create(kind="compound", name="The garden", geometry=around.wkt)
    home_households()
    return town


def standing(unit):
    _figures, judgements = judged([unit.pk])
    return {each.kind: each for each in judgements[unit.pk]}


def station(unit, **values):
    x, y = inside(unit)
    return Facility.objects.create(
        kind="service_station", name="Station", geometry=f"POINT({x} {y})", **values
    )


def test_all_levels_count_what_lies_below_them(town):
    above = town.chain(town.leaf)
    figures, _judgements = judged([unit.pk for unit in above])
    assert {figures[unit.pk].households for unit in above} == {3}
    assert {figures[unit.pk].residents for unit in above} == {12}
    assert {figures[unit.pk].buildings for unit in above} == {2}
    assert [figures[unit.pk].communities for unit in above] == [4, 4, 2, 1, 0, 0, 0]
    other = town.units[Level.RESIDENT_GROUP][-1]
    assert judged([other.pk])[0][other.pk].buildings == 0


def test_each_level_is_judged_by_what_it_can_have(town):
    group, community = town.units[Level.BUILDING_GROUP][0], town.units[Level.COMMUNITY][0]
    assert set(standing(group)) == {NormKind.BUILDINGS_PER_STEWARD}
    assert NormKind.PREMISES_NEW not in standing(community)
    assert len(standing(community)) == 9


def test_nobody_for_all_is_red_and_says_how_many_are_missing(town):
    found = standing(town.units[Level.COMMUNITY][0])[NormKind.HOUSEHOLDS_PER_WORKER]
    assert (found.value, found.light, found.lacks) == (inf, "red", 1)


def test_a_worker_of_several_posts_counts_once(town):
    area, community = town.units[Level.AREA][0], town.units[Level.COMMUNITY][0]
    worker = UserFactory()
    post(worker, area, PostKind.GRID_WORKER)
    post(worker, town.leaf, PostKind.GRID_LEADER)
    post(None, area, PostKind.GRID_WORKER)
    post(UserFactory(), community, PostKind.OFFICE_CLERK)
    found = standing(community)
    assert found[NormKind.HOUSEHOLDS_PER_WORKER].value == 3
    assert found[NormKind.HOUSEHOLDS_PER_WORKER].light == "green"
    assert round(found[NormKind.WORKERS_PER_10000].value) == 833


def test_two_buildings_to_a_steward_are_as_asked(town):
    post(UserFactory(), town.leaf, PostKind.BUILDING_STEWARD)
    found = standing(town.units[Level.BUILDING_GROUP][0])[NormKind.BUILDINGS_PER_STEWARD]
    assert (found.value, found.light, found.lacks) == (2, "green", None)


def test_premises_are_known_when_all_are_measured(town):
    community = town.units[Level.COMMUNITY][0]
    assert standing(community)[NormKind.PREMISES].light == "red"  # none at all
    first = station(town.leaf)
    assert standing(community)[NormKind.PREMISES].light == "grey"
    Facility.objects.filter(pk=first.pk).update(area_m2=140, activity_m2=84)
    found = standing(community)
    assert (found[NormKind.PREMISES].value, found[NormKind.PREMISES].light) == (140, "yellow")
    assert found[NormKind.PREMISES].lacks == 10
    assert found[NormKind.ACTIVITY_SHARE].value == 0.6
    assert found[NormKind.ACTIVITY_SHARE].light == "green"


def test_premises_of_a_new_community_are_judged_as_such(town):
    station(town.leaf, area_m2=200, activity_m2=100, built_year=2015)
    found = standing(town.units[Level.COMMUNITY][0])
    assert NormKind.PREMISES not in found
    assert (found[NormKind.PREMISES_NEW].light, found[NormKind.PREMISES_NEW].lacks) == ("red", 100)


def test_funds_are_those_of_the_last_year_by_the_households_of_who_got_them(town):
    community, [district] = town.units[Level.COMMUNITY][0], town.units[Level.DISTRICT]
    got = {"service_yuan": 24, "office_yuan": Decimal("27.5"), "benefit_yuan": 11}
    UnitFunds.objects.create(unit=community, year=2024, **{**got, "service_yuan": 1})
    UnitFunds.objects.create(unit=community, year=2025, **got)
    for unit in (community, district):
        found = standing(unit)
        assert (found[NormKind.SERVICE_FUND].value, found[NormKind.SERVICE_FUND].light) == (8, "green")
        assert found[NormKind.OFFICE_FUND].light == "yellow"  # 9,167 of 10,000 for 1,000 households
        assert found[NormKind.BENEFIT_SHARE].value == 0.4
    assert standing(town.units[Level.COMMUNITY][1])[NormKind.SERVICE_FUND].light == "grey"


def test_households_of_a_compound_are_those_in_its_buildings(town):
    x, y = inside(town.leaf)
    dwelling = Building.objects.get(code="B0").dwellings.create(floor=1, room="101")
    household((x, y), dwelling=dwelling)
    found = standing(town.units[Level.AREA][0])[NormKind.HOUSEHOLDS_PER_COMPOUND]
    assert (found.value, found.light) == (1, "red")


def test_the_card_counts_what_is_there_and_nothing_next_door(town):
    here, other = six_elements(town.leaf.pk), six_elements(town.units[Level.RESIDENT_GROUP][-1].pk)
    assert (here.households, here.buildings, here.compounds) == (3, 3, 1)
    assert here.needs is None  # so few households would be named by it
    assert (other.households, other.buildings, other.compounds, dict(other.facilities)) == (0, 0, 0, {})
