"""The catalogue of matters: what can be reported now, and how each matter was before."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from gis_grids.people import name_of
from incidents.models import Matter, Mode
from incidents.workflow import Priority

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.db.models import QuerySet

#: Every combination of priority and mode: a matter has a limit for each.
CASES_OF_LIMITS = tuple((priority, mode) for priority in Priority for mode in Mode)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The three limits for one priority and mode, in minutes of the time that counts (``calendar``)."""

    feedback_minutes: int
    handling_minutes: int
    resolve_minutes: int
    calendar: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterFields:
    """All that one edits of a matter; see `Matter` and `TimeLimit` for what each field means."""

    name_zh: str
    name_en: str
    matter_class: str
    bearer: str
    icon: str
    colour: str
    limits: Mapping[tuple[Priority, Mode], Limits]
    order: int = 0
    legal_basis: str = ""
    needs_photo: bool = False
    is_errand: bool = False
    errand_steps: tuple[str, ...] = ()
    is_private: bool = False
    is_for_residents: bool = False
    route: tuple[str, ...] = ()
    is_automatic: bool = False
    nearby_m: int = 100
    nearby_hours: int = 72


#: The fields that are columns of the matter itself.
PLAIN_FIELDS = tuple(name for name in MatterFields.__annotations__ if name != "limits")
_LISTS = frozenset({"errand_steps", "route"})


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """One version of a matter: what it said, who made it and when, and what it changed.

    ``changed`` are names of `MatterFields`, none for the first version. ``withdrawn_at`` is set when the
    matter was withdrawn while this was its version.
    """

    matter: Matter
    at: datetime
    by: str
    changed: tuple[str, ...]
    withdrawn_at: datetime | None
    withdrawn_by: str


def current_matters() -> QuerySet[Matter]:
    """Return the matters that can be reported now, in the order of the catalogue."""
    return Matter.objects.filter(is_current=True).prefetch_related("limits")


def latest_matters() -> QuerySet[Matter]:
    """Return each matter in its latest version, in the order of the catalogue; withdrawn ones, too."""
    latest = Matter.objects.order_by("code", "-version").distinct("code")
    return Matter.objects.filter(pk__in=latest.values("pk")).prefetch_related("limits")


def fields_of(matter: Matter) -> MatterFields:
    """Return what a version of a matter says, to be edited or compared."""
    plain = {name: getattr(matter, name) for name in PLAIN_FIELDS}
    plain |= {name: tuple(plain[name]) for name in _LISTS}
    limits = {
        (Priority(each.priority), Mode(each.mode)): Limits(
            feedback_minutes=each.feedback_minutes,
            handling_minutes=each.handling_minutes,
            resolve_minutes=each.resolve_minutes,
            calendar=each.calendar,
        )
        for each in matter.limits.all()
    }
    return MatterFields(**plain, limits=limits)


def matter_versions(code: str) -> list[VersionRow]:
    """Return all versions of a matter, the latest first; none if there never was such a matter."""
    versions = list(
        Matter.objects.filter(code=code)
        .select_related("changed_by", "withdrawn_by")
        .prefetch_related("limits")
        .order_by("version")
    )
    rows, before = [], None
    for matter in versions:
        now = fields_of(matter)
        rows.append(_version_row(matter, changed_fields(before, now) if before else ()))
        before = now
    return rows[::-1]


def _version_row(matter: Matter, changed: tuple[str, ...]) -> VersionRow:
    return VersionRow(
        matter=matter,
        at=matter.changed_at,
        by=name_of(matter.changed_by) if matter.changed_by else "",
        changed=changed,
        withdrawn_at=matter.withdrawn_at,
        withdrawn_by=name_of(matter.withdrawn_by) if matter.withdrawn_by else "",
    )


def changed_fields(before: MatterFields, now: MatterFields) -> tuple[str, ...]:
    """Return the names of the fields in which two versions differ."""
    return tuple(
        name for name in (*PLAIN_FIELDS, "limits") if attrgetter(name)(before) != attrgetter(name)(now)
    )
