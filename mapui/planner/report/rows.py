"""The rows of a report's tables, for its page, its workbook and its dossier alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gis_grids.people import name_of
from gis_grids.sentences import listed
from mapui.planning.changes import Change, Deviation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.functional import _StrPromise

    from gis_grids.drafts.comparison import Norm
    from mapui.planner.report.reading import Report


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """A zone before and after."""

    name: str
    former_name: str
    code: str
    kind: _StrPromise
    mark: str
    figures: dict[str, Change]
    was_off: Deviation | None
    is_off: Deviation | None


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """A person with posts before and after: zones and households."""

    name: str
    zones: Change
    households: Change
    former: str
    names: str


#: The figures of a zone that the tables show, with their headings.
FIGURES: dict[str, _StrPromise] = {
    "households": _("Households"),
    "residents": _("Residents"),
    "party_households": _("Party households"),
    "hub_households": _("Hub households"),
    "buildings": _("Buildings"),
    "street_m": _("Border along streets, m"),
}
_KINDS = {
    "new": pgettext_lazy("zone", "new"),
    "ends": pgettext_lazy("zone", "ends"),
    "changes": pgettext_lazy("zone", "changes"),
}


def zone_rows(report: Report) -> list[ZoneRow]:
    """Return the zones of the report's level that differ."""
    return [
        _zone_row(zone, report.norm)
        for zone in report.data["zones"]
        if (zone["after"] or zone["before"])["level"] == report.level
    ]


def totals(rows: Iterable[ZoneRow]) -> dict[str, int]:
    """Return how many zones begin, change and end."""
    marks = [row.mark for row in rows]
    return {mark: marks.count(mark) for mark in _KINDS}


def worker_rows(report: Report) -> list[WorkerRow]:
    """Return those whose zones or households change, by name."""
    rows = report.data.get("workers", [])
    people = get_user_model().objects.in_bulk([row["holder"] for row in rows])
    found = [
        WorkerRow(
            name_of(people[row["holder"]]) if row["holder"] in people else "–",
            Change(row["before"]["zones"], row["after"]["zones"]),
            Change(row["before"]["households"], row["after"]["households"]),
            listed(row["before"]["names"]),
            listed(row["after"]["names"]),
        )
        for row in rows
    ]
    return sorted(found, key=lambda row: row.name)


def _zone_row(zone: dict[str, Any], norm: Norm | None) -> ZoneRow:
    before, after = zone["before"], zone["after"]
    mark = "changes" if before and after else "new" if after else "ends"
    shown = after or before
    return ZoneRow(
        name=shown["name"],
        former_name=before["name"] if before and before["name"] != shown["name"] else "",
        code=shown["code"],
        kind=_KINDS[mark],
        mark=mark,
        figures={name: Change(_figure(before, name), _figure(after, name)) for name in FIGURES},
        was_off=_deviation(before, norm),
        is_off=_deviation(after, norm),
    )


def _figure(side: dict[str, Any] | None, name: str) -> float | None:
    return side["figures"].get(name, 0) if side else None


def _deviation(side: dict[str, Any] | None, norm: Norm | None) -> Deviation | None:
    """Return how far a side is from the norm; the share is frozen, the tolerance is today's."""
    share = side["figures"].get("deviation") if side else None
    if share is None:
        return None
    return Deviation(share, norm is None or abs(share) <= norm.tolerance)
