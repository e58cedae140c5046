"""Candidates of the proposal engine in a draft: whole or in parts, on leaves and above them."""

from __future__ import annotations

import pytest
import shapely
from shapely import box

from gis_grids.drafts.candidates import (
    divided,
    hierarchy_zones,
    take_parts,
    zones_of_candidate,
)
from gis_grids.drafts.operations import replace_below
from gis_grids.geometry.lattice import to_storage
from gis_grids.geometry.proposals.hierarchy import ProposedUnit
from gis_grids.geometry.redraw import CannotDrawError
from tests.gis_grids.drafts.drafting import AREA, GROUP, LEAF, draft_of, faults, new_keys

G0 = "g0"


def quarters(draft, zone):
    """Four shapes that tile a zone, cut where its leaves are not; two go on, two are new."""
    ground = draft.shape_of(zone)
    west, south, east, north = ground.bounds
    x, y = west + 0.4 * (east - west), south + 0.6 * (north - south)
    cuts = [(west, south, x, y), (x, south, east, y), (west, y, x, north), (x, y, east, north)]
    noded = shapely.union_all(
        [shapely.boundary(ground), *(box(*cut).boundary for cut in cuts)], grid_size=1e-9
    )
    faces = [
        f
        for f in shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
        if ground.contains(f.representative_point())
    ]
    keys = [*draft.children[zone][:2], "1", "2"]
    return {
        key: to_storage(shapely.union_all([f for f in faces if box(*cut).contains(f.representative_point())]))
        for key, cut in zip(keys, cuts, strict=True)
    }


@pytest.fixture
def draft():
    return draft_of()


@pytest.fixture
def candidate(draft):
    return zones_of_candidate(draft, G0, LEAF, quarters(draft, G0), atoms={}, prefix="p")


def test_a_candidate_is_taken_whole(draft, candidate):
    after = draft.with_zones(replace_below(draft, G0, candidate))
    assert {zone.key for zone in after.leaves_of(G0)} == candidate.keys()
    assert not faults(after)


@pytest.mark.parametrize("wanted", [["p-3"], ["p-3", "p-4"], ["l0"], ["l0", "l1", "p-3", "p-4"]])
def test_parts_of_it_are_taken_and_the_rest_stays(draft, candidate, wanted):
    after = draft.with_zones(take_parts(draft, candidate, wanted, new_keys()))
    assert not faults(after)
    for key in wanted:
        assert shapely.symmetric_difference(after.shape_of(key), candidate[key].shape).area < 1e-10


def test_above_the_leaves_atoms_change_their_parent(draft):
    """Two areas of four groups each become three; the groups stay whole, and so do all leaves."""
    groups = [group for area in draft.children[""] for group in draft.children[area]]
    today = divided(draft, "", AREA)
    shapes = {today[0].key: draft.shape_of("g0"), "1": draft.shape_of("g2"), "2": draft.shape_of("g5")}
    atoms = dict.fromkeys(groups, "1") | {"g0": today[0].key, "g1": today[0].key, "g5": "2"}
    zones = zones_of_candidate(draft, "", AREA, shapes, atoms=atoms, prefix="p")
    after = draft.with_zones(replace_below(draft, "", zones))
    assert len(after.at_level(AREA)) == 3
    assert {k: z.shape for k, z in after.leaves.items()} == {k: z.shape for k, z in draft.leaves.items()}
    assert not faults(after)
    some = draft.with_zones(take_parts(draft, zones, ["p-2"], new_keys()))
    assert not faults(some)


def test_only_the_level_right_below_is_divided(draft):
    with pytest.raises(CannotDrawError) as wrong:
        divided(draft, "", GROUP)
    assert wrong.value.code == "level"


def test_a_hierarchy_is_put_in_place_of_a_leaf(draft):
    leaf = draft.zones["l0"]
    units = [ProposedUnit("1", LEAF, None, leaf.shape, (), 0, 0.0)]
    zones = hierarchy_zones(draft, G0, units, prefix="p")
    assert zones["p-1"].shape is leaf.shape
    assert zones["p-1"].parent == G0
