"""What the map of the page draws: a piece of ground, since tiles are for who is logged in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from gis_grids.errors import InvalidPoint
from gis_grids.geometry.points import check_point
from mapui.pages.ground import ground_in
from mapui.pages.public import public_page
from mapui.residents.limits import reading_limit

if TYPE_CHECKING:
    from django.http import HttpRequest

#: How far the ground reaches from the position asked for, in degrees: some 600 m.
REACH: Final = 0.006
#: Positions are told apart so finely, in decimals of a degree: nobody's own is in an address, some 100 m are.
_DECIMALS: Final = 3
_BAD_REQUEST = 400


@require_safe
@public_page(reading_limit)
def ground(request: HttpRequest) -> HttpResponse:
    """Answer the ground around a position (lon/lat) as GeoJSON features, with the box that they fill."""
    try:
        lon, lat = (round(float(request.GET.get(name, "")), _DECIMALS) for name in ("lon", "lat"))
        check_point(lon, lat)
    except (ValueError, InvalidPoint):
        return HttpResponse(status=_BAD_REQUEST)
    bounds = (lon - REACH, lat - REACH, lon + REACH, lat + REACH)
    return JsonResponse({"bounds": bounds, "ground": ground_in(bounds).features()})
