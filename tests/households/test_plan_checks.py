"""What the register holds against a plan: each seeded defect gives exactly its code, and none gives none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.utils import timezone

from gis_grids import hooks
from gis_grids.drafts.comparison import Comparison, Norm
from gis_grids.levels import Level
from gis_grids.models import Facility, MapFeature
from gis_grids.sentences import SENTENCES
from households.geometry import divided
from households.models import Building, Dwelling, Household, HouseholdUnit
from households.selectors.plan_checks import check_plan
from households.services import home_households
from tests.factories import OPEN, inside, make_town, shape_of
from tests.households.drafting import changed, draft_of, key, merged
from tests.households.making import building, household

pytestmark = pytest.mark.django_db
NORMS = {Level.AREA: Norm(4, 0.3, "the rules of the city")}


def block(lon, lat, half=0.0002):
    return shapely.box(lon - half, lat - half, lon + half, lat + half)


@pytest.fixture
def town():
    """A street where all is well: in every resident group one house, and in it one hub household."""
    town = make_town()
    for leaf in town.units[Level.RESIDENT_GROUP][:16]:
        lon, lat = inside(leaf)
        house = building(block(lon, lat), code=f"B{leaf.code}", name=f"House {leaf.code}")
        dwelling = Dwelling.objects.create(building=house, floor=1, room="101")
        household((lon, lat), dwelling=dwelling, is_party_member_household=True, is_party_hub_household=True)
    home_households()
    return town


@pytest.fixture
def draft(town):
    return draft_of(town.units[Level.STREET][0])


@pytest.fixture
def leaves(town):
    return town.units[Level.RESIDENT_GROUP][:16]


def house_of(leaf):
    return Building.objects.get(code=f"B{leaf.code}")


def home_in(leaf):
    return Household.objects.get(dwelling__building=house_of(leaf))


def found(after, before=None, norms=NORMS):
    return list(check_plan(Comparison(before or after, after, timezone.now(), norms)))


def only(problems):
    (problem,) = problems
    assert str(SENTENCES[problem.sentence]) % problem.details
    assert problem.where is not None
    return problem


def stored(shape):
    return GEOSGeometry(memoryview(shapely.to_wkb(shape)), srid=4326)


def barrier(shape, **values):
    return MapFeature.objects.create(geometry=stored(shape), **values)


def test_the_floor_takes_part_in_checks():
    assert check_plan in hooks.plan_checks


def test_where_all_is_well_nothing_is_found(draft):
    assert found(draft) == []
    assert found(draft, norms={}) == []


# --- E07 -----------------------------------------------------------------------------------------------


def test_who_has_lost_his_unit_and_has_no_place_is_listed(town, draft, leaves):
    lost = household(None)
    HouseholdUnit.objects.create(household=lost, unit=leaves[1], source="manual", valid=OPEN)
    problem = only(p for p in found(merged(draft, leaves[0], leaves[1]), draft) if p.code == "E07")
    assert (problem.variant, problem.household_ids, problem.details["n"]) == ("", (lost.pk,), 1)
    assert found(draft, norms={}) == []


def test_who_lies_in_a_gap_is_listed(draft, leaves):
    west, south, east, north = shape_of(leaves[0]).bounds
    hole = replace(
        draft.zones[key(leaves[0])], shape=shapely.box(west, south, (west + east) / 2 - 0.0005, north)
    )
    problems = found(changed(draft, hole), draft, norms={})
    assert [p.code for p in problems] == ["E07", "E09", "W22"]  # its household and its house are gone too
    assert problems[0].household_ids == (home_in(leaves[0]).pk,)
    assert problems[0].where == pytest.approx(inside(leaves[0]))


def test_who_lies_in_two_zones_is_listed(draft, leaves):
    both = shapely.box(*shapely.total_bounds([shape_of(leaf) for leaf in leaves[:2]]))
    problems = found(changed(draft, replace(draft.zones[key(leaves[0])], shape=both)), draft, norms={})
    problem = only(p for p in problems if p.code == "E07")
    assert (problem.variant, problem.household_ids) == ("twice", (home_in(leaves[1]).pk,))


def test_who_goes_to_a_unit_beyond_the_scope_is_not_lost(town, draft, leaves):
    guest = household(inside(town.units[Level.RESIDENT_GROUP][-1]))
    HouseholdUnit.objects.create(household=guest, unit=leaves[1], source="manual", valid=OPEN)
    assert {p.code for p in found(merged(draft, leaves[0], leaves[1]), draft)} == set()


# --- E08 -----------------------------------------------------------------------------------------------


def between(first, second):
    """A place on the border of two zones, which runs east to west."""
    border = shape_of(first).intersection(shape_of(second))
    return shapely.line_interpolate_point(border, 0.3, normalized=True).coords[0]


def test_a_border_through_a_building_names_it_and_its_households(draft, leaves):
    lon, lat = between(leaves[0], leaves[1])
    house = house_of(leaves[0])
    Building.objects.filter(pk=house.pk).update(
        footprint=stored(shapely.MultiPolygon([block(lon, lat + 0.0001)]))
    )
    problem = only(found(draft))
    assert problem.code == "E08"
    assert problem.zones == (key(leaves[0]), key(leaves[1]))  # the greater part first
    assert (problem.details["building"], problem.details["households"]) == (house.name, 1)
    HouseholdUnit.objects.update(source="entrance")
    assert found(draft) == []


@pytest.mark.parametrize(("overlap_m", "is_cut"), [(0.0, False), (0.25, False), (0.4, True)])
def test_a_wall_that_reaches_over_a_border_is_no_cut(overlap_m, is_cut):
    zones = np.array([shapely.box(116, 39, 116.01, 39.01), shapely.box(116, 39.01, 116.01, 39.02)])
    metre = 1 / 111_320
    house = shapely.box(116.005, 39.01 - overlap_m * metre, 116.0055, 39.01 + 20 * metre)
    assert (divided(np.array([house]), zones) == {0: [1, 0]}) is is_cut


def test_a_corner_of_less_than_a_square_metre_is_no_cut():
    zones = np.array([shapely.box(116, 39, 116.01, 39.01), shapely.box(116, 39.01, 116.01, 39.02)])
    metre = 1 / 111_320
    house = shapely.box(116.005, 39.01 - 0.9 * metre, 116.005 + metre, 39.01 + 20 * metre)
    assert divided(np.array([house]), zones) == {}


# --- E09, W20 to W22 -----------------------------------------------------------------------------------


def test_ground_without_households_wants_a_purpose(town, draft, leaves):
    area, (group, other) = town.units[Level.AREA][0], town.units[Level.BUILDING_GROUP][:2]
    Household.objects.filter(pk__in=[home_in(leaf).pk for leaf in leaves[:4]]).delete()
    assert found(draft) == []  # it was so before: a park, a school
    zones = draft.below(key(area))
    renamed = {zone.key: f"n{n}-0" for n, zone in enumerate(zones)}
    begun = [
        replace(zone, key=new, parent=renamed.get(zone.parent, zone.parent), unit_id=None, code="")
        for old, new in renamed.items()
        for zone in [draft.zones[old]]
    ]
    after = changed(draft, *begun, without=list(renamed))
    problem = only(found(after, draft))
    assert (problem.code, problem.zones) == ("E09", (renamed[key(area)],))
    explained = replace(after.zones[renamed[key(area)]], purpose="green")
    assert found(changed(after, explained), draft) == []
    half = replace(after.zones[renamed[key(group)]], purpose="business")
    assert only(found(changed(after, half), draft)).zones == (renamed[key(other)],)


def test_a_city_that_begins_with_its_grids_has_no_households_yet(draft, leaves):
    Household.objects.all().delete()
    Dwelling.objects.all().delete()
    house_of(leaves[0]).delete()
    renamed = {key(leaf): f"n{n}-0" for n, leaf in enumerate(leaves)}
    begun = [replace(draft.zones[old], key=new, unit_id=None, code="") for old, new in renamed.items()]
    after = changed(draft, *begun, without=list(renamed))
    [empty] = [problem for problem in found(after, draft) if problem.code == "E09"]
    assert empty.zones == (renamed[key(leaves[0])],)


@pytest.mark.parametrize(("more", "variant"), [(1, None), (2, "higher")])
def test_a_zone_beyond_the_norm(town, draft, leaves, more, variant):
    for _ in range(more):
        household(inside(leaves[0]))
    problems = found(draft)
    if variant is None:
        assert problems == []
    else:
        problem = only(problems)
        assert (problem.code, problem.variant, problem.zones) == (
            "W20",
            variant,
            (key(town.units[Level.AREA][0]),),
        )
        details = problem.details
        assert [details[name] for name in ("households", "norm", "tolerance", "least", "most")] == [
            6, 4, 30, 3, 5,
        ]  # fmt: skip


def test_a_zone_below_the_norm_and_one_of_compounds(draft):
    lower = found(draft, norms={Level.AREA: Norm(10, 0.2, "rules")})
    assert [(p.code, p.variant) for p in lower] == [("W20", "lower")] * 4
    of_compounds = found(draft, norms={Level.AREA: Norm(500, 0.2, "rules", code="W21")})
    assert [p.sentence for p in of_compounds] == ["plan.W21"] * 4


def test_a_group_of_one_or_of_four_buildings(town, draft, leaves):
    house_of(leaves[0]).dwellings.update(building=house_of(leaves[1]), room="102")
    house_of(leaves[0]).delete()
    one = only(found(draft))
    assert (one.code, one.details["n"]) == ("W22", 1)
    lon, lat = inside(leaves[0])
    for n in range(3):
        building(block(lon - 0.0004 + n * 0.0004, lat, 0.0001), code=f"C{n}")
    assert only(found(draft)).details["n"] == 4
    Building.objects.filter(code="C0").update(use="commercial")
    assert found(draft) == []


# --- W23, W24 ------------------------------------------------------------------------------------------


def test_a_compound_in_two_grids(town, draft, leaves):
    areas = town.units[Level.AREA]
    houses = [shapely.box(*house_of(leaf).footprint.extent) for leaf in (leaves[0], leaves[4])]
    around = shapely.box(*shapely.total_bounds(houses))
    Facility.objects.create(kind="compound", name="The garden", geometry=stored(around))
    problem = only(found(draft))
    assert (problem.code, problem.details) == ("W23", {"compound": "The garden", "n": 2})
    assert set(problem.zones) == {key(areas[0]), key(areas[1])}
    assert found(draft, norms={}) == []
    Facility.objects.update(kind="park")
    assert found(draft) == []


def test_a_compound_whose_wall_alone_reaches_over_the_border_is_whole(draft, leaves):
    west, south, _east, north = shape_of(leaves[0]).bounds
    lon, _lat = inside(leaves[4])
    wide = shapely.box(
        west + 0.0001, (south + north) / 2 - 0.0005, lon - 0.0008, (south + north) / 2 + 0.0005
    )
    Facility.objects.create(kind="compound", name="The garden", geometry=stored(wide))
    assert found(draft) == []


@pytest.mark.parametrize(
    ("kind", "name", "sentence"),
    [
        ("arterial", "Long Road", "plan.W24"),
        ("railway", "", "plan.W24.railway"),
        ("water", "", "plan.W24.water"),
        ("street", "Side Street", None),
    ],
)
def test_a_barrier_with_households_on_both_sides(town, draft, kind, name, sentence):
    west, south, east, north = shape_of(town.units[Level.AREA][0]).bounds
    lat = south + (north - south) * 0.55
    line = shapely.LineString([(west - 0.001, lat), (east + 0.001, lat)])
    shape = line.buffer(0.0001) if kind == "water" else line
    barrier(shape, kind=kind, name=name, width_m=None if kind == "water" else 20)
    problems = [p for p in found(draft) if p.zones == (key(town.units[Level.AREA][0]),)]
    if sentence is None:
        assert problems == []
    else:
        problem = only(problems)
        assert (problem.sentence, problem.details["households"]) == (sentence, 2)


def test_a_barrier_that_ends_in_the_zone_or_has_nobody_beyond_is_none(town, draft, leaves):
    west, south, east, north = shape_of(town.units[Level.AREA][0]).bounds
    lat = south + (north - south) * 0.55
    barrier(shapely.LineString([(west - 0.001, lat), (east - 0.0005, lat)]), kind="arterial", width_m=20)
    barrier(
        shapely.LineString([(west - 0.001, north - 0.0002), (east + 0.001, north - 0.0002)]), kind="railway"
    )
    assert found(draft) == []


# --- W26, W27 ------------------------------------------------------------------------------------------


def test_a_group_whose_hubs_went_to_another(town, draft, leaves):
    first, second = town.units[Level.BUILDING_GROUP][:2]
    groups = town.units[Level.RESIDENT_GROUP]
    household(inside(leaves[0]))
    Household.objects.filter(pk=home_in(groups[0]).pk).update(is_party_hub_household=False)
    moved = changed(draft, replace(draft.zones[key(groups[1])], parent=key(second)))
    problem = only(p for p in found(moved, draft) if p.code == "W26")
    assert (problem.sentence, problem.zones) == ("plan.W26", (key(first), key(second)))
    assert problem.details["n"] == 1


def test_a_group_that_never_had_a_hub(town, draft, leaves):
    Household.objects.filter(pk__in=[home_in(leaf).pk for leaf in leaves[:2]]).update(
        is_party_hub_household=False
    )
    problem = only(found(draft))
    assert (problem.sentence, problem.zones) == (
        "plan.W26.none",
        (key(town.units[Level.BUILDING_GROUP][0]),),
    )
    Household.objects.update(is_party_hub_household=False)
    assert found(draft) == []


def test_who_has_no_position_goes_with_his_building(draft, leaves):
    one = home_in(leaves[2])
    Household.objects.filter(pk=one.pk).update(place=None, place_source="", placed_on=None)
    problem = only(found(draft))
    assert (problem.code, problem.zones, problem.household_ids) == ("W27", (key(leaves[2]),), (one.pk,))
    HouseholdUnit.objects.filter(household=one).update(source="manual")
    assert found(draft) == []
