"""The command: every format, every fault with its place, all or nothing."""

from __future__ import annotations

import json
from io import StringIO

import numpy as np
import pyogrio
import pytest
import shapely
from django.core.management import CommandError, call_command
from shapely import Polygon, box

from gis_grids.levels import Level
from gis_grids.models import Unit, UnitVersion
from gis_grids.vectorfiles import write_geojson
from tests.factories import TOWN_BOX, cells, make_unit

pytestmark = pytest.mark.django_db
WEST, SOUTH, EAST, NORTH = TOWN_BOX
NAMES = ["建外街道", "朝外街道", "呼家楼街道", "三里屯街道"]
CODES = ["110105001", "110105002", "110105003", "110105004"]


def run(path, *options, level="street", name="name", code="code"):
    out, err = StringIO(), StringIO()
    arguments = ["--level", level, "--name-field", name, "--code-field", code, *options]
    try:
        call_command("import_units", str(path), *arguments, stdout=out, stderr=err)
    except CommandError as error:
        return 1, out.getvalue(), f"{err.getvalue()}{error}"
    return 0, out.getvalue(), err.getvalue()


def rows(shapes=None, **changes):
    """The four streets of a small town as rows of a file; `changes` replaces whole columns."""
    columns = {"name": NAMES, "code": CODES, **changes}
    attributes = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    return list(zip(shapes or cells(2, 2), attributes, strict=True))


def geojson(folder, features):
    write_geojson(folder / "units.geojson", features)
    return folder / "units.geojson"


def plain_geojson(folder, features):
    """A file by a program that writes whatever it has got."""
    items = [
        {"type": "Feature", "properties": attributes, "geometry": shapely.geometry.mapping(shape)}
        for shape, attributes in features
    ]
    (folder / "plain.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": items}))
    return folder / "plain.geojson"


def ogr(path, features, driver, crs="EPSG:4326", **options):
    shapes = np.array([shape for shape, _attributes in features], dtype=object)
    names = list(features[0][1])
    columns = [np.array([attributes[name] for _s, attributes in features], dtype=object) for name in names]
    pyogrio.raw.write(
        path,
        shapely.to_wkb(shapes),
        columns,
        names,
        driver=driver,
        geometry_type="Polygon",
        crs=crs,
        **options,
    )
    return path


def stored_names():
    return list(UnitVersion.objects.order_by("unit__code").values_list("name", flat=True))


def test_geojson(tmp_path):
    status, out, _err = run(geojson(tmp_path, rows()))
    assert status == 0
    assert "Imported: 4 units" in out
    assert "No gaps and no overlaps wider than 0.01 m." in out
    assert "EPSG:4548" in out
    assert stored_names() == NAMES
    assert list(Unit.objects.values_list("code", flat=True)) == CODES


def test_geopackage(tmp_path):
    assert run(ogr(tmp_path / "units.gpkg", rows(), "GPKG"))[0] == 0
    assert stored_names() == NAMES


@pytest.mark.parametrize("encoding", ["UTF-8", "GBK"])
def test_shapefile(tmp_path, encoding):
    path = ogr(tmp_path / "units.shp", rows(), "ESRI Shapefile", encoding=encoding)
    assert run(path)[0] == 0
    assert stored_names() == NAMES


def test_shapefile_in_gbk_that_does_not_say_so(tmp_path):
    path = ogr(tmp_path / "units.shp", rows(), "ESRI Shapefile", encoding="GBK")
    path.with_suffix(".cpg").unlink()
    status, out, _err = run(path)
    assert status == 0
    assert stored_names() == NAMES
    assert "gb18030" in out


def test_kml(tmp_path):
    features = [(shape, {"Name": a["name"], "description": a["code"]}) for shape, a in rows()]
    path = ogr(tmp_path / "units.kml", features, "KML")
    assert run(path, name="Name", code="description")[0] == 0
    assert stored_names() == NAMES


def test_metres_of_a_zone_become_degrees(tmp_path):
    west, south = 435_000.0, 4_415_000.0
    shapes = [box(west + n * 1000, south, west + n * 1000 + 1000, south + 1000) for n in range(4)]
    path = ogr(tmp_path / "units.gpkg", rows(shapes), "GPKG", crs="EPSG:4548")
    status, out, _err = run(path)
    assert status == 0
    assert "4.000 km² in EPSG:4548" in out


def test_shapefile_without_prj_needs_to_be_told(tmp_path):
    path = ogr(tmp_path / "units.shp", rows(), "ESRI Shapefile")
    path.with_suffix(".prj").unlink()
    status, _out, err = run(path)
    assert status == 1
    assert "--crs" in err or "coordinate system" in err
    assert not Unit.objects.exists()
    assert run(path, "--crs", "EPSG:4326")[0] == 0


def test_codes_may_be_numbers(tmp_path):
    path = geojson(tmp_path, rows(code=[110105001, 110105002.0, "110105003", "110105004"]))
    assert run(path)[0] == 0
    assert list(Unit.objects.values_list("code", flat=True)) == CODES


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ["建外\0街道", *NAMES[1:]]}, "can't be seen or stored (U+FFFD)"),
        ({"name": ["建外\ud800街道", *NAMES[1:]]}, "can't be seen or stored (U+FFFD)"),
        ({"name": ["建外\u200b街道", *NAMES[1:]]}, "can't be seen or stored (U+200B)"),
        ({"name": ["建外\u202e街道", *NAMES[1:]]}, "can't be seen or stored (U+202E)"),
        ({"name": ["建外\n街道", *NAMES[1:]]}, "can't be seen or stored (U+000A)"),
        ({"name": ["长" * 300, *NAMES[1:]]}, "longer than 100 characters"),
        ({"code": ["1\x00", *CODES[1:]]}, "can't be a code"),
        ({"code": ["1\ud800", *CODES[1:]]}, "can't be a code"),
        ({"code": ["１１０１０５００１", *CODES[1:]]}, "can't be a code"),
        ({"code": [1.1010500100100123e19, *CODES[1:]]}, "has lost its last digits"),
        ({"code": ["1.10105E+11", *CODES[1:]]}, "has lost its last digits"),
    ],
)
def test_names_and_codes_that_nobody_could_read_are_refused_in_words(tmp_path, changes, said):
    status, _out, err = run(plain_geojson(tmp_path, rows(**changes)))
    assert status == 1
    assert said in err
    assert "feature 1" in err
    assert not Unit.objects.exists()


def test_a_parent_that_nobody_could_read_is_missing(tmp_path):
    path = plain_geojson(tmp_path, rows(parent=["11\ud800\0"] * 4))
    status, _out, err = run(path, "--parent-field", "parent")
    assert (status, "There is no unit 11" in err) == (1, True)


def test_parents_from_a_field_or_for_all(tmp_path):
    district = make_unit(box(*TOWN_BOX), level=Level.DISTRICT, code="110105")
    status, out, _err = run(geojson(tmp_path, rows(up=["110105"] * 4)), "--parent-field", "up")
    assert status == 0
    assert "Redrawn above, as the union of the children: 110105." in out
    assert set(UnitVersion.objects.filter(unit__level="street").values_list("parent", flat=True)) == {
        district.pk
    }
    (tmp_path / "deeper").mkdir()
    deeper = geojson(tmp_path / "deeper", rows(cells(1, 4, cells(2, 2)[0].bounds), code=list("abcd")))
    assert run(deeper, "--parent", "110105001", level="community")[0] == 0


def test_a_missing_parent_is_named(tmp_path):
    status, _out, err = run(geojson(tmp_path, rows()), "--parent", "999")
    assert status == 1
    assert err.count("unit.no_parent") == 4
    assert "There is no unit 999" in err
    assert not Unit.objects.exists()


def test_gaps_and_overlaps_come_with_place_size_and_features(tmp_path):
    first, second, third, fourth = cells(2, 2)
    west, south, east, north = second.bounds
    pulled = box(west + 1e-5, south, east, north)
    status, _out, err = run(geojson(tmp_path, rows([first, pulled, third, box(*fourth.bounds).buffer(1e-5)])))
    assert status == 1
    assert "E01" in err
    assert "E02" in err
    assert "feature 3, 4" in err
    assert "116.316" in err
    assert " m² " in err
    assert "Nothing was imported" in err
    assert not Unit.objects.exists()


def test_one_broken_ring_of_many_is_named_and_nothing_is_lost(tmp_path):
    shapes = cells(18, 20)
    west, south, east, north = shapes[7].bounds
    shapes[7] = Polygon([(west, south), (east, north), (east, south), (west, north)])
    many = len(shapes)
    features = rows(shapes, name=["街道"] * many, code=[f"{n:09}" for n in range(many)])
    make_unit(box(0, 0, 1, 1), code="here")
    status, _out, err = run(geojson(tmp_path, features))
    assert status == 1
    assert err.count("E05") == 1
    assert "feature 8 ·" in err
    assert list(Unit.objects.values_list("code", flat=True)) == ["here"]


def test_doubled_and_taken_codes_are_named(tmp_path):
    path = geojson(tmp_path, rows())
    run(path)
    status, _out, err = run(path)
    assert status == 1
    assert err.count("unit.code_taken") == 4
    assert "E02" not in err
    assert "give it a new code" in err
    status, _out, err = run(geojson(tmp_path, rows(code=["x", "x", "y", "z"])))
    assert "unit.code_twice · feature 1, 2" in err
    assert Unit.objects.count() == 4


def test_a_wrong_field_name_lists_the_fields_that_there_are(tmp_path):
    status, _out, err = run(geojson(tmp_path, rows()), code="kode")
    assert status == 1
    assert "“kode”" in err
    assert "name, code" in err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b'{"type": "FeatureCollection", "features": []}', "no features"),
        (b"%PDF-1.7 this is no map", "units.geojson"),
        (b'{"type": "FeatureCollection", "features": [', "units.geojson"),
    ],
)
def test_files_that_hold_nothing_usable(tmp_path, content, said):
    (tmp_path / "units.geojson").write_bytes(content)
    status, _out, err = run(tmp_path / "units.geojson")
    assert status == 1
    assert said in err
    assert "Traceback" not in err


def test_a_missing_file_is_said_so(tmp_path):
    status, _out, err = run(tmp_path / "nowhere.geojson")
    assert status == 1
    assert "nowhere.geojson" in err


def test_a_ring_of_a_million_vertices_is_refused_by_number(tmp_path):
    turn = np.linspace(0, 2 * np.pi, 1_000_001)
    monster = Polygon(np.column_stack((116 + np.cos(turn) / 9, 39 + np.sin(turn) / 9)))
    path = ogr(tmp_path / "units.gpkg", rows([*cells(2, 2)[:3], monster]), "GPKG")
    status, _out, err = run(path)
    assert status == 1
    assert "feature 4" in err
    assert "vertices" in err
    assert not Unit.objects.exists()


def test_features_without_geometry_or_on_the_moon_are_named(tmp_path):
    features = [
        {"type": "Feature", "properties": {"name": name, "code": code}, "geometry": shape.__geo_interface__}
        for name, code, shape in zip(NAMES, CODES, cells(2, 2), strict=True)
    ]
    features[0]["geometry"] = None
    features[1]["geometry"]["coordinates"] = [[[500, 39], [501, 39], [501, 40], [500, 39]]]
    features[2]["geometry"] = {"type": "Point", "coordinates": [116, 39]}
    path = tmp_path / "units.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    status, _out, err = run(path)
    assert status == 1
    assert all(f"feature {n}" in err for n in (1, 2, 3))
    assert not Unit.objects.exists()


def test_a_dry_run_writes_nothing(tmp_path):
    status, out, _err = run(geojson(tmp_path, rows()), "--dry-run")
    assert status == 0
    assert "Dry run: 4 units can be imported" in out
    assert not Unit.objects.exists()


def test_ctrl_c_leaves_nothing_half_and_no_traceback(tmp_path, monkeypatch):
    def interrupted(**_layer):
        assert Unit.objects.exists()
        raise KeyboardInterrupt

    monkeypatch.setattr("gis_grids.services.units.bump_map_version", interrupted)
    status, _out, err = run(geojson(tmp_path, rows()))
    assert (status, err) == (1, "Interrupted: nothing was written.")
    assert not Unit.objects.exists()


def test_the_date_counts(tmp_path):
    assert run(geojson(tmp_path, rows()), "--valid-from", "2024-02-29")[0] == 0
    begin = UnitVersion.objects.first().valid.lower
    assert begin.isoformat() == "2024-02-28T16:00:00+00:00"


@pytest.mark.parametrize("options", [("--valid-from", "yesterday"), ("--parent", "a", "--parent-field", "b")])
def test_impossible_arguments(tmp_path, options):
    assert run(geojson(tmp_path, rows()), *options)[0] == 1


def test_an_unknown_level_names_those_there_are(tmp_path):
    status, _out, err = run(geojson(tmp_path, rows()), level="village")
    assert status == 1
    assert "resident_group" in err


def test_an_unknown_coordinate_system_says_what_to_give(tmp_path):
    status, _out, err = run(geojson(tmp_path, rows()), "--crs", "EPSG:abc")
    assert status == 1
    assert "gcj02" in err


def test_units_without_code_are_told_and_numbered(tmp_path):
    many = cells(4, 4)
    features = rows(many, name=["街道"] * 16, code=[None] * 16)
    status, out, _err = run(geojson(tmp_path, features))
    assert status == 0
    assert "got street-0001" in out
    assert "6 more" in out
    assert Unit.objects.filter(code__startswith="street-").count() == 16
