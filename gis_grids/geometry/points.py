"""The position of a report or a thing: checked before anything else looks at it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from shapely import Point

from gis_grids.errors import InvalidPoint
from gis_grids.geometry.lattice import round_degrees

if TYPE_CHECKING:
    Extent = tuple[float, float, float, float]

FAR_DEGREES = 1.0
"""How far from the deployment's extent a position may be: about 100 km. Nearer ones are accepted even
outside every grid, since positions drift; farther ones are a fault of the device or of the sender."""

_HALF_TURN, _QUARTER_TURN = 180.0, 90.0


def check_point(lon: object, lat: object, *, extent: Extent | None = None) -> Point:
    """Return the position as a point on the storage lattice: see `check_position`."""
    return Point(*check_position(lon, lat, extent=extent))


def check_position(lon: object, lat: object, *, extent: Extent | None = None) -> tuple[float, float]:
    """Return the position (lon, lat) as it is stored, on the lattice, or say what is wrong with it.

    `lon` and `lat` are degrees, WGS 84. `extent` is the deployment's (west, south, east, north).
    Raises `InvalidPoint`: "point.not_a_number" (text, NaN, infinity, nothing), "point.swapped",
    "point.out_of_range", "point.far_away" (reliability.md 2.5).
    """
    x, y = _number("lon", lon), _number("lat", lat)
    if _within(x, y) and (extent is None or _near(x, y, extent)):
        return round_degrees(x), round_degrees(y)
    raise InvalidPoint.of(_fault(x, y, extent), lon=x, lat=y)


def _number(axis: str, value: object) -> float:
    if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < math.inf:
        return float(max(-1e9, min(1e9, value)))
    raise InvalidPoint.of("point.not_a_number", axis=axis)


def _within(x: float, y: float) -> bool:
    return abs(x) <= _HALF_TURN and abs(y) <= _QUARTER_TURN


def _near(x: float, y: float, extent: Extent) -> bool:
    west, south, east, north = extent
    return west - FAR_DEGREES <= x <= east + FAR_DEGREES and south - FAR_DEGREES <= y <= north + FAR_DEGREES


def _fault(x: float, y: float, extent: Extent | None) -> str:
    swapped_fits = _within(y, x) and (extent is None or _near(y, x, extent))
    if swapped_fits:
        return "point.swapped"
    return "point.far_away" if _within(x, y) else "point.out_of_range"
