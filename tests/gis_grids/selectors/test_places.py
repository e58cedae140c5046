from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
import shapely
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from pyproj import Geod
from shapely import box

from gis_grids.errors import InvalidPoint, NotFound
from gis_grids.levels import Level
from gis_grids.selectors import locate, unit_at
from tests.factories import LONG_AGO, TOWN_BOX, inside, make_grid, make_town, make_unit

pytestmark = pytest.mark.django_db
WEST, SOUTH, EAST, NORTH = TOWN_BOX


def test_a_point_gets_its_whole_chain_in_one_query(django_assert_num_queries):
    town = make_town()
    place = inside(town.leaf)
    with django_assert_num_queries(1):
        located = unit_at(*place)
    assert [link.unit_id for link in located.chain] == [unit.pk for unit in town.chain(town.leaf)]
    assert [link.level for link in located.chain] == list(Level)
    assert located.unit_id == town.leaf.pk
    assert located.version_id == town.leaf.versions.get().pk
    assert located.outside_m is None
    assert located.chain[-1].name == f"Unit {town.leaf.code}"
    assert located.chain[-1].code == town.leaf.code


def test_many_points_cost_one_query_and_keep_their_order(django_assert_num_queries):
    leaves = make_town().units[Level.RESIDENT_GROUP]
    places = [inside(leaf) for leaf in reversed(leaves)]
    with django_assert_num_queries(1):
        found = locate(places)
    assert [located.unit_id for located in found] == [leaf.pk for leaf in reversed(leaves)]


def test_no_points_cost_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert locate([]) == []


def test_a_shared_border_belongs_to_the_code_that_sorts_first():
    middle = (WEST + EAST) / 2
    later = make_unit(box(WEST, SOUTH, middle, NORTH), code="b-2")
    first = make_unit(box(middle, SOUTH, EAST, NORTH), code="a-1")
    assert unit_at(middle, (SOUTH + NORTH) / 2).unit_id == first.pk
    assert unit_at(middle - 1e-9, (SOUTH + NORTH) / 2).unit_id == later.pk


def test_codes_sort_by_bytes_whatever_the_collation_of_the_database():
    middle = (WEST + EAST) / 2
    make_unit(box(WEST, SOUTH, middle, NORTH), code="a")
    capital = make_unit(box(middle, SOUTH, EAST, NORTH), code="B")
    assert unit_at(middle, SOUTH).unit_id == capital.pk


def test_on_a_border_the_deeper_unit_wins():
    street = make_unit(box(*TOWN_BOX), code="A")
    community = make_unit(
        box(WEST, SOUTH, (WEST + EAST) / 2, NORTH), level=Level.COMMUNITY, parent=street, code="Z"
    )
    border = ((WEST + EAST) / 2, (SOUTH + NORTH) / 2)
    assert unit_at(*border).unit_id == community.pk
    assert unit_at(border[0] + 1e-6, border[1]).unit_id == street.pk


def test_the_four_corners_and_the_outer_border_are_inside():
    make_town()
    corners = [(WEST, SOUTH), (WEST, NORTH), (EAST, SOUTH), (EAST, NORTH), (WEST, (SOUTH + NORTH) / 2)]
    assert {located.outside_m for located in locate(corners)} == {None}


def test_outside_the_nearest_smallest_unit_is_given_with_its_distance():
    town = make_town()
    lat = (SOUTH + 3 * NORTH) / 4
    located = unit_at(WEST - 0.01, lat)
    assert located.unit_id == town.leaf.pk
    assert len(located.chain) == len(Level)
    expected = Geod(ellps="WGS84").inv(WEST - 0.01, lat, WEST, lat)[2]
    assert located.outside_m == pytest.approx(expected, rel=1e-4)


def test_nearest_is_meant_in_metres_not_in_degrees():
    """At 60° N a degree of longitude is half as long as one of latitude."""
    east = make_unit(box(10.015, 60, 10.1, 60.001), code="A-east")
    make_unit(box(9.9, 60.012, 10.005, 60.1), code="B-north")
    located = unit_at(10.0, 60.0)
    assert located.unit_id == east.pk
    assert located.outside_m == pytest.approx(Geod(ellps="WGS84").inv(10, 60, 10.015, 60)[2], rel=1e-3)


def test_inside_and_outside_points_may_be_mixed():
    town = make_town()
    here, far = locate([inside(town.leaf), (WEST - 1, SOUTH)])
    assert here.outside_m is None
    assert far.outside_m == pytest.approx(Geod(ellps="WGS84").inv(WEST - 1, SOUTH, WEST, SOUTH)[2], rel=1e-3)


def test_the_other_side_of_the_earth_is_outside_too():
    make_grid(1, 1)
    assert unit_at(-63.7, -39.9).outside_m > 19_000_000
    assert unit_at(0, 90).outside_m > 5_000_000


@pytest.mark.parametrize(
    "point", [(-180, 0), (180, 0), (-179.9, 21.9), (-170, -60), (0, 90), (0, -90), (-120, 80)]
)
def test_across_the_date_line_and_at_the_poles_something_is_nearest(point):
    west = make_unit(box(-160, 20, -159, 21), code="hawaii")
    east = make_unit(box(116, 39, 117, 40), code="beijing")
    metres = {
        unit.pk: shape_distance(point, corners)
        for unit, corners in ((west, (-160, 20, -159, 21)), (east, (116, 39, 117, 40)))
    }
    located = unit_at(*point)
    assert located.unit_id == min(metres, key=metres.__getitem__)
    assert located.outside_m == pytest.approx(metres[located.unit_id], rel=1e-2)


def shape_distance(point, bounds):
    ring = shapely.segmentize(box(*bounds).exterior, 0.05).coords
    return min(Geod(ellps="WGS84").inv(*point, *place)[2] for place in ring)


def test_the_past_counts_as_it_was():
    change = datetime(2024, 1, 1, tzinfo=UTC)
    old = make_unit(box(*TOWN_BOX), code="old", valid=DateTimeTZRange(LONG_AGO, change))
    new = make_unit(box(*TOWN_BOX), code="new", valid=DateTimeTZRange(change, None))
    place = ((WEST + EAST) / 2, (SOUTH + NORTH) / 2)
    assert unit_at(*place).unit_id == new.pk
    assert unit_at(*place, when=change).unit_id == new.pk
    assert unit_at(*place, when=change - timedelta(microseconds=1)).unit_id == old.pk
    with pytest.raises(NotFound) as caught:
        unit_at(*place, when=LONG_AGO - timedelta(days=1))
    assert caught.value.code == "no_units"


def test_without_units_there_is_nothing_to_find():
    with pytest.raises(NotFound) as caught:
        unit_at(116.3, 39.9)
    assert caught.value.code == "no_units"
    assert "import_units" in str(caught.value)


@pytest.mark.parametrize(
    "point",
    [(math.nan, 39.9), (116.3, math.inf), (200, 39.9), (-200.0, 39.9), (39.9, 116.3), (1e9, 1e9), ("x", 1)],
)
def test_an_impossible_point_is_refused(point):
    make_grid(1, 1)
    with pytest.raises(InvalidPoint):
        locate([(116.31, 39.905), point])


def test_the_index_is_used(django_assert_num_queries):
    make_grid(40, 40, level=Level.BUILDING_GROUP)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE gis_grids_unitversion, gis_grids_unit")
    with django_assert_num_queries(1) as captured:
        unit_at(116.3101, 39.9051)
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + captured[0]["sql"])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "unitversion_where_when" in plan
    assert "Seq Scan" not in plan
