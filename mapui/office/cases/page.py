"""The page of one case."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gis_grids.errors import NotFound
from gis_grids.levels import Level
from gis_grids.selectors import current_versions
from incidents.models import Attachment, PositionSource
from incidents.selectors import details
from incidents.selectors.clock_states import clock_states
from incidents.selectors.related import RELATION_LABELS
from mapui.faces import OFFICE, face_required
from mapui.office.cases.timeline import timeline
from mapui.pages.choices import form_choices
from mapui.pages.data import case_words
from mapui.pages.history import history_lines
from mapui.tiles import tile_sources

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest, HttpResponse

    from incidents.selectors import Details

_NUMBER: Final = re.compile(r"(?:\d{8}-)?(\d{1,12})")


def id_of(number: str) -> int:
    """Return the id of the case with this number, or this bare id; 404 for what is neither."""
    found = _NUMBER.fullmatch(number)
    if not found:
        raise Http404
    return int(found.group(1))


@require_safe
@never_cache
@face_required(OFFICE)
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Show a case in full; an address with the bare id leads to the one with its number."""
    incident_id = id_of(number)
    user: User = request.user  # type: ignore[assignment]  # nobody else comes through the door
    try:
        shown = details(user, incident_id)
    except NotFound as missing:
        raise Http404(str(missing)) from None
    if number != shown.card.number:
        return redirect("office_case", number=shown.card.number)
    return render(request, "office/cases/case.html", _context(request, user, shown))


def _context(request: HttpRequest, user: User, shown: Details) -> dict[str, Any]:
    now = timezone.now()
    files = [(Attachment.Purpose(each.purpose).label, each) for each in shown.attachments]
    return {
        "shown": shown,
        "clocks": clock_states(shown.card, now),
        "lines": timeline(shown.cycles, shown.history, shown.escalations, now),
        "history": history_lines(shown, user),
        "related": [(RELATION_LABELS[each.relation], each) for each in shown.related],
        "files": [(purpose, each) for purpose, each in files if each.completed_at],
        "awaited": sum(not (each.completed_at or each.is_missing) for each in shown.attachments),
        "missing": sum(each.is_missing for each in shown.attachments),
        "position": PositionSource(shown.position_source).label,
        "escalated_to": Level(shown.card.escalated_to).label if shown.card.escalated_to else "",
        "rating_link": request.build_absolute_uri(shown.rating_link) if shown.rating_link else "",
        "choices": form_choices(shown),
        "page_data": _page_data(shown),
    }


def _page_data(shown: Details) -> dict[str, Any]:
    outline = current_versions().filter(unit=shown.card.unit).values_list("boundary", flat=True).first()
    return {
        **case_words(),
        "id": shown.card.id,
        "version": shown.card.version,
        "interface": "/api/",
        "api": "/api/incidents/",
        "tiles": tile_sources(),
        "time_zone": settings.TIME_ZONE,
        "place": {"lon": shown.card.lon, "lat": shown.card.lat, "accuracy_m": shown.accuracy_m},
        "device": shown.device and asdict(shown.device),
        "outline": outline.geojson if outline else None,
    }
