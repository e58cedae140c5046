"""Vertices that others have on a line: who lies there gets them, and no ground moves."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, box

from gis_grids.geometry.lattice import LATTICE, to_storage
from gis_grids.geometry.shared_vertices import with_vertices
from tests.gis_grids.geometry.tilings import jittered_grid

WEST, EAST = box(116.30, 39.90, 116.31, 39.91), box(116.31, 39.90, 116.32, 39.91)


def places(*lonlat):
    return np.array(lonlat, dtype=float).reshape(-1, 2)


def vertices(*shapes):
    return {*map(tuple, shapely.get_coordinates(shapes).tolist())}


def test_all_who_have_the_line_get_the_vertex_however_many_lie_over_each_other():
    above = box(116.30, 39.90, 116.32, 39.91)
    west, east, whole = with_vertices([WEST, EAST, above], places((116.31, 39.905), (116.31, 39.91)))
    assert vertices(west) == vertices(WEST) | {(116.31, 39.905)}
    assert vertices(east) == vertices(EAST) | {(116.31, 39.905)}
    assert vertices(whole) == vertices(above) | {(116.31, 39.91)}


def test_several_on_one_line_come_in_the_order_of_the_line():
    new = [(116.31, 39.90 + 0.001 * n) for n in (7, 2, 5, 2)]
    [west] = with_vertices([WEST], places(*new))
    assert west.is_valid
    assert len(west.exterior.coords) == len(WEST.exterior.coords) + 3
    assert west.area == pytest.approx(WEST.area, rel=1e-12)


def test_holes_and_parts_get_them_too():
    court = Polygon(WEST.exterior.coords, [box(116.303, 39.903, 116.306, 39.906).exterior.coords])
    both = MultiPolygon([court, box(116.33, 39.90, 116.34, 39.91)])
    at_hole, at_part = (116.303, 39.904), (116.335, 39.90)
    [found] = with_vertices([both], places(at_hole, at_part))
    assert found.geom_type == "MultiPolygon"
    assert vertices(found) == vertices(both) | {at_hole, at_part}
    assert found.geoms[0].interiors[0].coords[:] != court.interiors[0].coords[:]


def test_who_gets_none_is_the_same_object():
    beside = [(116.31 + 3 * LATTICE, 39.905), (116.305, 39.905), (116.31, 39.91 + LATTICE)]
    assert with_vertices([WEST], places(*beside))[0] is WEST
    assert with_vertices([WEST], places())[0] is WEST


def test_a_vertex_beside_a_corner_is_none_of_the_line():
    """A place as near to a corner as the lattice allows would make a spike there."""
    corner = (116.31, 39.91)
    near = [(corner[0] + dx * LATTICE, corner[1] + dy * LATTICE) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
    [found] = with_vertices([WEST], np.round(places(*near), 9))
    assert found.is_valid
    assert found.area == pytest.approx(WEST.area, rel=1e-9)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_neighbours_that_lack_each_others_vertices_agree_again(seed):
    """Each unit of a tiling gets vertices of its own on its lines; then all get those of all."""
    rng = np.random.default_rng(seed)
    units = jittered_grid(4, 3, seed % 1000).lonlat()
    whole = shapely.union_all(units)
    own = [
        to_storage(shapely.line_interpolate_point(unit.exterior, rng.uniform(0, 1, 4), normalized=True))
        for unit in units
    ]
    alone = [
        with_vertices([unit], shapely.get_coordinates(new))[0] for unit, new in zip(units, own, strict=True)
    ]
    assert not shapely.coverage_is_valid(alone)
    *agreed, above = with_vertices([*alone, whole], shapely.get_coordinates(alone))
    assert shapely.coverage_is_valid(agreed)
    assert vertices(above) == vertices(shapely.coverage_union_all(agreed))
    moved = shapely.area(shapely.symmetric_difference(agreed, units))
    assert (moved < 2 * LATTICE * shapely.length(units)).all()
