"""The units in force on a day, with their lineage: from which unit the ground came, and by which plan."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from gis_grids.levels import Level
from gis_grids.models import Plan, UnitLineage, UnitVersion
from gis_grids.selectors import current_versions, descendant_ids, versions_to_export
from gis_grids.selectors.plans import plans_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from gis_grids.permissions import Scope


@dataclass(frozen=True, slots=True)
class Origin:
    """A unit from which ground came; ``plan_id`` is None where the reader may not open the plan."""

    name: str
    code: str
    area_m2: float
    plan: str
    plan_id: int | None
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit as it was on the day: ``since`` and ``until`` are those of this version, None without end."""

    code: str
    name: str
    parent: str
    since: dt.datetime | None
    until: dt.datetime | None
    origins: tuple[Origin, ...]


def moment_of(day: dt.date) -> dt.datetime:
    """Return the last moment of a day in the district's time zone; of today: now."""
    if day == timezone.localdate():
        return timezone.now()
    return timezone.make_aware(dt.datetime.combine(day, dt.time.max))


def units_on(reader: Scope, level: Level, under: str, when: dt.datetime) -> list[UnitRow]:
    """Return the units of a level in force then under a unit (its code), by code.

    Raises `NotFound` ("unit.unknown").
    """
    versions = list(versions_to_export(level=level, under=under, when=when))
    origins = _origins(reader, [version.unit_id for version in versions], when)
    parents = _names({version.parent_id for version in versions if version.parent_id}, when)
    return [
        UnitRow(
            version.unit.code,
            version.name,
            parents.get(version.parent_id or 0, ""),
            version.valid.lower,
            version.valid.upper,
            tuple(origins[version.unit_id]),
        )
        for version in versions
    ]


def choices_under(reader: Scope, when: dt.datetime) -> list[tuple[str, str]]:
    """Return the units that may be looked into: the reader's own and those below, down to communities."""
    own = descendant_ids(reader.roots(), when)
    rows = current_versions(when=when).filter(unit__in=own, depth__lte=Level.COMMUNITY.depth)
    return [(row.unit.code, row.name) for row in rows]


def changes_in(under: str) -> list[tuple[dt.date, str]]:
    """Return the days on which published plans came into force, or will, in a unit (its code) and below.

    A plan that was taken back before its day is none of them, nor is the one that took it back.
    """
    plans = Plan.objects.filter(status=Plan.Status.PUBLISHED, scope__code__startswith=under)
    restored = Plan.objects.filter(restores=OuterRef("pk"), effective_at=OuterRef("effective_at"))
    plans = plans.exclude(Exists(restored)).exclude(restores__effective_at=F("effective_at"))
    rows = plans.order_by("-effective_at").values_list("effective_at", "title")[:20]
    return [(timezone.localdate(at), title) for at, title in rows if at is not None]


def _origins(reader: Scope, unit_ids: Collection[int], when: dt.datetime) -> dict[int, list[Origin]]:
    rows = list(
        UnitLineage.objects.filter(target__in=unit_ids, plan__effective_at__lte=when)
        .select_related("plan", "source")
        .order_by("target", "plan__effective_at", "-area_m2")
    )
    names = _names({row.source_id for row in rows}, when)
    seen = set(plans_of(reader).filter(pk__in={row.plan_id for row in rows}).values_list("pk", flat=True))
    found: dict[int, list[Origin]] = defaultdict(list)
    for row in rows:
        if row.plan.effective_at is not None:
            origin = Origin(
                names.get(row.source_id, row.source.code),
                row.source.code,
                row.area_m2,
                row.plan.title,
                row.plan_id if row.plan_id in seen else None,
                row.plan.effective_at,
            )
            found[row.target_id].append(origin)
    return found


def _names(unit_ids: Iterable[int], when: dt.datetime) -> dict[int, str]:
    """Return what units were called at a time, or, those that have ended, at last."""
    versions = UnitVersion.objects.filter(unit__in=set(unit_ids), valid__startswith__lte=when)
    return dict(versions.order_by("valid").values_list("unit", "name"))
