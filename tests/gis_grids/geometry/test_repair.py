"""Somebody else's plan: repaired to an exact tiling, with every m² told, or refused with a reason."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from shapely import Polygon, box
from shapely.geometry import shape

from gis_grids.errors import describe
from gis_grids.geometry.chinese_offsets import wgs84_to_bd09, wgs84_to_gcj02
from gis_grids.geometry.coordinates import geodesic_area
from gis_grids.geometry.gates import check_tiling
from gis_grids.geometry.lattice import is_same, to_storage
from gis_grids.geometry.repair import REACH, SILENT_M2, CannotRepairError, ForeignZone, Scope, repair_plan
from gis_grids.geometry.repair.mosaic import claims_on
from gis_grids.geometry.repair.rings import made_sound
from tests.gis_grids.geometry.test_gates import DEFECTS, sticking_out
from tests.gis_grids.geometry.tilings import SIDE, degrees, jittered_grid, metres

COLUMNS, ROWS = 5, 4
A, B = "6", "7"
DRAWN_TWICE = {"duplicate", "one inside another"}
REPAIRED = {
    **{name: defect for name, defect in DEFECTS.items() if name not in DRAWN_TWICE},
    "sticks out": (sticking_out, "E03"),
}


def numbered(shapes):
    return {str(number): one for number, one in enumerate(shapes)}


def foreign(shapes):
    return [ForeignZone(key, one, f"zone {key}") for key, one in shapes.items()]


def scope_of(shapes, *, today=True, neighbours=None):
    ground = shapely.coverage_union_all(list(shapes.values()))
    return Scope(ground, shapes if today else {}, neighbours or {}, "the community")


def rounded(shapes, decimals):
    """The zones as a file with so few decimals holds them."""
    return {
        key: shapely.transform(one, lambda lonlat: np.round(lonlat, decimals)) for key, one in shapes.items()
    }


def faults(zones, scope, *, allow_parts=False):
    return check_tiling(list(zones.values()), scope.ground, names=list(zones), allow_parts=allow_parts)


def assert_ground_is_exact(zones, scope):
    """The zones fill the ground to the lattice, and its border has all its vertices."""
    ground = shapely.coverage_union_all(list(zones.values()))
    assert shapely.area(shapely.symmetric_difference(ground, scope.ground)) < 1e-11
    corners, wanted = ({*map(tuple, shapely.get_coordinates(one))} for one in (ground, scope.ground))
    assert wanted <= corners


def assert_every_square_metre_is_told(plan, repair):
    """The ground of the changes is all that differs between the zones as read and as repaired.

    Compared in square degrees: between vertices a border is straight there, and not quite so on a map.
    """
    keys, sound = list(repair.zones), [made_sound(plan[key]) for key in repair.zones]
    moving = [change for change in repair.changes if change.code not in {"repair.ring", "repair.vertices"}]
    pieces = np.array([piece for change in moving for piece in change.geometry.geoms])
    claims, owners = (
        [set(found) for found in claims_on(shapely.point_on_surface(pieces), np.array(zones))]
        for zones in (sound, list(repair.zones.values()))
    )
    differing = [len(claimed ^ owned) for claimed, owned in zip(claims, owners, strict=True)]
    differences = shapely.area(shapely.symmetric_difference(sound, [repair.zones[key] for key in keys]))
    assert np.dot(differing, shapely.area(pieces)) == pytest.approx(differences.sum(), rel=1e-3, abs=1e-14)
    for change in moving:
        assert shapely.area(metres(shapely.get_parts(change.geometry))).sum() == pytest.approx(
            change.area, rel=1e-3
        )


def assert_repaired(plan, scope, repair, *, allow_parts=False):
    assert faults(repair.zones, scope, allow_parts=allow_parts) == []
    assert repair.zones.keys() == plan.keys()
    assert_ground_is_exact(repair.zones, scope)
    assert_every_square_metre_is_told(plan, repair)
    assert repair.is_silent == (sum(change.area for change in repair.changes) <= SILENT_M2)
    for change in repair.changes:
        assert str(round(change.where.x, 6)) in describe(change)


def refusal(plan, scope):
    with pytest.raises(CannotRepairError) as refused:
        repair_plan(foreign(plan) if isinstance(plan, dict) else plan, scope)
    assert str(refused.value)
    return refused.value


@pytest.fixture(scope="module")
def beijing(shared_data):
    document = json.loads((shared_data / "beijing/streets_331.geojson").read_text())
    return [
        (to_storage(shape(item["geometry"])), item["properties"]["county"]) for item in document["features"]
    ]


@pytest.fixture(scope="module")
def streets(beijing):
    return numbered(one for one, county in beijing if county == "朝阳区")


class TestDecimals:
    @pytest.mark.parametrize("decimals", [6, 7])
    def test_what_is_unchanged_comes_back_bit_by_bit(self, streets, decimals):
        scope, plan = scope_of(streets), rounded(streets, decimals)
        repair = repair_plan(foreign(plan), scope)
        assert {key: one.wkb for key, one in repair.zones.items()} == {
            key: one.wkb for key, one in streets.items()
        }
        assert {change.code for change in repair.changes} == {"repair.snapped"}
        assert not repair.is_silent
        assert_repaired(plan, scope, repair, allow_parts=True)

    @pytest.mark.long
    def test_a_whole_city(self, beijing):
        city = numbered(one for one, _county in list(beijing)[:150])
        scope, plan = scope_of(city), rounded(city, 6)
        repair = repair_plan(foreign(plan), scope)
        assert all(repair.zones[key].wkb == one.wkb for key, one in city.items())
        assert {finding.code for finding in repair.findings} == {"E01", "E03"}
        assert_every_square_metre_is_told(plan, repair)

    def test_without_zones_of_today_the_outer_border_is_exact(self, streets):
        scope, plan = scope_of(streets, today=False), rounded(streets, 6)
        repair = repair_plan(foreign(plan), scope, allow_parts=True)
        assert_repaired(plan, scope, repair, allow_parts=True)

    def test_nine_decimals_need_no_repair(self, streets):
        repair = repair_plan(foreign(streets), scope_of(streets))
        assert (repair.changes, repair.findings, repair.is_silent) == ((), (), True)
        assert all(repair.zones[key].wkb == one.wkb for key, one in streets.items())

    def test_only_what_was_redrawn_differs(self, streets):
        """Two streets joined and cut anew by the other party; the file has six decimals."""
        scope = scope_of(streets)
        a = next(key for key, one in streets.items() if len(shapely.get_parts(one)) == 1)
        b = max(streets.keys() - {a}, key=lambda key: shapely.intersection(streets[a], streets[key]).length)
        both = shapely.coverage_union_all([streets[a], streets[b]])
        west, south, east, north = both.bounds
        halves = [
            both.intersection(box(west, south, east, (south + north) / 2)),
            both.intersection(box(west, (south + north) / 2, east, north)),
        ]
        redrawn = dict(
            zip((a, b), (max(shapely.get_parts(one), key=shapely.area) for one in halves), strict=True)
        )
        plan = rounded({**streets, **redrawn}, 6)
        repair = repair_plan(foreign(plan), scope)
        assert_repaired(plan, scope, repair, allow_parts=True)
        differing = {key for key, one in repair.zones.items() if not is_same(one, streets[key])}
        beside = {key for key, one in streets.items() if one.intersects(both.boundary)}
        assert {a, b} <= differing <= beside
        for key in differing - {a, b}:  # they have only got the ends of the new border
            gained = shapely.get_num_coordinates(repair.zones[key]) - shapely.get_num_coordinates(
                streets[key]
            )
            assert 0 < gained <= 4


class TestDefects:
    @pytest.mark.parametrize("today", [True, False], ids=["today known", "alone"])
    @pytest.mark.parametrize(("seed", "code"), REPAIRED.values(), ids=REPAIRED.keys())
    @pytest.mark.parametrize("grid", range(3))
    def test_each_has_its_code_and_a_repair(self, seed, code, today, grid):
        tiling = jittered_grid(COLUMNS, ROWS, grid)
        plan = numbered(seed(tiling))
        scope = scope_of(numbered(tiling.lonlat()), today=today)
        repair = repair_plan(foreign(plan), scope)
        assert {finding.code for finding in repair.findings} == {code}
        assert repair.changes
        assert_repaired(plan, scope, repair)
        again = repair_plan(foreign(repair.zones), scope)
        assert (again.changes, again.findings) == ((), ())
        assert all(again.zones[key].wkb == one.wkb for key, one in repair.zones.items())

    @pytest.mark.parametrize("name", sorted(DRAWN_TWICE))
    def test_what_was_drawn_twice_is_for_a_person(self, name):
        tiling = jittered_grid(COLUMNS, ROWS)
        error = refusal(numbered(DEFECTS[name][0](tiling)), scope_of(numbered(tiling.lonlat())))
        assert (error.code, error.zones) == ("repair.drawn_twice", (A, "20"))
        assert error.details["area"] == pytest.approx(
            144 if name == "one inside another" else metres(tiling.lonlat()[6]).area, rel=1e-3
        )

    @pytest.mark.parametrize(
        "name", ["sliver gap 0.06 m", "overlap 0.06 m", "vertex missing", "a hair apart"]
    )
    def test_what_is_within_reach_of_today_becomes_it(self, name):
        tiling = jittered_grid(COLUMNS, ROWS, 1)
        today = numbered(tiling.lonlat())
        repair = repair_plan(foreign(numbered(DEFECTS[name][0](tiling))), scope_of(today))
        assert all(repair.zones[key].wkb == one.wkb for key, one in today.items())

    @pytest.mark.parametrize(
        ("name", "code"), [("sliver gap 3 m", "repair.gap"), ("overlap 2 m", "repair.overlap")]
    )
    @pytest.mark.parametrize("today", [True, False])
    def test_the_square_metres_are_those_of_the_finding(self, name, code, today):
        tiling = jittered_grid(COLUMNS, ROWS, 1)
        scope = scope_of(numbered(tiling.lonlat()), today=today)
        repair = repair_plan(foreign(numbered(DEFECTS[name][0](tiling))), scope)
        (change,) = (change for change in repair.changes if change.code == code)
        assert change.area == pytest.approx(repair.findings[0].size, rel=1e-3)
        assert not change.is_silent
        if today:  # it was A's ground, and is again
            assert change.zones[0] == (A if code == "repair.gap" else B)

    def test_a_missing_zone_goes_to_one_neighbour(self):
        tiling = jittered_grid(COLUMNS, ROWS, 2)
        plan = numbered(tiling.lonlat())
        gone = plan.pop("12")
        repair = repair_plan(foreign(plan), scope_of(numbered(tiling.lonlat())))
        (change,) = repair.changes
        assert (change.code, change.area) == ("repair.gap", pytest.approx(metres(gone).area, rel=1e-4))

    def test_vertices_alone_move_no_ground(self):
        tiling = jittered_grid(COLUMNS, ROWS, 1)
        plan = numbered(DEFECTS["vertex missing"][0](tiling))
        repair = repair_plan(foreign(plan), scope_of(numbered(tiling.lonlat()), today=False))
        assert [(change.code, change.zones) for change in repair.changes if change.area == 0] == [
            ("repair.vertices", (B,))
        ]
        assert repair.is_silent

    def test_a_broken_ring_is_told_with_what_it_changes(self):
        tiling = jittered_grid(COLUMNS, ROWS, 1)
        plan = numbered(DEFECTS["self-crossing"][0](tiling))
        repair = repair_plan(foreign(plan), scope_of(numbered(tiling.lonlat())))
        (ring,) = (change for change in repair.changes if change.code == "repair.ring")
        assert ring.zones == (A,)
        assert ring.area == pytest.approx(abs(geodesic_area(made_sound(plan[A])) - geodesic_area(plan[A])))


class TestRefusals:
    def test_no_zones_and_one_key_for_two(self):
        today = numbered(jittered_grid(2, 2).lonlat())
        assert refusal([], scope_of(today)).code == "repair.empty"
        error = refusal([*foreign(today), ForeignZone("1", today["1"])], scope_of(today))
        assert (error.code, error.zones) == ("repair.key_twice", ("1",))

    def test_coordinates_of_map_vendors_are_recognised(self, streets):
        for offset, name in ((wgs84_to_gcj02, "gcj02"), (wgs84_to_bd09, "bd09")):
            plan = {key: shapely.transform(one, offset) for key, one in streets.items()}
            for scope in (scope_of(streets), scope_of(streets, today=False)):
                error = refusal(plan, scope)
                assert (error.code, error.details["crs"]) == ("repair.other_crs", name)

    def test_a_small_scope_that_the_shift_leaves_altogether(self):
        today = numbered(jittered_grid(3, 3).lonlat())
        plan = {key: shapely.transform(one, wgs84_to_gcj02) for key, one in today.items()}
        assert refusal(plan, scope_of(today)).details["crs"] == "gcj02"

    @pytest.mark.parametrize("by", [60, 900])
    def test_a_plan_that_is_displaced(self, by):
        today = numbered(jittered_grid(COLUMNS, ROWS).lonlat())
        plan = {
            key: degrees(shapely.transform(metres(one), lambda xy: xy + np.array([by, 0.0])))
            for key, one in today.items()
        }
        error = refusal(plan, scope_of(today))
        assert (error.code, error.details["metres"]) == ("repair.displaced", pytest.approx(by, rel=0.02))

    def test_less_than_half_of_the_ground(self):
        today = numbered(jittered_grid(COLUMNS, ROWS).lonlat())
        error = refusal({key: today[key] for key in list(today)[:8]}, scope_of(today))
        assert error.code == "repair.too_little"
        assert 30 < error.details["percent"] < 50

    def test_a_zone_elsewhere(self):
        today = numbered(jittered_grid(COLUMNS, ROWS).lonlat())
        far = degrees(box(448_000, 4_420_000, 448_080, 4_420_080))
        error = refusal({**today, "far": far}, scope_of(today))
        assert (error.code, error.zones) == ("repair.elsewhere", ("far",))
        assert error.where.within(far)

    def test_a_zone_without_area(self):
        today = numbered(jittered_grid(3, 3).lonlat())
        line = Polygon([(116.3, 39.9), (116.4, 40.0), (116.3, 39.9)])
        assert refusal({**today, "line": line}, scope_of(today)).code == "repair.no_area"

    def test_a_scribble_is_not_made_sound(self):
        today = numbered(jittered_grid(3, 3).lonlat())
        corners = np.random.default_rng(1).uniform(-1e-3, 1e-3, (2_000, 2)) + today["4"].centroid.coords[0]
        error = refusal({**today, "4": Polygon(corners)}, scope_of(today))
        assert (error.code, error.zones) == ("repair.tangled", ("4",))

    def test_an_island_that_nobody_drew(self):
        today = numbered(jittered_grid(3, 3).lonlat())
        island = degrees(box(447_000, 4_420_000, 447_050, 4_420_050))
        ground = to_storage(shapely.union(scope_of(today).ground, island))
        error = refusal(today, Scope(ground, {}, {}))
        assert error.code == "repair.unreachable"
        assert error.details["area"] == pytest.approx(2500, rel=1e-3)
        assert error.where.within(island)


class TestNeighbours:
    def test_they_get_the_ends_of_new_borders(self):
        every = numbered(jittered_grid(COLUMNS, ROWS, 3).lonlat())
        neighbours = {key: every.pop(key) for key in ("0", "1", "2", "3", "4")}
        scope = scope_of(every, neighbours=neighbours)
        zone = every["7"]
        middle = metres(zone).centroid.x
        halves = [
            metres(zone).intersection(box(middle + a, 0, middle + b, 9e6)) for a, b in ((-500, 0), (0, 500))
        ]
        plan = rounded({**every, "7": degrees(halves[0]), "new": degrees(halves[1])}, 6)
        repair = repair_plan(foreign(plan), scope)
        assert_repaired(plan, scope, repair)
        assert repair.neighbours.keys() == {"2"}
        together = {**repair.zones, **neighbours, **repair.neighbours}
        assert check_tiling(list(together.values()), None, names=list(together)) == []


def jittered(shapes, most, seed):
    """Each zone's vertices moved by up to `most` metres, each its own way: no border is common any more."""
    rng = np.random.default_rng(seed)

    def moved(xy):
        angle, far = rng.uniform(0, 2 * np.pi, len(xy)), most * np.sqrt(rng.uniform(0, 1, len(xy)))
        found = xy + np.column_stack((np.cos(angle), np.sin(angle))) * far[:, None]
        found[-1] = found[0]
        return found

    return {key: degrees(shapely.transform(metres(one), moved)) for key, one in shapes.items()}


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**31),
    most=st.sampled_from([0.001, 0.02, 0.05, 0.1, 0.2]),
    today=st.booleans(),
    waves=st.integers(0, 5),
)
@example(seed=12, most=0.2, today=True, waves=1)  # two vertices a hair apart at a corner
@example(seed=138568729, most=0.2, today=True, waves=1)  # ground that three claim
def test_whatever_the_jitter_the_repair_tiles_and_is_final(seed, most, today, waves):
    shapes = numbered(jittered_grid(COLUMNS, ROWS, seed % 1000, waves=waves).lonlat())
    scope, plan = scope_of(shapes, today=today), jittered(shapes, most, seed)
    repair = repair_plan(foreign(plan), scope)
    assert_repaired(plan, scope, repair)
    for key, one in repair.zones.items():
        drawn = metres(shapes[key])
        assert metres(one).symmetric_difference(drawn).area < 2 * (most + REACH) * drawn.length
    if today and most <= 0.1:
        assert all(repair.zones[key].wkb == one.wkb for key, one in shapes.items())
    again = repair_plan(foreign(repair.zones), scope)
    assert again.changes == ()
    assert all(again.zones[key].wkb == one.wkb for key, one in repair.zones.items())


def test_three_hundred_zones():
    shapes = numbered(jittered_grid(20, 15).lonlat())
    scope, plan = scope_of(shapes), jittered(shapes, 0.2, 7)
    assert_repaired(plan, scope, repair_plan(foreign(plan), scope))
    assert SIDE == 80
