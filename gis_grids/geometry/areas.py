"""An area that somebody draws on the map: from what a client sends to a shape that can be counted in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon

from gis_grids.errors import BadInput, InvalidPoint
from gis_grids.geometry.coordinates import geodesic_area
from gis_grids.geometry.lattice import to_storage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

#: Nobody draws more corners than that; a circle has 64.
MAX_POINTS: Final = 2000
#: What is smaller is a click, not an area (m²).
LEAST_M2: Final = 1.0

_CORNERS: Final = 3


def drawn_area(ring: Sequence[tuple[float, float]]) -> MultiPolygon:
    """Return the area inside a ring of lon/lat corners (degrees, WGS 84) on the storage lattice.

    The ring may be closed or open, and run either way. Raises `BadInput`: "area.too_few_points",
    "area.too_many_points", "area.crosses_itself", "area.too_small"; `InvalidPoint` for corners off the Earth.
    """
    corners = np.asarray(ring, dtype=np.float64).reshape(-1, 2)
    if len(corners) > MAX_POINTS:
        raise BadInput.of("area.too_many_points", limit=MAX_POINTS)
    if not np.isfinite(corners).all():
        raise InvalidPoint.of("point.not_a_number", axis="lon, lat")
    for lon, lat in corners[(np.abs(corners) > (180.0, 90.0)).any(axis=1)][:1]:
        raise InvalidPoint.of("point.out_of_range", lon=float(lon), lat=float(lat))
    if len(np.unique(corners, axis=0)) < _CORNERS:
        raise BadInput.of("area.too_few_points")
    shape = to_storage(Polygon(corners))
    if not shape.is_valid:
        raise BadInput.of("area.crosses_itself")
    if geodesic_area(shape) < LEAST_M2:
        raise BadInput.of("area.too_small")
    return MultiPolygon([shape])


def area_within(shape: BaseGeometry, ground: BaseGeometry) -> MultiPolygon | None:
    """Return the part of an area that lies on the ground (lon/lat, storage lattice), or None.

    Splinters below a square metre, as they come about along a common border, are left out.
    """
    cut = shapely.set_precision(shapely.intersection(shape, ground), 1e-9)
    parts = [
        part
        for part in shapely.get_parts(to_storage(cut))
        if isinstance(part, Polygon) and part.is_valid and geodesic_area(part) >= LEAST_M2
    ]
    return MultiPolygon(parts) if parts else None
