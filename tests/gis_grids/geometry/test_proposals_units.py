"""Proposals of whole units: each zone is the union of its units, and hangs together by their borders."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import LineString, Polygon, box

from gis_grids.geometry.gates import check_tiling
from gis_grids.geometry.lattice import to_storage
from gis_grids.geometry.proposals.grids import propose_grids
from gis_grids.geometry.proposals.site import Building, Site, Street, Wishes
from tests.gis_grids.geometry.cities import placed, square
from tests.gis_grids.geometry.tilings import SIDE, degrees, jittered_grid


def town(columns, rows, *, seed=0, households=(30, 65), today=0):
    """Units of a jittered grid, one in eight without a building; zones of today are columns of some units."""
    rng = np.random.default_rng(seed)
    shapes = [Polygon(ring) for ring in jittered_grid(columns, rows, seed).rings]
    units = {f"u{n}": degrees(shape) for n, shape in enumerate(shapes)}
    places = [shape.centroid.buffer(rng.uniform(4, 20), cap_style="square") for shape in shapes]
    counts = rng.integers(*households, len(shapes)) * (rng.random(len(shapes)) > 1 / 8)
    buildings = [
        Building(key, degrees(place), int(count), key)
        for key, place, count in zip(units, places, counts, strict=True)
        if count
    ]
    keys = list(units)
    columns_of = {
        f"z{first}": [key for n, key in enumerate(keys) if first <= n % columns < first + today]
        for first in (range(0, columns, today) if today else ())
    }
    street = placed(LineString([(columns * SIDE / 2, -200), (columns * SIDE / 2, rows * SIDE + 200)]))
    return Site(
        scope=to_storage(shapely.coverage_union_all(list(units.values()))),
        buildings=buildings,
        streets=[Street(street)],
        today={
            key: to_storage(shapely.coverage_union_all([units[unit] for unit in own]))
            for key, own in columns_of.items()
        },
        units=units,
    )


def assert_of_whole_units(site, candidate):
    assert candidate.zone_of_unit.keys() == site.units.keys()
    shapes = {zone.key: zone.shape for zone in candidate.zones}
    assert set(candidate.zone_of_unit.values()) == shapes.keys()
    assert not check_tiling([*shapes.values()], site.scope, names=[*shapes])
    assert candidate.figures.contiguous
    for key, shape in shapes.items():
        own = [unit for name, unit in site.units.items() if candidate.zone_of_unit[name] == key]
        assert shapely.coverage_union_all(own).equals(shape)
        assert shape.geom_type == "Polygon"
    for building in site.buildings:
        assert candidate.zone_of[building.key] == candidate.zone_of_unit[building.compound]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    seed=st.integers(0, 10_000),
    size=st.tuples(st.integers(1, 8), st.integers(1, 6)),
    target=st.sampled_from([40, 150, 300]),
    count=st.none() | st.integers(1, 9),
    today=st.integers(0, 3),
)
def test_any_town(seed, size, target, count, today):
    site = town(*size, seed=seed, today=today)
    wishes = Wishes(target, count=count)
    candidates = propose_grids(site, wishes, seed=seed)
    assert 1 <= len(candidates) <= 3
    for candidate in candidates:
        assert_of_whole_units(site, candidate)
        if count is not None:
            assert len(candidate.zones) == min(count, max(1, len(site.buildings)))
    again = propose_grids(site, wishes, seed=seed)
    assert [one.zone_of_unit for one in again] == [one.zone_of_unit for one in candidates]


def test_borders_are_those_of_the_units_not_of_the_ground_of_buildings():
    """Two buildings look at each other across the corner where four units meet."""
    corners = {"sw": (0, 0), "se": (80, 0), "nw": (0, 80), "ne": (80, 80)}
    units = {key: placed(box(x, y, x + 80, y + 80)) for key, (x, y) in corners.items()}
    at = {"sw": (55, 55), "ne": (85, 85), "se": (135, 5), "nw": (5, 135)}
    count = {"sw": 100, "ne": 100, "se": 100, "nw": 100}
    buildings = [Building(key, square(x, y), count[key], key) for key, (x, y) in at.items()]
    site = Site(to_storage(shapely.coverage_union_all([*units.values()])), buildings, units=units)
    for candidate in propose_grids(site, Wishes(target=200)):
        assert_of_whole_units(site, candidate)
        assert [zone.households for zone in candidate.zones] == [200, 200]


@pytest.mark.parametrize("seed", range(4))
def test_all_within_the_tolerance_though_todays_zones_cannot_be(seed):
    """Zones of today have 240 households on average, the fewest that a zone may have."""
    site = town(9, 6, seed=seed, households=(42, 53), today=1)
    total = sum(building.households for building in site.buildings)
    wishes = Wishes(target=total / 9 / 0.81)
    for candidate in propose_grids(site, wishes):
        assert_of_whole_units(site, candidate)
        assert candidate.figures.within_tolerance == 1


def test_units_that_do_not_tile():
    """One lacks a vertex of its neighbours, one is missing, two overlap: all others are divided the same."""
    site = town(4, 4)
    units = dict(site.units)
    units["u5"] = to_storage(shapely.simplify(units["u5"], 1e-4))
    units["u6"] = to_storage(units["u6"].buffer(2e-5))
    del units["u10"]
    buildings = [building for building in site.buildings if building.key != "u10"]
    wrong = Site(site.scope, buildings, site.streets, units=units)
    for candidate in propose_grids(wrong, Wishes(target=200)):
        assert candidate.zone_of_unit.keys() == units.keys()
        assert sum(zone.households for zone in candidate.zones) == sum(b.households for b in buildings)
        assert len(candidate.zones) > 1
