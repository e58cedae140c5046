"""Redrawing: every operation leaves an exact tiling or is refused, and can be undone bit by bit."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import LineString, Point, Polygon, box
from shapely.geometry import shape

from gis_grids.geometry.coordinates import geodesic_area
from gis_grids.geometry.gates import check_tiling
from gis_grids.geometry.lattice import to_storage
from gis_grids.geometry.redraw import CannotDrawError, Redraw
from tests.gis_grids.geometry.tilings import SIDE, degrees, jittered_grid, metres

COLUMNS, ROWS = 5, 4
A, B = "6", "7"  # neighbours inside of the grid, A to the west
CORNER_ZONE = "0"


def drawn(columns=COLUMNS, rows=ROWS, seed=0, fixed=()):
    shapes = {str(n): shape for n, shape in enumerate(jittered_grid(columns, rows, seed).lonlat())}
    return Redraw(
        {key: shape for key, shape in shapes.items() if key not in fixed}, {key: shapes[key] for key in fixed}
    )


def across(redraw, zone, angle=0.3, reach=SIDE * 2):
    """A line from outside to outside through the middle of a zone."""
    centre = metres(redraw.zones[zone]).representative_point()
    dx, dy = reach * np.cos(angle), reach * np.sin(angle)
    return degrees(LineString([(centre.x - dx, centre.y - dy), (centre.x + dx, centre.y + dy)]))


def beside(zone, redraw, by):
    """The zone as a piece, moved east by so many metres."""
    return degrees(shapely.transform(metres(redraw.zones[zone]), lambda xy: xy + np.array([by, 0.0])))


def faults(redraw, parent=None):
    shapes = {**redraw.zones, **redraw.fixed}
    return check_tiling(list(shapes.values()), parent, names=list(shapes), allow_parts=True)


def ground(redraw):
    return shapely.union_all(list({**redraw.zones, **redraw.fixed}.values()))


def code(operation):
    with pytest.raises(CannotDrawError) as refused:
        operation()
    return refused.value.code


class TestSplit:
    def test_the_smaller_half_is_the_new_zone_and_nothing_is_lost(self):
        before = drawn()
        change = before.split(A, across(before, A), "new")
        after = before.with_change(change)
        areas = [geodesic_area(after.zones[key]) for key in (A, "new")]
        assert areas[0] >= areas[1] > 0
        assert sum(areas) == pytest.approx(geodesic_area(before.zones[A]), abs=0.1)
        assert not faults(after)

    def test_neighbours_get_the_new_vertices_and_the_others_stay(self):
        before = drawn()
        change = before.split(A, across(before, A), "new")
        assert set(change.after) > {A, "new"}
        assert len(change.after) <= 4  # at most two neighbours: one at each end of the line
        for key in set(change.after) - {A, "new"}:
            assert geodesic_area(change.after[key]) == pytest.approx(
                geodesic_area(before.zones[key]), abs=0.1
            )

    def test_a_neighbour_outside_of_the_plan_gets_the_vertex_too(self):
        before = drawn(fixed={B})
        after = before.with_change(before.split(A, across(before, A), "new"))
        assert (
            len(shapely.get_coordinates(after.fixed[B])) == len(shapely.get_coordinates(before.fixed[B])) + 1
        )
        assert not faults(after)

    def test_a_line_that_cuts_nothing_off(self):
        before = drawn()
        inside = metres(before.zones[A]).representative_point().buffer(3).exterior
        short = degrees(LineString(inside.coords[:4]))
        assert code(lambda: before.split(A, short, "new")) == "E12"

    def test_a_line_that_cuts_three_parts(self):
        before = drawn()
        zigzag = shapely.union_all([across(before, A, 0.3), across(before, A, 1.6)])
        assert code(lambda: before.split(A, zigzag, "new")) == "E12"


class TestMerge:
    def test_after_a_split_it_gives_the_zone_back(self):
        before = drawn()
        cut = before.with_change(before.split(A, across(before, A), "new"))
        after = cut.with_change(cut.merge(A, ["new"]))
        assert after.zones.keys() == before.zones.keys()
        assert shapely.hausdorff_distance(after.zones[A], before.zones[A]) < 2e-9
        assert not faults(after)

    def test_zones_that_do_not_touch(self):
        before = drawn()
        assert code(lambda: before.merge("0", ["19"])) == "E04"


class TestTransfer:
    def test_a_piece_changes_hands(self):
        before = drawn()
        after = before.with_change(before.transfer(B, A, beside(A, before, 25)))
        gained = geodesic_area(after.zones[A]) - geodesic_area(before.zones[A])
        lost = geodesic_area(before.zones[B]) - geodesic_area(after.zones[B])
        assert gained == pytest.approx(lost, abs=0.5)
        assert gained > 500
        assert not faults(after)

    def test_what_is_not_there_and_what_is_all(self):
        before = drawn()
        assert code(lambda: before.transfer(B, A, before.zones["0"])) == "nothing"
        assert code(lambda: before.transfer(B, A, box(116, 39, 118, 41))) == "all"

    def test_a_piece_that_does_not_touch_its_new_zone(self):
        before = drawn()
        middle = metres(before.zones[B]).representative_point().buffer(8)
        assert code(lambda: before.transfer(B, A, degrees(middle))) == "E04"


class TestReshape:
    def test_the_line_is_the_border(self):
        before = drawn()
        both = metres(shapely.union_all([before.zones[A], before.zones[B]]))
        x, (y0, y1) = both.centroid.x + 6, (both.bounds[1] - 50, both.bounds[3] + 50)
        line = degrees(LineString([(x, y0), (x - 4, (y0 + y1) / 2), (x, y1)]))
        after = before.with_change(before.reshape(A, B, line))
        border = shapely.intersection(after.zones[A], after.zones[B], grid_size=1e-9)
        assert (
            shapely.hausdorff_distance(metres(border), metres(shapely.intersection(line, ground_of(before))))
            < 0.02
        )
        assert not faults(after)

    def test_who_does_not_touch_has_no_border(self):
        before = drawn()
        assert code(lambda: before.reshape("0", "19", across(before, A))) == "apart"

    def test_a_line_elsewhere(self):
        before = drawn()
        assert code(lambda: before.reshape(A, B, across(before, "17", reach=10))) == "E12"


def ground_of(redraw):
    return shapely.union_all([redraw.zones[A], redraw.zones[B]])


def node_of(redraw, *zones):
    """A vertex that the zones have in common."""
    common = set.intersection(*({*map(tuple, shapely.get_coordinates(redraw.zones[key]))} for key in zones))
    return Point(min(common))


def shifted(point, east, north):
    x, y = metres(point).coords[0]
    return degrees(Point(x + east, y + north))


class TestMoveNode:
    def test_all_who_share_it_follow(self):
        before = drawn()
        node = node_of(before, A, B, "11")
        change = before.move_node(node, shifted(node, 4, 3))
        assert set(change.after) == {A, B, "11", "12"}
        assert not faults(before.with_change(change))

    def test_the_outer_border_is_locked(self):
        before = drawn()
        node = node_of(before, "0", "1")
        outer = Point(min(map(tuple, shapely.get_coordinates(before.zones["0"])), key=sum))
        assert code(lambda: before.move_node(outer, shifted(outer, 1, 1))) == "locked"
        inner = drawn(fixed={"0"})
        assert code(lambda: inner.move_node(node_of_all(inner, "0", "1"), shifted(node, 1, 1))) == "locked"

    def test_a_border_that_would_cross_itself(self):
        before = drawn()
        node = node_of(before, A, B, "11")
        assert code(lambda: before.move_node(node, shifted(node, 200, 0))) in {"E02", "E03", "E05"}

    def test_no_vertex_there(self):
        before = drawn()
        assert code(lambda: before.move_node(Point(0, 0), Point(1, 1))) == "nothing"


def node_of_all(redraw, a, b):
    every = {**redraw.zones, **redraw.fixed}
    common = set.intersection(*({*map(tuple, shapely.get_coordinates(every[key]))} for key in (a, b)))
    return Point(sorted(common)[len(common) // 2])


def test_a_change_of_what_has_changed_since_is_refused():
    before = drawn()
    first, second = (
        before.split(A, across(before, A, angle), new) for angle, new in ((0.3, "x"), (1.2, "y"))
    )
    after = before.with_change(first)
    assert code(lambda: after.with_change(second)) == "E11"


def test_a_zone_that_is_named_twice():
    before = drawn()
    assert code(lambda: before.merge(A, [A])) == "same"
    assert code(lambda: before.transfer(A, A, before.zones[A])) == "same"
    assert code(lambda: before.reshape(A, A, across(before, A))) == "same"


def random_operation(redraw, rng, fresh, scale=1):
    """Do something at a random place, as a hand would: often what can't be done.

    ``scale`` is the size of the zones beside those of `jittered_grid`.
    """
    keys = list(redraw.zones)
    key = keys[rng.integers(len(keys))]
    touching = [
        other for other in keys if other != key and shapely.touches(redraw.zones[other], redraw.zones[key])
    ]
    other = touching[rng.integers(len(touching))] if touching else key
    match rng.integers(5):
        case 0:
            return redraw.split(
                key, across(redraw, key, rng.uniform(0, np.pi), scale * rng.uniform(20, 200)), fresh
            )
        case 1:
            return redraw.merge(key, [other])
        case 2:
            return redraw.transfer(other, key, beside(key, redraw, scale * rng.uniform(-40, 40)))
        case 3:
            return redraw.reshape(key, other, across(redraw, key, rng.uniform(0, np.pi), scale * SIDE * 2))
        case _:
            corners = shapely.get_coordinates(redraw.zones[key])
            node = Point(corners[rng.integers(len(corners))])
            return redraw.move_node(node, shifted(node, *rng.uniform(-15, 15, 2)))


@pytest.mark.long
@given(st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_sequence_keeps_the_tiling_and_is_undone_bit_by_bit(seed):
    rng = np.random.default_rng(seed)
    start = now = drawn(seed=seed % 1000, fixed={CORNER_ZONE})
    done = []
    for step in range(40):
        try:
            change = random_operation(now, rng, f"new {step}")
        except CannotDrawError:
            continue
        now = now.with_change(change)
        done.append(change)
        assert not faults(now)
    assert len(done) > 3
    assert shapely.area(shapely.symmetric_difference(ground(now), ground(start))) < 1e-11
    for change in reversed(done):
        now = now.with_change(~change)
    assert {key: shape.wkb for key, shape in {**now.zones, **now.fixed}.items()} == {
        key: shape.wkb for key, shape in {**start.zones, **start.fixed}.items()
    }


@pytest.mark.parametrize("reverse", [False, True])
def test_borders_that_part_by_a_step_of_the_lattice_are_one_when_aligned(reverse):
    """Each side has both of two vertices that lie a step apart, but in the other order."""
    west, east, south, north = 113.935037862, 113.9355, 22.5335, 22.5350
    a, b = (113.935288257, 22.534156789), (113.935288258, 22.534156789)
    line, other = ([(west, 22.534601918), *both, (east, 22.534)] for both in ((a, b), (b, a)))
    low, high = (other, line) if reverse else (line, other)
    before = Redraw(
        {
            "low": to_storage(Polygon([*low, (east, south), (west, south)])),
            "high": to_storage(Polygon([*high, (east, north), (west, north)])),
        }
    )
    assert not shapely.coverage_is_valid([*before.zones.values()])
    after = before.with_change(before.align())
    assert shapely.coverage_is_valid([*after.zones.values()])


def test_nothing_changes_where_all_agree():
    assert drawn().align().after == {}


def test_borders_are_aligned_though_ground_overlaps_elsewhere():
    """What overlaps stays so: it is the planner's affair. Two others get each other's vertex."""
    shapes = dict(drawn().zones)
    strip = degrees(metres(shapes["0"]).buffer(2).intersection(metres(shapes["1"])))
    shapes["0"] = to_storage(shapely.union(shapes["0"], strip))
    a, b = shapely.line_merge(shapes[A].intersection(shapes[B])).coords[:2]
    ring = shapely.get_coordinates(shapes[A])
    n = next(n for n in range(len(ring) - 1) if {tuple(ring[n]), tuple(ring[n + 1])} == {a, b})
    shapes[A] = to_storage(Polygon(np.insert(ring, n + 1, (ring[n] + ring[n + 1]) / 2, axis=0)))
    before = Redraw(shapes)
    assert {finding.code for finding in faults(before)} == {"E02", "E06"}
    after = before.with_change(before.align())
    assert {finding.code for finding in faults(after)} == {"E02"}
    areas = [[geodesic_area(redraw.zones[key]) for key in shapes] for redraw in (before, after)]
    assert areas[0] == pytest.approx(areas[1], abs=0.01)


def needle():
    """Three zones in a row. The border of the upper two has a needle of a fifth of a millimetre."""
    west, east, south, north = 113.936330000, 113.936483970, 22.505, 22.506
    line = [(west, 22.505588), (113.936429908, 22.505578047), (113.936429906, 22.505578046), (east, 22.50559)]
    middle, low = 22.5053, [(east, south), (west, south)]
    return Redraw(
        {
            "low": to_storage(Polygon([(west, middle), (east, middle), *low])),
            "middle": to_storage(Polygon([*line, (east, middle), (west, middle)])),
            "high": to_storage(Polygon([*line, (east, north), (west, north)])),
        }
    )


def test_a_needle_that_noding_takes_away_goes_from_both_sides():
    """The middle zone gets a vertex and loses the needle; the high one doesn't border on what is cut."""
    before = needle()
    assert shapely.coverage_is_valid([*before.zones.values()])
    change = before.split("low", LineString([(113.9364, 22.504), (113.9364, 22.5055)]), "new")
    after = before.with_change(change)
    assert change.after.keys() == {"low", "new", "middle", "high"}
    assert shapely.coverage_is_valid([*after.zones.values()])
    assert after.with_change(~change).zones == before.zones


def test_any_sequence_on_real_streets(shared_data):
    """The streets of a district of Beijing, with those around it fixed: thousands of vertices, exclaves."""
    document = json.loads((shared_data / "beijing/streets_331.geojson").read_text())
    streets = {str(n): item for n, item in enumerate(document["features"])}
    county = {key: item["properties"]["county"] == "朝阳区" for key, item in streets.items()}
    shapes = {key: to_storage(shape(item["geometry"])) for key, item in streets.items()}
    district = shapely.union_all([shapes[key] for key, inside in county.items() if inside])
    around = {key for key, outside in county.items() if not outside and shapes[key].intersects(district)}
    start = now = Redraw(
        {key: shapes[key] for key, inside in county.items() if inside}, {key: shapes[key] for key in around}
    )
    rng, done = np.random.default_rng(4), []
    for step in range(60):
        try:
            change = random_operation(now, rng, f"new {step}", scale=25)
        except CannotDrawError:
            continue
        now = now.with_change(change)
        done.append(change)
    assert len(done) > 20
    assert not faults(now, ground(start))
    assert shapely.area(shapely.symmetric_difference(ground(now), ground(start))) < 1e-10
    for change in reversed(done):
        now = now.with_change(~change)
    assert {key: one.wkb for key, one in now.zones.items()} == {
        key: one.wkb for key, one in start.zones.items()
    }
