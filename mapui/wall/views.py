"""The wall page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.cache import never_cache

from gis_grids.permissions import CENTRE, OFFICE
from mapui.faces import WALL, face_required
from mapui.wall.page import page_data, place_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from gis_grids.permissions import Scope


@never_cache
@face_required(WALL)
def wall(request: HttpRequest) -> HttpResponse:
    """Show the wall of the subtrees below the viewer's posts."""
    reach: Scope = request.reach  # type: ignore[attr-defined]
    roots = reach.roots(WALL.kinds)
    data = page_data(roots) | {"may_command": bool(reach.roots(CENTRE | OFFICE))}
    return render(request, "wall/wall.html", {"page_data": data, "place": place_of(roots)})
