"""What a resident can ask for: all that is known of him as a file, and to be erased."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, cast

from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gis_grids.errors import BadInput, LingeError, NotFound, RateLimited, Refused
from gis_grids.sheets import Sheet
from households.selectors.persons import resident_to_copy
from households.services.access import MAX_REASON, copy_of_resident
from households.services.erasing import erase_resident
from mapui.faces import OFFICE, face_required
from mapui.office.marking import marked_book

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.contrib.auth.models import User
    from django.http import HttpRequest

    from households.selectors.persons import Section

_UNPROCESSABLE, _FORBIDDEN, _TOO_MANY = 422, 403, 429
#: What somebody types who means it.
CONFIRMATION: Final = pgettext_lazy("to be typed", "erase")


@never_cache
@face_required(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def person_data(request: HttpRequest, resident_id: int) -> HttpResponse:
    """Give a resident's data out for himself, or erase it; both for a reason that is on record."""
    user, problem, status = cast("User", request.user), "", 200
    try:
        resident = resident_to_copy(user, resident_id)
        if request.method == "POST":
            return _done(request, resident_id)
    except NotFound as missing:
        raise Http404(str(missing)) from None
    except Refused as refused:
        return render(request, "office/persons/data.html", {"problem": str(refused)}, status=_FORBIDDEN)
    except LingeError as error:
        problem, status = str(error), _TOO_MANY if isinstance(error, RateLimited) else _UNPROCESSABLE
    context = {
        "resident": resident,
        "is_erased": resident.is_erased,
        "problem": problem,
        "longest": MAX_REASON,
        "confirmation": CONFIRMATION,
        "told": {request.POST.get("deed", ""): request.POST.get("reason", "")},
    }
    return render(request, "office/persons/data.html", context, status=status)


def _done(request: HttpRequest, resident_id: int) -> HttpResponse:
    user, reason = cast("User", request.user), request.POST.get("reason", "")
    if request.POST.get("deed") != "erase":
        told = copy_of_resident(resident_id=resident_id, reason=reason, reader=user)
        return _json(told) if request.POST.get("deed") == "json" else _book(request, told)
    if request.POST.get("confirmation", "").strip().lower() != str(CONFIRMATION):
        sentence = _("To erase for good, type the word “%(word)s”.")
        raise BadInput("erase.not_confirmed", sentence, {"word": CONFIRMATION})
    erase_resident(actor=user, resident_id=resident_id, reason=reason)
    messages.success(request, _("Erased. What was written about the households stays without the name."))
    return redirect("office_person_data", resident_id=resident_id)


def _json(told: Sequence[Section]) -> HttpResponse:
    text = json.dumps(dict(told), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
    headers = {
        "Content-Disposition": 'attachment; filename="personal-data.json"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(text, content_type="application/json; charset=utf-8", headers=headers)


def _book(request: HttpRequest, told: Sequence[Section]) -> HttpResponse:
    sheets = [Sheet(title=title, headings=_headings(rows), rows=map(_line, rows)) for title, rows in told]
    return marked_book(request, "personal-data", sheets)


def _headings(rows: list[dict[str, Any]]) -> list[str]:
    return list(rows[0]) if rows else [_("Nothing is known.")]


def _line(row: dict[str, Any]) -> list[Any]:
    return list(row.values())
