"""Proposals where there are grids already: as few households as possible move."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import LineString, Polygon, box

from gis_grids.geometry.lattice import is_same, to_storage
from gis_grids.geometry.proposals.grids import propose_grids
from gis_grids.geometry.proposals.site import Building, Site, Wishes
from gis_grids.geometry.redraw import Redraw
from tests.gis_grids.geometry.cities import BLOCK, city, placed
from tests.gis_grids.geometry.proposing import WISHES, assert_sound, block, city_of_planner_md


class TestToday:
    @pytest.fixture
    def grown(self):
        """A city with grids that were even, where one block has grown since."""
        before = city(4, 3, seed=5, per_block=9)
        today = {f"g{n}": zone.shape for n, zone in enumerate(propose_grids(before, WISHES)[0].zones)}
        more = placed(box(0, 0, BLOCK, BLOCK))
        buildings = [
            Building(b.key, b.footprint, b.households * 2 if b.footprint.intersects(more) else b.households)
            for b in before.buildings
        ]
        return Site(before.scope, buildings, before.streets, today=today)

    def test_least_change_comes_first_and_moves_fewest(self, grown):
        candidates = propose_grids(grown, WISHES)
        assert_sound(grown, candidates)
        least, *others = candidates
        assert [candidate.kind for candidate in candidates] == ["least_change", "balanced", "streets"]
        assert least.figures.within_tolerance == 1
        assert least.figures.households_moved < min(other.figures.households_moved for other in others) / 2

    def test_zones_that_need_no_change_stay_as_they_are(self, grown):
        least = propose_grids(grown, WISHES)[0]
        same = [z.key for z in least.zones if is_same(z.shape, to_storage(grown.today.get(z.key, Polygon())))]
        assert len(same) >= 2

    def test_nothing_to_do(self):
        site = city_of_planner_md()
        even = propose_grids(site, WISHES)[0]
        site = Site(
            site.scope, site.buildings, site.streets, today={zone.key: zone.shape for zone in even.zones}
        )
        least = propose_grids(site, WISHES)[0]
        assert least.figures.households_moved == 0
        assert all(is_same(zone.shape, site.today[zone.key]) for zone in least.zones)

    def test_borders_that_follow_nothing_stay_where_nobody_moves(self):
        """Today's border runs between the buildings, but not where cells meet."""
        site = block(*[40] * 16)
        cut = Redraw({"w": site.scope}).split("w", placed(LineString([(80, -9), (80, BLOCK + 9)])), "e")
        site = Site(site.scope, site.buildings, today=cut.after)
        least = propose_grids(site, Wishes(target=320))[0]
        assert {zone.key for zone in least.zones} == {"w", "e"}
        assert all(is_same(zone.shape, site.today[zone.key]) for zone in least.zones)

    def test_zones_that_do_not_tile_or_are_too_few(self):
        site = block(*[40] * 16)
        site = Site(site.scope, site.buildings, today={"half": placed(box(20, 20, 90, 90))})
        candidates = propose_grids(site, Wishes(target=160))
        assert_sound(site, candidates)
        assert "half" in {zone.key for zone in candidates[0].zones}


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10_000), blocks=st.tuples(st.integers(1, 4), st.integers(1, 3)), data=st.data())
def test_any_city_that_has_grown(seed, blocks, data):
    before = city(*blocks, seed=seed, per_block=6)
    today = {
        f"g{n}": zone.shape for n, zone in enumerate(propose_grids(before, Wishes(target=120))[-1].zones)
    }
    grown = [
        Building(b.key, b.footprint, b.households * data.draw(st.sampled_from([0, 1, 1, 2])))
        for b in before.buildings
    ]
    site = Site(before.scope, grown, before.streets, today=today)
    candidates = propose_grids(site, Wishes(target=120))
    assert_sound(site, candidates)
    assert candidates[0].kind == "least_change"
    assert set(today) & {zone.key for zone in candidates[0].zones}
