"""Plans as drafts: the boundaries that a plan is based on, with what it has drawn over them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, cast

import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.db.models import DateTimeField, Func, Max, Q
from django.db.models.functions import Collate
from django.utils import timezone

from gis_grids.drafts import SCOPE, Draft, Zone
from gis_grids.drafts.comparison import Comparison
from gis_grids.drafts.images import plain, staff_from_json
from gis_grids.drafts.matching import matched
from gis_grids.levels import Level
from gis_grids.models import PlanOperation, PlanZone, UnitVersion
from gis_grids.models.shapes import from_stored
from gis_grids.selectors.hierarchy import ancestors, descendant_ids
from gis_grids.selectors.maps import map_version
from gis_grids.selectors.plans.norms import norms_of

if TYPE_CHECKING:
    from datetime import datetime

    from shapely import MultiPolygon

    from gis_grids.models import Plan

_BASES, _DRAFTS = 8, 32
_SAID: Final = ("parent", "name", "unit_id", "code", "purpose", "is_locked")
_COLUMNS: Final = ("key", "ended", "level", "staff", *_SAID)


class _Bound(Func):
    """An end of a range of time."""

    output_field = DateTimeField()


def key_of(unit_id: int) -> str:
    """Return the key under which a plan has a unit."""
    return f"u{unit_id}"


def draft_of(plan: Plan) -> Draft:
    """Return a plan's zones as they are drawn now."""
    last = PlanOperation.objects.filter(plan=plan).aggregate(pk=Max("pk"))["pk"]
    return _drawn(plan.pk, last, plan.scope_id, plan.base_at, map_version("units"))


def base_draft(scope_id: int, at: datetime) -> Draft:
    """Return the units below a scope at a time as a draft: what a plan would start from."""
    return _base(scope_id, at, map_version("units"))


def comparison(plan: Plan, *, other: Plan | None = None) -> Comparison:
    """Return a plan beside the boundaries that it is based on, or beside another plan of its scope.

    What is published is compared with what was before. What both plans begin has this plan's key.
    """
    after = draft_of(plan)
    before = base_draft(plan.scope_id, plan.base_at) if other is None else matched(draft_of(other), after)
    at = max(timezone.now(), plan.base_at) if plan.status != plan.Status.PUBLISHED else plan.base_at
    return Comparison(before, after, at, norms_of(plan.scope_id))


def taken_back(plan: Plan) -> Plan | None:
    """Return the plan that has taken back the boundaries to come on which a plan was begun, if one has.

    They will never have been: what is in force at the time on which it is based is what was before.
    """
    restoring = type(plan).objects.filter(
        restores__effective_at=plan.base_at,
        effective_at=plan.base_at,
        publication__at__gt=_based_since(plan),
    )
    if not restoring.exists():
        return None
    above = ancestors([plan.scope_id], plan.base_at).get(plan.scope_id, ())
    inside = descendant_ids([plan.scope_id], plan.base_at)
    near = restoring.filter(Q(scope__in=inside) | Q(scope__in=above))
    return near.select_related("publication").first()


def _based_since(plan: Plan, until: datetime | None = None) -> datetime:
    """Return when a plan, as it was at a time, took its base: by a sync, or when it (or its source) began."""
    syncs = PlanOperation.objects.filter(plan=plan, kind="sync", at__lte=until or timezone.now())
    synced = syncs.aggregate(at=Max("at"))["at"]
    if synced is None and plan.copied_from is not None:
        return _based_since(plan.copied_from, plan.created_at)
    return synced or plan.created_at


def change_times(scope_id: int, at: datetime) -> list[datetime]:
    """Return when the boundaries in a scope changed, or will: of the units in it at a time, and new ones."""
    inside = descendant_ids([scope_id], at)
    bounds = {side: _Bound("valid", function=side) for side in ("lower", "upper")}
    versions = UnitVersion.objects.exclude(unit=scope_id).annotate(**bounds).values_list(*bounds)
    times = versions.filter(unit__in=inside).union(versions.filter(parent__in=inside))
    return sorted({when for pair in times for when in pair if when is not None})


# What the last operation left never changes (a number that was rolled back is not given again), nor do the
# boundaries of a time; but for vertices that a neighbour gets, which raise the version of the map.
@lru_cache(maxsize=_DRAFTS)
def _drawn(plan_id: int, _last: int | None, scope_id: int, base_at: datetime, version: int) -> Draft:
    base = _base(scope_id, base_at, version)
    rows = PlanZone.objects.filter(plan=plan_id).values_list(*_COLUMNS, AsWKB("boundary"))
    ended, drawn = set(), {}
    for key, is_ended, level, staff, *said, boundary in rows:
        if is_ended:
            ended.add(key)
            continue
        shape = None if boundary is None else plain(cast("MultiPolygon", shapely.from_wkb(bytes(boundary))))
        attributes = dict(zip(_SAID, said, strict=True))
        drawn[key] = Zone(key, Level(level), shape=shape, staff=staff_from_json(staff), **attributes)
    zones = {key: zone for key, zone in {**base.zones, **drawn}.items() if key not in ended}
    return Draft(zones, base.ground, base.scope_name)


@lru_cache(maxsize=_BASES)
def _base(scope_id: int, at: datetime, _version: int) -> Draft:
    scope = UnitVersion.objects.get(unit=scope_id, valid__contains=at)
    inside = UnitVersion.objects.filter(unit__in=descendant_ids([scope_id], at), valid__contains=at)
    versions = inside.exclude(unit=scope_id).order_by("depth", Collate("unit__code", "C"))
    rows = list(versions.values_list("unit_id", "parent_id", "name", "unit__code", "unit__level"))
    parents = {parent for _unit, parent, *_rest in rows}
    leaves = inside.exclude(unit__in=parents).values_list("unit_id", AsWKB("boundary"))
    ids, stored = [], []
    for unit, boundary in leaves:
        ids.append(unit)
        stored.append(bytes(boundary))
    shapes = dict(zip(ids, cast("Any", shapely.from_wkb(stored)), strict=True))
    zones = {}
    for unit, parent, name, code, level in rows:
        shape = plain(shapes[unit]) if unit in shapes else None
        above = SCOPE if parent == scope_id else key_of(parent)
        zones[key_of(unit)] = Zone(key_of(unit), Level(level), above, name, shape, unit_id=unit, code=code)
    return Draft(zones, plain(cast("MultiPolygon", from_stored(scope.boundary))), scope.name)
