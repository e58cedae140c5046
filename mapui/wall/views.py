"""The wall page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.cache import never_cache

from mapui.faces import WALL, face_required
from mapui.wall.page import page_data, place_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@never_cache
@face_required(WALL)
def wall(request: HttpRequest) -> HttpResponse:
    """Show the wall of the subtrees below the viewer's posts."""
    roots = request.reach.roots(WALL.kinds)  # type: ignore[attr-defined]
    return render(request, "wall/wall.html", {"page_data": page_data(roots), "place": place_of(roots)})
