"""Early signs (苗头性问题) on the wall: the heat of the last hours against the usual, and what stands out."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Final

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router
from pydantic import BaseModel, Field

from gis_grids.errors import BadInput
from incidents.selectors.early_signs import LONGEST_HOURS, EarlySigns, early_signs
from mapui.wall.reach import check_unit, roots_of
from mapui.wall.schemas import HotspotsShown
from mapui.wire import DatabaseId

if TYPE_CHECKING:
    from django.http import HttpRequest

router = Router()

_KEPT_S: Final = 20


class Asked(BaseModel):
    """Of which unit (null: all that the viewer sees), of how many hours up to ``at`` (default: now)."""

    unit: DatabaseId | None = None
    hours: Annotated[int, Field(ge=1, le=LONGEST_HOURS)] = 6
    at: dt.datetime | None = None


@router.get("/hotspots", response=HotspotsShown)
def get_hotspots(request: HttpRequest, asked: Annotated[Asked, Query()]) -> EarlySigns:
    """Return where more is reported than is usual at this hour of the week. No person, no private matter.

    404 for a unit outside of what the viewer sees.
    """
    roots = roots_of(request)
    if asked.unit is not None:
        check_unit(request, asked.unit)
        roots = frozenset({asked.unit})
    at = asked.at and (timezone.make_aware(asked.at) if timezone.is_naive(asked.at) else asked.at)
    if at and at > timezone.now() + dt.timedelta(minutes=5):
        raise BadInput("hotspots.to_come", _("That moment is still to come. Ask for one that is over."))
    # Walls that show the same ask together: they get the same, of the minute that runs.
    at = (at or timezone.now()).replace(second=0, microsecond=0) + dt.timedelta(minutes=1)
    key = f"hotspots-{asked.hours}-{at.timestamp():.0f}-{'-'.join(map(str, sorted(roots)))}"
    found: EarlySigns | None = cache.get(key)
    if found is None:
        found = early_signs(roots, hours=asked.hours, now=at)
        cache.set(key, found, _KEPT_S)
    return found
