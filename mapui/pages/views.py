"""The home page: the faces that a person's posts open to him."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render

from gis_grids.permissions import scope_of
from mapui.faces import faces_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Lead to the only face a person has, or let him choose."""
    faces = faces_of(scope_of(request.user))
    if len(faces) == 1 and not request.user.is_staff:
        return redirect(faces[0].path)
    return render(request, "home.html", {"faces": faces})
