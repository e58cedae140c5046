"""One board: what it is to say and what hung there; here it is printed, hung, taken down, struck off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from gis_grids.errors import LingeError, NotFound
from gis_grids.people import name_of
from gis_grids.permissions import OFFICE as CLERKS
from households.models import BoardHanging
from households.permissions import HANGERS
from households.selectors.boards import access_board, board_rows
from households.services.boards import issue_sheets, strike_board, take_down
from mapui.faces import OFFICE, face_required
from mapui.office.boards.sheets import preview, printed
from mapui.office.statistics.files import attachment
from mapui.pages.boards import CHANGES, STATES
from mapui.pages.hanging import HangingForm
from mapui.pages.printing import PrinterAway

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest

    from gis_grids.permissions import Scope
    from households.models import NoticeBoard

_UNPROCESSABLE: Final = 422
_HANGINGS: Final = 20


@never_cache
@face_required(OFFICE)
@require_safe
def board(request: HttpRequest, board_id: int) -> HttpResponse:
    """Show a board."""
    found = _board(request, board_id)
    return _page(request, found, HangingForm(found.pk, request))


@never_cache
@face_required(OFFICE)
@require_POST
def print_sheet(request: HttpRequest, board_id: int) -> HttpResponse:
    """Print the sheet of a board as PDF, and keep what it says."""
    found = _board(request, board_id)
    sheets = issue_sheets(actor=cast("User", request.user), boards=[found])
    if not sheets:
        raise Http404
    try:
        file = printed(sheets, request.build_absolute_uri("/"), get_language() or "zh-hans")
    except PrinterAway as error:
        messages.error(request, str(error))
        return redirect("office_boards_board", board_id=board_id)
    response = attachment(f"board-{board_id}-{sheets[0].pk}.pdf", "application/pdf")
    response.write(file)
    return response


@never_cache
@face_required(OFFICE)
@require_POST
def change_board(request: HttpRequest, board_id: int, deed: str) -> HttpResponse:
    """Record that a sheet hangs, or that nothing hangs any more; or strike the board off."""
    found, actor = _board(request, board_id), cast("User", request.user)
    if not _may(request, deed):
        raise PermissionDenied
    if deed == "hang":
        form = HangingForm(found.pk, request)
        if not (form.is_valid() and form.store(actor)):
            return _page(request, found, form, _UNPROCESSABLE)
        messages.success(request, _("It is recorded that the sheet hangs."))
        return redirect("office_boards_board", board_id=board_id)
    try:
        if deed == "take-down":
            take_down(actor=actor, board_id=board_id, on=timezone.localdate())
            messages.success(request, _("Nothing hangs at this board any more."))
        else:
            strike_board(actor=actor, board_id=board_id)
            messages.success(request, _("The board is struck off the list."))
            return redirect("office_boards")
    except LingeError as error:
        messages.error(request, str(error))
    return redirect("office_boards_board", board_id=board_id)


#: Who may do what with a board, by the last word of the address.
_DEEDS: Final = {"hang": HANGERS, "take-down": HANGERS, "strike": CLERKS}


def _may(request: HttpRequest, deed: str) -> bool:
    if deed not in _DEEDS:
        raise Http404
    return bool(_scope(request).roots(_DEEDS[deed]))


def _page(request: HttpRequest, found: NoticeBoard, form: HangingForm, status: int = 200) -> HttpResponse:
    [row] = board_rows([found])
    hangings = BoardHanging.objects.filter(sheet__board=found).select_related("by", "sheet")[:_HANGINGS]
    context: dict[str, Any] = {
        "row": row,
        "label": STATES[row.state],
        "changes": [CHANGES[change] for change in row.changes],
        "hangings": [(each, name_of(each.by)) for each in hangings],
        "form": form,
        "may": {deed.replace("-", "_"): _may(request, deed) for deed in _DEEDS},
        "sheet": preview(row.content, found.building, request.build_absolute_uri("/"))
        if row.content
        else None,
    }
    return render(request, "office/boards/board.html", context, status=status)


def _board(request: HttpRequest, board_id: int) -> NoticeBoard:
    try:
        return access_board(_scope(request).roots(OFFICE.kinds), board_id)
    except NotFound as error:
        raise Http404(str(error)) from error


def _scope(request: HttpRequest) -> Scope:
    scope: Scope = request.reach  # type: ignore[attr-defined]  # set by face_required
    return scope
