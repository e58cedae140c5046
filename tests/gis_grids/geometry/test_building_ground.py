"""The ground that goes with a building: all of it, nothing of the others, halfway at most, and not far."""

from __future__ import annotations

import pytest
import shapely
import shapely.affinity
from shapely import box

from gis_grids.geometry.building_ground import REACH_M, ground_of
from tests.gis_grids.geometry.tilings import CORNER, degrees, metres


def houses(*boxes):
    return [degrees(shapely.affinity.translate(box(*each), *CORNER)) for each in boxes]


GROUND = degrees(shapely.affinity.translate(box(-200, -200, 300, 300), *CORNER))


def test_it_ends_halfway_to_the_next_building():
    near = houses((0, 0, 20, 10), (30, 0, 50, 10))
    ground = metres(ground_of([0], near, GROUND))
    assert shapely.covers(ground.buffer(0.01), metres(near[0]))
    assert ground.bounds[2] - CORNER[0] == pytest.approx(25, abs=0.5)
    assert ground.bounds[0] - CORNER[0] == pytest.approx(-REACH_M, abs=0.5)


def test_what_is_picked_together_is_one_piece_and_others_stay_out():
    row = houses((0, 0, 20, 10), (30, 0, 50, 10), (60, 0, 80, 10))
    ground = metres(ground_of([0, 1], row, GROUND))
    assert ground.geom_type == "Polygon"
    assert shapely.intersection(ground, metres(row[2])).area < 0.1


def test_it_stays_in_the_scope():
    scope = degrees(shapely.affinity.translate(box(-5, -5, 300, 300), *CORNER))
    ground = metres(ground_of([0], houses((0, 0, 20, 10)), scope))
    assert ground.bounds[0] - CORNER[0] == pytest.approx(-5, abs=0.01)
