"""Announce something, end it, and see who has read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gis_grids.errors import LingeError, NotFound
from incidents.selectors.announcements import addressees_of, announcements_sent
from incidents.selectors.emergencies import commanded_units
from incidents.services.announcements import announce, end_announcement
from mapui.faces import OFFICE, face_required
from mapui.office.announcements.forms import AnnouncementForm

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest, HttpResponse


@never_cache
@face_required(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def announcements(request: HttpRequest) -> HttpResponse:
    """List what was announced in the reader's units, and announce something."""
    person = cast("User", request.user)
    units = commanded_units(person)
    form = AnnouncementForm(units, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            announce(actor=person, **form.cleaned_data)
        except LingeError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("It is announced: phones that are online show it at once."))
            return redirect("office_announcements")
    context = {"form": form, "may_announce": bool(units), "rows": announcements_sent(person)}
    return render(request, "office/announcements/list.html", context, status=422 if form.errors else 200)


@require_safe
@never_cache
@face_required(OFFICE)
def readings(request: HttpRequest, announcement_id: int) -> HttpResponse:
    """Show to which posts an announcement is addressed, and who has read it."""
    try:
        announcement, rows = addressees_of(cast("User", request.user), announcement_id)
    except NotFound as error:
        raise Http404(str(error)) from error
    read = sum(row.read_at is not None for row in rows)
    context = {"announcement": announcement, "rows": rows, "read": read}
    return render(request, "office/announcements/readings.html", context)


@never_cache
@face_required(OFFICE)
@require_POST
def end(request: HttpRequest, announcement_id: int) -> HttpResponse:
    """Take an announcement from the phones."""
    try:
        end_announcement(actor=cast("User", request.user), announcement_id=announcement_id)
    except LingeError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The announcement is over."))
    return redirect("office_announcements")
