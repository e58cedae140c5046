"""The sheet of a unit's notice board as a page: who is responsible, and the code of the grid's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from households.selectors.board_contents import content_of_unit
from mapui.faces import OFFICE, face_required
from mapui.office.boards.sheets import preview
from mapui.office.reading import unit_in_scope

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
@never_cache
@face_required(OFFICE)
def poster(request: HttpRequest, code: str) -> HttpResponse:
    """Show the sheet of a unit, to be printed on A4; to keep what was printed, plan a board for it."""
    _version, chain = unit_in_scope(request.reach, code)  # type: ignore[attr-defined]  # set by face_required
    sheet = preview(content_of_unit(chain), None, request.build_absolute_uri("/"))
    return render(request, "office/poster.html", {"sheet": sheet})
