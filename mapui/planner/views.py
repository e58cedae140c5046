"""The pages of the planner: the list of plans, and the map on which one is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gis_grids.errors import NotFound
from gis_grids.selectors.plans import plan_for
from mapui.faces import PLANNER, face_required
from mapui.planner.page import form_data, page_data, rows_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest, HttpResponse


@require_safe
@never_cache
@face_required(PLANNER)
def plans(request: HttpRequest) -> HttpResponse:
    """List the plans that the viewer may see; a planner opens a draft here."""
    scope = request.reach  # type: ignore[attr-defined]  # set by face_required
    context = {"plans": rows_of(scope), **form_data(scope)}
    return render(request, "planner/plans.html", context)


@require_safe
@never_cache
@face_required(PLANNER)
def plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Show the map of one plan; what may be done on it, the interface tells."""
    try:
        shown = plan_for(request.reach, plan_id)  # type: ignore[attr-defined]
    except NotFound as unknown:
        raise Http404(str(unknown)) from unknown
    reader = cast("User", request.user)
    return render(request, "planner/plan.html", {"plan": shown, "page_data": page_data(shown, reader)})
