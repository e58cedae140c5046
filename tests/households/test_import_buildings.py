"""Footprints out of files: stored, mended, refused with a reason, never doubled."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from gis_grids.errors import BadFile
from gis_grids.models import MapVersion
from gis_grids.vectorfiles import read_features
from households.models import Building, Dwelling
from households.services import BuildingFields, ImportOptions, import_buildings, load_buildings
from households.services.building_attributes import floors_of, height_of, text_of, use_of
from households.services.buildings import code_by_place, estimated_dwellings

pytestmark = pytest.mark.django_db
LON, LAT, SIDE = 116.3, 39.9, 0.0002  # a side is some 17 m east to west and 22 m north to south


def square(n=0, side=SIDE):
    west, east, south, north = LON + n * 0.001, LON + n * 0.001 + side, LAT, LAT + side
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def feature(ring, **properties):
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def bow_tie(n=0):
    a, b, c, d, _a = square(n)
    return [a, c, b, d, a]


@pytest.fixture
def write(tmp_path):
    def write(*features, name="buildings.geojson"):
        path = tmp_path / name
        path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}), "utf-8")
        return path

    return write


def load(path, options=None, **fields):
    return import_buildings(file=read_features(path), fields=BuildingFields(**fields), options=options)


def run(path, *arguments):
    out = StringIO()
    call_command("import_buildings", str(path), *arguments, stdout=out)
    return out.getvalue()


def test_attributes_and_floors_come_from_the_fields(write):
    path = write(feature(square(), id="T-1", title="1号楼", where="解放路 8 号", levels="6", kind="住宅"))
    load(path, code="id", name="title", address="where", floors="levels", use="kind")
    building = Building.objects.get()
    assert (building.code, building.name, building.address, building.use) == (
        "T-1",
        "1号楼",
        "解放路 8 号",
        "residential",
    )
    assert (building.floors, building.floors_estimated, building.height_m) == (6, False, None)


@pytest.mark.parametrize(
    ("street", "number", "address"),
    [
        ("улица Ленина", "12", "улица Ленина, 12"),
        ("улица Забабахина", "1 к1", "улица Забабахина, 1 к1"),
        ("улица Ленина", "", "улица Ленина"),
        ("", "12", ""),
        ("曙光路", "18", "曙光路18号"),
        ("曙光路", "18号院", "曙光路18号院"),
    ],
)
def test_an_address_may_be_street_and_house_number_in_fields_of_their_own(write, street, number, address):
    load(write(feature(square(), street=street, no=number)), address="street", number="no")
    assert Building.objects.get().address == address


def test_floors_reckoned_from_the_height_are_marked(write):
    load(write(feature(square(), h=18)), ImportOptions(floor_height_m=2.8), height="h")
    building = Building.objects.get()
    assert (building.floors, building.floors_estimated, building.height_m) == (6, True, 18.0)


def test_dwellings_are_estimated_only_where_asked_and_marked(write):
    path = write(feature(square(0), h=6), feature(square(1), h=6, use="office"), feature(square(2)))
    fields = {"height": "h", "use": "use"}
    assert load(path, ImportOptions(dry_run=True), **fields).dwellings == 0
    result = load(path, ImportOptions(estimate_dwellings=True, m2_per_dwelling=95.0), **fields)
    assert result.without_floors == 1
    rooms = Dwelling.objects.order_by("floor", "room").values_list(
        "building__use", "floor", "room", "is_estimated"
    )
    # 17.1 m by 22.2 m, 379 m²: four dwellings of 95 m² on each of two floors.
    assert list(rooms) == [
        ("residential", floor, f"{floor}0{n}", True) for floor in (1, 2) for n in (1, 2, 3, 4)
    ]


def test_a_big_floor_has_at_most_24_dwellings_and_a_small_one_has_one():
    assert len(estimated_dwellings(100_000, 1, 90)) == 24
    assert len(estimated_dwellings(5, 3, 90)) == 3


def test_buildings_without_a_use_are_counted_since_they_were_taken_as_residential(write):
    path = write(feature(square(0), use="office"), feature(square(1), use=""), feature(square(2)))
    assert "without a use, taken as residential: 3" in run(path, "--dry-run")
    assert load(path, use="use").without_use == 2


def test_ctrl_c_leaves_nothing_half_and_no_traceback(write, monkeypatch):
    def interrupted(**_buildings):
        load_buildings(**_buildings)
        raise KeyboardInterrupt

    monkeypatch.setattr("households.services.buildings.load_buildings", interrupted)
    with pytest.raises(CommandError, match="Interrupted: nothing was written") as error:
        run(write(feature(square())))
    assert error.value.returncode == 130
    assert not Building.objects.exists()


def test_one_bad_footprint_is_listed_and_the_rest_is_stored(write):
    point = {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [LON, LAT]}}
    none = {"type": "Feature", "properties": {}, "geometry": None}
    tiny = feature(square(4, side=1e-6))
    result = load(write(feature(square(0)), feature(bow_tie(1)), point, none, tiny, feature(square(5))))
    assert {remark.feature: remark.code for remark in result.refused} == {
        2: "footprint.broken",
        3: "footprint.not_a_polygon",
        4: "feature.no_geometry",
        5: "footprint.no_area",
    }
    assert Building.objects.count() == 2


def test_the_list_names_feature_reason_and_place(write):
    out = run(write(feature(square(0)), feature(bow_tie(1))))
    assert "Feature 2" in out
    assert "crosses itself at 116.301" in out
    assert "Imported: 1 building of 2" in out
    assert "refused: 1" in out


def test_the_same_file_again_adds_nothing(write):
    path = write(*(feature(square(n)) for n in range(5)))
    load(path)
    again = load(path)
    assert (len(again.new), again.already_stored) == (0, 5)
    assert Building.objects.count() == 5


def test_codes_by_place_hold_in_any_order_and_file(write):
    load(write(*(feature(square(n)) for n in (2, 0, 1))))
    codes = set(Building.objects.values_list("code", flat=True))
    Building.objects.all().delete()
    load(write(*(feature(square(n)[::-1]) for n in range(4))))
    assert codes < set(Building.objects.values_list("code", flat=True))


def test_the_code_by_place_is_as_documented():
    import shapely  # noqa: PLC0415

    assert code_by_place(shapely.box(116.3, 39.9, 116.3002, 39.9002)) == "B296300100129900100"
    assert code_by_place(shapely.box(-70.0002, -33.0002, -70, -33)) == "B109999900056999900"


def test_a_tower_on_its_podium_is_a_building_of_its_own(write):
    west, south = square()[0]
    middle = SIDE / 2
    tower = [
        [west + middle + dx, south + middle + dy]
        for dx, dy in ((-4e-5, -4e-5), (4e-5, -4e-5), (4e-5, 4e-5), (-4e-5, 4e-5))
    ]
    load(write(feature(square()), feature([*tower, tower[0]])))
    first, second = Building.objects.order_by("code").values_list("code", flat=True)
    assert second == f"{first}-2"


def test_duplicates_within_the_file_are_listed(write):
    result = load(
        write(feature(square(0), c="A"), feature(square(1), c="A"), feature(square(0)[::-1], c="B")), code="c"
    )
    assert [(remark.feature, remark.code) for remark in result.duplicates] == [
        (2, "building.same_code"),
        (3, "building.same_footprint"),
    ]
    assert str(result.duplicates[0]) == "It has the same code as feature 1, A, and is left out."
    assert Building.objects.count() == 1


def test_a_code_that_is_stored_with_another_footprint_changes_nothing(write):
    load(write(feature(square(0), c="A")), code="c")
    result = load(write(feature(square(900), c="A"), feature(square(1), c="B")), code="c")
    assert [(remark.feature, remark.code) for remark in result.duplicates] == [(1, "building.code_stored")]
    assert Building.objects.get(code="A").footprint.extent[0] == LON
    assert Building.objects.count() == 2


def test_a_dry_run_writes_nothing(write):
    out = run(write(feature(square())), "--dry-run")
    assert "Nothing was written" in out
    assert not Building.objects.exists()
    assert not MapVersion.objects.exists()


def test_new_buildings_make_a_new_base_map(write):
    load(write(feature(square(0))))
    before = MapVersion.objects.get(layer="base").version
    load(write(feature(square(1))))
    assert MapVersion.objects.get(layer="base").version > before


def test_a_number_that_is_none_is_told(write):
    result = load(write(feature(square(), levels="many", h="NaN")), floors="levels", height="h")
    assert [remark.details["value"] for remark in result.remarks] == ["many", "NaN"]
    assert Building.objects.get().floors is None


def test_a_text_that_no_database_stores_refuses_the_feature_only(write):
    features = [feature(square(n), n=name) for n, name in enumerate(["a\0b", "a\ud800", "塔"])]
    result = load(write(*features), name="n")
    assert [remark.feature for remark in result.refused] == [1, 2]
    assert Building.objects.get().name == "塔"


def test_a_text_too_long_refuses_the_feature_only(write):
    result = load(write(feature(square(0), n="x" * 101), feature(square(1), n="塔")), name="n")
    assert [remark.feature for remark in result.refused] == [1]
    assert Building.objects.get().name == "塔"


def test_a_field_that_is_not_there_is_named_with_those_that_are(write):
    with pytest.raises(BadFile, match=r"no field “height”. Its fields are: hoehe"):
        load(write(feature(square(), hoehe=3)), height="height")


def test_an_empty_file_is_an_error_and_no_traceback(tmp_path):
    path = tmp_path / "empty.geojson"
    path.write_text("")
    with pytest.raises(CommandError, match="is empty"):
        run(path)


@pytest.mark.parametrize("driver", ["GPKG", "ESRI Shapefile"])
def test_other_formats_and_systems_come_out_the_same(write, tmp_path, driver):
    import numpy as np  # noqa: PLC0415
    import pyogrio  # noqa: PLC0415
    import shapely  # noqa: PLC0415
    from pyproj import Transformer  # noqa: PLC0415

    lonlat = shapely.Polygon(square())
    project = Transformer.from_crs(4326, 4548, always_xy=True).transform
    metres = shapely.transform(lonlat, lambda xy: np.column_stack(project(xy[:, 0], xy[:, 1])))
    path = tmp_path / ("b.gpkg" if driver == "GPKG" else "b.shp")
    pyogrio.raw.write(
        path, np.array([shapely.to_wkb(metres)]), [np.array(["一号楼"], object)], np.array(["name"], object),
        geometry_type="Polygon", driver=driver, crs="EPSG:4548", encoding="UTF-8",
    )  # fmt: skip
    load(path, name="name")
    building = Building.objects.get()
    assert building.name == "一号楼"
    assert building.footprint.extent == pytest.approx(lonlat.bounds, abs=2e-9)


@pytest.mark.parametrize(
    ("value", "floors"),
    [
        ("6", 6),
        (6.0, 6),
        ("6层", 6),
        ("6F", 6),
        ("６", 6),
        (0, None),
        (201, None),
        ("", None),
        (None, None),
        ("-3", None),
    ],
)
def test_floors(value, floors):
    assert floors_of({"f": value}, "f") == floors


@pytest.mark.parametrize(
    ("value", "height"),
    [("18 m", 18.0), ("18米", 18.0), (0, None), (float("inf"), None), (1e9, None), (True, None)],
)
def test_heights(value, height):
    assert height_of({"h": value}, "h") == height


@pytest.mark.parametrize(
    ("word", "use"),
    [
        ("Apartments", "residential"),
        ("居民楼", "residential"),
        ("二类住宅用地", "residential"),
        ("厂房", "industrial"),
        ("市第一医院", "public"),
        ("yes", "other"),
        ("warehouses", "other"),
        (None, "residential"),
    ],
)
def test_uses(word, use):
    assert use_of({"u": word}, "u") == use


def test_texts():
    attributes = {"a": 110105.0, "b": float("nan"), "c": " x "}
    assert [text_of(attributes, key) for key in ("a", "b", "c", "d", None)] == ["110105", "", "x", "", ""]


def test_nanshan(shared_data):
    path = shared_data / "shenzhen_nanshan" / "buildings.geojson"
    out = run(path, "--height-field", "height")
    assert "Imported: 5438 buildings of 5438" in out
    assert Building.objects.filter(floors_estimated=True, floors__gte=1, height_m__gt=0).count() == 5438
    for number in (1367, 1715, 4585):
        assert f"Feature {number}: The outline touched itself" in out
    assert "already stored: 5,438" in run(path, "--height-field", "height")
    assert Building.objects.count() == 5438
