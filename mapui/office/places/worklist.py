"""The worklist of places: households without one, or whose point lies wrong, beside a map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gis_grids.selectors import extent
from households.selectors.misplaced import PAGE_SIZE, Fault, count_misplaced, worklist
from mapui.faces import OFFICE, face_required
from mapui.office.places.doors import keepers_only, scope_of_request
from mapui.office.reading import unit_in_scope
from mapui.tiles import tile_sources

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest, HttpResponse

FAULTS = {
    Fault.NO_PLACE: _("No place known"),
    Fault.OUTSIDE_BUILDING: _("Outside its building"),
    Fault.OUTSIDE_UNIT: _("Outside its unit"),
}


@never_cache
@face_required(OFFICE)
@keepers_only
@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """Show a page of the worklist beside the map."""
    person = cast("User", request.user)
    asked = request.GET.get("why", "")
    fault = Fault(asked) if asked in {each.value for each in Fault} else None
    code = request.GET.get("unit")
    unit = unit_in_scope(scope_of_request(request), code)[0] if code else None
    unit_id = unit.unit_id if unit else None
    rows = worklist(person, fault=fault, unit_id=unit_id, after=_after(request))
    counts = count_misplaced(person, unit_id)
    data: dict[str, Any] = {"tiles": tile_sources(), "extent": extent(), "api": "/api/places/"}
    context = {
        "rows": [(row, FAULTS[row.fault]) for row in rows],
        "tabs": [(each.value, FAULTS[each], counts[each]) for each in Fault],
        "why": fault.value if fault else "",
        "unit": unit,
        "next": rows[-1].household_id if len(rows) == PAGE_SIZE else None,
        "is_first": not _after(request),
        "page_data": data | {"faults": {each.value: str(text) for each, text in FAULTS.items()}},
    }
    return render(request, "office/places/worklist.html", context)


def _after(request: HttpRequest) -> int:
    asked = request.GET.get("after", "")
    if asked and not (asked.isdecimal() and len(asked) <= len(str(2**62))):
        raise Http404
    return int(asked or 0)
