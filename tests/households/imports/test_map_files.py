"""Map files: places of households, and facilities."""

from __future__ import annotations

import io
import json
import zipfile

import numpy as np
import pyogrio
import pytest
import shapely

from gis_grids.geometry.chinese_offsets import wgs84_to_bd09, wgs84_to_gcj02
from gis_grids.geometry.coordinates import to_metres, zone_for
from gis_grids.models import Facility
from households.models import Household, HouseholdUnit, PlaceSource
from households.services.imports import answer_columns, confirm_import, undo_import
from tests.factories import inside
from tests.households.imports.making import codes, workbook

pytestmark = pytest.mark.django_db


def undone(world, run):
    undo_import(actor=world.clerk, run_id=run.pk)
    run = world.work(run)
    assert run.state == "undone", run.error


def geojson(*features, **extra):
    rows = [
        {"type": "Feature", "properties": properties, "geometry": geometry}
        for properties, geometry in features
    ]
    return json.dumps({"type": "FeatureCollection", "features": rows, **extra}).encode()


def point(lon, lat):
    return {"type": "Point", "coordinates": [lon, lat]}


def test_places_of_households_come_from_a_map_file(world):
    world.imported(workbook(["地址", "户主"], ["阳光花园1号楼1单元101", "张三"]))
    one = Household.objects.get()
    lon, lat = world.place[0] + 0.00005, world.place[1]
    far = inside(world.elsewhere)
    data = geojson(
        ({"户编号": one.pk}, point(lon, lat)),
        ({"户编号": one.pk + 1}, point(lon, lat)),
        ({"地址": "阳光花园1号楼1单元101"}, point(*far)),
        ({"地址": "阳光花园1号楼1单元101"}, None),
    )
    run = world.imported(data, kind="places", name="places.geojson")
    assert run.counts == {"changed": 1}
    assert [codes(run, number) for number in (2, 3, 4)] == [
        ["household.no_such_id"],
        ["row.outside"],
        ["feature.no_geometry"],
    ]
    one.refresh_from_db()
    assert (one.place.coords, one.place_source) == (pytest.approx((lon, lat)), PlaceSource.SURVEY)
    assert HouseholdUnit.objects.get(valid__upper_inf=True).unit == world.leaf
    undone(world, run)
    one.refresh_from_db()
    assert one.place_source == PlaceSource.BUILDING


def test_a_map_file_without_its_system_is_asked_about(world):
    run = world.begin(b"nothing of a map", kind="places", name="places.shp")
    assert (run.state, run.error["code"]) == ("failed", "file.unknown_format")


def test_facilities_come_from_a_map_file(world):
    lon, lat = world.place
    square = [[[lon, lat], [lon + 0.0001, lat], [lon + 0.0001, lat + 0.0001], [lon, lat]]]
    bow = [[[lon, lat], [lon + 0.0001, lat + 0.0001], [lon + 0.0001, lat], [lon, lat + 0.0001], [lon, lat]]]
    data = geojson(
        ({"名称": "阳光服务站", "类型": "服务站"}, point(lon, lat)),
        ({"名称": "小广场", "类型": "广场", "建筑面积": 120}, {"type": "Polygon", "coordinates": square}),
        ({"名称": "乱线"}, {"type": "Polygon", "coordinates": bow}),
    )
    run = world.imported(data, kind="facilities", name="things.geojson")
    assert (run.counts, codes(run, 3)) == ({"new": 2}, ["shape.odd"])
    assert set(Facility.objects.values_list("kind", "area_m2")) == {("service_station", None), ("park", 120)}
    assert world.begin(data, kind="facilities", name="things.geojson").counts == {"same": 2, "bad": 1}
    undone(world, run)
    assert not Facility.objects.exists()


def begin_map(world, features, name="places.geojson", **extra):
    return world.begin(geojson(*features, **extra), kind="places", name=name)


def spots(world, count=6):
    """Return households of the two buildings, each with a place of its own inside its building."""
    rooms = [f"阳光花园{n}号楼1单元{room}" for n in (1, 2) for room in ("101", "102", "201")]
    names = [f"张{'一二三四五六'[n]}" for n in range(count)]
    world.imported(workbook(["地址", "户主"], *zip(rooms, names, strict=True)))
    found = []
    for n, one in enumerate(Household.objects.order_by("pk")):
        west, south, east, north = one.dwelling.building.footprint.extent
        share = (0.3, 0.4, 0.7)[n % 3]
        found.append((one, (west + (east - west) * share, south + (north - south) * share)))
    return found


@pytest.mark.parametrize(("system", "shift"), [("gcj02", wgs84_to_gcj02), ("bd09", wgs84_to_bd09)])
def test_a_map_file_in_another_system_than_it_names_is_asked_about(world, system, shift):
    homes = spots(world)
    shifted = shift(np.array([place for _one, place in homes])).tolist()
    features = [({"户编号": one.pk}, point(*place)) for (one, _), place in zip(homes, shifted, strict=True)]
    run = begin_map(world, features)
    assert (run.state, run.error["code"], run.error["best"]) == ("asking", "import.crs_doubt", system)
    keys = {place: key for key, place in run.places.items()}
    answer_columns(actor=world.clerk, run_id=run.pk, keys=keys, crs=system)
    assert world.work(run).counts == {"changed": 6}
    confirm_import(actor=world.clerk, run_id=run.pk, with_changes=True, others="leave")
    assert world.work(run).state == "done"
    for one, place in homes:
        one.refresh_from_db()
        assert one.place.coords == pytest.approx(place, abs=1e-6)
        assert one.place_source == PlaceSource.GEOCODED


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_a_shapefile_without_its_system_is_recognised_or_asked_about(world, tmp_path):
    homes = spots(world)
    zone = zone_for(*homes[0][1])
    metres = to_metres(shapely.points([place for _one, place in homes]), zone)
    path = tmp_path / "places.shp"
    pyogrio.raw.write(
        path,
        shapely.to_wkb(metres),
        [np.array([one.pk for one, _place in homes], dtype=np.int32)],
        fields=["户编号"],
        geometry_type="Point",
        crs=None,
        driver="ESRI Shapefile",
        encoding="GBK",
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for part in (".shp", ".shx", ".dbf"):
            archive.write(path.with_suffix(part), f"图层/住户{part}")
    run = world.begin(packed.getvalue(), kind="places", name="places.zip")
    assert (run.state, run.crs, run.counts) == ("checked", f"EPSG:{zone}", {"changed": 6})


def test_swapped_axes_and_odd_features_of_a_map_file(world):
    homes = spots(world)
    swapped = [({"户编号": one.pk}, point(lat, lon)) for one, (lon, lat) in homes]
    run = begin_map(world, swapped)
    assert (run.state, run.error["code"]) == ("asking", "import.crs_swapped")
    keys = {place: key for key, place in run.places.items()}
    answer_columns(actor=world.clerk, run_id=run.pk, keys=keys, crs=run.error["best"])
    assert world.work(run).counts == {"changed": 6}

    (first, (lon, lat)), (second, _), (third, _), *others = homes
    square = [[[lon, lat], [lon + 1e-5, lat], [lon + 1e-5, lat + 1e-5], [lon, lat]]]
    features = [
        ({"户编号": first.pk}, point(0, 0)),
        ({"户编号": first.pk}, {"type": "LineString", "coordinates": [[lon, lat], [lon + 1e-5, lat]]}),
        ({"户编号": second.pk}, {"type": "Polygon", "coordinates": square}),
        ({"户编号": third.pk}, point(1e12, 5)),
        ({"户编号": third.pk}, point(float("nan"), 5)),
        *(({"户编号": one.pk}, point(*place)) for one, place in others),
        ({"户编号": others[0][0].pk}, point(*others[0][1])),
        ({"户编号": others[1][0].pk}, point(lon, lat)),
    ]
    run = begin_map(world, features)
    assert [codes(run, number) for number in (1, 2, 3, 4, 5, 9, 10)] == [
        ["point.zero"],
        ["shape.no_point"],
        ["shape.inside"],
        ["feature.not_on_earth"],
        ["feature.not_finite"],
        ["row.repeated"],
        ["row.contradicts"],
    ]
    assert run.counts == {"bad": 5, "changed": 4, "left": 1}
    assert json.loads(run.rows.get(number=1).cells)[0] == str(first.pk)  # to be mended, it must be told apart


def test_a_map_file_that_names_metres_is_believed(world):
    homes = spots(world)
    zone = zone_for(*homes[0][1])
    places = shapely.get_coordinates(to_metres(shapely.points([place for _one, place in homes]), zone))
    features = [({"户编号": one.pk}, point(*xy)) for (one, _), xy in zip(homes, places.tolist(), strict=True)]
    named = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{zone}"}}
    assert begin_map(world, features, crs=named).counts == {"changed": 6}
    utm = to_metres(shapely.points([place for _one, place in homes]), 32650)
    features = [
        ({"户编号": one.pk}, point(*xy))
        for (one, _), xy in zip(homes, shapely.get_coordinates(utm).tolist(), strict=True)
    ]
    named = {"type": "name", "properties": {"name": "EPSG:32650"}}
    assert begin_map(world, features, crs=named).counts == {"changed": 6}
    abroad = {"type": "name", "properties": {"name": "EPSG:27700"}}
    features = [({"户编号": one.pk}, point(*xy)) for (one, _), xy in zip(homes, places.tolist(), strict=True)]
    run = begin_map(world, features, crs=abroad)
    assert (run.state, run.error["code"], run.error["best"]) == ("asking", "import.crs_doubt", f"EPSG:{zone}")


def test_the_places_of_an_import_are_in_the_household_s_history(world):
    (one, place), *_others = spots(world)
    run = world.imported(geojson(({"户编号": one.pk}, point(*place))), kind="places", name="places.geojson")
    change = one.place_changes.get()
    assert (change.was_used, change.source, change.source_before) == (True, "survey", "building")
    assert change.changed_by == world.clerk
    undone(world, run)
    change.refresh_from_db()
    assert (change.was_used, change.undone_by) == (False, world.clerk)
    table = workbook(["户编号", "经度", "纬度"], [one.pk, *place])
    run = world.begin(table)
    keys = {place: key for key, place in run.places.items()}
    answer_columns(actor=world.clerk, run_id=run.pk, keys=keys, crs="EPSG:4326")
    world.work(run)
    confirm_import(actor=world.clerk, run_id=run.pk, with_changes=True, others="leave")
    world.work(run)
    assert one.place_changes.filter(was_used=True).count() == 1
