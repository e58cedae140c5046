"""What is wrong with a plan: its tiling, its staff, its shapes, and what the floors above find."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, cast

import shapely
from django.contrib.auth import get_user_model
from django.utils import timezone
from shapely.geometry import mapping

from gis_grids import hooks
from gis_grids.drafts import SCOPE, Draft
from gis_grids.drafts.comparison import Problem
from gis_grids.geometry.gates import check_tiling
from gis_grids.models import Publication
from gis_grids.people import name_of
from gis_grids.selectors.plans.drafts import change_times, comparison, taken_back
from gis_grids.selectors.plans.figures import compactness, counted, held_posts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from shapely import Polygon

    from gis_grids.drafts.comparison import Comparison
    from gis_grids.drafts.zones import Shape
    from gis_grids.geometry.gates import Finding
    from gis_grids.models import Plan

#: Below this a shape is told to be a strip (I30); a square has 0.79.
STRIP: Final = 0.2
#: What these tell of is ground that can be seen on a map.
_GROUND: Final = ("E01", "E02", "E03")
_ORDER: Final = {"E": 0, "W": 1, "I": 2}


def problems_of(plan: Plan) -> list[Problem]:
    """Return everything wrong with a plan, errors first, by code (planner.md 4.4).

    What was so before, of zones that the plan leaves as they are, is inherited: told, and nothing more. A
    tiling (E01 to E06) is the plan's own affair wherever it is broken. A published plan has those that it had
    when it was published; none, if they are not known (`are_problems_known`).
    """
    if plan.status == plan.Status.PUBLISHED:
        kept = Publication.objects.values_list("problems", flat=True).get(plan=plan)
        return [Problem.from_json(each) for each in kept or ()]
    return sorted([*stale_base(plan), *problems_in(comparison(plan))], key=_order)


def are_problems_known(plan: Plan) -> bool:
    """Return False for a plan that was published before its problems were kept with it."""
    return not Publication.objects.filter(plan=plan, problems__isnull=True).exists()


def problems_in(compared: Comparison) -> list[Problem]:
    """Return the same but for what came after the plan (E10)."""
    broken = compared.once(broken_tiling)
    found = [*_parts(compared.after, compared.at), *_staff(compared), *_strips(compared.after)]
    for check in hooks.plan_checks:
        found += check(compared)
    changed = set(compared.changed)
    found = [replace(each, is_inherited=changed.isdisjoint(each.zones or changed)) for each in found]
    return sorted([*broken, *found], key=_order)


def _order(problem: Problem) -> tuple[int, str, tuple[str, ...]]:
    return _ORDER[problem.severity], problem.code, problem.zones


def stale_base(plan: Plan) -> Iterator[Problem]:
    """E10: the boundaries in the scope changed, or will, after the plan was begun."""
    if plan.status == plan.Status.PUBLISHED:
        return
    times = change_times(plan.scope_id, plan.base_at)
    later = [at for at in times if at > plan.base_at]
    restoring = taken_back(plan)
    if restoring is not None:
        later.append(restoring.publication.at)
        times.append(restoring.publication.at)
    if later:
        details = {
            "changed": f"{timezone.localtime(later[-1]):%Y-%m-%d %H:%M}",
            "base": f"{timezone.localtime(plan.base_at):%Y-%m-%d %H:%M}",
            "v": len(times),
            "b": len(times) - len(later),
        }
        yield Problem("E10", (), details)


def broken_tiling(compared: Comparison) -> list[Problem]:
    """Return the `tiling_problems` of what a plan wants."""
    return list(tiling_problems(compared.after))


def tiling_problems(draft: Draft) -> Iterator[Problem]:
    """E01 to E03, E05 and E06: the leaves don't tile the scope."""
    keys = list(draft.leaves)
    shapes = [cast("Shape", zone.shape) for zone in draft.leaves.values()]
    names = [zone.name for zone in draft.leaves.values()]
    findings = check_tiling(shapes, draft.ground, names=names, parent_name=draft.scope_name, allow_parts=True)
    gaps = [finding for finding in findings if finding.code == "E01"]
    if gaps:
        largest = max(gaps, key=lambda gap: gap.size)
        details = {
            "scope": draft.scope_name,
            "n": len(gaps),
            "area": round(sum(gap.size for gap in gaps), 1),
            "largest": round(largest.size, 1),
        }
        zones = tuple(sorted({keys[n] for gap in gaps for n in gap.units}))
        yield Problem("E01", zones, details, (largest.where.x, largest.where.y), ground=_ground(gaps))
    for finding in findings:
        if finding.code != "E01":
            zones = tuple(keys[n] for n in finding.units)
            where = (finding.where.x, finding.where.y)
            more = {"scope": draft.scope_name, "area": finding.details.get("area", 0)}
            yield Problem(finding.code, zones, {**finding.details, **more}, where, ground=_ground([finding]))


def _ground(findings: Iterable[Finding]) -> dict[str, Any] | None:
    """Return what lies in no zone, in two, or beyond the scope, as GeoJSON."""
    shapes = [finding.geometry for finding in findings if finding.code in _GROUND]
    return dict(mapping(shapely.union_all(shapes))) if shapes else None


def _parts(draft: Draft, at: datetime) -> Iterator[Problem]:
    """E04: a grid falls apart. Legal divisions may have exclaves."""
    grids = {key: zone for key, zone in draft.zones.items() if not zone.level.is_administrative}
    counts = shapely.get_num_geometries([draft.shape_of(key) for key in grids])
    for (key, zone), count in zip(grids.items(), counts, strict=True):
        if count > 1:
            parts = shapely.get_parts(draft.shape_of(key))
            smallest = min(parts, key=shapely.area)
            place = shapely.point_on_surface(smallest)
            details = {"a": zone.name, "n": len(parts), "h": _households(draft, key, smallest, at)}
            yield Problem("E04", (key,), details, (place.x, place.y))


def _households(draft: Draft, key: str, part: Polygon, at: datetime) -> int:
    """Return how many households a part of a zone has."""
    alone = replace(draft.zones[key], key="part", parent=SCOPE, shape=part, unit_id=None)
    return round(counted(Draft({"part": alone}, part), ["part"], at)["part"].get("households", 0))


def _staff(compared: Comparison) -> Iterator[Problem]:
    """W25: a zone of a level that has posts has nobody, or one person has the households of several grids."""
    draft = compared.after
    posts = held_posts(draft, draft.zones, compared.at, compared)
    held = {key: set(holders) for key, holders in posts.items()}
    levels = {zone.level for zone in draft.zones.values() if held.get(zone.key)}
    grids: dict[int, list[str]] = defaultdict(list)
    for key, zone in draft.zones.items():
        if zone.level in levels and not held.get(key) and not zone.purpose:
            yield Problem("W25", (key,), {"a": zone.name}, _inside(draft, key))
        if zone.level in compared.norms:
            for holder in held.get(key, ()):
                grids[holder].append(key)
    several = {holder: keys for holder, keys in grids.items() if len(keys) > 1}
    names = {person.pk: name_of(person) for person in get_user_model().objects.filter(pk__in=several)}
    for holder, keys in several.items():
        counts = counted(draft, keys, compared.at, compared)
        households = round(sum(counts[key].get("households", 0) for key in keys))
        if households > compared.norms[draft.zones[keys[0]].level].most:
            details = {"who": names[holder], "n": len(keys), "h": households}
            yield Problem("W25", tuple(keys), details, _inside(draft, keys[0]), variant="many")


def _strips(draft: Draft) -> Iterator[Problem]:
    """I30: a long, thin shape."""
    figures = compactness([draft.shape_of(key) for key in draft.zones])
    for zone, pp in zip(draft.zones.values(), figures, strict=True):
        if pp < STRIP:
            details = {"a": zone.name, "pp": f"{pp:.2f}"}
            yield Problem("I30", (zone.key,), details, _inside(draft, zone.key))


def _inside(draft: Draft, key: str) -> tuple[float, float]:
    place: Any = shapely.point_on_surface(draft.shape_of(key))
    return place.x, place.y
