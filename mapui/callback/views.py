"""The page where a case is rated by its signed link: for a telephone, without account and without scripts."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from gis_grids.errors import BadInput, LingeError, NotFound
from incidents.selectors.ratings import to_rate
from incidents.services.ratings import rate, reopen_by_link
from mapui.pages.public import linked_page, public_page, qr_code, status_of
from mapui.ratelimits import Quota

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.functional import _StrPromise

#: How often the pages below /rate/ may be asked for from one address.
RATE: Final = "120/5 minutes"
_NOT_FOUND, _SEE_OTHER = 404, 303


class Face(NamedTuple):
    """A score as it is chosen: its word, and the mouth of its face."""

    score: int
    label: _StrPromise
    mouth: str


FACES: Final = (
    Face(1, pgettext_lazy("score", "Very poor"), "M19 46 Q32 32 45 46"),
    Face(2, pgettext_lazy("score", "Poor"), "M20 44 Q32 37 44 44"),
    Face(3, pgettext_lazy("score", "Fair"), "M20 42 H44"),
    Face(4, pgettext_lazy("score", "Good"), "M20 40 Q32 48 44 40"),
    Face(5, pgettext_lazy("score", "Very good"), "M18 38 Q32 56 46 38 Z"),
)


@cache
def limit() -> Quota:
    """Return the limit of this process, by address."""
    return Quota(RATE, "ratings-by-address", settings.REDIS_URL)


@linked_page(limit)
def rating_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show the case and take its rating, or the word that nothing was solved."""
    if request.method != "POST":
        return _page(request, token)
    try:
        _take(request, token)
    except NotFound:
        return _page(request, token)
    except LingeError as error:
        return _page(request, token, error=error)
    return HttpResponseRedirect(request.get_full_path(), status=_SEE_OTHER)


@require_safe
@public_page(limit)
def rating_code(request: HttpRequest, token: str) -> HttpResponse:
    """Draw the link of the page as a QR code, to be shown to who stands at the counter."""
    try:
        to_rate(token)
    except NotFound:
        return HttpResponse(status=_NOT_FOUND)
    address = request.build_absolute_uri(reverse("rate", args=[token]))
    return HttpResponse(qr_code(address), content_type="image/svg+xml")


def _take(request: HttpRequest, token: str) -> None:
    if request.POST.get("do") == "reopen":
        reopen_by_link(token=token, reason=request.POST.get("reason", ""))
        return
    score = request.POST.get("score", "")
    if not (score.isascii() and score.isdigit() and len(score) == 1):
        raise BadInput("rating.score", _("Choose one of the five faces."))
    rate(token=token, score=int(score), comment=request.POST.get("comment", ""))


def _page(request: HttpRequest, token: str, error: LingeError | None = None) -> HttpResponse:
    try:
        case = to_rate(token)
    except NotFound as no_link:
        return render(request, "callback/no_link.html", {"message": str(no_link)}, status=_NOT_FOUND)
    context = {
        "case": case,
        "faces": FACES,
        "given": next((face for face in FACES if face.score == case.score), None),
        "comment": request.POST.get("comment", ""),
        "reason": request.POST.get("reason", ""),
        "chosen": request.POST.get("score", ""),
        "error": error,
    }
    return render(request, "callback/rate.html", context, status=status_of(error))
