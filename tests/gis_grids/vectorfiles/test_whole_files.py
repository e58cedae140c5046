"""Files that are no vector file, half of one, or several: refused in words, archives unpacked safely."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from pathlib import Path

import pytest

from gis_grids.errors import BadFile
from gis_grids.vectorfiles import read_features
from gis_grids.vectorfiles.formats import opened
from tests.gis_grids.vectorfiles.making import GOOD, NAMES, SQUARES, geojson, refusal, write


def test_a_shapefile_without_prj_asks_for_its_system(tmp_path):
    path = write(tmp_path / "units.shp", encoding="UTF-8")
    path.with_suffix(".prj").unlink()
    with pytest.raises(BadFile, match="coordinate system") as error:
        read_features(path)
    assert error.value.code == "file.no_crs"
    assert len(read_features(path, crs="EPSG:4326").features) == 2


def test_a_zip_of_a_shapefile_is_read(tmp_path):
    path = write(tmp_path / "units.shp", encoding="GBK")
    archive = tmp_path / "units.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for part in tmp_path.glob("units.*"):
            if part != archive:
                file.write(part, f"deep/er/{part.name}")
        file.writestr("../../evil.shp.txt", "x")
    assert [feature.attributes["名称"] for feature in read_features(archive).features] == NAMES
    assert path.exists()


def test_archives_that_are_not_one_vector_file_are_refused(tmp_path):
    for name, members in {"none.zip": ["a.txt"], "two.zip": ["a.geojson", "b.geojson"]}.items():
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            for member in members:
                archive.writestr(member, "{}")
        assert refusal(tmp_path / name) == "file.zip_contents"
    with zipfile.ZipFile(tmp_path / "slip.zip", "w") as archive:
        archive.writestr("../../../slip.geojson", json.dumps(GOOD))
    with opened(tmp_path / "slip.zip") as (inner, _format):
        assert inner.name == "slip.geojson"
        assert not (tmp_path.parent / "slip.geojson").exists()


def test_several_layers_must_be_chosen_from(tmp_path):
    path = write(tmp_path / "units.gpkg", layer="streets")
    write(path, SQUARES[:1], names=NAMES[:1], layer="communities", append=True)
    with pytest.raises(BadFile, match="streets, communities") as error:
        read_features(path)
    assert error.value.code == "file.several_layers"
    assert len(read_features(path, layer="communities").features) == 1
    assert refusal(path, layer="grids") == "file.no_such_layer"


VRT = (
    "<OGRVRTDataSource><OGRVRTLayer name='a'><SrcDataSource>/etc/passwd</SrcDataSource>"
    "</OGRVRTLayer></OGRVRTDataSource>"
)
KML = '<?xml version="1.0"?>{}<kml xmlns="http://www.opengis.net/kml/2.2"><Document/></kml>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file.empty"),
        (b"\0" * 100, "file.unknown_format"),
        (b"hello", "file.unknown_format"),
        (b"\xff\xd8\xff\xe0 a photo", "file.unknown_format"),
        (VRT.encode(), "file.unknown_format"),
        (b"<!-- <kml> -->" + VRT.encode(), "file.unknown_format"),
        (b"{", "file.broken_json"),
        (b"[1, 2]", "file.unknown_format"),
        (b'{"type": "Topology"}', "file.unknown_format"),
        (b'{"type": "FeatureCollection", "features": []}', "file.no_features"),
        (b'{"a": ' * 200_000, "file.too_deep"),
        (b'{"type": "Point", "coordinates": [' + b"9" * 5000 + b", 1]}", "file.unreadable"),
        (b'{"a": "\xff\xff"}', "file.encoding_unknown"),
        (KML.format('<!DOCTYPE kml [<!ENTITY a "aaaa">]>').encode(), "file.unknown_format"),
        (
            KML.format("").replace("<Document/>", '<!DOCTYPE kml [<!ENTITY a "a">]>').encode(),
            "file.entities",
        ),
        (KML.format("").encode(), "file.no_features"),
        (KML.format("").encode("utf-16"), "file.unknown_format"),
        (b"SQLite format 3\0" + b"\0" * 4000, "file.unreadable"),
        (b"\x00\x00\x27\x0a" + b"\0" * 200, "file.part_missing"),
        (b"PK\x05\x06" + b"\0" * 18, "file.zip_contents"),
    ],
)
def test_what_is_no_vector_file_is_refused_in_words(tmp_path, content, code):
    (tmp_path / "a.geojson").write_bytes(content)
    assert refusal(tmp_path / "a.geojson") == code


@pytest.mark.parametrize("suffix", [".shx", ".dbf"])
def test_a_shapefile_that_lacks_a_part_is_refused_by_name(tmp_path, suffix):
    path = write(tmp_path / "units.shp", encoding="UTF-8")
    path.with_suffix(suffix).unlink()
    with pytest.raises(BadFile, match=f"the {suffix} file of “units.shp” is missing"):
        read_features(path)


def test_folders_and_forbidden_files_are_refused_in_words(tmp_path, monkeypatch):
    assert refusal(tmp_path) == "file.is_folder"

    def forbidden(*_args, **_options):
        raise PermissionError(13, "Permission denied")

    path = geojson(tmp_path / "a.geojson", GOOD)
    monkeypatch.setattr(Path, "open", forbidden)
    assert refusal(path) == "file.unreadable"


def test_missing_big_and_foreign_files_are_refused(tmp_path, monkeypatch):
    assert refusal(tmp_path / "none.geojson") == "file.not_found"
    assert refusal(Path("/vsicurl/http://127.0.0.1/x.gpkg")) == "file.not_found"
    path = geojson(tmp_path / "a.geojson", GOOD)
    monkeypatch.setattr("gis_grids.vectorfiles.formats.MOST_BYTES", 10)
    assert refusal(path) == "file.too_big"


def test_a_database_that_is_no_geopackage_is_refused(tmp_path):
    with sqlite3.connect(tmp_path / "a.gpkg") as database:
        database.execute("create table secrets (x)")
    assert refusal(tmp_path / "a.gpkg") in {"file.unknown_format", "file.unreadable", "file.no_features"}
