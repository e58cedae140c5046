"""The impact report as a page, a workbook and a dossier."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any, cast

from django.shortcuts import render
from django.views.decorators.http import require_safe

from gis_grids.sheets import write_xlsx
from mapui.planner.doors import plan_page, reach_of
from mapui.planner.pictures import pictures_of
from mapui.planner.report import households
from mapui.planner.report.dossier import dossier_of
from mapui.planner.report.files import XLSX, attachment, sheets_of
from mapui.planner.report.reading import comparable, query_of, read_report
from mapui.planner.report.rows import FIGURES, totals, worker_rows, zone_rows
from mapui.planning.shown import problems_shown

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from gis_grids.models import Plan
    from mapui.planner.report.reading import Report


@require_safe
@plan_page
def report(request: HttpRequest, plan: Plan) -> HttpResponse:
    """Show what a plan changes, beside today or beside another plan."""
    reader = reach_of(request)
    read = read_report(request, plan, reader)
    context = tables(read) | {
        "plan": plan,
        "here": "report",
        "others": comparable(plan, reader),
        "pictures": pictures_of(read.sides, read.titles),
        "query": query_of(read),
    }
    return render(request, "planner/report/report.html", context)


@require_safe
@plan_page
def workbook(request: HttpRequest, plan: Plan) -> HttpResponse:
    """Send the report as a workbook of several sheets."""
    read = read_report(request, plan, reach_of(request))
    response = attachment(f"plan-{plan.pk}-report.xlsx", XLSX)
    write_xlsx(cast("IO[bytes]", response), sheets_of(read))
    return response


@require_safe
@plan_page
def dossier(request: HttpRequest, plan: Plan) -> HttpResponse:
    """Send the dossier: one file with everything in it, for the archive, the printer and the meeting."""
    read = read_report(request, plan, reach_of(request))
    response = attachment(f"plan-{plan.pk}-dossier.html", "text/html; charset=utf-8")
    response.write(dossier_of(read, tables(read)))
    return response


def tables(read: Report) -> dict[str, Any]:
    """Return what the page and the dossier show alike."""
    zones = zone_rows(read)
    found = problems_shown(read.plan)
    own = [problem for problem in found["problems"] if not problem["inherited"]]
    return {
        "report": read,
        "headings": FIGURES.values(),
        "zones": zones,
        "totals": totals(zones),
        "workers": worker_rows(read),
        "keeping": households.keeping(read),
        "matrix": households.matrix(read),
        "boards": households.boards(read),
        "groups": households.groups(read),
        "splits": list(households.splits(read)),
        "cases": households.cases(read),
        "open_cases": households.open_cases(read),
        "found": found | {"problems": own, "inherited": len(found["problems"]) - len(own)},
    }
