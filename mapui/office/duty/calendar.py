"""Days of the calendar, and emergencies."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from gis_grids.errors import LingeError
from incidents.selectors.emergencies import commanded_units, emergencies_of
from incidents.services.calendar_days import forget_day, set_day
from incidents.services.emergencies import declare_emergency, end_emergency
from mapui.faces import OFFICE, face_required
from mapui.office.duty.forms import DayForm, EmergencyForm

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest, HttpResponse


@never_cache
@face_required(OFFICE)
@require_POST
def calendar_day(request: HttpRequest) -> HttpResponse:
    """Set a day, or let the published calendar count for it again."""
    form = DayForm(request.POST)
    form.fields["kind"].required = "forget" not in request.POST
    if not form.is_valid():
        messages.error(request, _("Choose a day, and what it is."))
        return redirect("office_duty")
    told, person = form.cleaned_data, cast("User", request.user)
    try:
        if "forget" in request.POST:
            forget_day(actor=person, date=told["date"])
        else:
            set_day(actor=person, **told)
    except LingeError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The calendar was changed. Deadlines that are stored stay as they are."))
    return redirect(f"{reverse('office_duty')}?month={told['date']:%Y-%m}")


@never_cache
@face_required(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def emergencies(request: HttpRequest) -> HttpResponse:
    """Show the emergencies of the reader's units; declare one."""
    person = cast("User", request.user)
    units = commanded_units(person)
    form = EmergencyForm(units, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            declare_emergency(actor=person, **form.cleaned_data)
        except LingeError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, _("The emergency is declared: what is reported from now on has its limits.")
            )
            return redirect("office_emergencies")
    context = {"form": form, "may_declare": bool(units), "rows": emergencies_of(person)}
    return render(request, "office/duty/emergencies.html", context, status=422 if form.errors else 200)


@never_cache
@face_required(OFFICE)
@require_POST
def end(request: HttpRequest, emergency_id: int) -> HttpResponse:
    """End an emergency."""
    try:
        end_emergency(actor=cast("User", request.user), emergency_id=emergency_id)
    except LingeError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The emergency has ended: normal limits hold again."))
    return redirect("office_emergencies")
