"""Who is let in to the pages on which an office keeps its register, beyond the office's face."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.views.decorators.cache import never_cache

from gis_grids.errors import NotFound
from households.permissions import named_roots
from mapui.faces import OFFICE, face_required

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from gis_grids.permissions import Scope


def scope_of_request(request: HttpRequest) -> Scope:
    """Return the posts of who asks."""
    scope: Scope = request.reach  # type: ignore[attr-defined]  # set by face_required
    return scope


def register_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let in who keeps the register of some unit; answer 403 to other posts, 404 for what is none of his."""

    @wraps(view)
    @never_cache
    @face_required(OFFICE)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not named_roots(scope_of_request(request)):
            raise PermissionDenied
        try:
            return view(request, *args, **kwargs)
        except NotFound as error:
            raise Http404(error.code) from error

    return guarded
