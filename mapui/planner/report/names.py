"""The households that a plan moves, one by one: masked, or named for a reason that goes on record."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import IO, TYPE_CHECKING, Any, Final, cast

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gis_grids.errors import BadInput
from gis_grids.sheets import Sheet, write_csv
from households.permissions import named_roots
from households.selectors.plan_impact import named_moves
from households.services.access import reveal_moves
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


@require_http_methods(["GET", "HEAD", "POST"])
@plan_page
def households(request: HttpRequest, plan: Plan) -> HttpResponse:
    """List the households that a plan moves: masked; who posts a reason reads the names that he may."""
    read = read_report(request, plan, reach_of(request))
    try:
        moves = _moves(request, read)
    except BadInput as error:
        return _page(request, read, _masked(request, read), fault=str(error))
    if "csv" in request.POST:
        return _file(request, read, moves)
    return _page(request, read, moves)


@require_safe
@plan_page
def households_csv(request: HttpRequest, plan: Plan) -> HttpResponse:
    """Send the masked list as a CSV file."""
    read = read_report(request, plan, reach_of(request))
    return _file(request, read, _masked(request, read))


def _page(request: HttpRequest, read: Report, moves: list[NamedMove], fault: str = "") -> HttpResponse:
    names = Names(read)
    context: dict[str, Any] = {
        "plan": read.plan,
        "here": "report",
        "report": read,
        "query": query_of(read),
        "count": len(moves),
        "moves": [(move, names[move.source], names[move.target]) for move in moves[:MOST_SHOWN]],
        "may_name": bool(named_roots(reach_of(request))),
        "named": sum(move.is_named for move in moves),
        "reason": request.POST.get("reason", ""),
        "fault": fault,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK
    return render(request, "planner/report/households.html", context, status=status)


def _file(request: HttpRequest, read: Report, moves: list[NamedMove]) -> HttpResponse:
    headings = [
        _("Household"),
        _("Householder"),
        _("Telephone"),
        _("Address"),
        _("Building"),
        _("From"),
        _("To"),
    ]
    response = attachment(f"plan-{read.plan.pk}-households.csv", CSV)
    sheet = Sheet(title=_("Households"), headings=headings, rows=_rows(moves, Names(read)))
    write_csv(cast("IO[bytes]", response), sheet)
    log.info("households of plan %s exported by user %s: %s rows", read.plan.pk, request.user.pk, len(moves))
    return response


def _moves(request: HttpRequest, read: Report) -> list[NamedMove]:
    if request.method != "POST":
        return _masked(request, read)
    return reveal_moves(
        plan_id=read.plan.pk,
        moves=_of(read),
        reason=request.POST.get("reason", ""),
        reader=request.user,  # type: ignore[arg-type]
    )


def _masked(request: HttpRequest, read: Report) -> list[NamedMove]:
    return named_moves(reach_of(request), _of(read))


def _of(read: Report) -> list[dict[str, Any]]:
    """Return who changes the grid on the report's level; on the lowest, in reports from before that."""
    found: dict[str, Any] = read.data.get("households", {})
    levels: list[dict[str, Any]] = found.get("levels", [])
    own = next((level for level in levels if level["level"] == read.level), {})
    moves: list[dict[str, Any]] = own.get("moves", found.get("moves", []))
    return moves


def _rows(moves: list[NamedMove], names: Names) -> Iterator[list[Value]]:
    for move in moves:
        way = [names[move.source], names[move.target]]
        yield [move.household_id, move.householder, move.phone, move.address, move.building, *way]
