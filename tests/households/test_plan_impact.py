"""What a plan changes for households: from and to, notice boards, groups, and who may read names."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace

import pytest
import shapely
from django.utils import timezone

from gis_grids import hooks
from gis_grids.drafts import Staff
from gis_grids.drafts.comparison import Comparison, Norm
from gis_grids.levels import Level, PostKind
from gis_grids.models import Facility
from gis_grids.permissions import Scope
from households.models import Dwelling, Household, HouseholdUnit
from households.selectors.drafts import zones_of
from households.selectors.plan_impact import impact, named_moves
from households.services import home_households
from tests.factories import OPEN, UserFactory, inside, make_town, post, shape_of
from tests.households.drafting import changed, draft_of, key, merged
from tests.households.making import building, household

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    """In every resident group of a street a house with two households, of one and of two people."""
    town = make_town()
    for leaf in town.units[Level.RESIDENT_GROUP][:16]:
        house = building(shapely.Point(inside(leaf)).buffer(0.0001), code=f"B{leaf.code}", name="House")
        for size in (1, 2):
            dwelling = Dwelling.objects.create(building=house, floor=size, room=f"{size}01")
            household(inside(leaf), dwelling=dwelling, size=size, householder="张三丰", phone="13812341234")
    home_households()
    return town


@pytest.fixture
def leaves(town):
    return town.units[Level.RESIDENT_GROUP][:16]


@pytest.fixture
def draft(town):
    return draft_of(town.units[Level.STREET][0])


def report(before, after, norms=None):
    found = impact(Comparison(before, after, timezone.now(), norms or {}))
    assert json.loads(json.dumps(found)) == found  # plain JSON
    return found


def level(found, level):
    return next(each for each in found["levels"] if each["level"] == level)


def ways(rows):
    return {(row["from"], row["to"]): row["households"] for row in rows}


def test_the_floor_takes_part_in_reports():
    assert hooks.plan_impacts["households"] is impact


def test_a_plan_that_changes_nothing(draft):
    found = report(draft, draft)
    for each in found["levels"]:
        assert (each["households"], each["keeping"], each["share"], each["matrix"]) == (32, 32, 1.0, [])
    assert all(found[name] == [] for name in ("moves", "buildings", "groups", "split_buildings"))


def test_from_and_to_on_every_level(town, draft, leaves):
    first, second, third = leaves[0], leaves[1], leaves[4]  # the third is in another area
    Household.objects.filter(pk=HouseholdUnit.objects.filter(unit=second).first().household_id).update(
        is_party_member_household=True, is_party_hub_household=True
    )
    after = merged(draft, first, second)
    after = changed(after, replace(after.zones[key(third)], parent=draft.zones[key(first)].parent))
    found = report(draft, after)
    assert [each["level"] for each in found["levels"]] == [
        "community", "area", "building_group", "resident_group",
    ]  # fmt: skip
    deepest = level(found, "resident_group")
    assert ways(deepest["matrix"]) == {(key(first), key(first)): 2, (key(second), key(first)): 2}
    moved = next(row for row in deepest["matrix"] if row["from"] == key(second))
    assert moved == {
        "from": key(second), "to": key(first), "households": 2, "residents": 3, "party_households": 1,
        "hub_households": 1,
    }  # fmt: skip
    assert (deepest["households"], deepest["keeping"], deepest["share"]) == (32, 30, 0.9375)
    areas = town.units[Level.AREA]
    assert ways(level(found, "area")["matrix"]) == {
        (key(areas[0]), key(areas[0])): 8, (key(areas[1]), key(areas[0])): 2,
        (key(areas[1]), key(areas[1])): 6,
    }  # fmt: skip
    ids = sorted(HouseholdUnit.objects.filter(unit=second).values_list("household", flat=True))
    assert found["moves"] == deepest["moves"] == [{"from": key(second), "to": key(first), "households": ids}]
    theirs = sorted(HouseholdUnit.objects.filter(unit=third).values_list("household", flat=True))
    assert level(found, "area")["moves"] == [
        {"from": key(areas[1]), "to": key(areas[0]), "households": theirs}
    ]
    assert found["names"][key(second)] == draft.zones[key(second)].name


def test_the_matrix_is_what_a_plain_count_gives(draft, leaves):
    after = merged(merged(draft, leaves[1], leaves[0]), leaves[2], leaves[3])
    lost = household(None)
    HouseholdUnit.objects.create(household=lost, unit=leaves[0], source="manual", valid=OPEN)
    ids = list(Household.objects.values_list("pk", flat=True))
    at = timezone.now()
    was, now = zones_of(draft, ids, at), zones_of(after, ids, at)
    expected = Counter((was[pk], now.get(pk, "")) for pk in was)
    found = report(draft, after)
    matrix = ways(level(found, "resident_group")["matrix"])
    assert matrix == {way: n for way, n in expected.items() if way in matrix}
    assert {way: n for way, n in matrix.items() if way[0] != way[1]} == {
        (m["from"], m["to"]): len(m["households"]) for m in found["moves"]
    }
    assert {(m["from"], m["to"]) for m in found["moves"]} == {w for w in expected if w[0] != w[1]}
    assert {"from": key(leaves[0]), "to": "", "households": [lost.pk]} in found["moves"]


def test_whose_notice_board_changes(town, draft, leaves):
    found = report(draft, merged(draft, leaves[0], leaves[1]))
    (board,) = found["buildings"]
    assert (board["from"], board["to"], board["households"]) == (key(leaves[1]), key(leaves[0]), 2)
    area = draft.zones[key(town.units[Level.AREA][0])]
    renamed = report(draft, changed(draft, replace(area, name="Another name")))
    assert len(renamed["buildings"]) == 4
    assert renamed["moves"] == []
    steward = UserFactory()
    group = draft.zones[key(town.units[Level.BUILDING_GROUP][0])]
    staffed = replace(group, staff=(Staff(PostKind.BUILDING_STEWARD, steward.pk),))
    assert len(report(draft, changed(draft, staffed))["buildings"]) == 2
    post(steward, town.units[Level.BUILDING_GROUP][0], PostKind.BUILDING_STEWARD)
    assert report(draft, changed(draft, staffed))["buildings"] == []


def test_groups_that_lose_or_gain_a_hub_or_a_steward(town, draft, leaves):
    first, second = town.units[Level.BUILDING_GROUP][:2]
    hub = HouseholdUnit.objects.filter(unit=leaves[1]).first().household_id
    Household.objects.filter(pk=hub).update(is_party_member_household=True, is_party_hub_household=True)
    post(UserFactory(), first, PostKind.BUILDING_STEWARD)
    vacant = replace(draft.zones[key(first)], staff=(Staff(PostKind.BUILDING_STEWARD, None),))
    after = changed(draft, vacant, replace(draft.zones[key(leaves[1])], parent=key(second)))
    assert sorted(report(draft, after)["groups"], key=lambda group: group["key"]) == [
        {"key": key(first), "hubs": [1, 0], "stewards": [1, 0]},
        {"key": key(second), "hubs": [0, 1], "stewards": [0, 0]},
    ]


def test_what_several_zones_of_the_plan_share(town, draft, leaves):
    border = shape_of(leaves[0]).intersection(shape_of(leaves[1]))
    lon, lat = shapely.line_interpolate_point(border, 0.3, normalized=True).coords[0]
    house = building(shapely.box(lon - 0.0001, lat - 0.0001, lon + 0.0001, lat + 0.0002), code="X", name="")
    corners = shapely.MultiPoint([inside(leaves[0]), inside(leaves[4])]).envelope.buffer(0.0001)
    Facility.objects.create(kind="compound", name="The garden", geometry=corners.wkt)
    found = report(draft, draft, {Level.AREA: Norm(300, 0.2, "rules")})
    assert found["split_buildings"] == [
        {"id": house.pk, "name": "X", "zones": [key(leaves[0]), key(leaves[1])], "households": 0}
    ]
    (compound,) = found["split_compounds"]
    assert (compound["name"], len(compound["zones"])) == ("The garden", 2)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [(PostKind.OFFICE_CLERK, ("张三丰", "13812341234")), (PostKind.PLANNER, ("张*", "138****1234"))],
)
def test_names_of_those_who_move_by_right(town, draft, leaves, kind, expected):
    moves = report(draft, merged(draft, leaves[0], leaves[1]))["moves"]
    scope = Scope(1, frozenset({(kind, town.units[Level.STREET][0].pk)}))
    rows = named_moves(scope, moves, in_clear=True)
    assert [(row.householder, row.phone) for row in rows] == [expected] * 2
    assert {(row.source, row.target, row.building) for row in rows} == {
        (key(leaves[1]), key(leaves[0]), "House")
    }
    assert named_moves(Scope(1, frozenset({(kind, town.units[Level.STREET][1].pk)})), moves) == []
    assert named_moves(Scope(None), moves) == []


def test_who_keeps_the_register_of_one_area_reads_the_names_of_its_households_alone(town, draft, leaves):
    first, second = town.units[Level.AREA][:2]
    other = replace(draft.zones[key(leaves[4])], parent=draft.zones[key(leaves[0])].parent)
    after = merged(changed(draft, other), leaves[0], leaves[4])
    after = merged(after, leaves[2], leaves[3])
    moves = report(draft, after)["moves"]
    posts = {(PostKind.OFFICE_CLERK, first.pk), (PostKind.PLANNER, second.pk)}
    rows = named_moves(Scope(1, frozenset(posts)), moves, in_clear=True)
    assert {(row.source, row.householder) for row in rows} == {
        (key(leaves[3]), "张三丰"),
        (key(leaves[4]), "张*"),
    }
