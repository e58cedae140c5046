"""Drawn areas: what is sound, what of it is in somebody's units, and which unit holds it."""

from __future__ import annotations

import pytest
import shapely
from django.utils import translation

from gis_grids.errors import BadInput, InvalidPoint
from gis_grids.geometry.areas import drawn_area
from gis_grids.levels import Level
from gis_grids.selectors import area_in
from tests.factories import TOWN_BOX, make_town, shape_of

WEST, SOUTH, EAST, NORTH = TOWN_BOX
NAN = float("nan")


@pytest.fixture
def town(db):
    return make_town()


def ring(west, south, east, north):
    return [(west, south), (east, south), (east, north), (west, north)]


@pytest.mark.parametrize(
    ("corners", "code"),
    [
        ([], "area.too_few_points"),
        ([(1, 1), (2, 2), (1, 1), (2, 2)], "area.too_few_points"),
        ([(0, 0), (1, 1), (1, 0), (0, 1)], "area.crosses_itself"),
        ([(0, 0), (1, 1), (2, 2)], "area.crosses_itself"),
        ([(1, 1), (1.000001, 1), (1, 1.000001)], "area.too_small"),
        ([(n % 97, n // 97) for n in range(2001)], "area.too_many_points"),
        ([(NAN, 1), (2, 2), (3, 1)], "point.not_a_number"),
        ([(39, 116), (40, 116), (40, 117)], "point.out_of_range"),
    ],
)
def test_what_is_no_area(corners, code):
    with translation.override("en"), pytest.raises((BadInput, InvalidPoint)) as caught:
        drawn_area(corners)
    assert caught.value.code == code
    assert str(caught.value)


def test_a_closed_ring_is_the_same_as_an_open_one():
    open_ring = ring(116.3, 39.9, 116.31, 39.91)
    assert drawn_area(open_ring).equals(drawn_area([*open_ring[::-1], open_ring[-1]]))


def test_within_one_group_that_group_holds_it_and_all_above_are_in_it(town):
    middle = shape_of(town.leaf).centroid
    area = area_in(
        drawn_area(ring(middle.x - 1e-4, middle.y - 1e-4, middle.x + 1e-4, middle.y + 1e-4)),
        [town.units[Level.CITY][0].pk],
    )
    assert area.unit_id == town.leaf.pk
    assert area.unit_ids == {link.unit_id for link in area.chain}
    assert not area.is_cut


def test_what_lies_beyond_is_cut_off_and_said_so(town):
    street = town.units[Level.STREET][0]
    area = area_in(drawn_area(ring(WEST - 0.01, SOUTH - 0.01, EAST + 0.01, NORTH + 0.01)), [street.pk])
    assert area.is_cut
    assert area.unit_id == street.pk
    assert area.shape.symmetric_difference(shape_of(street)).area < 1e-12
    other = town.units[Level.STREET][1]
    assert other.pk not in area.unit_ids


def test_a_common_border_is_no_common_ground(town):
    leaf = shape_of(town.leaf)
    area = area_in(
        drawn_area(list(shapely.get_coordinates(leaf.convex_hull))[:-1]), [town.units[Level.CITY][0].pk]
    )
    leaves = {unit.pk for unit in town.units[Level.RESIDENT_GROUP]}
    assert area.unit_ids & leaves == {town.leaf.pk}


def test_in_somebody_elses_grids_it_is_refused(town):
    other = shape_of(town.units[Level.STREET][1]).centroid
    drawn = drawn_area(ring(other.x, other.y, other.x + 1e-4, other.y + 1e-4))
    with pytest.raises(BadInput) as caught:
        area_in(drawn, [town.units[Level.STREET][0].pk])
    assert caught.value.code == "area.elsewhere"
