"""The households that a plan moves, one by one: named or masked, as the register's own rights have it."""

from __future__ import annotations

import logging
from typing import IO, TYPE_CHECKING, Any, Final, cast

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gis_grids.sheets import Sheet, write_csv
from households.selectors.plan_impact import named_moves
from mapui.planner.doors import plan_page, reach_of
from mapui.planner.report.files import CSV, attachment
from mapui.planner.report.households import Names
from mapui.planner.report.reading import query_of, read_report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest, HttpResponse

    from gis_grids.models import Plan
    from gis_grids.sheets import Value
    from households.selectors.plan_impact import NamedMove
    from mapui.planner.report.reading import Report

#: So many are shown on a page; the list to take along has them all.
MOST_SHOWN: Final = 500
log = logging.getLogger(__name__)


@require_safe
@plan_page
def households(request: HttpRequest, plan: Plan) -> HttpResponse:
    """List the households that a plan moves."""
    read = read_report(request, plan, reach_of(request))
    moves = _moves(request, read)
    names = Names(read)
    context: dict[str, Any] = {
        "plan": plan,
        "here": "report",
        "report": read,
        "query": query_of(read),
        "count": len(moves),
        "moves": [(move, names[move.source], names[move.target]) for move in moves[:MOST_SHOWN]],
    }
    return render(request, "planner/report/households.html", context)


@require_safe
@plan_page
def households_csv(request: HttpRequest, plan: Plan) -> HttpResponse:
    """Send the same list as a CSV file."""
    read = read_report(request, plan, reach_of(request))
    moves = _moves(request, read)
    headings = [
        _("Household"),
        _("Householder"),
        _("Telephone"),
        _("Address"),
        _("Building"),
        _("From"),
        _("To"),
    ]
    response = attachment(f"plan-{plan.pk}-households.csv", CSV)
    sheet = Sheet(title=_("Households"), headings=headings, rows=_rows(moves, Names(read)))
    write_csv(cast("IO[bytes]", response), sheet)
    log.info("households of plan %s exported by user %s: %s rows", plan.pk, request.user.pk, len(moves))
    return response


def _moves(request: HttpRequest, read: Report) -> list[NamedMove]:
    return named_moves(reach_of(request), read.data.get("households", {}).get("moves", []))


def _rows(moves: list[NamedMove], names: Names) -> Iterator[list[Value]]:
    for move in moves:
        way = [names[move.source], names[move.target]]
        yield [move.household_id, move.householder, move.phone, move.address, move.building, *way]
