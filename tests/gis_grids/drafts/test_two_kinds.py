"""Zones of two kinds: one group is divided into leaves, the one beside it is not."""

from __future__ import annotations

import pytest
import shapely
from shapely import LineString

from gis_grids.drafts import Draft, Zone, operations
from gis_grids.geometry.redraw import CannotDrawError
from tests.gis_grids.drafts.drafting import GROUP, across, draft_of, faults, new_keys
from tests.gis_grids.drafts.test_operations import area_of, code, moved
from tests.gis_grids.geometry.tilings import SIDE


@pytest.fixture
def mixed():
    draft = draft_of()
    whole = Zone("g0", GROUP, "a0", "Group g0", draft.shape_of("g0"), code="g0")
    leaves = {leaf.key for leaf in draft.leaves_of("g0")}
    zones = {key: zone for key, zone in draft.zones.items() if key not in leaves}
    return Draft(zones | {"g0": whole}, draft.ground, draft.scope_name)


def test_a_piece_of_the_undivided_one_joins_the_leaf_beside_it(mixed):
    piece = shapely.buffer(mixed.shape_of("g1"), 2e-4)
    after = mixed.with_zones(operations.transfer(mixed, "g1", piece, new=new_keys(), sources=["g0"]))
    assert after.leaves.keys() == mixed.leaves.keys()
    assert area_of(after, "g1") > area_of(mixed, "g1") + 1000
    assert not faults(after)


def test_what_would_fall_into_parts_is_refused(mixed):
    piece = shapely.buffer(across(mixed.shape_of("g0"), 0.3), 1e-4)
    assert code(operations.transfer, mixed, "g1", piece, new=new_keys(), sources=["g0"]) == "E04"


def test_leaves_in_a_piece_become_part_of_the_undivided_one(mixed):
    piece = moved(mixed.shape_of("g0"), SIDE)
    after = mixed.with_zones(operations.transfer(mixed, "g0", piece, new=new_keys(), sources=["g1"]))
    assert after.zones["g0"].shape is not None
    assert area_of(after, "g0") > area_of(mixed, "g0") + 1000
    assert not faults(after)


def test_their_border_moves_either_way(mixed):
    common = shapely.line_merge(shapely.intersection(*(mixed.shape_of(key).boundary for key in ("g0", "g1"))))
    for by in (-30, 30):
        old = shapely.get_coordinates(common)
        to = LineString([old[0], *shapely.get_coordinates(moved(LineString(old[1:-1]), by)), old[-1]])
        after = mixed.with_zones(
            operations.move_edge(mixed, "g0", "g1", old=LineString(old), to=to, new=new_keys())
        )
        assert (area_of(after, "g0") - area_of(mixed, "g0")) * by > 0
        assert not faults(after)


def test_they_are_not_merged_before_the_one_is_divided(mixed):
    with pytest.raises(CannotDrawError) as refused:
        operations.merge(mixed, "g1", ["g0"])
    assert (refused.value.code, refused.value.zones) == ("undivided", ("g0",))
