"""The posts of the wall's map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from ninja import Query, Router
from pydantic import BaseModel, Field

from gis_grids.selectors import Extent
from incidents.selectors.post_places import post_places
from mapui.wall.reach import check_unit, roots_of
from mapui.wall.schemas import PostsShown
from mapui.wire import DatabaseId  # noqa: TC001 - ninja reads the types at run time

if TYPE_CHECKING:
    from django.http import HttpRequest

router = Router()

#: So many are told apart on a large wall; who wants more of them comes nearer.
MOST = 1000
_Lon = Annotated[float, Field(ge=-180, le=180)]
_Lat = Annotated[float, Field(ge=-90, le=90)]


class View(BaseModel):
    """What of the map is looked at: a box in degrees (EPSG:4326)."""

    west: _Lon = -180.0
    south: _Lat = -90.0
    east: _Lon = 180.0
    north: _Lat = 90.0


@router.get("/posts", response=PostsShown)
def get_posts(
    request: HttpRequest, view: Annotated[View, Query()], unit: DatabaseId | None = None
) -> dict[str, Any]:
    """Return the posts below a unit, or below all that the viewer sees, in a part of the map.

    ``is_cut``: there are more than were given. 404 for a unit outside of what the viewer sees.
    """
    if unit is not None:
        check_unit(request, unit)
    roots = [unit] if unit is not None else roots_of(request)
    found = post_places(roots, Extent(view.west, view.south, view.east, view.north), most=MOST + 1)
    return {"posts": found[:MOST], "is_cut": len(found) > MOST}
