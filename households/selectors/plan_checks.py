"""What the register holds against a plan: codes E07, E09, W20 to W22, W26 and W27 of planner.md 4.4.

The whole scope is looked at, not only what the plan changes: whoever submits answers for the scope.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gis_grids.drafts import SCOPE
from gis_grids.drafts.comparison import Problem
from gis_grids.levels import Level
from gis_grids.selectors.plans.problems import broken_tiling
from households.selectors.census import Census, lonlat, point_in
from households.selectors.plan_cuts import check_barriers, check_buildings, check_compounds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from gis_grids.drafts import Draft
    from gis_grids.drafts.comparison import Comparison, Norm

_GROUP_BUILDINGS = (2, 3)
"""A head is for 2 to 3 buildings (S1)."""


def check_plan(comparison: Comparison) -> Iterator[Problem]:
    """Tell what is wrong with the households of a plan: a hook of the ground floor."""
    census = comparison.once(Census.of)
    for check in (
        _without_zone,
        _in_two_zones,
        check_buildings,
        _empty,
        _sizes,
        _buildings_of_groups,
        check_compounds,
        check_barriers,
        _without_hub,
        _without_place,
    ):
        yield from check(census)


# --- E07: everybody in one zone ----------------------------------------------------------------------


def _without_zone(census: Census) -> Iterator[Problem]:
    """E07: who was in the scope, or lies in it, and is in no zone. Who goes beyond it isn't lost."""
    rows, before = census.rows, census.before.index >= 0
    ground = census.comparison.after.ground
    nowhere = np.flatnonzero(census.after.index < 0)
    inside = shapely.intersects_xy(ground, rows["x"][nowhere], rows["y"][nowhere])
    lost = nowhere[inside | (before[nowhere] & np.isnan(rows["x"][nowhere]))]
    if lost.size:
        yield _about_households("", census, lost)


def _in_two_zones(census: Census) -> Iterator[Problem]:
    """E07: whose place is well inside two leaves, which then overlap (E02)."""
    if not census.comparison.once(broken_tiling):
        return
    shapes = census.coverage.shapes
    placed = np.flatnonzero(~np.isnan(census.rows["x"]))
    points = shapely.points(census.rows["x"][placed], census.rows["y"][placed])
    which, _zone = shapely.STRtree(shapes).query(points, predicate="within")
    twice = placed[np.bincount(which, minlength=len(placed)) > 1]
    if twice.size:
        yield _about_households("twice", census, twice)


def _about_households(variant: str, census: Census, which: NDArray[np.int64]) -> Problem:
    rows = census.rows[which]
    placed = rows[~np.isnan(rows["x"])]
    where = (float(placed["x"][0]), float(placed["y"][0])) if placed.size else _middle(census)
    ids = tuple(sorted(rows["id"].tolist()))
    return Problem("E07", (), {"n": len(ids)}, where=where, variant=variant, household_ids=ids)


# --- E09, W20, W21, W22: what a zone should have -----------------------------------------------------


def _empty(census: Census) -> Iterator[Problem]:
    """E09: the plan makes ground without households and doesn't say what for; the topmost zone that is such.

    A unit that had none before, such as a park, keeps no plan from being submitted. Where nobody is in the
    register yet, as in a city that begins with its grids, ground is empty if it has no building.
    """
    draft, before = census.comparison.after, census.comparison.before
    has_any = census.households if census.households(SCOPE) else census.buildings_in
    unexplained = {
        leaf
        for leaf in draft.leaves
        if not has_any(leaf)
        and not any(zone.purpose for zone in draft.chain(leaf))
        and (leaf not in before.leaves or census.counts_before[leaf][0])
    }
    tops: dict[str, None] = {}
    for leaf in draft.leaves:
        if leaf in unexplained:
            chain = [zone.key for zone in draft.chain(leaf)]
            tops[next(key for key in chain if _all_in(draft, key, unexplained))] = None
    for key in tops:
        yield Problem("E09", (key,), {"a": draft.zones[key].name}, where=point_in(draft, key))


def _all_in(draft: Draft, key: str, leaves: set[str]) -> bool:
    return all(leaf.key in leaves for leaf in draft.leaves_of(key))


def _sizes(census: Census) -> Iterator[Problem]:
    """W20, W21: more or fewer households than the norm of the level has it."""
    draft = census.comparison.after
    for level, norm in census.comparison.norms.items():
        for key in draft.at_level(level):
            size = census.households(key)
            if size and not norm.least <= size <= norm.most:
                yield _off_norm(draft, key, size, norm)


def _off_norm(draft: Draft, key: str, size: int, norm: Norm) -> Problem:
    details = {
        "a": draft.zones[key].name,
        "households": size,
        "norm": norm.households,
        "tolerance": round(norm.tolerance * 100),
        "least": norm.least,
        "most": norm.most,
        "basis": norm.basis,
    }
    variant = ("higher" if size > norm.most else "lower") if norm.code == "W20" else ""
    return Problem(norm.code, (key,), details, where=point_in(draft, key), variant=variant)


def _buildings_of_groups(census: Census) -> Iterator[Problem]:
    """W22: a building group is of 2 or 3 buildings that people live in."""
    draft = census.comparison.after
    groups = draft.at_level(Level.BUILDING_GROUP)
    if not groups:
        return
    of_groups = census.built.held_by(draft.on_level(Level.BUILDING_GROUP))
    numbers = Counter(of_groups.zones(census.buildings["is_residential"]))
    for key, zone in groups.items():
        if census.households(key) and numbers[key] not in _GROUP_BUILDINGS:
            details = {"a": zone.name, "n": numbers[key]}
            yield Problem("W22", (key,), details, where=point_in(draft, key))


# --- W26, W27: hubs, and places ------------------------------------------------------------------------


def _without_hub(census: Census) -> Iterator[Problem]:
    """W26: a building group, or else a leaf, that has lost its hub households; a group that never had one.

    Where the register knows no hub household at all, there is nothing to compare with.
    """
    draft = census.comparison.after
    zones, before, after = census.groups()
    has_groups = Level.BUILDING_GROUP in draft.levels
    hubs = np.flatnonzero(census.rows["is_hub"])
    has_hub = set(after.zones(hubs))
    went: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for source, target in zip(before.zones(hubs), after.zones(hubs), strict=True):
        if target != SCOPE:
            went[source][target] += 1
    for key, zone in zones.items():
        if key in has_hub or not census.households(key) or not hubs.size:
            continue
        where = point_in(draft, key)
        if key in went:
            [(target, n)] = went[key].most_common(1)
            details = {"a": zone.name, "n": n, "b": draft.zones[target].name}
            yield Problem("W26", (key, target), details, where=where)
        elif has_groups:
            yield Problem("W26", (key,), {"a": zone.name}, where=where, variant="none")


def _without_place(census: Census) -> Iterator[Problem]:
    """W27: households without a place of their own, which go with their building for the time being."""
    rows, draft = census.rows, census.comparison.after
    by_building = ~rows["has_place"] & ~np.isnan(rows["x"]) & ~rows["by_record"] & (census.after.index >= 0)
    ids: defaultdict[str, list[int]] = defaultdict(list)
    for id_, key in zip(rows["id"][by_building].tolist(), census.after.zones(by_building), strict=True):
        ids[key].append(id_)
    for key, whom in ids.items():
        details = {"n": len(whom), "a": draft.zones[key].name}
        yield Problem("W27", (key,), details, where=point_in(draft, key), household_ids=tuple(sorted(whom)))


def _middle(census: Census) -> tuple[float, float]:
    return lonlat(census.comparison.after.ground.representative_point())
