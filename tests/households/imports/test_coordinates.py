"""Coordinates of a table: their system recognised or asked, swapped axes and zero points told."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from gis_grids.geometry.chinese_offsets import wgs84_to_bd09, wgs84_to_gcj02
from gis_grids.geometry.coordinates import to_metres, zone_for
from households.models import Building, Household
from households.services.imports import answer_columns
from tests.factories import inside, shape_of
from tests.households.imports.making import codes, workbook

pytestmark = pytest.mark.django_db

HEAD = ["户主", "经度", "纬度"]


@pytest.fixture
def places(world):
    """Six places in the two buildings."""
    found = []
    for building in Building.objects.order_by("code"):
        west, south, east, north = building.footprint.extent
        found += [
            (west + (east - west) * share, south + (north - south) * share) for share in (0.3, 0.5, 0.7)
        ]
    return np.array(found)


def table(points, head=HEAD):
    return workbook(head, *([f"张{'一二三四五六'[n]}", *point] for n, point in enumerate(points.tolist())))


def near(household, place):
    return np.allclose(household.place.coords, place, atol=1e-6)


@pytest.mark.parametrize(
    ("system", "shift"),
    [("EPSG:4326", lambda points: points), ("gcj02", wgs84_to_gcj02), ("bd09", wgs84_to_bd09)],
)
def test_degrees_are_told_apart_by_the_buildings(world, places, system, shift):
    run = world.imported(table(shift(places)))
    assert (run.crs, run.counts) == (system, {"new": 6})
    households = Household.objects.order_by("pk")
    assert all(near(one, place) for one, place in zip(households, places, strict=True))


def test_metres_are_recognised_whichever_axis_stands_first(world, places):
    zone = zone_for(*places[0])
    metres = shapely.get_coordinates(to_metres(shapely.points(places), zone))
    assert world.begin(table(metres)).crs == f"EPSG:{zone}"
    run = world.begin(table(metres[:, ::-1]))
    assert (run.state, run.error["code"], run.error["best"]) == (
        "asking",
        "import.crs_swapped",
        f"EPSG:{zone} swapped",
    )
    keys = {place: key for key, place in run.places.items()}
    answer_columns(actor=world.clerk, run_id=run.pk, keys=keys, crs=run.error["best"])
    assert world.work(run).counts == {"new": 6}


def test_a_system_that_can_not_be_told_is_asked_for(world, places):
    Building.objects.update(footprint=Building.objects.first().footprint)
    run = world.begin(table(places[:2]))
    assert (run.state, run.error["code"]) == ("asking", "import.crs")
    keys = {place: key for key, place in run.places.items()}
    answer_columns(actor=world.clerk, run_id=run.pk, keys=keys, crs="EPSG:4326")
    assert world.work(run).counts == {"new": 2}


def test_single_rows_with_odd_coordinates(world, places):
    lon, lat = places[0]
    far = inside(world.elsewhere)
    rows = [(lon, lat), (lat, lon), (0, 0), (lon, None), far, (lon + 30, lat), *places[1:5].tolist()]
    run = world.begin(
        workbook(HEAD, *([f"张{'甲乙丙丁戊己庚辛壬癸'[n]}", *each] for n, each in enumerate(rows)))
    )
    assert run.state == "checked", run.error
    assert [codes(run, number) for number in range(3, 8)] == [
        ["point.swapped"],
        ["point.zero"],
        ["point.half"],
        ["row.outside"],
        ["point.far_away"],
    ]
    assert run.counts == {"new": 5, "bad": 5}


def test_a_place_far_from_the_building_of_its_address_is_remarked_on(world, places):
    _west, _south, east, north = shape_of(world.unit).bounds
    corner = (east - 1e-4, north - 1e-4)
    rows = [("阳光花园1号楼1单元101", "张一", *places[1]), ("阳光花园1号楼1单元102", "张二", *corner)]
    rows += [(f"阳光花园2号楼1单元10{n}", f"王{'一二'[n - 1]}", *places[3 + n]) for n in (1, 2)]
    run = world.begin(workbook(["地址", *HEAD], *rows))
    assert "place.far" not in codes(run, 2)
    assert "place.far" in codes(run, 3)
    assert run.counts == {"new": 4}
