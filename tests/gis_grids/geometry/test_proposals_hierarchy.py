"""Several levels at once: each tiles the scope, each unit is the union of its children."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import shape

from gis_grids.geometry.coordinates import geodesic_area
from gis_grids.geometry.gates import check_tiling
from gis_grids.geometry.lattice import is_same, to_storage
from gis_grids.geometry.proposals.cells import make_cells
from gis_grids.geometry.proposals.grids import propose_grids
from gis_grids.geometry.proposals.hierarchy import LevelWish, propose_hierarchy
from gis_grids.geometry.proposals.site import Building, Site, Street, Wishes
from tests.gis_grids.geometry.cities import city, measured

LEVELS = (
    LevelWish("community", 3000),
    LevelWish("area", 900),
    LevelWish("building_group", 300),
    LevelWish("resident_group", 40),
)


def assert_nested(site, units, levels):
    """What holds for every hierarchy."""
    by_key = {unit.key: unit for unit in units}
    assert len(by_key) == len(units)
    assert list(dict.fromkeys(unit.level for unit in units)) == [wish.level for wish in levels]
    total = sum(building.households for building in site.buildings)
    for wish in levels:
        own = [unit for unit in units if unit.level == wish.level]
        assert not check_tiling([unit.shape for unit in own], site.scope, names=[unit.key for unit in own])
        assert sum(unit.households for unit in own) == total
    for unit in units:
        children = [child for child in units if child.parent == unit.key]
        if unit.level == levels[-1].level:
            assert children == []
            continue
        assert is_same(
            to_storage(shapely.coverage_union_all([child.shape for child in children])), unit.shape
        )
        assert {key for child in children for key in child.buildings} == set(unit.buildings)
        assert [child.key for child in children] == [f"{unit.key}.{n + 1}" for n in range(len(children))]


def test_a_town_on_four_levels():
    site = city(6, 5, per_block=10, households=(10, 40))
    with measured("four levels of 300 buildings"):
        units = propose_hierarchy(site, LEVELS)
    assert_nested(site, units, LEVELS)
    assert sum(unit.level == "community" for unit in units) in {2, 3}
    groups = [unit for unit in units if unit.level == "building_group"]
    assert np.mean([abs(unit.deviation) <= 0.2 for unit in groups]) > 0.8


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10_000), blocks=st.tuples(st.integers(1, 3), st.integers(1, 3)))
def test_any_town(seed, blocks):
    site = city(*blocks, seed=seed, per_block=5)
    levels = (LevelWish("upper", 300), LevelWish("lower", 60))
    units = propose_hierarchy(site, levels, seed=seed)
    assert_nested(site, units, levels)
    assert units == propose_hierarchy(site, levels, seed=seed)


def test_a_compound_is_divided_only_below_its_size():
    site = city(4, 3, per_block=9)
    buildings = [
        Building(b.key, b.footprint, b.households, "gated" if int(b.key) < 9 else None)
        for b in site.buildings
    ]
    site = Site(site.scope, buildings, site.streets)
    units = propose_hierarchy(site, (LevelWish("upper", 600), LevelWish("lower", 60)))
    gated = {b.key for b in buildings if b.compound}
    holding = {
        level: [u for u in units if u.level == level and gated & set(u.buildings)]
        for level in ("upper", "lower")
    }
    assert len(holding["upper"]) == 1
    assert len(holding["lower"]) > 1


def test_without_levels():
    with pytest.raises(ValueError, match="level"):
        propose_hierarchy(city(1, 1), ())


@pytest.fixture(scope="module")
def nanshan(shared_data):
    """Nanshan as it comes: three rings are broken, roads don't close; households guessed from the heights."""
    folder = shared_data / "shenzhen_nanshan"
    buildings, roads = (
        json.loads((folder / name).read_text())["features"] for name in ("buildings.geojson", "roads.geojson")
    )
    outlines = [shape(feature["geometry"]) for feature in buildings]
    floors = [max(1, round(feature["properties"]["height"] / 3)) for feature in buildings]
    households = [
        round(geodesic_area(outline) * n / 300) for outline, n in zip(outlines, floors, strict=True)
    ]
    hull = shapely.convex_hull(shapely.union_all(shapely.points(shapely.get_coordinates(outlines))))
    return Site(
        to_storage(hull.buffer(5e-4)),
        [Building(str(n), *both) for n, both in enumerate(zip(outlines, households, strict=True))],
        [
            Street(shape(road["geometry"]), is_barrier=road["properties"]["highway"] == "primary")
            for road in roads
        ],
    )


@pytest.mark.long
def test_nanshan_without_any_grids(nanshan):
    """Buildings and roads in; grids, and a hierarchy of four levels, out."""
    with measured("cells of Nanshan"):
        cells = make_cells(nanshan)
    with measured("its grids, three times"):
        candidates = propose_grids(nanshan, Wishes(), cells=cells)
    for candidate in candidates:
        zones = [zone.shape for zone in candidate.zones]
        assert not check_tiling(zones, nanshan.scope, names=[zone.key for zone in candidate.zones])
        assert candidate.figures.contiguous
        assert candidate.figures.buildings_cut == ()
        assert candidate.figures.within_tolerance > 0.85
        print(candidate.kind, len(zones), candidate.figures)
    with measured("its four levels"):
        units = propose_hierarchy(nanshan, LEVELS, cells=cells)
    assert_nested(nanshan, units, LEVELS)
