"""Metres of a zone's border along streets."""

from __future__ import annotations

import pytest
import shapely
from django.contrib.gis.geos import LineString
from shapely import box

from gis_grids.geometry.coordinates import to_metres, zone_of
from gis_grids.models import MapFeature
from gis_grids.selectors.plans.streets import street_metres

pytestmark = pytest.mark.django_db

WEST, SOUTH, EAST, NORTH = 116.30, 39.90, 116.304, 39.903
LEFT = box(WEST, SOUTH, 116.302, NORTH)
RIGHT = box(116.302, SOUTH, EAST, NORTH)


def street(*places, kind="street", width_m=10):
    MapFeature.objects.create(kind=kind, width_m=width_m, geometry=LineString(*places, srid=4326))


MIDDLE = shapely.LineString([(116.302, SOUTH), (116.302, NORTH)])
HIGH = to_metres(MIDDLE, zone_of(LEFT)).length


def test_a_street_counts_for_both_sides_once():
    """Two that run into one another, along the border, are no longer than it, and 8 m around each corner."""
    street((116.302, SOUTH - 0.001), (116.302, 39.902))
    street((116.302, 39.901), (116.302, NORTH + 0.001))
    assert street_metres([LEFT, RIGHT]) == pytest.approx([HIGH + 2 * 8, HIGH + 2 * 8], abs=6)


@pytest.mark.parametrize(("width", "is_on"), [(20, True), (4, False), (None, False)])
def test_beside_a_street_reaches_as_far_as_it_is_wide(width, is_on):
    """8 m from its middle: within a street 20 m wide, beside one of 4 m."""
    x = 116.302 - 8 / 85_400
    street((x, SOUTH - 0.001), (x, NORTH + 0.001), width_m=width)
    [metres] = street_metres([RIGHT])
    assert metres == pytest.approx(HIGH if is_on else 0, rel=0.1)


def test_a_railway_and_a_street_far_away_are_none():
    street((116.302, SOUTH), (116.302, NORTH), kind="railway")
    street((116.303, SOUTH + 0.001), (116.303, NORTH - 0.001))
    assert street_metres([LEFT, RIGHT]) == [0, 0]
    assert street_metres([]) == []
