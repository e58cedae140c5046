"""The page of the boundaries of a day."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gis_grids.errors import NotFound
from gis_grids.levels import Level
from mapui.faces import PLANNER, face_required
from mapui.planner.asof.days import changes_in, choices_under, moment_of, units_on
from mapui.planner.doors import reach_of
from mapui.tiles import tile_sources

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

#: The levels that can be looked at: what lies below a street.
LEVELS = tuple(level for level in Level if level.depth > Level.STREET.depth)


@require_safe
@never_cache
@face_required(PLANNER)
def asof(request: HttpRequest) -> HttpResponse:
    """Show the units of a level that are in force on a day; a day or level that is none is today's."""
    reader = reach_of(request)
    day = _day(request.GET.get("at", ""))
    when = moment_of(day)
    asked = request.GET.get("level", "")
    level = Level(asked) if asked in {each.value for each in LEVELS} else Level.AREA
    choices = choices_under(reader, when)
    under = request.GET.get("under", "") or (choices[0][0] if choices else "")
    try:
        rows = units_on(reader, level, under, when) if under else []
    except NotFound as unknown:
        raise Http404 from unknown
    data: dict[str, Any] = {"tiles": tile_sources()}
    if under:
        asked_for = {"at": when.isoformat(), "level": level.value, "under": under}
        data["units"] = f"/api/units?{urlencode(asked_for)}"
    context = {
        "day": day,
        "is_today": day == timezone.localdate(),
        "level": level,
        "levels": LEVELS,
        "under": under,
        "choices": choices,
        "rows": rows,
        "changes": changes_in(under) if under else [],
        "page_data": data,
    }
    return render(request, "planner/asof/asof.html", context)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()
