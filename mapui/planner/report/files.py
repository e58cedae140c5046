"""The report as the sheets of a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from gis_grids.people import name_of
from gis_grids.sheets import Sheet
from mapui.planner.report import households
from mapui.planner.report.rows import FIGURES, worker_rows, zone_rows
from mapui.planning.shown import problems_shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gis_grids.sheets import Value
    from mapui.planner.report.reading import Report
    from mapui.planning.changes import Deviation

CSV: Final = "text/csv; charset=utf-8"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def attachment(name: str, content_type: str) -> HttpResponse:
    """Return an empty answer that is stored as a file."""
    return HttpResponse(
        content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def sheets_of(report: Report) -> Iterator[Sheet]:
    """Yield the sheets: what plan it is, then one for each part of the report."""
    before, after = report.titles
    yield Sheet(title=_("Plan"), headings=[_("What"), _("Text")], rows=_about(report))
    figures = [f"{heading}: {side}" for heading in FIGURES.values() for side in (before, after)]
    deviation = _("Deviation from the norm")
    off = [f"{deviation}: {side}" for side in (before, after)]
    headings = [_("Code"), _("Name"), _("Former name"), _("Change"), *figures, *off]
    yield Sheet(title=_("Grids"), headings=headings, rows=_zones(report))
    counts = [str(FIGURES[name]) for name in households.COUNTED]
    yield Sheet(title=_("From to"), headings=[_("From"), _("To"), *counts], rows=_matrix(report))
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
    headings = [_("Building"), _("From"), _("To"), _("Households")]
    yield Sheet(title=_("Notice boards"), headings=headings, rows=_boards(report))
    sides = [f"{what}: {side}" for what in (_("Hub households"), _("Stewards")) for side in (before, after)]
    yield Sheet(title=_("Groups"), headings=[_("Grid"), *sides], rows=_groups(report))
    headings = [_("Building or compound"), _("Grids"), _("Households")]
    yield Sheet(title=_("Divided"), headings=headings, rows=_splits(report))
    headings = [_("Number"), _("Matter"), _("From"), _("To"), _("Now with"), _("Then with")]
    yield Sheet(title=_("Open cases"), headings=headings, rows=_cases(report))
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


def _matrix(report: Report) -> Iterator[list[Value]]:
    for source, target, counts in households.matrix(report).pairs:
        yield [source, target, *counts.values()]


def _boards(report: Report) -> Iterator[list[Value]]:
    for board in households.boards(report):
        yield [board.name, board.source, board.target, board.households]


def _groups(report: Report) -> Iterator[list[Value]]:
    for group in households.groups(report):
        hubs, stewards = group.hubs, group.stewards
        yield [group.name, hubs.before, hubs.after, stewards.before, stewards.after]


def _splits(report: Report) -> Iterator[list[Value]]:
    for split in households.splits(report):
        yield [split.name, split.zones, split.households]


def _cases(report: Report) -> Iterator[list[Value]]:
    for case in households.cases(report):
        yield [case.number, case.matter, case.source, case.target, case.owner, case.future]


def _percent(deviation: Deviation | None) -> str:
    return f"{deviation.share:+.0%}" if deviation else ""


def _people(report: Report) -> Iterator[list[Value]]:
    for row in worker_rows(report):
        zones, households = row.zones, row.households
        counts = [zones.before, zones.after, households.before, households.after]
        yield [row.name, *counts, row.former, row.names]


def _problems(report: Report) -> Iterator[list[Value]]:
    found = problems_shown(report.plan)
    if found["unknown"]:
        yield ["", found["unknown"], ""]
    for problem in found["problems"]:
        yield [problem["code"], problem["message"], problem["reason"]]
