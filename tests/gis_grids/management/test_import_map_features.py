"""The command: roads by their class, what is not known is told, and nothing is half done."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from gis_grids.models import MapFeature
from gis_grids.selectors import map_version

pytestmark = pytest.mark.django_db

LINE = {"type": "LineString", "coordinates": [[116.3, 39.9], [116.31, 39.9]]}
AREA = {"type": "Polygon", "coordinates": [[[116.3, 39.9], [116.31, 39.9], [116.31, 39.91], [116.3, 39.9]]]}


def run(folder, rows, *options, field="highway"):
    features = [
        {"type": "Feature", "properties": {field: kind, "name": name}, "geometry": geometry}
        for kind, name, geometry in rows
    ]
    path = folder / "roads.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    out = StringIO()
    call_command("import_map_features", str(path), "--kind-field", "highway", *options, stdout=out)
    return out.getvalue()


def kinds():
    return sorted(MapFeature.objects.values_list("kind", "name"))


def test_classes_become_kinds_and_the_rest_is_told(tmp_path):
    version = map_version("base")
    rows = [
        ("primary", "A", LINE),
        ("tertiary_link", "B", LINE),
        ("water", "C", AREA),
        ("raceway", "D", LINE),
    ]
    told = run(tmp_path, [*rows, ("primary", "E", AREA)], "--name-field", "name")
    assert kinds() == [("arterial", "A"), ("street", "B"), ("water", "C")]
    assert "raceway" in told
    assert map_version("base") > version


def test_what_is_there_stays_or_is_replaced(tmp_path):
    run(tmp_path, [("primary", "old", LINE), ("river", "old", LINE)], "--name-field", "name")
    run(tmp_path, [("trunk", "new", LINE)], "--name-field", "name", "--replace")
    assert kinds() == [("arterial", "new"), ("water", "old")]


def test_a_file_without_anything_known_or_without_the_field(tmp_path):
    with pytest.raises(CommandError):
        run(tmp_path, [("raceway", "", LINE)])
    with pytest.raises(CommandError, match="road_class"):
        run(tmp_path, [("primary", "", LINE)], field="road_class")
    assert kinds() == []


def test_real_roads(shared_data):
    path = shared_data / "shenzhen_nanshan" / "roads.geojson"
    call_command("import_map_features", str(path), "--kind-field", "highway", stdout=StringIO())
    assert MapFeature.objects.count() > 250
