"""The report as the sheets of a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from gis_grids.people import name_of
from gis_grids.sheets import Sheet
from mapui.planner.report.rows import FIGURES, worker_rows, zone_rows
from mapui.planning.shown import problems_shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gis_grids.sheets import Value
    from mapui.planner.report.reading import Report
    from mapui.planning.changes import Deviation

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def sheets_of(report: Report) -> Iterator[Sheet]:
    """Yield the sheets: what plan it is, its zones, its people, its problems."""
    before, after = report.titles
    yield Sheet(title=_("Plan"), headings=[_("What"), _("Text")], rows=_about(report))
    figures = [f"{heading}: {side}" for heading in FIGURES.values() for side in (before, after)]
    off = [f"{_('Deviation from the norm')}: {side}" for side in (before, after)]
    headings = [_("Code"), _("Name"), _("Former name"), _("Change"), *figures, *off]
    yield Sheet(title=_("Grids"), headings=headings, rows=_zones(report))
    headings = [
        _("Person"),
        f"{_('Grids')}: {before}",
        f"{_('Grids')}: {after}",
        f"{_('Households')}: {before}",
        f"{_('Households')}: {after}",
        before,
        after,
    ]
    yield Sheet(title=_("People"), headings=headings, rows=_people(report))
    headings = [_("Code"), _("Problem"), _("Reason")]
    yield Sheet(title=_("Problems"), headings=headings, rows=_problems(report))


def _about(report: Report) -> Iterator[list[Value]]:
    plan = report.plan
    yield [_("Plan"), plan.title]
    yield [_("Scope"), report.scope_name]
    yield [_("Level"), str(report.level.label)]
    yield [_("Compared with"), report.titles[0]]
    yield [_("Status"), plan.get_status_display()]
    yield [_("Reason"), plan.purpose]
    yield [_("Norm"), report.norm.basis if report.norm else ""]
    yield [_("Author"), name_of(plan.author)]
    yield [_("Printed"), timezone.localtime()]


def _zones(report: Report) -> Iterator[list[Value]]:
    for row in zone_rows(report):
        numbers = [number for change in row.figures.values() for number in (change.before, change.after)]
        off = [_percent(row.was_off), _percent(row.is_off)]
        yield [row.code, row.name, row.former_name, str(row.kind), *numbers, *off]


def _percent(deviation: Deviation | None) -> str:
    return f"{deviation.share:+.0%}" if deviation else ""


def _people(report: Report) -> Iterator[list[Value]]:
    for row in worker_rows(report):
        zones, households = row.zones, row.households
        counts = [zones.before, zones.after, households.before, households.after]
        yield [row.name, *counts, row.former, row.names]


def _problems(report: Report) -> Iterator[list[Value]]:
    for problem in problems_shown(report.plan)["problems"]:
        yield [problem["code"], problem["message"], problem["reason"]]
