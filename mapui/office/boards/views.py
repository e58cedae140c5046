"""The list of boards by state with its map, where boards are planned and prints begun; and the prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from django.contrib import messages
from django.core.files.storage import storages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gis_grids.errors import LingeError, NotFound
from gis_grids.levels import Level
from gis_grids.permissions import OFFICE as CLERKS
from gis_grids.selectors import current_versions
from households.models import BoardPrint
from households.selectors.boards import access_print, board_rows, boards_below
from households.services.board_prints import begin_print, stop_print
from households.services.boards import plan_boards
from incidents.storage import StoreAway
from mapui.faces import OFFICE, face_required
from mapui.office.boards.map import board_map
from mapui.office.reading import unit_in_scope
from mapui.office.rules.choices import unit_options
from mapui.office.statistics.files import attachment
from mapui.pages.boards import CHANGES, STATES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.contrib.auth.models import User
    from django.http import HttpRequest

    from gis_grids.models import UnitVersion
    from gis_grids.permissions import Scope
    from gis_grids.selectors import ChainLink
    from households.selectors.boards import BoardRow

PAGE_SIZE: Final = 50
#: After so many seconds the page of a print that runs is asked for again.
_AGAIN_S: Final = 2
#: What is asked for to have a board at each building rather than for units of a level.
BUILDINGS: Final = "building"


@never_cache
@face_required(OFFICE)
@require_safe
def boards(request: HttpRequest) -> HttpResponse:
    """Show the boards of a unit by state, as a list and on a map."""
    version, chain = _unit(request)
    rows = _rows(version)
    state = request.GET.get("state", "")
    wanted = [row for row in rows if row.state == state] if state in STATES else rows
    page = Paginator(wanted, PAGE_SIZE).get_page(request.GET.get("page"))
    scope = _scope(request)
    context = {
        "version": version,
        "units": unit_options(scope.roots(OFFICE.kinds), here=version.unit_id),
        "state": state,
        "states": [(each, label, sum(row.state == each for row in rows)) for each, label in STATES.items()],
        "rows": [(row, STATES[row.state], [CHANGES[change] for change in row.changes]) for row in page],
        "page": page,
        "total": len(rows),
        "wanted": len(wanted),
        "query": f"unit={version.unit_id}&state={state}",
        "map": board_map(version, rows) if rows else None,
        "levels": _levels(version),
        "may_plan": not scope.roots(CLERKS).isdisjoint(link.unit_id for link in chain),
        "prints": BoardPrint.objects.filter(unit=version.unit_id)[:5],
    }
    return render(request, "office/boards/list.html", context)


@never_cache
@face_required(OFFICE)
@require_POST
def plan(request: HttpRequest) -> HttpResponse:
    """Want boards in a unit: for the units of a level, or at each building."""
    version, _chain = _unit(request)
    chosen = request.POST.get("level", "")
    if chosen not in {BUILDINGS, *(level for level, _label in _levels(version))}:
        raise Http404
    try:
        new = plan_boards(
            actor=cast("User", request.user),
            unit_id=version.unit_id,
            level=None if chosen == BUILDINGS else Level(chosen),
        )
    except NotFound as error:
        raise Http404(str(error)) from error
    sentence = ngettext("%(n)s board is new in the list.", "%(n)s boards are new in the list.", new)
    messages.success(request, sentence % {"n": new})
    return redirect(f"{reverse('office_boards')}?unit={version.unit_id}")


@never_cache
@face_required(OFFICE)
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Begin to print the sheets of a unit's boards, or of those in a state."""
    version, _chain = _unit(request)
    state = request.POST.get("state", "")
    rows = [row for row in _rows(version) if state not in STATES or row.state == state]
    try:
        asked = begin_print(
            actor=cast("User", request.user),
            unit_id=version.unit_id,
            boards=[row.board.pk for row in rows],
            site=request.build_absolute_uri("/"),
            language=get_language() or "zh-hans",
        )
    except LingeError as error:
        messages.error(request, str(error))
        return redirect(f"{reverse('office_boards')}?unit={version.unit_id}")
    return redirect("office_boards_print", print_id=asked.pk)


@never_cache
@face_required(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def board_print(request: HttpRequest, print_id: int) -> HttpResponse:
    """Show how far a print is; posted, stop it."""
    asked = _print(request, print_id)
    if request.method == "POST":
        stop_print(print_id=asked.pk)
        return redirect("office_boards_print", print_id=asked.pk)
    again = _AGAIN_S if asked.state == BoardPrint.State.RUNNING else 0
    return render(request, "office/boards/print.html", {"print": asked, "again": again})


@never_cache
@face_required(OFFICE)
@require_safe
def print_file(request: HttpRequest, print_id: int) -> HttpResponse:
    """Send the file of a print that is done."""
    asked = _print(request, print_id)
    if not asked.file:
        raise Http404
    try:
        with storages["media"].open(asked.file) as file:
            content = file.read()
    except (FileNotFoundError, StoreAway) as error:
        raise Http404(str(error)) from error
    response = attachment(f"boards-{asked.unit.code}-{asked.pk}.pdf", "application/pdf")
    response.write(content)
    return response


def _rows(version: UnitVersion) -> list[BoardRow]:
    return board_rows(list(boards_below([version.unit_id])))


def _levels(version: UnitVersion) -> list[tuple[str, Any]]:
    """Return for which boards may be wanted in a unit: itself and the levels below, from the community on."""
    least = max(version.depth, Level.COMMUNITY.depth)
    return [(level.value, level.label) for level in Level if level.depth >= least]


def _unit(request: HttpRequest) -> tuple[UnitVersion, Sequence[ChainLink]]:
    """Return the unit that is asked for, or the first of the reader's; 404 if it isn't his."""
    asked = (request.POST if request.method == "POST" else request.GET).get("unit", "")
    scope = _scope(request)
    units = current_versions()
    if asked:
        is_id = asked.isascii() and asked.isdecimal() and len(asked) < len(str(2**63))
        found = units.filter(unit=int(asked)).first() if is_id else None
    else:
        found = units.filter(unit__in=scope.roots(OFFICE.kinds)).first()
    if found is None:
        raise Http404
    return unit_in_scope(scope, found.unit.code)


def _print(request: HttpRequest, print_id: int) -> BoardPrint:
    try:
        return access_print(_scope(request).roots(OFFICE.kinds), print_id)
    except NotFound as error:
        raise Http404(str(error)) from error


def _scope(request: HttpRequest) -> Scope:
    scope: Scope = request.reach  # type: ignore[attr-defined]  # set by face_required
    return scope
