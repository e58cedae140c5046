"""The worklist of places: households without one, or whose point lies wrong, beside a map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from gis_grids.errors import NotFound
from gis_grids.selectors import extent
from households.selectors.misplaced import PAGE_SIZE, Fault, count_misplaced, household_to_place, worklist
from mapui.office.doors import register_page, scope_of_request
from mapui.office.reading import unit_in_scope
from mapui.tiles import tile_sources

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest, HttpResponse

    from households.selectors.misplaced import Misplaced

FAULTS = {
    Fault.NO_PLACE: _("No place known"),
    Fault.OUTSIDE_BUILDING: _("Outside its building"),
    Fault.OUTSIDE_UNIT: _("Outside its unit"),
}
RIGHT = _("In its building and unit")


@register_page
@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """Show a page of the worklist beside the map, or one household whose place somebody wants to set."""
    person = cast("User", request.user)
    only = _number(request, "household")
    asked = request.GET.get("why", "")
    fault = Fault(asked) if asked in {each.value for each in Fault} else None
    code = request.GET.get("unit")
    unit = unit_in_scope(scope_of_request(request), code)[0] if code else None
    unit_id = unit.unit_id if unit else None
    after = _number(request, "after")
    counts = count_misplaced(person, unit_id)
    faults = [each for each in ([fault] if fault else Fault) if counts[each]]
    rows = [_one(person, only)] if only else worklist(person, faults=faults, unit_id=unit_id, after=after)
    data: dict[str, Any] = {"tiles": tile_sources(), "extent": extent(), "api": "/api/places/"}
    context = {
        "rows": [(row, FAULTS[row.fault] if row.fault else RIGHT) for row in rows],
        "is_one": bool(only),
        "tabs": [(each.value, FAULTS[each], counts[each]) for each in Fault],
        "why": fault.value if fault else "",
        "unit": unit,
        "next": rows[-1].household_id if len(rows) == PAGE_SIZE else None,
        "is_first": not after,
        "page_data": data | {"faults": {each.value: str(text) for each, text in FAULTS.items()}},
    }
    return render(request, "office/places/worklist.html", context)


def _one(person: User, household_id: int) -> Misplaced:
    try:
        return household_to_place(person, household_id)
    except NotFound as error:
        raise Http404(error.code) from error


def _number(request: HttpRequest, name: str) -> int:
    asked = request.GET.get(name, "")
    if asked and not (asked.isdecimal() and len(asked) <= len(str(2**62))):
        raise Http404
    return int(asked or 0)
