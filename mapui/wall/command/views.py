"""Pages of an emergency: the situation report, to be printed, and the households in its area."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gis_grids.errors import LingeError, NotFound
from gis_grids.permissions import scope_of
from households.models import Need
from households.permissions import named_roots
from households.selectors.areas import MOST_LISTED, listed_in
from households.services.access import reveal_in_area
from incidents.models import STATE_LABELS, Emergency, EmergencyEntry, Matter
from incidents.selectors.emergencies import access_emergency
from incidents.selectors.situation import Situation, area_of, outlines, situation
from incidents.workflow import State
from mapui.faces import WALL, face_required
from mapui.pages.ground import around
from mapui.pages.pictures import WIDTH, Frame

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest, HttpResponse
    from shapely.geometry.base import BaseGeometry

    from gis_grids.selectors import Area
    from households.selectors.areas import HouseholdInside

#: So many households are on the page.
_ON_PAGE = 500
#: So much ground is around the area on its picture, by the area's larger side.
_MARGIN = 0.25


@dataclass(frozen=True, slots=True)
class _Unit:
    """A unit on the picture."""

    name: str
    shape: BaseGeometry
    colour: int | None = None


@require_safe
@never_cache
@face_required(WALL)
def report(request: HttpRequest, emergency_id: int) -> HttpResponse:
    """Show the situation in an emergency as of now: to be read, and to be printed."""
    person = cast("User", request.user)
    found = situation(person, _emergency(person, emergency_id))
    context = {
        "situation": found,
        "picture": _picture(found.area),
        "needs": _needs(found),
        "cases": _cases(found),
        "log": [{"row": row, "words": _in_words(row.details)} for row in found.log],
        "deeds": EmergencyEntry.Deed,
    }
    return render(request, "wall/command/report.html", context)


@never_cache
@face_required(WALL)
@require_http_methods(["GET", "HEAD", "POST"])
def households(request: HttpRequest, emergency_id: int) -> HttpResponse:
    """List the households in the area; by name for who keeps their register, for a reason, and on record."""
    person = cast("User", request.user)
    emergency = _emergency(person, emergency_id)
    scope, ground, fault = scope_of(person), area_of(emergency).stored, ""
    reason = request.POST.get("reason", "")
    rows: list[HouseholdInside] = []
    if request.method == "POST":
        try:
            rows = reveal_in_area(emergency_id=emergency.pk, area=ground, reason=reason, reader=person)
        except LingeError as error:
            fault = str(error)
    if request.method != "POST" or fault:
        rows = listed_in(scope, ground)
    labels = {kind.value: str(kind.label) for kind in Need.Kind}
    shown = rows[:_ON_PAGE]
    context = {
        "emergency": emergency,
        "rows": [(row, [labels[kind] for kind in row.needs or ()]) for row in shown],
        "count": len(rows),
        "is_all": len(rows) < MOST_LISTED,
        "named": sum(row.is_named for row in rows),
        "may_name": bool(named_roots(scope)),
        "reason": reason,
        "fault": fault,
    }
    return render(request, "wall/command/households.html", context, status=422 if fault else 200)


def _emergency(person: User, emergency_id: int) -> Emergency:
    try:
        return access_emergency(person, emergency_id, WALL.kinds)
    except NotFound as error:
        raise Http404(str(error)) from error


def _picture(area: Area) -> dict[str, Any]:
    """Return what the template draws: the ground, the units with ground in the area, and its outline."""
    frame = Frame(around(area.shape.bounds, _MARGIN))
    return {
        "title": area.chain[-1].name,
        "width": WIDTH,
        "height": frame.height,
        "ground": frame.ground(),
        "zones": frame.drawn(_Unit(name, shape) for name, shape in outlines(area)),
        "borders": frame.paths([area.shape]),
        "kind": "area",
    }


def _cases(found: Situation) -> list[dict[str, Any]]:
    names = {matter.code: matter.name for matter in Matter.objects.filter(is_current=True)}
    return [
        {
            "number": case.number,
            "matter": names.get(case.matter, case.matter),
            "unit": case.unit_name,
            "state": STATE_LABELS[State(case.state)],
            "received_at": case.received_at,
        }
        for case in found.cases
    ]


def _needs(found: Situation) -> list[tuple[str, int]] | None:
    counted = found.count.living.needs
    if counted is None:
        return None
    return [(str(Need.Kind(need.kind).label), need.people) for need in counted]


def _in_words(details: dict[str, Any]) -> dict[str, Any]:
    """Return the numbers of an entry of the log as the template says them; of each order apart, in order."""
    answers = sorted(details.get("answers", {}).items(), key=lambda order: int(order[0]))
    return details | {"answers": [{"all": addressed, "read": read} for _id, (addressed, read) in answers]}
