"""What is wrong with a plan: its tiling, its staff, its shapes, and what the floors above find."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import shapely

from gis_grids import hooks
from gis_grids.drafts.comparison import Problem
from gis_grids.geometry.coordinates import geodesic_area
from gis_grids.geometry.gates import check_tiling
from gis_grids.models import Post
from gis_grids.selectors.plans.drafts import comparison, latest_change
from gis_grids.selectors.plans.figures import compactness

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gis_grids.drafts.comparison import Comparison
    from gis_grids.drafts.zones import Draft
    from gis_grids.models import Plan

#: Below this a shape is told to be a strip (I30); a square has 0.79.
STRIP: Final = 0.2
_ORDER: Final = {"E": 0, "W": 1, "I": 2}


def problems_of(plan: Plan) -> list[Problem]:
    """Return everything wrong with a plan, errors first, by code (planner.md 4.4)."""
    compared = comparison(plan)
    found = [*stale_base(plan), *tiling_problems(compared.after), *_parts(compared.after)]
    found += [*_staff(compared), *_strips(compared.after)]
    for check in hooks.plan_checks:
        found += check(compared)
    return sorted(found, key=lambda problem: (_ORDER[problem.severity], problem.code, problem.zones))


def stale_base(plan: Plan) -> Iterator[Problem]:
    """E10: the boundaries in the scope changed, or will, after the plan was begun."""
    changed = latest_change(plan.scope_id, plan.base_at)
    if changed is not None and changed > plan.base_at and plan.status != plan.Status.PUBLISHED:
        details = {"changed": f"{changed:%Y-%m-%d %H:%M}", "base": f"{plan.base_at:%Y-%m-%d %H:%M}"}
        yield Problem("E10", (), details)


def tiling_problems(draft: Draft) -> Iterator[Problem]:
    """E01 to E03, E05 and E06: the leaves don't tile the scope."""
    leaves = draft.leaves
    keys = list(leaves)
    names = [leaves[key].name for key in keys]
    shapes = [leaves[key].shape for key in keys]
    findings = check_tiling(
        [shape for shape in shapes if shape is not None],
        draft.ground,
        names=names,
        parent_name=draft.scope_name,
        allow_parts=True,
    )
    for finding in findings:
        zones = tuple(keys[n] for n in finding.units)
        where = (finding.where.x, finding.where.y)
        yield Problem(finding.code, zones, {**finding.details, "scope": draft.scope_name}, where)


def _parts(draft: Draft) -> Iterator[Problem]:
    """E04: a grid falls apart. Legal divisions may have exclaves."""
    for key, zone in draft.zones.items():
        if zone.level.is_administrative:
            continue
        parts = shapely.get_parts(draft.shape_of(key))
        if len(parts) > 1:
            smallest = min(parts, key=shapely.area)
            place = shapely.point_on_surface(smallest)
            details = {"a": zone.name, "n": len(parts), "area": round(geodesic_area(smallest), 1)}
            yield Problem("E04", (key,), details, (place.x, place.y))


def _staff(compared: Comparison) -> Iterator[Problem]:
    """W25: a zone of the level that has posts has nobody."""
    draft = compared.after
    units = {zone.unit_id for zone in compared.before.zones.values() if zone.unit_id}
    held = Post.objects.filter(unit__in=units, term__contains=compared.at, holder__isnull=False)
    staffed = set(held.values_list("unit", flat=True))
    before = compared.before.zones.values()
    levels = {zone.level for zone in before if zone.unit_id in staffed}
    for key, zone in draft.zones.items():
        named = zone.staff is not None and any(one.holder is not None for one in zone.staff)
        kept = zone.staff is None and zone.unit_id in staffed
        if zone.level in levels and not (named or kept or zone.purpose):
            yield Problem("W25", (key,), {"a": zone.name}, _inside(draft, key))


def _strips(draft: Draft) -> Iterator[Problem]:
    """I30: a long, thin shape."""
    for key, zone in draft.zones.items():
        pp = compactness(draft.shape_of(key))
        if pp < STRIP:
            yield Problem("I30", (key,), {"a": zone.name, "pp": f"{pp:.2f}"}, _inside(draft, key))


def _inside(draft: Draft, key: str) -> tuple[float, float]:
    place: Any = shapely.point_on_surface(draft.shape_of(key))
    return place.x, place.y
