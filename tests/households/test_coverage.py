"""Coverage: who is in exactly one leaf unit, why the others are not, and who may read it."""

from __future__ import annotations

import pytest
import shapely
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from gis_grids.levels import Level, PostKind
from gis_grids.models import UnitVersion
from gis_grids.permissions import Scope
from households.models import HouseholdUnit
from households.selectors import Why, coverage, unit_counts, unsettled_page
from households.services import home_households
from tests.factories import (
    LONG_AGO,
    OPEN,
    TOWN_BOX,
    UnitFactory,
    UserFactory,
    cells,
    inside,
    make_town,
    make_unit,
    post,
)
from tests.households.making import household

pytestmark = pytest.mark.django_db
WEST, SOUTH, EAST, NORTH = TOWN_BOX


def holder(unit, kind=PostKind.OFFICE_CLERK):
    return Scope(user_id=1, posts=frozenset({(kind, unit.pk)}))


@pytest.fixture
def town():
    return make_town()


def everything(scope):
    return {row.household_id: row for row in unsettled_page(scope)}


def test_all_settled(town):
    for unit in town.units[Level.RESIDENT_GROUP]:
        household(inside(unit))
    home_households()
    scope = holder(town.units[Level.CITY][0])
    figures = coverage(scope)
    assert (figures.households, figures.with_place, figures.settled, figures.unsettled) == (32, 32, 32, 0)
    assert unsettled_page(scope) == []


def test_every_reason(town):
    street, group = town.units[Level.STREET][0], town.units[Level.RESIDENT_GROUP][0]
    homes = {
        Why.NO_PLACE: household(None),
        Why.OUTSIDE: household((WEST - 0.01, SOUTH)),
        Why.UNIT_DIVIDED: household(inside(group)),
        Why.UNIT_ENDED: household(inside(group)),
    }
    ended = make_unit(
        shapely.box(*TOWN_BOX),
        level=Level.AREA,
        parent=street,
        valid=DateTimeTZRange(LONG_AGO, timezone.now()),
    )
    for why, unit in ((Why.UNIT_DIVIDED, street), (Why.UNIT_ENDED, ended)):
        HouseholdUnit.objects.create(household=homes[why], unit=unit, source="manual", valid=OPEN)
    last = town.units[Level.RESIDENT_GROUP][-1]
    UnitVersion.objects.filter(unit=last).delete()
    homes[Why.GAP] = household((EAST - 0.0001, SOUTH + 0.0001))
    home_households()
    rows = everything(holder(town.units[Level.CITY][0]))
    assert {one.pk: why for why, one in homes.items()} == {pk: row.why for pk, row in rows.items()}
    outside = rows[homes[Why.OUTSIDE].pk]
    assert outside.near.startswith("Unit ")
    assert outside.metres == pytest.approx(855, abs=5)
    assert rows[homes[Why.GAP].pk].near == town.units[Level.BUILDING_GROUP][-1].versions.get().name


def test_a_unit_that_no_polygon_can_express_settles(town):
    floors = UnitFactory(level=Level.RESIDENT_GROUP)
    one = household(inside(town.leaf))
    HouseholdUnit.objects.create(household=one, unit=floors, source="entrance", valid=OPEN)
    assert coverage(holder(floors)).settled == 1


def test_without_any_units_every_household_is_outside():
    household((WEST, SOUTH))
    unit = make_unit(shapely.box(0, 0, 1, 1), valid=DateTimeTZRange(LONG_AGO, timezone.now()))
    assert coverage(holder(unit)).households == 0
    top = make_unit(shapely.box(0, 0, 1, 1))
    UnitVersion.objects.filter(unit=unit).delete()
    assert [row.why for row in unsettled_page(holder(top))] == [Why.OUTSIDE]


def test_a_post_reads_only_its_own_subtree(town):
    west, east = town.units[Level.STREET]
    post(UserFactory(), town.units[Level.CITY][0], PostKind.OFFICE_CLERK)
    theirs, ours = household((WEST + 0.001, SOUTH + 0.001)), household((EAST - 0.001, SOUTH + 0.001))
    nowhere, far = household(None), household((WEST - 1, SOUTH))
    home_households()
    assert coverage(holder(east)).households == 1
    assert coverage(holder(town.units[Level.CITY][0])).households == 4
    HouseholdUnit.objects.all().delete()
    assert set(everything(holder(east))) == {ours.pk}
    assert set(everything(holder(town.units[Level.CITY][0]))) == {theirs.pk, ours.pk, nowhere.pk, far.pk}
    assert set(everything(holder(west))) == {theirs.pk}


def test_what_lies_nowhere_is_for_the_topmost_readers_whoever_they_are(town):
    district, (street, _other) = town.units[Level.DISTRICT][0], town.units[Level.STREET]
    nowhere = household(None)
    assert set(everything(holder(street))) == {nowhere.pk}  # nobody else could see it
    worker = post(UserFactory(), town.units[Level.CITY][0], PostKind.GRID_WORKER)
    post(UserFactory(is_active=False), district, PostKind.PLANNER)
    assert worker.holder is not None
    assert set(everything(holder(street))) == {nowhere.pk}
    post(UserFactory(), district, PostKind.PLANNER)
    assert everything(holder(street)) == {}
    assert coverage(holder(street)).households == 0
    assert set(everything(holder(district, PostKind.PLANNER))) == {nowhere.pk}


def test_the_top_of_another_tree_does_not_open_this_one(town):
    other = make_unit(shapely.box(10, 10, 11, 11))
    household(inside(town.leaf))
    home_households()
    assert coverage(holder(other)).households == 0
    HouseholdUnit.objects.all().delete()
    assert coverage(holder(other)).households == 0


@pytest.mark.parametrize(
    "kind", [PostKind.GRID_WORKER, PostKind.BUILDING_STEWARD, PostKind.RESIDENT_GROUP_LEADER]
)
def test_other_posts_read_nothing(town, kind):
    household(None)
    scope = holder(town.units[Level.CITY][0], kind)
    assert coverage(scope).households == 0
    assert unsettled_page(scope) == []
    assert unit_counts(scope) == {}


def test_nobody_reads_nothing(town):
    household(None)
    assert coverage(Scope(None)).households == 0
    assert unsettled_page(Scope(None)) == []


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (PostKind.OFFICE_CLERK, ("张三丰", "13812341234")),
        (PostKind.COMMAND_OPERATOR, ("张*", "138****1234")),
        (PostKind.PLANNER, ("张*", "138****1234")),
        (PostKind.GRID_LEADER, ("张*", "138****1234")),
        (PostKind.AREA_HEAD, ("张*", "138****1234")),
    ],
)
def test_names_are_masked_by_role(town, kind, expected):
    household(None, householder="张三丰", phone="13812341234")
    (row,) = unsettled_page(holder(town.units[Level.CITY][0], kind))
    assert (row.householder, row.phone) == expected


def test_a_clerk_of_one_street_who_plans_the_other_sees_names_in_his_own_only(town):
    west, east = town.units[Level.STREET]
    scope = Scope(1, frozenset({(PostKind.OFFICE_CLERK, west.pk), (PostKind.PLANNER, east.pk)}))
    household((WEST + 0.001, SOUTH + 0.001), householder="张三")
    household((EAST - 0.001, SOUTH + 0.001), householder="李四")
    assert [row.householder for row in unsettled_page(scope)] == ["张三", "李*"]


def test_pages(town):
    homes = [household(None).pk for _ in range(7)]
    scope = holder(town.units[Level.CITY][0])
    pages = [[row.household_id for row in unsettled_page(scope, page, size=3)] for page in (1, 2, 3, 4)]
    assert pages == [homes[:3], homes[3:6], homes[6:], []]


def test_counts_add_up_the_tree(town):
    first, second = town.units[Level.RESIDENT_GROUP][:2]
    household(inside(first), is_party_member_household=True)
    household(inside(first))
    household(inside(second))
    UnitVersion.objects.filter(unit=town.units[Level.RESIDENT_GROUP][-1]).delete()
    household((EAST - 0.0001, SOUTH + 0.0001), is_party_member_household=True)
    home_households()
    counts = unit_counts(holder(town.units[Level.CITY][0]))
    figures = {pk: (count.households, count.settled, count.party) for pk, count in counts.items()}
    west, east = town.units[Level.STREET]
    assert figures[first.pk] == (2, 2, 1)
    assert figures[second.pk] == (1, 1, 0)
    assert figures[west.pk] == (3, 3, 1)
    assert figures[east.pk] == (1, 0, 1)
    assert figures[town.units[Level.CITY][0].pk] == (4, 3, 2)
    assert set(unit_counts(holder(east))) <= set(counts) - {west.pk, town.units[Level.CITY][0].pk}


def test_a_gap_counts_for_the_unit_it_is_in():
    street = make_unit(shapely.box(*TOWN_BOX))
    first, _second = cells(1, 2)
    community = make_unit(first, level=Level.COMMUNITY, parent=street)
    household((EAST - 0.001, SOUTH + 0.001))
    home_households()
    counts = unit_counts(holder(street))
    assert counts[street.pk].households == 1
    assert community.pk not in counts
