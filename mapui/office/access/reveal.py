"""A household's name and number in clear, for a reason that is written down before they are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from django.http import Http404
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gis_grids.errors import LingeError, NotFound, RateLimited
from gis_grids.permissions import CENTRE
from gis_grids.personal import shown
from households.permissions import VISITORS
from households.selectors.reveal import in_clear
from households.services.access import MAX_REASON, reveal_household
from mapui.faces import Face, face_required

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest, HttpResponse

_UNPROCESSABLE, _TOO_MANY = 422, 429
#: Grid workers have no office; their telephones lead here.
ASKING: Final = Face(
    "/office/households/",
    _("Name and telephone number"),
    _("Who reads it, and why, is written down; auditors look at it."),
    VISITORS | CENTRE,
)
_FIELDS: Final = {
    "householder": "households.Household.householder",
    "phone": "households.Household.phone",
}


@never_cache
@face_required(ASKING)
@require_http_methods(["GET", "HEAD", "POST"])
def reveal(request: HttpRequest, household_id: int) -> HttpResponse:
    """Ask what the name is needed for, then show it; neither is ever in an address."""
    user, problem, status = cast("User", request.user), "", 200
    revealed = None
    try:
        home = in_clear(user, household_id)
        if request.method == "POST":
            reason = request.POST.get("reason", "")
            revealed = reveal_household(household_id=household_id, reason=reason, reader=user)
    except NotFound as missing:
        raise Http404(str(missing)) from None
    except LingeError as error:
        problem, status = str(error), _TOO_MANY if isinstance(error, RateLimited) else _UNPROCESSABLE
    masked = {name: shown(field, getattr(home, name), in_clear=False) for name, field in _FIELDS.items()}
    context = {
        "household_id": household_id,
        "address": home.address,
        "masked": masked,
        "revealed": revealed,
        "problem": problem,
        "longest": MAX_REASON,
        "back": _back(request),
    }
    return render(request, "office/access/reveal.html", context, status=status)


def _back(request: HttpRequest) -> str:
    """Return the page of ours that one came from; the form keeps it, as it comes from another one itself."""
    came_from = request.POST.get("back") or request.headers.get("Referer", "")
    own = {request.get_host()}
    is_ours = url_has_allowed_host_and_scheme(came_from, own, require_https=request.is_secure())
    return came_from if is_ours else ""
