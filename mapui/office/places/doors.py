"""Who is let in to the pages of places, beyond the office's face."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied

from households.permissions import named_roots

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from gis_grids.permissions import Scope


def scope_of_request(request: HttpRequest) -> Scope:
    """Return the posts of who asks."""
    scope: Scope = request.reach  # type: ignore[attr-defined]  # set by face_required
    return scope


def keepers_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let in only who keeps the register of some unit; it stands behind ``face_required``."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not named_roots(scope_of_request(request)):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded
