"""The list of reports: who has written one on a quarter, and who hasn't."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Q
from django.utils import timezone

from gis_grids.levels import Level
from gis_grids.selectors import current_versions, descendant_ids
from incidents.selectors.quarterly import Quarter, reports_on

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

    from gis_grids.permissions import Scope
    from incidents.models import QuarterlyReport

#: More units than this are no list to look through.
MOST_UNITS: Final = 500
_QUARTER: Final = re.compile(r"(2\d{3})-([1-4])", re.ASCII)


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A unit down to the community, with its report on the quarter if there is one."""

    code: str
    name: str
    indent: str
    report: QuarterlyReport | None


def read_quarter(text: str) -> Quarter:
    """Return the quarter that an address names (``2026-3``); the last one that is over for anything else."""
    named = _QUARTER.fullmatch(text)
    if named and int(named[1]) < 2200:  # noqa: PLR2004 - as the table has it
        return Quarter(int(named[1]), int(named[2]))
    return Quarter.of(timezone.localdate()).before


def reports_listed(user: AbstractBaseUser, scope: Scope, quarter: Quarter) -> list[ReportRow]:
    """Return the units of the scope down to the community, its own always, and any that has a report."""
    reports = {report.unit_id: report for report in reports_on(user, quarter)}
    roots = scope.roots()
    listed = Q(depth__lte=Level.COMMUNITY.depth) | Q(unit__in=roots) | Q(unit__in=reports)
    found = current_versions().filter(listed, unit__in=descendant_ids(roots)).order_by("unit__code")
    rows = list(found.values_list("unit", "unit__code", "name", "depth")[:MOST_UNITS])
    top = min((depth for *_, depth in rows), default=0)
    return [
        ReportRow(code, name, "　" * (depth - top), reports.get(unit_id))
        for unit_id, code, name, depth in rows
    ]
