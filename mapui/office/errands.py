"""An errand (代办) taken at the counter: the household is looked for, then said what is to be done."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, cast
from uuid import UUID, uuid4

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gis_grids.errors import LingeError
from incidents.selectors import current_matters
from incidents.selectors.households import MOST_FOUND, find_households
from incidents.services.errands import create_errand
from mapui.faces import OFFICE, face_required

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest, HttpResponse, QueryDict

    from incidents.services import Reported

_MOST_WORDS = 60


@never_cache
@face_required(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def new_errand(request: HttpRequest) -> HttpResponse:
    """Find a household and take its errand. Where somebody lives is never in an address: all is POSTed."""
    person, told = cast("User", request.user), request.POST
    problem = ""
    if told.get("do") == "create":
        try:
            reported = _create(person, told)
        except LingeError as error:
            problem = str(error)
        else:
            messages.success(request, _("The errand is taken: %(number)s.") % {"number": reported.number})
            return redirect("office_case", number=reported.number)
    words = told.get("words", "").replace("\0", "").strip()[:_MOST_WORDS]
    context = {
        "words": words,
        "found": find_households(person, words),
        "most": MOST_FOUND,
        "errands": current_matters().filter(is_errand=True),
        "told": told,
        "report_id": _report_id(told),
        "opened_at": _opened_at(told).isoformat(),
        "problem": problem,
    }
    return render(request, "office/errand.html", context, status=422 if problem else 200)


def _create(person: User, told: QueryDict) -> Reported:
    number = told.get("household", "")
    return create_errand(
        actor=person,
        household_id=int(number) if number.isdecimal() and len(number) < len(str(2**63)) else 0,
        matter=told.get("matter", ""),
        text=told.get("text", ""),
        report_id=_report_id(told),
        observed_at=_opened_at(told),
    )


def _opened_at(told: QueryDict) -> datetime:
    """Return when the form was opened, as it says itself; a form that doesn't say it is opened now."""
    try:
        opened = datetime.fromisoformat(told.get("opened_at", ""))
    except ValueError:
        return timezone.now()
    return opened if opened.tzinfo else timezone.now()


def _report_id(told: QueryDict) -> UUID:
    """Return the form's own id, so that a form sent twice is one errand; a new one for a new form."""
    try:
        return UUID(told.get("report_id", ""))
    except ValueError:
        return uuid4()
