"""Who may have which tiles: base map and units whoever is logged in, households who works with them.

Households are counted at buildings there, without any person, and yet they are shown to those alone who have
a screen for it (wall, office, planner), and to each only on the ground of the posts that open it to him.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import shapely
from django.utils import timezone

from gis_grids.models import UnitVersion
from gis_grids.permissions import SCREENS
from mapui.tiles.layers import BUFFER, EXTENT, OPEN

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from gis_grids.permissions import Scope
    from mapui.tiles.layers import Address

NOTHING: Final = b""
"""No ground in the tile."""
_KEPT: Final = 64


def may_read(scope: Scope, layer: str) -> bool:
    """Return whether the posts of a scope open a layer."""
    return layer in OPEN or bool(scope.roots(SCREENS))


def ground_in(scope: Scope, address: Address, units_version: int) -> bytes | None:
    """Return the part of a tile (WKB in EPSG:3857) that lies on the ground of the scope's posts.

    None where that is all of it, `NOTHING` where none is. The buffer around the tile is of it. The version of
    the units is the current one.
    """
    west, south, east, north = address.box
    margin = (east - west) * BUFFER / EXTENT
    around = shapely.box(west - margin, south - margin, east + margin, north + margin)
    ground = _ground(scope.roots(SCREENS), units_version)
    if shapely.contains_properly(ground, around):
        return None
    part = shapely.intersection(ground, around)
    return NOTHING if part.is_empty else shapely.to_wkb(part)


@lru_cache(maxsize=_KEPT)
def _ground(roots: frozenset[int], _version: int) -> BaseGeometry:
    """Return the ground of units; their version is asked for so that it is never that of yesterday."""
    versions = UnitVersion.objects.filter(unit__in=roots, valid__contains=timezone.now())
    shapes = [
        shapely.from_wkb(bytes(shape.wkb)) for shape in versions.values_list("boundary_3857", flat=True)
    ]
    ground = shapely.union_all(shapes)
    shapely.prepare(ground)
    return ground
