"""Where a geometry is broken, and how a place is told to a person."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import shapely
from shapely import Point

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


def fault_of(geometry: BaseGeometry) -> tuple[str, Point]:
    """Return why an invalid geometry is invalid, in GEOS's words, and where, in its own coordinates."""
    reason = shapely.is_valid_reason(geometry)
    found = re.fullmatch(r"(.*)\[(\S+) (\S+)\]", reason)
    if found is None:
        return reason, Point(shapely.get_coordinates(geometry)[0])
    return found[1], Point(float(found[2]), float(found[3]))


def place_of(where: Point) -> dict[str, float]:
    """Return lon and lat of a point for a sentence: six decimals, 11 cm."""
    return {"lon": round(where.x, 6), "lat": round(where.y, 6)}
