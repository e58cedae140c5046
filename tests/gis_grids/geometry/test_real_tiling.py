"""The gates on 331 real streets of Beijing: clean as they are, and each defect seeded into them found."""

from __future__ import annotations

import json

import pytest
import shapely
from shapely import Polygon
from shapely.geometry import shape

from gis_grids.geometry.gates import check_tiling
from tests.gis_grids.geometry.tilings import degrees, metres


@pytest.fixture(scope="module")
def beijing(shared_data):
    document = json.loads((shared_data / "beijing/streets_331.geojson").read_text())
    return [(shape(item["geometry"]), item["properties"]["county"]) for item in document["features"]]


@pytest.fixture(scope="module")
def streets(beijing):
    """The streets of one district, for the defects."""
    return [geometry for geometry, county in beijing if county == "朝阳区"]


@pytest.fixture(scope="module")
def district(streets):
    return shapely.union_all(streets)


def check(polygons, parent=None, **options):
    options = {"allow_parts": True, **options}
    return check_tiling(polygons, parent, names=[f"street {i}" for i in range(len(polygons))], **options)


@pytest.fixture(scope="module")
def neighbours(streets, district):
    """Two neighbouring streets inside the city, of one part each."""
    inner = [
        i
        for i, street in enumerate(streets)
        if len(shapely.get_parts(street)) == 1 and not street.intersects(district.boundary)
    ]
    a = inner[0]
    b = max(set(inner) - {a}, key=lambda i: streets[i].intersection(streets[a]).length)
    return a, b


def test_the_streets_of_beijing_have_no_gap_and_no_overlap(beijing):
    streets = [geometry for geometry, _county in beijing]
    assert check(streets) == []
    assert {finding.code for finding in check(streets, shapely.union_all(streets), allow_parts=False)} == {
        "E04"
    }


@pytest.mark.parametrize("with_parent", [True, False])
@pytest.mark.parametrize(
    "defect",
    [
        (lambda a, b: metres(a).difference(metres(b).buffer(0.06)), "E01"),
        (lambda a, b: metres(a).difference(metres(b).buffer(3)), "E01"),
        (lambda a, b: metres(a).difference(metres(a).centroid.buffer(6)), "E01"),
        (lambda a, b: metres(a).union(metres(b).intersection(metres(a).buffer(2))), "E02"),
        (lambda a, b: metres(midpoint_added(a)), "E06"),
        (lambda a, b: midpoint_added(metres(a)), "E06"),
    ],
    ids=["gap 0.06 m", "gap 3 m", "hole", "overlap 2 m", "vertex missing", "vertex missing, drawn in metres"],
)
def test_a_defect_in_a_real_street_yields_exactly_its_code(
    streets, district, neighbours, defect, with_parent
):
    (seed, code), (a, b) = defect, neighbours
    changed = list(streets)
    changed[a] = degrees(seed(streets[a], streets[b]))
    findings = check(changed, district if with_parent else None)
    assert {finding.code for finding in findings} == {code}
    assert all(a in finding.units for finding in findings)


def midpoint_added(polygon):
    """The polygon with one vertex more, in the middle of its longest edge."""
    ring = list(polygon.exterior.coords)
    longest = max(
        range(len(ring) - 1), key=lambda i: shapely.Point(ring[i]).distance(shapely.Point(ring[i + 1]))
    )
    (x0, y0), (x1, y1) = ring[longest], ring[longest + 1]
    return Polygon([*ring[: longest + 1], ((x0 + x1) / 2, (y0 + y1) / 2), *ring[longest + 1 :]])


def test_one_broken_ring_is_told_once(streets, district, neighbours):
    a, _b = neighbours
    ring = list(streets[a].exterior.coords)
    half, third = len(ring) // 2, len(ring) // 3
    ring[half], ring[third] = ring[third], ring[half]
    changed = list(streets)
    changed[a] = Polygon(ring)
    for parent in (district, None):
        findings = check(changed, parent)
        assert [(finding.code, finding.units) for finding in findings] == [("E05", (a,))]
