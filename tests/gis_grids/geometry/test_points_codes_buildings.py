"""Positions, codes of units, footprints: what is taken, what is refused, and with which word."""

from __future__ import annotations

import json
import time
from contextlib import suppress

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, Polygon, box
from shapely.geometry import shape

from gis_grids.errors import BadInput, InvalidPoint, describe
from gis_grids.geometry.buildings import mend_footprint
from gis_grids.geometry.codes import GRID_15, STATISTICAL_12, in_code_order, next_codes
from gis_grids.geometry.lattice import round_coordinates, round_degrees
from gis_grids.geometry.points import check_point

DISTRICT = (119.5, 39.8, 119.7, 40.0)


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        (float("nan"), 39.9, "point.not_a_number"),
        (119.6, float("inf"), "point.not_a_number"),
        ("119.6", 39.9, "point.not_a_number"),
        (None, 39.9, "point.not_a_number"),
        (True, 39.9, "point.not_a_number"),
        (200, 39.9, "point.out_of_range"),
        (-200.0, -200.0, "point.out_of_range"),
        (10**400, 39.9, "point.out_of_range"),
        (39.9, 119.6, "point.swapped"),
        (9000.0, 39.9, "point.out_of_range"),
        (0, 0, "point.far_away"),
        (2.35, 48.85, "point.far_away"),
    ],
)
def test_an_impossible_position_is_refused_with_its_reason(lon, lat, code):
    with pytest.raises(InvalidPoint) as error:
        check_point(lon, lat, extent=DISTRICT)
    assert error.value.code == code
    assert "%" not in str(error.value)


def test_swapped_axes_are_suspected_without_an_extent_too():
    with pytest.raises(InvalidPoint) as error:
        check_point(39.9, 119.6)
    assert error.value.code == "point.swapped"


@settings(deadline=None)
@given(st.floats(118.6, 120.6), st.floats(38.9, 40.9))
def test_a_position_near_the_district_is_taken_onto_the_lattice(lon, lat):
    assert check_point(lon, lat, extent=DISTRICT) == Point(round(lon, 9), round(lat, 9))


@given(st.floats(-180, 180))
def test_one_coordinate_is_rounded_as_arrays_of_them_are(degrees):
    [[expected, _zero]] = round_coordinates(np.array([[degrees, 0.0]]))
    assert round_degrees(degrees).hex() == float(expected).hex()


@settings(deadline=None)
@given(st.one_of(st.floats(), st.integers(), st.text(), st.none()), st.one_of(st.floats(), st.integers()))
def test_whatever_comes_is_a_point_on_earth_or_a_clear_refusal(lon, lat):
    with suppress(InvalidPoint):
        point = check_point(lon, lat)
        assert abs(point.x) <= 180
        assert abs(point.y) <= 90


def test_codes_have_their_digits():
    assert GRID_15.split("110105001002003") == ("110105", "001", "002", "003")
    assert STATISTICAL_12.split("110105001002") == ("110105", "001", "002")
    GRID_15.check_under("110105001002003", "110105001002")
    for code in (
        "",
        "11010500100200",
        "1101050010020034",
        "11010500100200x",
        "１１０１０５００１００２００３",
    ):
        with pytest.raises(BadInput) as error:
            GRID_15.split(code)
        assert error.value.code == "code.malformed"
    with pytest.raises(BadInput) as error:
        GRID_15.check_under("110105001002003", "110105001001")
    assert error.value.code == "code.wrong_place"


def test_new_codes_follow_the_highest_ever_used():
    used = {"110105001002001", "110105001002007", "110105001003009", "110105001002"}
    assert next_codes("110105001002", 2, used=used) == ["110105001002008", "110105001002009"]
    assert next_codes("110105001002", 1, used=set()) == ["110105001002001"]
    assert len(next_codes("1", 999, used=set())) == 999
    with pytest.raises(BadInput) as error:
        next_codes("110105001002", 993, used=used)
    assert error.value.code == "code.exhausted"


@settings(deadline=None)
@given(st.sets(st.integers(1, 400)), st.integers(1, 200))
def test_no_code_is_given_twice(numbers, count):
    used = {f"9{number:03}" for number in numbers}
    fresh = next_codes("9", count, used=used)
    assert len({*fresh, *used}) == count + len(used)


def test_codes_run_west_to_east_and_north_to_south():
    rng = np.random.default_rng(4)
    grid = [(column, row) for row in range(4) for column in range(5)]
    shuffled = [grid[i] for i in rng.permutation(len(grid))]
    cells = [box(c + 0.1 * r, -r + 0.05 * c, c + 1, 1 - r) for c, r in shuffled]
    assert [shuffled[i] for i in in_code_order(cells)] == grid
    assert in_code_order([]) == []


def footprint(*corners):
    """A footprint from metres (about) east and north of a corner in Nanshan."""
    return Polygon([(113.92 + x / 103_000, 22.52 + y / 110_800) for x, y in corners])


def test_a_sound_footprint_is_taken_as_it_is():
    house = footprint((0, 0), (20, 0), (20, 12), (0, 12))
    taken = mend_footprint(house)
    assert taken.repairs == ()
    assert isinstance(taken.outline, MultiPolygon)
    assert taken.outline.equals_exact(MultiPolygon([house]), 1e-9)


def test_an_outline_that_touches_itself_is_divided_there():
    touching = footprint((0, 0), (20, 0), (20, 12), (40, 12), (40, 24), (20, 12), (0, 12))
    taken = mend_footprint(touching)
    assert [repair.code for repair in taken.repairs] == ["footprint.untangled"]
    assert taken.outline.is_valid
    assert taken.outline.area == pytest.approx(touching.area, rel=1e-6)
    assert "113.92" in describe(taken.repairs[0])


def test_repairs_are_listed():
    doubled = Polygon(
        [(*p, 3.0) for p in footprint((0, 0), (20, 0), (20, 0), (20, 12), (0, 12)).exterior.coords]
    )
    assert [repair.code for repair in mend_footprint(doubled).repairs] == [
        "footprint.flattened",
        "footprint.duplicates_removed",
    ]


def scribble(corners):
    return Polygon(np.random.default_rng(0).uniform((113.9, 22.5), (113.901, 22.501), (corners, 2)))


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        (footprint((0, 0), (20, 12), (20, 0), (0, 12)), "footprint.broken"),
        (scribble(400), "footprint.broken"),
        (scribble(3000), "footprint.too_many_vertices"),
        (Point(113.9, 22.5).buffer(0.001, quad_segs=2000), "footprint.too_many_vertices"),
        (footprint((0, 0), (0.5, 0), (0.5, 0.5), (0, 0.5)), "footprint.no_area"),
        (footprint((0, 0), (20, 0), (40, 0)), "footprint.broken"),
        (Point(113.9, 22.5), "footprint.not_a_polygon"),
        (Polygon(), "footprint.not_a_polygon"),
        (
            shapely.from_wkt("POLYGON ((113.9 22.5, NaN 22.5, 113.9 22.6, 113.9 22.5))"),
            "footprint.not_finite",
        ),
    ],
)
def test_a_doubtful_footprint_is_refused_with_its_reason(geometry, code):
    began = time.perf_counter()
    with pytest.raises(BadInput) as error:
        mend_footprint(geometry)
    assert error.value.code == code
    assert "%" not in str(error.value)
    assert time.perf_counter() - began < 5


def test_the_footprints_of_nanshan_are_all_taken_three_of_them_divided(shared_data):
    document = json.loads((shared_data / "shenzhen_nanshan/buildings.geojson").read_text())
    taken = [mend_footprint(shape(item["geometry"])) for item in document["features"]]
    assert all(shapely.is_valid([item.outline for item in taken]))
    divided = [
        i for i, item in enumerate(taken) if any(r.code == "footprint.untangled" for r in item.repairs)
    ]
    assert divided == [1366, 1714, 4584]
