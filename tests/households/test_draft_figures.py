"""What the register says of the zones of a draft: against a plain reckoning, household by household."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis_grids import hooks
from gis_grids.drafts import Zone
from gis_grids.drafts.comparison import Comparison, Norm
from gis_grids.levels import Level
from gis_grids.models import UnitVersion
from gis_grids.selectors.plans import figures_of
from households.models import Building, Dwelling, Household, HouseholdUnit
from households.selectors.census import zone_figures
from households.selectors.drafts import zones_of
from households.services import home_households
from tests.factories import OPEN, TOWN_BOX, UnitFactory, inside, make_town, make_unit, shape_of
from tests.households.drafting import changed, draft_of, key, merged
from tests.households.making import building, household

pytestmark = pytest.mark.django_db
WEST, SOUTH, EAST, NORTH = TOWN_BOX


def record(one, unit, source="manual"):
    return HouseholdUnit.objects.create(household=one, unit=unit, source=source, valid=OPEN)


def home_of(draft, one):
    return zones_of(draft, [one.pk], timezone.now()).get(one.pk)


def in_building(house, **values):
    """A household without a place of its own, in a dwelling of the building."""
    number = Dwelling.objects.count()
    dwelling = Dwelling.objects.create(building=house, floor=1, room=f"{number}")
    return household(None, dwelling=dwelling, **values)


def block(lon, lat, half=0.0001):
    return shapely.box(lon - half, lat - half, lon + half, lat + half)


# --- the reference -----------------------------------------------------------------------------------


def reference(draft):
    """Return the leaf of every household, by the rule told in `households.selectors.drafts`, plainly."""
    leaves = sorted(
        draft.leaves.values(), key=lambda z: (-z.level.depth, z.code == "", z.code.encode(), z.key.encode())
    )
    found = {}
    for one in Household.objects.all():
        membership = one.memberships.filter(valid__contains=timezone.now()).first()
        recorded = f"u{membership.unit_id}" if membership else None
        point = shapely.Point(one.place.coords) if one.place else None
        if point is None and one.dwelling:
            point = shapely.from_wkt(one.dwelling.building.footprint.point_on_surface.wkt)
        by_place = next((z.key for z in leaves if point is not None and z.shape.covers(point)), None)
        is_kept = recorded in draft.leaves and (membership.source != "geometry" or point is None)
        found[one.pk] = recorded if is_kept else by_place
    return {pk: zone for pk, zone in found.items() if zone}


def reference_figures(draft, zone_key):
    below = {leaf.key for leaf in draft.leaves_of(zone_key)}
    homes = reference(draft)
    rows = [one for one in Household.objects.all() if homes.get(one.pk) in below]
    shape = draft.shape_of(zone_key)
    return {
        "households": len(rows),
        "residents": sum(one.size for one in rows),
        "party_households": sum(one.is_party_member_household for one in rows),
        "hub_households": sum(one.is_party_hub_household for one in rows),
        "unplaced": sum(one.place is None for one in rows),
        "buildings": sum(
            shape.covers(shapely.from_wkt(each.footprint.point_on_surface.wkt))
            for each in Building.objects.all()
        ),
    }


def scatter(town, rng):
    """Fill the town: places anywhere and on borders, beside it, none; records of every kind."""
    leaves = town.units[Level.RESIDENT_GROUP]
    houses = [
        building(block(rng.uniform(WEST, EAST), rng.uniform(SOUTH, NORTH)), code=f"B{n}") for n in range(12)
    ]
    lines = np.linspace(WEST, EAST, 17)
    for _ in range(50):
        lon = rng.choice([rng.uniform(WEST - 0.002, EAST), rng.choice(lines)])
        is_party = bool(rng.random() < 0.4)
        values = {
            "size": int(rng.integers(0, 7)),
            "is_party_member_household": is_party,
            "is_party_hub_household": is_party and bool(rng.random() < 0.5),
        }
        kind = rng.integers(0, 4)
        if kind == 0:
            in_building(houses[rng.integers(0, len(houses))], **values)
        elif kind == 1:
            household(None, **values)
        else:
            household((lon, rng.uniform(SOUTH, NORTH)), **values)
    home_households()
    for one in Household.objects.all():
        if rng.random() < 0.3:  # set by hand or by entrance, wherever it lies
            HouseholdUnit.objects.filter(household=one).delete()
            record(one, leaves[rng.integers(0, len(leaves))], rng.choice(["manual", "entrance"]))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**31))
def test_figures_agree_with_a_plain_reckoning(seed):
    with transaction.atomic():
        town = make_town()
        rng = np.random.default_rng(seed)
        scatter(town, rng)
        groups = town.units[Level.RESIDENT_GROUP]
        draft = merged(draft_of(town.units[Level.CITY][0]), groups[0], groups[1])
        draft = merged(draft, groups[3], groups[2])
        keys = rng.choice(list(draft.zones), 6, replace=False).tolist()
        figures = zone_figures(draft, keys, timezone.now())
        assert figures == {each: reference_figures(draft, each) for each in keys}
        compared = Comparison(draft_of(town.units[Level.CITY][0]), draft, timezone.now())
        assert zone_figures(draft, keys, compared.at, compared) == figures
        ended = key(groups[1])
        was = zone_figures(compared.before, [ended], compared.at, compared)
        assert was == {ended: reference_figures(compared.before, ended)}
        transaction.set_rollback(True)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**31))
def test_the_leaves_together_have_the_households_of_every_level(seed):
    with transaction.atomic():
        town = make_town()
        scatter(town, np.random.default_rng(seed))
        draft = draft_of(town.units[Level.CITY][0])
        at = timezone.now()
        homes = zones_of(draft, list(Household.objects.values_list("pk", flat=True)), at)
        for level in draft.levels:
            figures = zone_figures(draft, draft.at_level(level), at)
            assert sum(each["households"] for each in figures.values()) == len(homes)
        transaction.set_rollback(True)


def test_the_floor_takes_part_in_plans():
    assert zone_figures in hooks.zone_figures


def test_no_zones_have_no_figures_and_an_empty_one_has_noughts():
    draft = draft_of(make_town().units[Level.STREET][0])
    at = timezone.now()
    assert zone_figures(draft, [], at) == {}
    (figures,) = zone_figures(draft, [next(iter(draft.leaves))], at).values()
    assert set(figures.values()) == {0}


def test_nobody_is_no_deviation_from_the_norm():
    draft, at = draft_of(make_town().units[Level.STREET][0]), timezone.now()
    leaf = next(iter(draft.leaves.values()))
    norms = {leaf.level: Norm(4, 0.25, "a test")}
    assert "deviation" not in figures_of(draft, [leaf.key], at, norms)[leaf.key]
    household(leaf.shape.representative_point().coords[0])
    home_households()
    assert figures_of(draft, [leaf.key], at, norms)[leaf.key]["deviation"] == -0.75


# --- who is where ------------------------------------------------------------------------------------


@pytest.fixture
def town():
    return make_town()


@pytest.fixture
def street(town):
    return town.units[Level.STREET][0]


@pytest.fixture
def draft(street):
    return draft_of(street)


@pytest.mark.parametrize("source", ["manual", "entrance"])
def test_what_was_set_by_hand_stays_while_its_unit_is_a_leaf(town, draft, source):
    first, second, third = town.units[Level.RESIDENT_GROUP][:3]
    one = household(inside(third))
    record(one, first, source)
    assert home_of(draft, one) == key(first)
    assert home_of(merged(draft, first, second), one) == key(first)
    assert home_of(merged(draft, second, first), one) == key(third)
    cut = replace(draft.zones[key(first)], shape=None)
    begun = Zone("n1-0", Level.RESIDENT_GROUP, cut.key, "new", shape_of(first))
    assert home_of(changed(draft, cut, begun), one) == key(third)


def test_without_a_place_the_building_decides_and_without_one_the_record(town, draft):
    first, second = town.units[Level.RESIDENT_GROUP][:2]
    one = in_building(building(block(*inside(second)), code="B1"))
    record(one, first, "geometry")
    lost = household(None)
    record(lost, first, "geometry")
    assert (home_of(draft, one), home_of(draft, lost)) == (key(second), key(first))
    without = merged(draft, second, first)
    assert (home_of(without, one), home_of(without, lost)) == (key(second), None)


def test_on_a_border_the_lower_code_counts_and_what_is_new_comes_last(town, draft):
    first, second = town.units[Level.RESIDENT_GROUP][:2]
    border = shape_of(first).intersection(shape_of(second))
    one = household(shapely.line_interpolate_point(border, 0.5, normalized=True).coords[0])
    assert home_of(draft, one) == key(first)
    begun = replace(draft.zones[key(first)], key="n1-0", unit_id=None, code="")
    assert home_of(changed(draft, begun, without=[key(first)]), one) == key(second)


def test_who_belongs_beyond_the_scope_is_not_counted(town, draft):
    beyond = town.units[Level.RESIDENT_GROUP][-1]
    by_hand, far = household(inside(town.leaf)), household(inside(beyond))
    record(by_hand, beyond)
    ours = household(inside(beyond))
    record(ours, town.leaf)
    assert [home_of(draft, one) for one in (by_hand, far, ours)] == [None, None, key(town.leaf)]
    figures = zone_figures(draft, [key(town.leaf)], timezone.now())
    assert figures[key(town.leaf)]["households"] == 1


def test_a_unit_that_no_polygon_can_express_doesnt_keep_its_households_from_the_zone(town, draft):
    one = household(inside(town.leaf))
    record(one, UnitFactory(level=Level.RESIDENT_GROUP), "entrance")
    assert home_of(draft, one) == key(town.leaf)


def test_the_register_of_the_time_counts(town, draft):
    first, second = town.units[Level.RESIDENT_GROUP][:2]
    when = timezone.now()
    one = household(None)
    HouseholdUnit.objects.create(
        household=one, unit=first, source="manual", valid=DateTimeTZRange(OPEN.lower, when)
    )
    HouseholdUnit.objects.create(
        household=one, unit=second, source="manual", valid=DateTimeTZRange(when, None)
    )
    assert zones_of(draft, [one.pk], OPEN.lower) == {one.pk: key(first)}
    assert zones_of(draft, [one.pk], when) == {one.pk: key(second)}


def test_what_a_draft_foretells_is_what_the_homing_then_records(town, draft):
    first, second = town.units[Level.RESIDENT_GROUP][:2]
    homes = [household(inside(unit)) for unit in town.units[Level.RESIDENT_GROUP]]
    home_households()
    at = timezone.now()
    told = zones_of(merged(draft, second, first), [one.pk for one in homes], at)
    both = shapely.coverage_union_all([shape_of(first), shape_of(second)])
    group = first.versions.get().parent
    for unit in (first, second):
        UnitVersion.objects.filter(unit=unit).update(valid=DateTimeTZRange(OPEN.lower, at))
    make_unit(both, level=Level.RESIDENT_GROUP, parent=group, code=f"{second.code}x",
              valid=DateTimeTZRange(at, None))  # fmt: skip
    home_households(unit_ids=[first.pk, second.pk], when=at)
    assert told[homes[0].pk] == told[homes[1].pk] == key(second)
    assert homes[0].memberships.get(valid__upper_inf=True).unit.code == f"{second.code}x"
