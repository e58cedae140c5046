"""Proposals of grids: whatever the city, zones tile, hang together, cut no building and lose no household."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis_grids.geometry.gates import check_tiling
from gis_grids.geometry.lattice import is_same, to_storage
from gis_grids.geometry.proposals.cells import make_cells
from gis_grids.geometry.proposals.grids import propose_grids
from gis_grids.geometry.proposals.site import Wishes
from tests.gis_grids.geometry.cities import city, measured

WISHES = Wishes(target=300)


def assert_sound(site, candidates, *, parts=1):
    """What holds for every candidate. `parts` is the number of pieces of the scope."""
    assert candidates
    for candidate in candidates:
        shapes = [zone.shape for zone in candidate.zones]
        keys = [zone.key for zone in candidate.zones]
        assert not check_tiling(shapes, site.scope, names=keys, allow_parts=parts > 1)
        assert all(is_same(shape, to_storage(shape)) for shape in shapes)
        assert candidate.figures.contiguous
        assert candidate.figures.buildings_cut == ()
        assert len(set(keys)) == len(keys)
        assert sum(shapely.get_num_geometries(shapes)) < len(shapes) + parts
        assert_buildings_in_their_zone(site, candidate)


def assert_buildings_in_their_zone(site, candidate):
    households = {building.key: building.households for building in site.buildings}
    assert candidate.zone_of.keys() == households.keys()
    assert sum(zone.households for zone in candidate.zones) == sum(households.values())
    for zone in candidate.zones:
        assert zone.households == sum(households[key] for key in zone.buildings)
        assert all(candidate.zone_of[key] == zone.key for key in zone.buildings)
        holding = zone.shape.buffer(1e-7)
        own = [building.footprint for building in site.buildings if building.key in set(zone.buildings)]
        assert all(holding.covers(shapely.intersection(footprint, site.scope)) for footprint in own)


def zones_of(candidate):
    return {frozenset(zone.buildings) for zone in candidate.zones}


@pytest.fixture(scope="module")
def site():
    """About 150 buildings and 3,000 households, as planner.md 3.4 measures."""
    return city(4, 4, per_block=9, households=(5, 36))


@pytest.fixture(scope="module")
def candidates(site):
    with measured("cells of a community"):
        cells = make_cells(site)
    with measured("three candidates for it"):
        return propose_grids(site, WISHES, cells=cells)


class TestCommunity:
    def test_three_different_ones(self, site, candidates):
        assert [candidate.kind for candidate in candidates] == ["balanced", "streets", "compact"]
        assert len({frozenset(zones_of(candidate)) for candidate in candidates}) == 3
        assert_sound(site, candidates)

    def test_are_as_good_as_the_first_prototype(self, candidates):
        for candidate in candidates:
            assert candidate.figures.within_tolerance == 1
            assert candidate.figures.worst_deviation <= 0.16

    def test_follow_streets(self, candidates):
        streets = next(candidate for candidate in candidates if candidate.kind == "streets")
        assert streets.figures.street_share > 0.6
        assert streets.figures.blocks_split == min(candidate.figures.blocks_split for candidate in candidates)

    def test_the_same_again(self, site, candidates):
        again = propose_grids(site, WISHES)
        assert [[zone.shape.wkb for zone in each.zones] for each in again] == [
            [zone.shape.wkb for zone in each.zones] for each in candidates
        ]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    seed=st.integers(0, 10_000),
    blocks=st.tuples(st.integers(1, 4), st.integers(1, 3)),
    per_block=st.integers(0, 10),
    target=st.sampled_from([40, 150, 300]),
    count=st.none() | st.integers(1, 12),
)
def test_any_city(seed, blocks, per_block, target, count):
    site = city(*blocks, seed=seed, per_block=per_block)
    wishes = Wishes(target=target, count=count)
    candidates = propose_grids(site, wishes, seed=seed)
    assert_sound(site, candidates)
    again = propose_grids(site, wishes, seed=seed)
    assert [candidate.zone_of for candidate in again] == [candidate.zone_of for candidate in candidates]
    if count is not None:
        expected = min(count, max(1, len(site.buildings)))
        assert {len(candidate.zones) for candidate in candidates} == {expected}
