"""The telephone number of a resident without account: read in clear for a reason, which is written down."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gis_grids.errors import LingeError, NotFound
from gis_grids.personal import Keep
from gis_grids.selectors.retention import days_kept
from households.services.access import MAX_REASON
from incidents.selectors import details
from incidents.services.contacts import read_contact
from mapui.faces import OFFICE, face_required
from mapui.office.cases.page import id_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest, HttpResponse


@never_cache
@face_required(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for the reason, then show the number; neither is ever in an address."""
    user, incident_id = cast("User", request.user), id_of(number)
    phone, problem = "", ""
    try:
        shown = details(user, incident_id)
        if request.method == "POST":
            phone = read_contact(actor=user, incident_id=incident_id, reason=request.POST.get("reason", ""))
    except NotFound as missing:
        raise Http404(str(missing)) from None
    except LingeError as error:
        problem = str(error)
    context = {
        "shown": shown,
        "phone": phone,
        "problem": problem,
        "kept_days": days_kept(Keep.CONTACT),
        "longest": MAX_REASON,
    }
    return render(request, "office/cases/contact.html", context, status=422 if problem else 200)
