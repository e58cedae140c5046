"""The page behind the QR code of a notice board: who is responsible there, and a report without account."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from gis_grids.errors import Conflict, LingeError, RateLimited
from gis_grids.personal import Keep
from gis_grids.sealing import can_seal
from gis_grids.selectors.retention import days_kept
from incidents.selectors.follow import follow_path
from mapui.live.intake import write_one
from mapui.pages.public import asked_language, linked_page, onward
from mapui.ratelimits import address_of
from mapui.residents.forms import FILE_LIMITS, ResidentForm
from mapui.residents.grid import known_of
from mapui.residents.limits import reading_limit, writing_limit
from mapui.residents.places import place_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from incidents.services import Reported
    from mapui.residents.places import Place

_SEE_OTHER, _CONFLICT, _UNPROCESSABLE, _TOO_MANY = 303, 409, 422, 429
#: Which of the form's fields a fault of the service belongs to, by the beginning of its code.
_FIELDS: Final = {
    "text": "text", "matter": "matter", "point": "unit", "attachment": "pictures", "contact": "phone",
}  # fmt: skip


@linked_page(reading_limit)
def report(request: HttpRequest, code: str | None = None) -> HttpResponse:
    """Show the form for a unit or for everywhere, and take the report: once, however often it is sent."""
    place = place_of(code)
    if place is None:
        raise Http404
    if request.method != "POST":
        return _page(request, place, ResidentForm())
    form = ResidentForm(request.POST)
    status = _UNPROCESSABLE
    if form.is_valid():
        try:
            return _thanks(request, _take(request, form))
        except LingeError as error:
            status = _tell(form, error)
    return _page(request, place, form, status)


def _take(request: HttpRequest, form: ResidentForm) -> Reported:
    if wait := writing_limit().take(address_of(request)):
        seconds = math.ceil(wait)
        raise RateLimited(
            "rate_limited",
            _("Too many reports from here at once. Nothing is lost: send it again in %(minutes)s minutes.")
            % {"minutes": math.ceil(seconds / 60)},
            {"retry_after_s": seconds},
        )
    return write_one(form.report())


def _tell(form: ResidentForm, error: LingeError) -> int:
    """Put what the service says beside its field, and return the status."""
    if error.code == "report.other_content":
        form.renew()
        sentence = _("You have sent a report from this page already. If this is another one, send it now.")
        form.add_error(None, sentence)
        return _CONFLICT
    form.add_error(_FIELDS.get(error.code.partition(".")[0]), str(error))
    if isinstance(error, RateLimited):
        return _TOO_MANY
    return _CONFLICT if isinstance(error, Conflict) else _UNPROCESSABLE


def _thanks(request: HttpRequest, reported: Reported) -> HttpResponse:
    path = follow_path(reported.incident_id)
    if _wants_json(request):
        return JsonResponse({"number": reported.number, "follow": path})
    return HttpResponseRedirect(onward(request, path, sent="1"), status=_SEE_OTHER)


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"


def _page(request: HttpRequest, place: Place, form: ResidentForm, status: int = 200) -> HttpResponse:
    if _wants_json(request) and status != 200:  # noqa: PLR2004 - the status of a page
        faults = [str(fault) for faults in form.errors.values() for fault in faults]
        answer = {"code": "report.faults", "message": " ".join(faults), "details": {}}
        return JsonResponse(answer | {"page": form["page"].value()}, status=status)
    context = {
        "form": form,
        "place": place,
        "known": known_of(place.unit) if place.unit else None,
        "asks_phone": can_seal(),
        "kept_days": days_kept(Keep.CONTACT),
        "language": asked_language(request),
        "page_data": {"ground": reverse("report_ground"), "spot": _spot(place), "limits": FILE_LIMITS},
    }
    return render(request, "residents/report.html", context, status=status)


def _spot(place: Place) -> list[float] | None:
    """Return where the map of the page begins: lon/lat in the page's unit."""
    spot = place.spot()
    return [spot.lon, spot.lat] if spot else None
