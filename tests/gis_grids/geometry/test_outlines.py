"""Outlines: what another projection has broken is mended, and joined as any other shape is."""

from __future__ import annotations

import pytest
import shapely

from gis_grids.geometry.outlines import joined, simplified

#: A sound needle on the ellipsoid may cross itself by less than a millimetre on the plane of the map.
BROKEN = shapely.Polygon([(0, 0), (10, 0), (10, 10), (5, -0.0001), (0, 10)])


def test_what_is_broken_is_mended_where_it_is_not_simplified():
    [found] = simplified([BROKEN], 1e-9)
    assert found.is_valid
    assert found.area == pytest.approx(50, abs=0.01)


def test_what_is_broken_is_joined_with_its_neighbours():
    union = joined([BROKEN, shapely.box(-5, 0, 0, 10)])
    assert union.is_valid
    assert union.area == pytest.approx(100, abs=0.01)
