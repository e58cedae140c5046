"""The page where a resident follows his report by the private link: for a telephone, without account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gis_grids.errors import BadInput, LingeError, NotFound
from incidents.selectors.follow import case_of_link, followed
from incidents.services.residents import answer_by_link, object_by_link
from mapui.pages.public import linked_page, onward, public_page, qr_code, status_of
from mapui.ratelimits import address_of
from mapui.residents.forms import FILE_LIMITS
from mapui.residents.limits import reading_limit, writing_limit
from mapui.residents.words import STANDS, STEPS

if TYPE_CHECKING:
    from django.http import HttpRequest

_SEE_OTHER, _NOT_FOUND = 303, 404
#: How long an answer can be, in characters.
MAX_ANSWER: Final = 1000


@linked_page(reading_limit)
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """Show how the case stands, and take an answer or an objection."""
    if request.method != "POST":
        return _page(request, token)
    try:
        _take(request, token)
    except NotFound:
        return _page(request, token)
    except LingeError as error:
        return _page(request, token, error)
    return HttpResponseRedirect(onward(request, request.path), status=_SEE_OTHER)


@require_safe
@public_page(reading_limit)
def follow_code(request: HttpRequest, token: str) -> HttpResponse:
    """Draw the link as a QR code, to be taken over by another telephone."""
    try:
        case_of_link(token)
    except NotFound:
        return HttpResponse(status=_NOT_FOUND)
    return HttpResponse(qr_code(_address(request, token)), content_type="image/svg+xml")


def _take(request: HttpRequest, token: str) -> None:
    text = request.POST.get("text", "")
    if writing_limit().take(address_of(request)):
        raise LingeError("rate_limited", _("Too much from here at once. Send it again in ten minutes."))
    if not text.strip():
        raise BadInput("text.missing", _("Write a few words."))
    if len(text) > MAX_ANSWER:
        sentence = _("At most %(limit)s characters are possible. Shorten it.")
        raise BadInput("text.too_long", sentence, {"limit": MAX_ANSWER})
    if request.POST.get("do") == "object":
        object_by_link(token=token, reason=text)
    else:
        answer_by_link(token=token, text=text)


def _address(request: HttpRequest, token: str) -> str:
    return request.build_absolute_uri(reverse("report_follow", args=[token]))


def _page(request: HttpRequest, token: str, error: LingeError | None = None) -> HttpResponse:
    try:
        case = followed(token)
    except NotFound as no_link:
        return render(request, "residents/no_link.html", {"message": str(no_link)}, status=_NOT_FOUND)
    stand = STANDS[case.state]
    context: dict[str, Any] = {
        "case": case,
        "token": token,
        "stand": stand,
        "steps": [(name, number <= stand.step) for number, name in enumerate(STEPS, start=1)],
        "was_sent": "sent" in request.GET,
        "address": _address(request, token),
        "code": reverse("report_follow_code", args=[token]),
        "text": request.POST.get("text", ""),
        "error": error,
        "page_data": {
            "api": f"/api/follow/{token}/",
            "limits": FILE_LIMITS,
            "awaited": [
                {"id": str(file.id), "name": file.name, "size": file.size}
                for file in case.files
                if file.completed_at is None
            ],
        },
    }
    return render(request, "residents/follow.html", context, status=status_of(error))
