"""How the pages about one plan are entered: by a post that sees plans, and only where the plan lies in it."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING

from django.http import Http404
from django.views.decorators.cache import never_cache

from gis_grids.errors import NotFound
from gis_grids.selectors.plans import plan_for
from mapui.faces import PLANNER, face_required

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from gis_grids.models import Plan
    from gis_grids.permissions import Scope


def plan_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hand a view the plan of its address instead of the id; 404 if the reader may not see it."""

    @never_cache
    @face_required(PLANNER)
    @wraps(view)
    def entered(request: HttpRequest, plan_id: int, **kwargs: object) -> HttpResponse:
        return view(request, plan_seen(reach_of(request), plan_id), **kwargs)

    return entered


def plan_seen(reader: Scope, plan_id: int) -> Plan:
    """Return a plan that the reader may see, else raise `Http404`."""
    try:
        return plan_for(reader, plan_id)
    except NotFound as unknown:
        raise Http404 from unknown


def reach_of(request: HttpRequest) -> Scope:
    """Return the scope of the reader's posts, which `face_required` has put into the request."""
    reach: Scope = request.reach  # type: ignore[attr-defined]
    return reach
