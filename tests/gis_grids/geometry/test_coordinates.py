"""Zones, metres and back, the Chinese offsets, and the storage lattice."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Geod
from shapely.geometry import shape

from gis_grids.errors import BadFile
from gis_grids.geometry.chinese_offsets import (
    bd09_to_wgs84,
    gcj02_to_wgs84,
    wgs84_to_bd09,
    wgs84_to_gcj02,
)
from gis_grids.geometry.coordinates import (
    geodesic_area,
    geodesic_areas,
    parse_crs,
    to_degrees,
    to_metres,
    zone_for,
    zone_of,
)
from gis_grids.geometry.lattice import to_storage

IN_CHINA = st.tuples(st.floats(73.6, 134.9), st.floats(18.0, 53.5))
IN_EASTERN_CHINA = st.tuples(st.floats(112.6, 121.4), st.floats(18.0, 53.5))  # three zones
ANYWHERE = st.tuples(st.floats(-180, 180), st.floats(-90, 90))


@pytest.mark.parametrize(
    ("place", "lon", "lat", "zone"),
    [
        ("海港区", 119.6, 39.9, 4549),
        ("威海高区", 122.05, 37.5, 4550),
        ("芙蓉区", 113.0, 28.2, 4547),
        ("滨海新区", 117.65, 39.0, 4548),
        ("市中区", 116.98, 36.65, 4548),
        ("朝阳区", 116.5, 39.9, 4548),
        ("westernmost", 73.5, 39.4, 4534),
        ("easternmost", 135.0, 48.4, 4554),
        ("Snezhinsk", 60.7, 56.1, 32641),
        ("south of the equator", 151.2, -33.9, 32756),
        ("date line", 180.0, 10.0, 32601),
    ],
)
def test_the_zone_of_a_place(place, lon, lat, zone):
    assert zone_for(lon, lat) == zone, place


@settings(deadline=None)
@given(IN_CHINA)
def test_the_zone_is_the_one_whose_meridian_is_nearest(place):
    lon, lat = place
    operation = CRS(zone_for(lon, lat)).coordinate_operation
    meridian = next(item.value for item in operation.params if item.name == "Longitude of natural origin")
    assert abs(lon - meridian) <= 1.5


@settings(deadline=None)
@given(IN_EASTERN_CHINA)
def test_metres_and_back_is_exact_on_the_lattice(place):
    point = to_storage(shapely.Point(place))
    zone = zone_of(point)
    assert to_storage(to_degrees(to_metres(point, zone), zone)) == point


@settings(deadline=None)
@given(ANYWHERE)
def test_the_lattice_is_what_nine_decimals_say(place):
    stored = to_storage(shapely.Point(place))
    assert [float(f"{value:.9f}") for value in (stored.x, stored.y)] == [stored.x, stored.y]
    assert to_storage(stored) == stored
    assert abs(stored.x - place[0]) <= 0.5000001e-9
    assert "-0" not in {f"{stored.x:g}", f"{stored.y:g}"}


def test_storage_drops_heights_and_turns_rings():
    clockwise = shapely.Polygon([(0, 0, 5), (0, 1, 5), (1, 1, 5), (1, 0, 5)])
    stored = to_storage(clockwise)
    assert not stored.has_z
    assert stored.exterior.is_ccw
    assert str(to_storage(shapely.Point(-1e-12, 0))) == "POINT (0 0)"
    assert not to_storage(shapely.from_wkt("POINT ZM (1 2 3 4)")).has_m


@settings(deadline=None)
@given(st.lists(IN_CHINA, min_size=1, max_size=20))
def test_gcj02_and_bd09_are_inverted_exactly(places):
    wgs84 = np.array(places)
    np.testing.assert_allclose(gcj02_to_wgs84(wgs84_to_gcj02(wgs84)), wgs84, rtol=0, atol=1e-10)
    np.testing.assert_allclose(bd09_to_wgs84(wgs84_to_bd09(wgs84)), wgs84, rtol=0, atol=1e-10)


def test_the_offset_is_the_published_one():
    """Field.md 2d: about +0.00623°, +0.00139° at Dongzhimen."""
    east, north = (wgs84_to_gcj02(np.array([[116.434, 39.941]])) - [116.434, 39.941])[0]
    assert (east, north) == pytest.approx((0.00623, 0.00139), abs=2e-5)
    outside = np.array([[2.35, 48.85]])
    assert (wgs84_to_gcj02(outside) == outside).all()


@pytest.mark.parametrize("name", ["EPSG:4549", "epsg:4549", " EPSG:4549 "])
def test_a_metric_system_comes_to_degrees(name):
    crs = parse_crs(name)
    assert crs.name == "EPSG:4549"
    assert crs.to_lonlat(shapely.Point(500000, 4000000)).x == pytest.approx(120, abs=1e-9)


@pytest.mark.parametrize("name", ["EPSG:4326", "EPSG:4490", "OGC:CRS84", "urn:ogc:def:crs:OGC:1.3:CRS84"])
def test_degrees_stay_bit_by_bit(name):
    point = shapely.Point(116.12345678901234, 39.98765432109876)
    assert parse_crs(name).to_lonlat(point) == point


@pytest.mark.parametrize("name", ["", "EPSG:999999", "gcj03", "朝阳", "x" * 10_000])
def test_an_unknown_system_is_refused(name):
    with pytest.raises(BadFile) as error:
        parse_crs(name)
    assert error.value.code == "crs.unknown"
    assert "gcj02" in str(error.value)


def iou(a, b):
    return a.intersection(b).area / a.union(b).area


@pytest.fixture(scope="module")
def streets(shared_data):
    document = json.loads((shared_data / "beijing/streets_331.geojson").read_text())
    return [(shape(item["geometry"]), item["properties"]) for item in document["features"]]


def test_a_gcj02_outline_meets_the_true_streets(streets, shared_data):
    outline = json.loads((shared_data / "divisions/gcj02/110105.json").read_text())
    outline = shape(outline["features"][0]["geometry"])
    true = shapely.union_all([geometry for geometry, row in streets if row["county"] == "朝阳区"])
    assert iou(outline, true) == pytest.approx(0.903, abs=0.001)
    assert iou(parse_crs("gcj02").to_lonlat(outline), true) >= 0.99


def test_beijing_keeps_its_area_and_stays_sound_on_the_lattice(streets):
    stored = [to_storage(geometry) for geometry, _row in streets]
    assert all(geometry.is_valid for geometry in stored)
    assert shapely.coverage_is_valid(stored)
    assert sum(map(geodesic_area, stored)) / 1e6 == pytest.approx(16405.4, abs=0.05)
    assert sum(to_metres(geometry, 4548).area for geometry in stored) / 1e6 == pytest.approx(
        16407.0, abs=0.05
    )
    assert zone_of(shapely.union_all(stored)) == 4548


@given(IN_CHINA, st.floats(0.0001, 0.1), st.floats(0, 90))
def test_areas_are_those_of_the_ellipsoid(place, size, turned):
    corner = shapely.box(*place, place[0] + size, place[1] + size)
    hole = shapely.affinity.scale(corner, 0.5, 0.5)
    shapes = [shapely.affinity.rotate(each, turned) for each in (corner, hole, corner.difference(hole))]
    expected = [
        abs(Geod(ellps="WGS84").geometry_area_perimeter(shapely.orient_polygons(each))[0]) for each in shapes
    ]
    assert geodesic_areas(np.array(shapes, dtype=object)) == pytest.approx(expected, rel=2e-6)
    assert geodesic_area(shapes[2]) == pytest.approx(expected[0] - expected[1], rel=2e-6)
