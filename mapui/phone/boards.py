"""Notice boards on the telephone: which are to be hung, and what hangs there, with a photo on the spot.

Pages of the server, not of the phone's shell: who hangs a board has printed it where there is a network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gis_grids.errors import NotFound
from households.permissions import HANGERS
from households.selectors.boards import BoardState, access_board, board_rows, boards_below
from mapui.faces import BOARDS, face_required
from mapui.pages.boards import CHANGES, STATES
from mapui.pages.hanging import HangingForm

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest

    from gis_grids.permissions import Scope

#: More boards than these nobody hangs by himself; the office's list has all.
MOST = 300
_UNPROCESSABLE = 422
_ORDER = (BoardState.OUTDATED, BoardState.MISSING, BoardState.CURRENT, BoardState.NO_UNIT)


@never_cache
@face_required(BOARDS)
@require_safe
def boards(request: HttpRequest) -> HttpResponse:
    """List the boards below the reader's posts, those to be hung first."""
    rows = board_rows(list(boards_below(_scope(request).roots(HANGERS))[:MOST]))
    rows.sort(key=lambda row: _ORDER.index(row.state))
    shown = [(row, STATES[row.state], [CHANGES[change] for change in row.changes]) for row in rows]
    return render(request, "phone/boards.html", {"rows": shown})


@never_cache
@face_required(BOARDS)
@require_http_methods(["GET", "HEAD", "POST"])
def board(request: HttpRequest, board_id: int) -> HttpResponse:
    """Show a board, and record that a sheet hangs there."""
    try:
        found = access_board(_scope(request).roots(HANGERS), board_id)
    except NotFound as error:
        raise Http404(str(error)) from error
    form = HangingForm(found.pk, request)
    if request.method == "POST" and form.is_valid() and form.store(cast("User", request.user)):
        messages.success(request, _("It is recorded that the sheet hangs."))
        return redirect("phone_boards")
    [row] = board_rows([found])
    context = {
        "row": row,
        "label": STATES[row.state],
        "changes": [CHANGES[change] for change in row.changes],
        "form": form,
    }
    return render(request, "phone/board.html", context, status=_UNPROCESSABLE if form.errors else 200)


def _scope(request: HttpRequest) -> Scope:
    scope: Scope = request.reach  # type: ignore[attr-defined]  # set by face_required
    return scope
