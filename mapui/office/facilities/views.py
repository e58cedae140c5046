"""The list of facilities, and one of them to be entered or corrected."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gis_grids.models import Facility
from gis_grids.permissions import OFFICE as CLERKS
from gis_grids.selectors import locate
from gis_grids.selectors.facilities import facilities_under
from gis_grids.services.facilities import close_facility, reopen_facility, save_facility
from households.permissions import register_roots
from mapui.faces import OFFICE, face_required
from mapui.office.facilities.forms import FacilityForm
from mapui.office.opening import opening_lines
from mapui.office.pinned import pin_data
from mapui.office.rules.saving import done, saved

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from gis_grids.permissions import Scope

PAGE_SIZE = 50
_MOST_WORDS = 40


@require_safe
@never_cache
@face_required(OFFICE)
def facilities(request: HttpRequest) -> HttpResponse:
    """List the facilities on the reader's ground, by words and kind; ``closed=1`` asks for closed ones."""
    scope: Scope = request.reach  # type: ignore[attr-defined]  # set by face_required
    words = request.GET.get("q", "").replace("\0", "").strip()[:_MOST_WORDS]
    kind = request.GET.get("kind", "")
    is_closed = bool(request.GET.get("closed"))
    rows = facilities_under(register_roots(scope)).filter(name__icontains=words)
    rows = rows.exclude(closed_on=None) if is_closed else rows.in_use()
    if kind in Facility.Kind.values:
        rows = rows.filter(kind=kind)
    page = Paginator(rows.order_by("kind", "name", "pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    ours = facilities_under(scope.roots(CLERKS)).filter(pk__in=[row.pk for row in shown])
    editable = set(ours.values_list("pk", flat=True))
    spots = [row.spot for row in shown]  # type: ignore[attr-defined]  # by facilities_under
    units = locate([(spot.x, spot.y) for spot in spots]) if shown else []
    context = {
        "page": page,
        "rows": [
            (row, where.chain[-1].name, opening_lines(row.opening), row.pk in editable)
            for row, where in zip(shown, units, strict=True)
        ],
        "words": words,
        "kind": kind,
        "kinds": Facility.Kind.choices,
        "is_closed": is_closed,
        "query": urlencode({"q": words, "kind": kind} | ({"closed": 1} if is_closed else {})),
        "may_add": bool(scope.roots(CLERKS)),
    }
    return render(request, "office/facilities/list.html", context)


@never_cache
@face_required(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, facility_id: int | None = None) -> HttpResponse:
    """Enter a facility, or correct the one that is named."""
    scope: Scope = request.reach  # type: ignore[attr-defined]  # set by face_required
    roots = scope.roots(CLERKS)
    row = facilities_under(roots).filter(pk=facility_id).first() if facility_id is not None else None
    if not roots or (facility_id is not None and row is None):
        raise Http404
    form = FacilityForm(row, request.POST or None)
    save = partial(save_facility, facility_id=facility_id)
    outcome = saved(request, form, save, _("The facility is saved."))
    if outcome.is_saved:
        return redirect("office_facilities")
    context = {"form": form, "row": row, "page_data": pin_data(roots)}
    return render(request, "office/facilities/edit.html", context, status=outcome.status)


@never_cache
@face_required(OFFICE)
@require_POST
def close(request: HttpRequest, facility_id: int) -> HttpResponse:
    """Close a facility: it stays in the list of the closed ones."""
    done(request, close_facility, _("The facility is closed."), facility_id=facility_id)
    return redirect("office_facilities")


@never_cache
@face_required(OFFICE)
@require_POST
def reopen(request: HttpRequest, facility_id: int) -> HttpResponse:
    """Take a closed facility in use again."""
    done(request, reopen_facility, _("The facility is in use again."), facility_id=facility_id)
    return redirect("office_facilities")
