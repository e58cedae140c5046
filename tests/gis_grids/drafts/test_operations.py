"""Operations on drafts: on every level an exact tiling and a sound tree, undone bit by bit."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import LineString, Point
from shapely.geometry import shape

from gis_grids.drafts import SCOPE, Draft, Zone, operations
from gis_grids.drafts.images import images_of, plain
from gis_grids.geometry.coordinates import geodesic_area
from gis_grids.geometry.lattice import to_storage
from gis_grids.geometry.redraw import CannotDrawError
from gis_grids.levels import Level
from gis_grids.models.shapes import as_multipolygon as as_multi
from tests.gis_grids.drafts.drafting import AREA, GROUP, LEAF, across, draft_of, faults, new_keys
from tests.gis_grids.geometry.tilings import SIDE, degrees, metres


@pytest.fixture
def draft():
    return draft_of()


def code(operation, *args, **kwargs):
    with pytest.raises(CannotDrawError) as refused:
        operation(*args, **kwargs)
    return refused.value.code


def area_of(draft, key):
    return geodesic_area(draft.shape_of(key))


def moved(shape, dx, dy=0.0):
    return degrees(shapely.transform(metres(shape), lambda xy: xy + np.array([dx, dy])))


class TestSplit:
    def test_a_leaf(self, draft):
        edit = operations.split(draft, "l9", across(draft.zones["l9"].shape), new=new_keys(), name="New")
        after = draft.with_zones(edit)
        assert after.zones["n0"].name == "New"
        assert after.zones["n0"].parent == draft.zones["l9"].parent
        assert area_of(after, "n0") <= area_of(after, "l9")
        assert not faults(after)

    @pytest.mark.parametrize("key", ["g1", "a0"])
    def test_an_upper_zone_divides_all_that_the_line_crosses(self, draft, key):
        shape = draft.shape_of(key)
        after = draft.with_zones(operations.split(draft, key, across(shape, 0.4), new=new_keys()))
        new = [zone for zone in after.at_level(draft.zones[key].level).values() if zone.unit_id is None]
        twin = next(zone for zone in new if zone.key not in draft.zones)
        assert area_of(after, key) + area_of(after, twin.key) == pytest.approx(geodesic_area(shape), abs=1)
        assert twin.parent == draft.zones[key].parent
        assert not faults(after)

    def test_a_line_along_the_leaves_divides_none(self, draft):
        """Cut an area along the border of its groups: the groups change hands whole."""
        east = shapely.union_all([draft.shape_of("g1"), draft.shape_of("g5")])
        line = shapely.line_merge(
            shapely.intersection(shapely.boundary(east), draft.shape_of("g0").union(draft.shape_of("g4")))
        )
        after = draft.with_zones(operations.split(draft, "a0", line, new=new_keys()))
        assert after.leaves.keys() == draft.leaves.keys()
        assert all(after.zones[key].shape == draft.zones[key].shape for key in draft.leaves)
        assert not faults(after)

    def test_a_line_that_does_not_cut(self, draft):
        inside = LineString([draft.shape_of("a0").representative_point(), draft.shape_of("g0").centroid])
        assert code(operations.split, draft, "a0", inside, new=new_keys()) == "E12"

    @pytest.mark.parametrize("key", ["l0", "g0", "a0"])
    def test_a_crumb_is_no_zone(self, draft, key):
        assert (
            code(operations.split, draft, key, corner_off(draft.shape_of(key), 0.6), new=new_keys()) == "E12"
        )
        draft.with_zones(operations.split(draft, key, corner_off(draft.shape_of(key), 6), new=new_keys()))

    def test_crumbs_of_many_leaves_are_no_zone(self, draft):
        """What a line cuts off an area is more than a crumb, but of no leaf is it more."""
        corner = draft.shape_of("l0").intersection(draft.shape_of("l1")).intersection(draft.ground.boundary)
        line = corner_off(draft.shape_of("a0"), 4, at=metres(corner).coords[0])
        assert code(operations.split, draft, "a0", line, new=new_keys()) == "E12"


class TestMerge:
    def test_upper_zones_keep_what_lies_in_them(self, draft):
        after = draft.with_zones(operations.merge(draft, "g0", ["g1"]))
        assert "g1" not in after.zones
        assert {zone.key for zone in after.leaves_of("g0")} == {
            zone.key for key in ("g0", "g1") for zone in draft.leaves_of(key)
        }
        assert not faults(after)

    def test_all_of_a_parent_goes_to_another_and_the_parent_ends(self, draft):
        after = draft.with_zones(operations.merge(draft, "g2", ["g1", "g0", "g4", "g5"]))
        assert "a0" not in after.zones
        assert not faults(after)

    def test_zones_that_do_not_touch_or_are_of_two_levels(self, draft):
        assert code(operations.merge, draft, "g0", ["g3"]) == "E04"
        assert code(operations.merge, draft, "g0", ["l9"]) == "level"


class TestTransfer:
    def test_a_piece_of_leaves_to_a_leaf(self, draft):
        border = shapely.intersection(draft.zones["l9"].shape, draft.zones["l10"].shape)
        piece = degrees(metres(shapely.line_merge(border)).interpolate(0.5, normalized=True).buffer(15))
        after = draft.with_zones(operations.transfer(draft, "l9", piece, new=new_keys()))
        assert area_of(after, "l9") > area_of(draft, "l9")
        assert after.zones.keys() == draft.zones.keys()
        assert not faults(after)

    def test_a_piece_of_an_area_to_the_next(self, draft):
        """Whole leaves change their parent; what is cut off joins the neighbours: no zone is made."""
        piece = moved(draft.shape_of("a0"), 1.4 * SIDE)
        after = draft.with_zones(operations.transfer(draft, "a0", piece, new=new_keys(), sources=["a1"]))
        assert area_of(after, "a0") > area_of(draft, "a0") + 2 * SIDE * SIDE
        assert {key for key in after.zones if key.startswith("n")} == set()
        assert not faults(after)

    def test_nothing_there(self, draft):
        far = moved(draft.zones["l0"].shape, -500)
        assert code(operations.transfer, draft, "l9", far, new=new_keys()) == "nothing"


class TestBorders:
    def border(self, draft, a, b):
        common = shapely.intersection(draft.shape_of(a), draft.shape_of(b))
        return shapely.line_merge(
            shapely.MultiLineString([g for g in shapely.get_parts(common) if g.geom_type == "LineString"])
        )

    @pytest.mark.parametrize(("a", "b"), [("l9", "l10"), ("g1", "g2"), ("a0", "a1")])
    def test_an_edge_moves_on_every_level(self, draft, a, b):
        old = self.border(draft, a, b)
        points = shapely.get_coordinates(metres(old))
        points[1:-1] += (9.0, 0.0)
        to = degrees(LineString(points))
        after = draft.with_zones(operations.move_edge(draft, a, b, old=old, to=to, new=new_keys()))
        assert area_of(after, a) + area_of(after, b) == pytest.approx(
            area_of(draft, a) + area_of(draft, b), abs=1
        )
        assert abs(area_of(after, a) - area_of(draft, a)) > 100
        assert not faults(after)

    @pytest.mark.parametrize(("a", "b"), [("l9", "l10"), ("g1", "g2"), ("a0", "a1")])
    def test_a_point_is_put_into_an_edge_whose_rest_stays(self, draft, a, b):
        old = self.border(draft, a, b)
        first, second = shapely.get_coordinates(metres(old))[:2]
        new = (first + second) / 2 + (9.0, 0.0)
        to = degrees(LineString([first, new, *shapely.get_coordinates(metres(old))[1:]]))
        to = LineString([old.coords[0], to.coords[1], *old.coords[1:]])
        after = draft.with_zones(operations.move_edge(draft, a, b, old=old, to=to, new=new_keys()))
        assert abs(area_of(after, a) - area_of(draft, a)) > 10
        assert not faults(after)

    def test_an_edge_that_reaches_into_a_third_zone(self, draft):
        old = self.border(draft, "l9", "l10")
        ends = shapely.get_coordinates(metres(old))
        third = metres(draft.zones["l20"].shape).representative_point()
        to = degrees(LineString([ends[0], (third.x, third.y), ends[-1]]))
        assert code(operations.move_edge, draft, "l9", "l10", old=old, to=to, new=new_keys()) == "E02"

    def test_an_edge_out_of_the_scope(self, draft):
        old = self.border(draft, "l1", "l2")
        ends = shapely.get_coordinates(metres(old))
        to = degrees(LineString([ends[0], (ends[0][0], ends[0][1] - 5 * SIDE), ends[-1]]))
        assert code(operations.move_edge, draft, "l1", "l2", old=old, to=to, new=new_keys()) in {
            "locked",
            "E02",
        }

    def test_an_edge_that_crosses_itself(self, draft):
        old = self.border(draft, "l9", "l10")
        (x0, y0), (x1, y1) = shapely.get_coordinates(metres(old))[[0, -1]]
        to = degrees(LineString([(x0, y0), (x0 + 20, y0 + 20), (x0 + 20, y0), (x0 - 5, y0 + 18), (x1, y1)]))
        assert code(operations.move_edge, draft, "l9", "l10", old=old, to=to, new=new_keys()) == "E05"

    def test_an_edge_that_is_not_there_any_more(self, draft):
        old = self.border(draft, "l9", "l10")
        assert code(operations.move_edge, draft, "l9", "l17", old=old, to=old, new=new_keys()) == "E11"

    def test_a_vertex_that_would_make_an_upper_border_cross_itself(self, draft):
        """No leaf's border need do so, as each has but a piece of it: it is the area's."""
        border = self.border(draft, "a0", "a1")
        x, y = shapely.get_coordinates(metres(border))[-2]
        places = [degrees(Point(x + side, y)) for side in range(-40, 41, 2)]
        drawn = [LineString([border.coords[0], to, *border.coords[2:]]) for to in places]
        crossing = [to for to, line in zip(places, drawn, strict=True) if not line.is_simple]
        node = Point(border.coords[1])
        assert {code(operations.move_node, draft, node, to) for to in crossing} == {"E05"}

    def test_a_node_on_the_outer_border_is_locked(self, draft):
        corner = Point(shapely.get_coordinates(draft.ground)[0])
        assert code(operations.move_node, draft, corner, Point(corner.x + 1e-5, corner.y)) == "locked"


class TestTree:
    def test_assign_and_back(self, draft):
        edit = operations.assign(draft, "l3", "g2")
        after = draft.with_zones(edit)
        assert after.zones["l3"].parent == "g2"
        assert not faults(after)
        assert after.with_zones(~edit).zones == draft.zones

    def test_what_can_not_be_a_parent(self, draft):
        assert code(operations.assign, draft, "l3", "a1") == "level"
        assert code(operations.assign, draft, "l3", draft.zones["l3"].parent) == "same"

    def test_a_leaf_is_divided_further(self, draft):
        upper = draft.with_zones(operations.merge(draft, "l0", ["l1"]))
        assert code(operations.subdivide, upper, "l0", GROUP, new=new_keys()) == "level"

    def test_what_is_cut_off_is_named_by_what_there_is_on_its_level(self, draft):
        """A grid and the only leaf in it often have the same name: both are cut into it and a second one."""
        leaf = draft.zones["l0"]
        named = draft.with_zones(operations.set_attributes(draft, "l0", name=draft.zones["g0"].name))
        edit = operations.split(named, "g0", across(leaf.shape), new=new_keys())
        begun = {zone.level: zone.name for key, zone in edit.after.items() if key not in draft.zones}
        assert begun[GROUP] == f"{draft.zones['g0'].name}-2"

    def test_names_and_codes(self, draft):
        after = draft.with_zones(operations.set_attributes(draft, "a0", name="East", code="601"))
        assert (after.zones["a0"].name, after.zones["a0"].code) == ("East", "601")
        assert code(operations.set_attributes, draft, "a0") == "same"


class TestLocks:
    def test_a_locked_zone_keeps_its_ground(self, draft):
        locked = draft.with_zones(operations.lock(draft, ["g0"], locked=True))
        leaf = draft.children["g0"][0]
        assert (
            code(operations.split, locked, leaf, across(draft.zones[leaf].shape), new=new_keys())
            == "zone_locked"
        )
        assert code(operations.merge, locked, "g1", ["g0"]) == "zone_locked"
        free = locked.with_zones(operations.lock(locked, ["g0"], locked=False))
        assert operations.split(free, leaf, across(draft.zones[leaf].shape), new=new_keys())

    def test_it_may_gain_a_vertex(self, draft):
        """A line that ends on the border of a locked zone gives it the vertex, else they would not agree."""
        locked = draft.with_zones(operations.lock(draft, ["g0"], locked=True))
        after = locked.with_zones(
            operations.split(locked, "l2", across(draft.zones["l2"].shape, 0.0), new=new_keys())
        )
        assert not faults(after)


def corner_off(shape, reach, *, at=None):
    """A line that cuts off a corner of a shape, so many metres along both of its sides."""
    ring = shapely.get_coordinates(metres(shape).exterior)[:-1]
    hull = shapely.get_coordinates(metres(shape).convex_hull.exterior)[0]
    n = np.linalg.norm(ring - (hull if at is None else at), axis=1).argmin()
    sides = [ring[n - 1] - ring[n], ring[(n + 1) % len(ring)] - ring[n]]
    a, b = (ring[n] + side / np.linalg.norm(side) * reach for side in sides)
    return degrees(LineString([2 * a - b, 2 * b - a]))


LEVELS = (LEAF, GROUP, AREA)


@st.composite
def scripts(draw):
    """A few operations as random numbers; what they mean depends on the draft they meet."""
    step = st.tuples(
        st.sampled_from(["split", "graze", "merge", "transfer", "reshape", "node", "assign"]),
        st.integers(0, 2**32 - 1),
    )
    return draw(st.lists(step, min_size=1, max_size=8))


def random_edit(draft, kind, seed, new, *, levels=LEVELS, reach=SIDE * 12):
    rng = np.random.default_rng(seed)
    level = levels[rng.integers(len(levels))]
    keys = sorted(draft.at_level(level))
    a = keys[rng.integers(len(keys))]
    shape = draft.shape_of(a)
    near = [key for key in keys if key != a and shapely.intersects(draft.shape_of(key), shape)] or keys
    b = near[rng.integers(len(near))]
    line = across(shape, rng.uniform(0, np.pi), reach=reach)
    if kind == "graze":
        p, q = rng.choice(shapely.get_coordinates(shape), 2, replace=False)
        line = LineString([p + (p - q) / 100, q + (q - p) / 100])
    if kind in {"split", "graze"}:
        return operations.split(draft, a, line, new=new)
    if kind == "merge":
        return operations.merge(draft, a, [b])
    if kind == "transfer":
        piece = moved(shape, *rng.uniform(-1.5 * SIDE, 1.5 * SIDE, 2))
        return operations.transfer(draft, a, piece, new=new)
    if kind == "reshape":
        return operations.reshape(draft, a, b, line, new=new)
    if kind == "assign":
        return operations.assign(draft, a, sorted(draft.zones)[rng.integers(len(draft.zones))])
    vertices = shapely.get_coordinates(shape)
    node = Point(vertices[rng.integers(len(vertices))])
    return operations.move_node(draft, node, moved(node, *rng.uniform(-15, 15, 2)))


@pytest.mark.long
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scripts(), st.integers(0, 50))
def test_any_sequence_leaves_an_exact_tiling_and_is_undone_bit_by_bit(script, seed):
    draft = first = draft_of(seed=seed)
    new, edits = new_keys(), []
    for kind, number in script:
        try:
            edit = random_edit(draft, kind, number, new)
        except CannotDrawError:
            continue
        draft = draft.with_zones(edit)
        edits.append(edit)
        assert not faults(draft), (kind, number)
    for edit in reversed(edits):
        draft = draft.with_zones(~edit)
    assert {k: z if z.shape is None else (z.shape.wkb, z) for k, z in draft.zones.items()} == {
        k: z if z.shape is None else (z.shape.wkb, z) for k, z in first.zones.items()
    }


@pytest.fixture(scope="module")
def districts(shared_data):
    """The streets of Beijing's districts as leaves, their districts as the level above: real borders."""
    features = json.loads((shared_data / "beijing" / "streets_331.geojson").read_text())["features"]
    zones = {}
    for feature in features[:40]:
        county = feature["properties"]["county"]
        zones.setdefault(county, Zone(county, Level.DISTRICT, SCOPE, county))
        key = f"s{len(zones)}"
        zones[key] = Zone(
            key, Level.STREET, county, key, to_storage(plain(as_multi(shape(feature["geometry"]))))
        )
    ordered = sorted(zones.values(), key=lambda zone: zone.level.depth)
    ground = shapely.union_all([zone.shape for zone in ordered if zone.shape])
    return Draft({zone.key: zone for zone in ordered}, ground, "Beijing")


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scripts())
def test_the_same_on_real_borders(districts, script):
    draft, new, edits = districts, new_keys(), []
    for kind, number in script:
        try:
            edit = random_edit(draft, kind, number, new, levels=(Level.STREET, Level.DISTRICT), reach=60_000)
        except CannotDrawError:
            continue
        draft = draft.with_zones(edit)
        edits.append(edit)
        assert not faults(draft, allow_parts=True), (kind, number)
    for edit in reversed(edits):
        draft = draft.with_zones(~edit)
    assert images_of(draft.zones) == images_of({key: districts.zones[key] for key in draft.zones})
