"""What tests of proposals share: what holds for every candidate, and small places to propose for."""

from __future__ import annotations

import shapely
from shapely import box

from gis_grids.geometry.gates import check_tiling
from gis_grids.geometry.lattice import is_same, to_storage
from gis_grids.geometry.proposals.site import Building, Site, Wishes
from tests.gis_grids.geometry.cities import BLOCK, city, placed, square

WISHES = Wishes(target=300)
FILM = 3e-7
"""Degrees, some 3 cm: a film of 2 cm that lies out of its zone doesn't count as a cut (`outlines.is_cut`)."""


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
        holding = zone.shape.buffer(FILM)
        own = [building.footprint for building in site.buildings if building.key in set(zone.buildings)]
        assert all(holding.covers(shapely.intersection(footprint, site.scope)) for footprint in own)


def city_of_planner_md():
    """About 150 buildings and 3,000 households, as planner.md 3.4 measures."""
    return city(4, 4, per_block=9, households=(5, 36))


def block(*households, **others):
    """A block of 160 m with one building for each number of households, in a row of eight at most."""
    buildings = [
        Building(str(n), square(6 + 19 * (n % 8), 10 + 40 * (n // 8), 12), count)
        for n, count in enumerate(households)
    ]
    return Site(placed(box(0, 0, BLOCK, BLOCK)), buildings, **others)
