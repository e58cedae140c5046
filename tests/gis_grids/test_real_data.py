"""Real boundaries: the 331 streets of Beijing and a vendor's outline of one district (data/README.md)."""

from __future__ import annotations

import json
from io import StringIO

import pytest
import shapely
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import translation

from gis_grids.geometry.lattice import to_storage
from gis_grids.models import Unit, UnitVersion
from gis_grids.selectors import extent, unit_at
from gis_grids.vectorfiles import read_features

STREETS = ("--level", "street", "--name-field", "town", "--code-field", "street_code")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture(scope="module")
def beijing(shared_data):
    return shared_data / "beijing" / "streets_331.geojson"


def run(*arguments):
    out = StringIO()
    call_command(*map(str, arguments), stdout=out, stderr=out)
    return out.getvalue()


def wkb_by_name():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT v.name, ST_AsBinary(v.boundary) FROM gis_grids_unitversion v"
            " JOIN gis_grids_unit u ON u.id = v.unit_id WHERE u.level = 'street'"
        )
        return sorted((name, bytes(wkb)) for name, wkb in cursor.fetchall())


@pytest.mark.long
def test_the_streets_of_beijing(beijing, shared_data, tmp_path):
    """One import serves all questions, since it is the slow part."""
    out = run("import_units", beijing, *STREETS)
    assert "Imported: 331 units" in out
    assert "16,405.4" in out
    assert "16,407.0" in out
    assert "EPSG:4548" in out
    assert not any(code in out for code in ("E01", "E02", "E03", "E05", "E06"))
    assert "0 errors" in run("check_tiling")
    assert unit_at(116.4551, 39.9100).chain[-1].name == "建外街道"
    assert unit_at(116.4551, 39.9100).outside_m is None
    assert extent().west == pytest.approx(115.4, abs=0.1)

    stored = wkb_by_name()
    original = {
        f.attributes["county"] + f.attributes["town"]: f.geometry for f in read_features(beijing).features
    }
    assert len(original) == len(stored) == 331
    for suffix in ("geojson", "gpkg"):
        path = tmp_path / f"streets.{suffix}"
        run("export_units", path)
        UnitVersion.objects.all().delete()
        Unit.objects.all().delete()
        run("import_units", path, "--level", "street", "--name-field", "name", "--code-field", "code")
        assert wkb_by_name() == stored

    district = shared_data / "divisions" / "gcj02" / "110105.json"
    fields = ("--level", "district", "--name-field", "name", "--code-field", "adcode")
    run("import_units", "--crs", "gcj02", district, *fields)
    outline = shapely.from_wkb(bytes(UnitVersion.objects.get(unit__code="110105").boundary.wkb))
    chaoyang = shapely.union_all([to_storage(g) for name, g in original.items() if name.startswith("朝阳区")])
    raw = read_features(district).features[0].geometry
    assert agreement(outline, chaoyang) >= 0.99
    assert agreement(raw, chaoyang) < 0.91


def agreement(one, other):
    return one.intersection(other).area / one.union(other).area


def test_one_broken_ring_out_of_331(beijing, tmp_path):
    collection = json.loads(beijing.read_text())
    ring = collection["features"][200]["geometry"]["coordinates"][0]
    ring = ring[0] if isinstance(ring[0][0], list) else ring
    ring[10], ring[40] = ring[40], ring[10]
    broken = tmp_path / "broken.geojson"
    broken.write_text(json.dumps(collection))
    errors = StringIO()
    with pytest.raises(CommandError, match="Nothing was imported"):
        call_command("import_units", str(broken), *STREETS, stdout=StringIO(), stderr=errors)
    assert "E05 · feature 201 ·" in errors.getvalue()
    assert errors.getvalue().count("E05") == 1
    assert not Unit.objects.exists()
