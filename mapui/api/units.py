"""The boundaries in force at any time, as GeoJSON."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - ninja reads the types at run time
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router

from gis_grids.geojson import unit_collection
from gis_grids.levels import Level  # noqa: TC001 - ninja reads the types at run time
from gis_grids.selectors import versions_to_export

if TYPE_CHECKING:
    from django.http import HttpRequest

router = Router()


@router.get("")
def get_units(
    request: HttpRequest,  # noqa: ARG001
    level: Level,
    at: dt.datetime | None = None,
    under: str | None = None,
) -> HttpResponse:
    """Return the units of a level in force at a time (default: now), all or those under a unit's code.

    A FeatureCollection, lon/lat with nine decimals: boundaries are public, whoever is logged in reads all.
    A time without a zone is one of the district's.
    """
    when = timezone.make_aware(at) if at and timezone.is_naive(at) else at
    collection = unit_collection(versions_to_export(level=level, under=under, when=when))
    return HttpResponse(collection, content_type="application/geo+json")
