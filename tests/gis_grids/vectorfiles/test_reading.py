"""Vector files of every format, sound and broken: nothing lost, every fault named."""

from __future__ import annotations

import json
import sqlite3

import numpy as np
import pyogrio
import pytest
import shapely
from shapely import Polygon

from gis_grids.errors import describe
from gis_grids.geometry.coordinates import to_metres
from gis_grids.vectorfiles import read_features
from tests.gis_grids.vectorfiles.making import GOOD, NAMES, SQUARES, geojson, polygon, refusal, write

# Formats and coordinate systems


@pytest.mark.parametrize("name", ["units.gpkg", "units.shp", "units.geojson", "units.kml"])
def test_every_format_gives_the_same_features(tmp_path, name):
    driver = {"kml": "KML"}.get(name.rpartition(".")[2])
    options = {"encoding": "UTF-8"} if name.endswith(".shp") else {}
    file = read_features(write(tmp_path / name, driver=driver, **options))
    assert [feature.number for feature in file.features] == [1, 2]
    assert all(f.geometry.equals(square) for f, square in zip(file.features, SQUARES, strict=True))
    assert NAMES[0] in file.features[0].attributes.values()
    assert file.faults == ()
    assert file.crs == "EPSG:4326"


@pytest.mark.parametrize("crs", ["EPSG:4548", "EPSG:4549", "EPSG:3857", "EPSG:32650", "EPSG:4490"])
@pytest.mark.parametrize("name", ["units.gpkg", "units.shp"])
def test_any_coordinate_system_comes_to_degrees(tmp_path, crs, name):
    number = int(crs.removeprefix("EPSG:"))
    projected = SQUARES if number == 4490 else [to_metres(square, number) for square in SQUARES]
    file = read_features(write(tmp_path / name, projected, crs=crs, encoding="UTF-8"))
    for feature, square in zip(file.features, SQUARES, strict=True):
        assert feature.geometry.equals_exact(square, 1e-10, normalize=True)
    without_own = write(tmp_path / "told.gpkg", projected, crs="EPSG:3857", encoding="UTF-8")
    told = read_features(without_own, crs=crs)
    assert told.crs == crs
    assert told.features[0].geometry.equals_exact(SQUARES[0], 1e-10, normalize=True)


def test_a_system_made_for_another_zone_is_noted(tmp_path):
    in_4549 = [to_metres(square, 4549) for square in SQUARES]  # 3° east of where the squares lie
    file = read_features(write(tmp_path / "units.gpkg", in_4549, crs="EPSG:4547"))
    assert [note.code for note in file.notes] == ["file.outside_crs"]
    assert "110.41, 39." in describe(file.notes[0])
    in_4548 = [to_metres(square, 4548) for square in SQUARES]
    assert read_features(write(tmp_path / "right.shp", in_4548, crs="EPSG:4548")).notes == ()


def test_gcj02_is_told_by_the_person(shared_data):
    file = read_features(shared_data / "divisions/gcj02/110105.json", crs="gcj02")
    raw = read_features(shared_data / "divisions/gcj02/110105.json")
    moved = raw.features[0].geometry.centroid.x - file.features[0].geometry.centroid.x
    assert moved == pytest.approx(0.0062, abs=2e-4)
    assert file.crs == "gcj02"


def test_the_old_crs_member_of_geojson_counts(tmp_path):
    square = shapely.geometry.mapping(to_metres(SQUARES[0], 4548))
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4548"}}
    file = read_features(geojson(tmp_path / "a.geojson", square, crs=crs))
    assert file.features[0].geometry.equals_exact(SQUARES[0], 1e-10)
    assert refusal(geojson(tmp_path / "b.geojson", square)) == "file.not_on_earth"


def test_geojson_numbers_are_read_exactly(tmp_path):
    ring = [(116.12345678901234, 39.98765432109876), (116.2, 39.9), (116.3, 40.1)]
    ring.append(ring[0])
    file = read_features(geojson(tmp_path / "a.geojson", polygon(*ring)))
    assert list(file.features[0].geometry.exterior.coords) == ring


# Text


@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
@pytest.mark.parametrize("with_cpg", [True, False])
def test_chinese_text_of_a_shapefile_is_read_right(tmp_path, encoding, with_cpg):
    path = write(tmp_path / "units.shp", encoding=encoding)
    if not with_cpg:
        path.with_suffix(".cpg").unlink()
    file = read_features(path)
    assert [feature.attributes["名称"] for feature in file.features] == NAMES
    assert [feature.attributes["代码"] for feature in file.features] == [7, 8]
    guessed = [note.code for note in file.notes]
    assert guessed == ([] if with_cpg else ["file.encoding_guessed"])


def test_the_language_byte_of_the_dbf_counts(tmp_path):
    path = write(tmp_path / "units.shp", encoding="GBK")
    path.with_suffix(".cpg").unlink()
    content = bytearray(path.with_suffix(".dbf").read_bytes())
    content[29] = 0x4D
    path.with_suffix(".dbf").write_bytes(content)
    file = read_features(path)
    assert (file.features[0].attributes["名称"], file.notes) == (NAMES[0], ())


def test_a_cpg_that_contradicts_the_text_is_not_believed(tmp_path):
    path = write(tmp_path / "units.shp", encoding="GBK")
    path.with_suffix(".cpg").write_text("UTF-8")
    file = read_features(path)
    assert file.features[0].attributes["名称"] == NAMES[0]
    assert [describe(note) for note in file.notes] == [
        "The file doesn't say its encoding rightly; its text was read as gb18030."
    ]


@pytest.mark.parametrize(
    ("true", "claimed"), [("UTF-8", "GBK"), ("UTF-8", "ISO-8859-1"), ("GBK", "ISO-8859-1"), ("GBK", "1252")]
)
def test_a_cpg_that_could_be_true_and_plainly_is_not_is_not_believed(tmp_path, true, claimed):
    path = write(tmp_path / "units.shp", encoding=true)
    path.with_suffix(".cpg").write_text(claimed)
    file = read_features(path)
    assert [feature.attributes["名称"] for feature in file.features] == NAMES
    assert [note.code for note in file.notes] == ["file.encoding_guessed"]


@pytest.mark.parametrize(
    ("names", "encoding"),
    [(["São João", "Água Fria"], "ISO-8859-1"), (["Советский", "Центр"], "windows-1251")],
)
def test_a_cpg_of_another_country_is_believed(tmp_path, names, encoding):
    columns = [np.array(names, dtype=object)]
    path = tmp_path / "units.shp"
    pyogrio.raw.write(
        path,
        shapely.to_wkb(SQUARES),
        columns,
        ["name"],
        geometry_type="Polygon",
        crs="EPSG:4326",
        encoding=encoding,
    )
    file = read_features(path)
    assert ([feature.attributes["name"] for feature in file.features], file.notes) == (names, ())


def test_the_person_may_say_the_encoding(tmp_path):
    path = write(tmp_path / "units.shp", encoding="GBK")
    path.with_suffix(".cpg").write_text("UTF-8")
    assert read_features(path, encoding="gbk").features[0].attributes["名称"] == NAMES[0]
    assert refusal(path, encoding="klingon") == "file.encoding_not_known"


@pytest.mark.filterwarnings("ignore:Value:RuntimeWarning")
def test_a_name_cut_in_half_by_its_field_does_not_spoil_the_rest(tmp_path):
    path = write(tmp_path / "units.shp", names=["x" * 252 + "街", "朝外街道"], encoding="UTF-8")
    path.with_suffix(".cpg").unlink()
    file = read_features(path)
    assert file.encoding == "utf-8"
    assert file.features[1].attributes["名称"] == "朝外街道"
    assert file.features[0].attributes["名称"].startswith("x" * 252)


def test_geojson_in_gbk_is_read_with_a_note(tmp_path):
    text = json.dumps(
        {"type": "Feature", "properties": {"名称": "朝外街道"}, "geometry": GOOD}, ensure_ascii=False
    )
    (tmp_path / "a.geojson").write_bytes(text.encode("gb18030"))
    file = read_features(tmp_path / "a.geojson")
    assert file.features[0].attributes == {"名称": "朝外街道"}
    assert [note.code for note in file.notes] == ["file.encoding_guessed"]
    (tmp_path / "bom.geojson").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert read_features(tmp_path / "bom.geojson").features[0].attributes == {"名称": "朝外街道"}


# Broken features


BROKEN = {
    "feature.no_geometry": [
        None,
        {"type": "Polygon", "coordinates": []},
        {"type": "GeometryCollection", "geometries": []},
    ],
    "feature.ring_open": [polygon((116.4, 39.9), (116.41, 39.9), (116.41, 39.91), (116.4, 39.91))],
    "feature.not_finite": [
        polygon((116.4, 39.9), (float("nan"), 39.9), (116.41, 39.91), (116.4, 39.9)),
        polygon((116.4, 39.9), (float("inf"), 39.9), (116.41, 39.91), (116.4, 39.9)),
        polygon(("116.4", 39.9), (116.41, 39.9), (116.41, 39.91), ("116.4", 39.9)),
    ],
    "feature.not_on_earth": [polygon((500, 300), (501, 300), (501, 301), (500, 300))],
    "feature.not_a_polygon": [{"type": "LineString", "coordinates": [[116.4, 39.9], [116.5, 39.9]]}],
    "feature.broken": [
        {"type": "Polygon", "coordinates": [[[116.4, 39.9], [116.4, 39.9]]]},
        {"type": "Polygon", "coordinates": 5},
        {"type": "Polygon", "coordinates": [5]},
        {"type": "Polygon"},
        {"type": "Circle", "coordinates": [[116.4, 39.9]]},
        "POLYGON",
        polygon((10**400, 39.9), (116.41, 39.9), (116.41, 39.91), (10**400, 39.9)),
    ],
}


@pytest.mark.parametrize(
    ("code", "geometry"), [(code, geometry) for code, kinds in BROKEN.items() for geometry in kinds]
)
def test_a_broken_feature_is_named_and_the_others_are_read(tmp_path, code, geometry):
    path = geojson(tmp_path / "a.geojson", GOOD, geometry, GOOD, names=["one", "two", "three"])
    file = read_features(path, polygons_only=True)
    assert [feature.number for feature in file.features] == [1, 3]
    assert [(fault.code, fault.details["number"], fault.details["name"]) for fault in file.faults] == [
        (code, 2, "two")
    ]
    assert "two" in describe(file.faults[0])


def test_collections_are_named_as_such_however_deep(tmp_path):
    inner = GOOD
    for _ in range(150):
        inner = {"type": "GeometryCollection", "geometries": [inner]}
    shallow = {"type": "GeometryCollection", "geometries": [GOOD]}
    file = read_features(geojson(tmp_path / "a.geojson", shallow, inner, GOOD), polygons_only=True)
    assert [feature.number for feature in file.features] == [3]
    assert "is a GeometryCollection; polygons are wanted" in describe(file.faults[0])
    assert file.faults[1].details["number"] == 2


def test_a_feature_that_is_no_object_is_named_too(tmp_path):
    path = geojson(tmp_path / "a.geojson", GOOD)
    document = json.loads(path.read_text())
    document["features"] += [5, None, {"type": "Feature", "properties": [], "geometry": GOOD}]
    path.write_text(json.dumps(document))
    file = read_features(path)
    assert [feature.number for feature in file.features] == [1, 4]
    assert [fault.details["number"] for fault in file.faults] == [2, 3]


def test_open_rings_are_closed_only_where_wanted_and_with_a_note(tmp_path):
    path = geojson(tmp_path / "a.geojson", BROKEN["feature.ring_open"][0], GOOD)
    file = read_features(path, close_rings=True)
    assert [feature.geometry.is_valid for feature in file.features] == [True, True]
    assert [(note.code, note.details["number"]) for note in file.notes] == [("feature.ring_closed", 1)]


def open_ring_wkb():
    closed = shapely.to_wkb(Polygon([(116.4, 39.9), (116.41, 39.9), (116.41, 39.91), (116.4, 39.91)]))
    return closed[:9] + (4).to_bytes(4, "little") + closed[13 : 13 + 4 * 16]


@pytest.mark.filterwarnings("ignore:Non closed ring:RuntimeWarning")
def test_an_open_ring_in_a_geopackage_is_named(tmp_path):
    path = tmp_path / "units.gpkg"
    wkb = np.array([shapely.to_wkb(SQUARES[0]), open_ring_wkb(), None], dtype=object)
    pyogrio.raw.write(
        path,
        wkb,
        [np.array(["a", "b", "c"], dtype=object)],
        ["name"],
        crs="EPSG:4326",
        geometry_type="Polygon",
    )
    file = read_features(path)
    assert [feature.number for feature in file.features] == [1]
    assert [(fault.code, fault.details["name"]) for fault in file.faults] == [
        ("feature.ring_open", "b"),
        ("feature.no_geometry", "c"),
    ]
    assert [feature.number for feature in read_features(path, close_rings=True).features] == [1, 2]


def test_heights_are_dropped_with_a_note(tmp_path):
    flat = polygon((116.4, 39.9, 5), (116.41, 39.9, 5), (116.41, 39.91, 5), (116.4, 39.9, 5))
    high = [shapely.force_3d(square, 12.0) for square in SQUARES]
    for path in (
        geojson(tmp_path / "a.geojson", flat, GOOD),
        write(tmp_path / "a.gpkg", high, geometry_type="Polygon Z"),
    ):
        file = read_features(path)
        assert not any(feature.geometry.has_z for feature in file.features)
        assert [note.code for note in file.notes] == ["file.heights_dropped"]


def test_a_self_crossing_ring_is_read_for_the_gates_to_judge(tmp_path):
    bow_tie = polygon((116.4, 39.9), (116.41, 39.91), (116.41, 39.9), (116.4, 39.91), (116.4, 39.9))
    file = read_features(geojson(tmp_path / "a.geojson", bow_tie), polygons_only=True)
    assert not file.features[0].geometry.is_valid


def test_a_ring_of_too_many_vertices_is_refused(tmp_path):
    angles = np.linspace(0, 2 * np.pi, 150_000, endpoint=False)
    ring = np.column_stack((116 + np.cos(angles), 40 + np.sin(angles))).tolist()
    huge = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    file = read_features(geojson(tmp_path / "a.geojson", huge, GOOD))
    assert [feature.number for feature in file.features] == [2]
    assert file.faults[0].code == "feature.too_many_vertices"
    assert "150001" in describe(file.faults[0])


def test_whole_numbers_beside_an_empty_cell_stay_whole(tmp_path):
    path = write(tmp_path / "a.gpkg")
    with sqlite3.connect(path) as database:
        database.execute("drop trigger if exists rtree_a_geom_update6")
        for (name,) in database.execute("select name from sqlite_master where type='trigger'").fetchall():
            database.execute(f'drop trigger "{name}"')
        database.execute('update a set "代码" = null where fid = 1')
    file = read_features(path)
    assert [feature.attributes["代码"] for feature in file.features] == [None, 8]
    assert isinstance(file.features[1].attributes["代码"], int)
