"""What the phone's screens read about their holder, and keep for when there is no network."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib.auth import logout
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import ensure_csrf_cookie
from ninja import Router
from ninja.decorators import decorate_view

from gis_grids.errors import Refused
from gis_grids.permissions import scope_of
from mapui.api.kept import kept
from mapui.faces import PHONE
from mapui.pages.profile import phone_profile

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest, HttpResponse

router = Router()


@router.get("/profile")
@decorate_view(ensure_csrf_cookie)
def get_profile(request: HttpRequest) -> HttpResponse:
    """Return who holds the phone and what its screens say; 304 while that is as it was (``If-None-Match``).

    The shell of the phone carries no token against forged requests: its cookie comes with this answer.
    """
    scope = scope_of(request.user)
    if not scope.roots(PHONE.kinds):
        raise Refused("phone.no_post", _("You hold no post that may report. Ask your street office."))
    return kept(request, phone_profile(cast("User", request.user), scope))


@router.post("/log-out", response=dict[str, bool])
def post_log_out(request: HttpRequest) -> dict[str, bool]:
    """End the session; the answer is JSON, so that no stranger's page on the way is taken for it."""
    logout(request)
    return {"is_out": True}
