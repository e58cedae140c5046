from __future__ import annotations

import json
from datetime import UTC, datetime
from io import StringIO

import pytest
import shapely
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import translation
from shapely import box

from gis_grids.geojson import unit_collection
from gis_grids.levels import Level
from gis_grids.models import Unit, UnitVersion
from gis_grids.selectors import current_versions
from tests.factories import LONG_AGO, TOWN_BOX, cells, make_town, make_unit

pytestmark = pytest.mark.django_db
WEST, SOUTH, EAST, NORTH = TOWN_BOX
MIDDLE = (WEST + EAST) / 2


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def run(command, *arguments):
    out, err = StringIO(), StringIO()
    try:
        call_command(command, *arguments, stdout=out, stderr=err)
    except CommandError as error:
        return 1, out.getvalue(), f"{err.getvalue()}{error}"
    return 0, out.getvalue(), err.getvalue()


def shift(unit, metres):
    """Draw the unit anew, `metres` to the east, behind the back of the gates."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE gis_grids_unitversion SET boundary = ST_Translate(boundary, %s, 0) WHERE unit_id = %s",
            [metres / 85_000, unit.pk],
        )


def test_a_town_that_tiles_has_no_errors():
    make_town()
    status, out, _err = run("check_tiling")
    assert status == 0
    assert "64 units in 33 groups of siblings: 0 errors." in out


def test_gap_overlap_and_ground_outside_are_found_with_place_and_size():
    town = make_town()
    moved = town.units[Level.STREET][0]
    shift(moved, 10)
    status, out, err = run("check_tiling", "--level", "street", "--json")
    assert status == 1
    assert "errors" in err
    report = json.loads(out)
    assert [problem["code"] for problem in report["problems"] if problem["error"]] == ["E01", "E02"]
    gap, overlap = report["problems"][:2]
    assert gap["size"] == pytest.approx(10 * 888, rel=0.02)
    assert overlap["place"] == pytest.approx([MIDDLE, (SOUTH + NORTH) / 2], abs=0.005)
    assert overlap["measure"] == "m²"
    assert moved.code in overlap["units"]
    status, out, _err = run("check_tiling")
    assert status == 1
    assert "E03" in out + _err


def test_only_one_parent_or_one_day_may_be_asked():
    town = make_town()
    left, right = town.units[Level.STREET]
    shift(town.units[Level.COMMUNITY][0], 10)
    assert run("check_tiling", "--parent", left.code)[0] == 1
    assert run("check_tiling", "--parent", right.code)[0] == 0
    assert run("check_tiling", "--parent", "unknown")[0] == 1
    assert run("check_tiling", "--at", "1999-01-01")[0] == 1


def test_exclaves_of_grids_may_be_allowed():
    two = shapely.MultiPolygon([cells(1, 3)[0], cells(1, 3)[2]])
    make_unit(two, level=Level.AREA)
    assert run("check_tiling")[0] == 1
    status, out, _err = run("check_tiling", "--allow-parts")
    assert status == 0
    assert "exclaves" in out


@pytest.mark.parametrize("suffix", ["geojson", "gpkg"])
def test_import_of_an_export_is_bit_identical(tmp_path, suffix):
    awkward = shapely.transform(
        shapely.MultiPolygon([box(0, 0, 1, 1), box(2, 0, 3, 1)]), lambda xy: xy / 3 + (116.1, 39.7)
    )
    hole = shapely.Polygon(box(0, 0, 1, 1).exterior, [box(0.3, 0.3, 0.6, 0.6).exterior])
    make_unit(awkward, code="a", name="甲")
    make_unit(shapely.transform(hole, lambda xy: xy / 7 + (117.1, 39.7)), code="b", name="乙")
    make_unit(
        shapely.transform(box(0.3, 0.3, 0.6, 0.6), lambda xy: xy / 7 + (117.1, 39.7)), code="c", name="丙"
    )
    path = tmp_path / f"units.{suffix}"
    assert run("export_units", str(path), "--level", "street")[0] == 0
    before = wkb_of_all()

    UnitVersion.objects.all().delete()
    Unit.objects.all().delete()
    status, _out, err = run("import_units", str(path), *fields("street"))
    assert (status, err) == (0, "")
    assert wkb_of_all() == before
    again = tmp_path / f"again.{suffix}"
    run("export_units", str(again))
    if suffix == "geojson":
        assert geometries(again) == geometries(path)


@pytest.mark.parametrize("suffix", ["geojson", "gpkg"])
def test_a_whole_tree_comes_back_level_by_level(tmp_path, suffix):
    make_town()
    for level in Level:
        assert run("export_units", str(tmp_path / f"{level}.{suffix}"), "--level", level)[0] == 0
    before = wkb_of_all()
    UnitVersion.objects.all().delete()
    Unit.objects.all().delete()
    for level in Level:
        status, out, err = run(
            "import_units", str(tmp_path / f"{level}.{suffix}"), *fields(level, parent=True)
        )
        assert (status, err) == (0, ""), out
        assert "Redrawn" not in out
    assert wkb_of_all() == before
    assert UnitVersion.objects.filter(parent=None).count() == 1


def geometries(path):
    return [line.split('"geometry"')[1] for line in path.read_text().splitlines() if '"geometry"' in line]


def fields(level, *, parent=False):
    given = ["--level", level, "--name-field", "name", "--code-field", "code"]
    return [*given, "--parent-field", "parent"] if parent else given


def wkb_of_all():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT u.code, v.name, ST_AsBinary(v.boundary) FROM gis_grids_unitversion v"
            " JOIN gis_grids_unit u ON u.id = v.unit_id ORDER BY u.code"
        )
        return [(code, name, bytes(wkb)) for code, name, wkb in cursor.fetchall()]


def test_geojson_says_who_each_unit_is_with_nine_decimals(tmp_path):
    town = make_town()
    path = tmp_path / "units.geojson"
    run("export_units", str(path), "--under", town.units[Level.STREET][1].code)
    features = json.loads(path.read_text())["features"]
    assert len(features) == 31
    assert features[0]["properties"] == {
        "code": "990102",
        "name": "Unit 990102",
        "level": "street",
        "parent": "9901",
        "valid_from": "2020-01-01T00:00:00+00:00",
    }
    assert "116.316000000" in path.read_text()
    assert (
        json.loads(unit_collection(current_versions(Level.CITY)))["features"][0]["properties"]["code"] == "99"
    )


def test_the_past_can_be_exported(tmp_path):
    change = datetime(2024, 1, 1, tzinfo=UTC)
    make_unit(box(*TOWN_BOX), code="old", valid=DateTimeTZRange(LONG_AGO, change))
    path = tmp_path / "units.geojson"
    assert run("export_units", str(path))[0] == 1
    assert not path.exists()
    assert run("export_units", str(path), "--at", "2023-06-01")[0] == 0


def test_what_can_not_be_written_is_said(tmp_path):
    make_town()
    status, _out, err = run("export_units", str(tmp_path / "units.shp"))
    assert status == 1
    assert ".gpkg" in err
    assert run("export_units", str(tmp_path / "u.gpkg"), "--under", "nobody")[0] == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["import_units", "check_tiling", "export_units"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_help_is_shown(command, language, capsys):
    with translation.override(language), pytest.raises(SystemExit) as caught:
        call_command(command, "--help")
    assert caught.value.code == 0
    assert "--level" in capsys.readouterr().out
