"""What is written is what is stored, and reading it again gives it bit by bit."""

from __future__ import annotations

import io
import json
import re

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, Polygon, box

from gis_grids.geometry.lattice import to_storage
from gis_grids.vectorfiles import read_features, write_geojson, write_geopackage

places = st.tuples(st.floats(-180, 180), st.floats(-90, 90))
triangles = st.lists(places, min_size=3, max_size=30).map(Polygon)
shapes = st.one_of(triangles, st.lists(triangles, min_size=1, max_size=3).map(MultiPolygon))


def rows_of(file):
    return [(feature.geometry, feature.attributes) for feature in file.features]


def bits(geometries):
    """The geometries byte by byte, as multi-polygons (a GeoPackage layer has one type)."""
    return [
        shapely.to_wkb(item if isinstance(item, MultiPolygon) else MultiPolygon([item]))
        for item in geometries
    ]


@settings(max_examples=60, deadline=None)
@given(st.lists(shapes, min_size=1, max_size=4))
def test_the_round_trip_is_bit_identical(tmp_path_factory, geometries):
    folder = tmp_path_factory.mktemp("round-trip")
    stored = [to_storage(geometry) for geometry in geometries]
    rows = [(geometry, {"name": str(i), "n": i}) for i, geometry in enumerate(geometries)]
    write_geojson(folder / "a.geojson", rows)
    write_geopackage(folder / "a.gpkg", rows, layer="units")
    for name in ("a.geojson", "a.gpkg"):
        file = read_features(folder / name)
        assert bits(feature.geometry for feature in file.features) == bits(stored)
        assert [feature.attributes["n"] for feature in file.features] == list(range(len(rows)))


def test_beijing_comes_back_bit_by_bit(shared_data, tmp_path):
    file = read_features(shared_data / "beijing/streets_331.geojson", polygons_only=True)
    stored = bits(to_storage(feature.geometry) for feature in file.features)
    write_geojson(tmp_path / "a.geojson", rows_of(file))
    write_geopackage(tmp_path / "a.gpkg", rows_of(file), layer="streets")
    again = read_features(tmp_path / "a.geojson")
    assert bits(feature.geometry for feature in again.features) == stored
    assert [feature.attributes for feature in again.features] == [f.attributes for f in file.features]
    assert bits(feature.geometry for feature in read_features(tmp_path / "a.gpkg").features) == stored
    write_geojson(tmp_path / "b.geojson", rows_of(again))
    assert (tmp_path / "b.geojson").read_bytes() == (tmp_path / "a.geojson").read_bytes()


def test_every_coordinate_has_nine_decimals_and_shells_run_anticlockwise():
    target = io.StringIO()
    clockwise = Polygon([(0, 0), (0, 1), (1, 1), (1, 0)], [[(0.2, 0.2), (0.4, 0.2), (0.4, 0.4)]])
    write_geojson(target, [(clockwise, {"名称": "朝外街道"}), (Point(1 / 3, 1e-12), {})])
    text = target.getvalue()
    assert "朝外街道" in text
    document = json.loads(text, parse_float=str)
    numbers = re.findall(r"-?\d+\.\d+", json.dumps([f["geometry"] for f in document["features"]]))
    assert all(len(number.partition(".")[2]) == 9 for number in numbers)
    assert len(numbers) == 2 * (5 + 4 + 1)
    assert document["features"][1]["geometry"]["coordinates"] == ["0.333333333", "0.000000000"]
    shell, hole = json.loads(text)["features"][0]["geometry"]["coordinates"]
    assert shapely.LinearRing(shell).is_ccw
    assert not shapely.LinearRing(hole).is_ccw
    assert "crs" not in document


def test_no_features_are_a_valid_collection():
    target = io.StringIO()
    write_geojson(target, [])
    assert json.loads(target.getvalue()) == {"type": "FeatureCollection", "features": []}


def test_missing_and_mixed_attributes_survive_a_geopackage(tmp_path):
    attributes = [
        {"code": 1, "share": 0.5, "name": "a", "when": None},
        {"code": None, "share": None, "name": None, "when": None},
    ]
    square = box(0, 0, 1, 1)
    write_geopackage(tmp_path / "a.gpkg", [(square, item) for item in attributes], layer="units")
    read = read_features(tmp_path / "a.gpkg")
    assert [feature.attributes for feature in read.features] == attributes
    assert read.layer == "units"


def test_a_failed_write_leaves_the_old_file_and_no_litter(tmp_path):
    target = tmp_path / "a.geojson"
    target.write_text("old")
    with pytest.raises(ValueError, match="JSON"):
        write_geojson(target, [(Point(1, 2), {"n": float("nan")})])
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]
