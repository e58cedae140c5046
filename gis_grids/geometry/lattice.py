"""The storage lattice: every stored coordinate is a multiple of 1e-9 degree (0.11 mm).

Nine decimals in a file then say exactly what is stored, so a round trip is bit-identical. Rounding is
a pure function of the coordinate, so a vertex that two units share stays shared: a tiling stays one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

DECIMALS = 9
"""Decimals of a degree that are stored, sent and exported."""

LATTICE: Final = 10.0**-DECIMALS
"""The distance of its points in degrees: the `grid_size` with which shapely nodes on it."""

GeometryT = TypeVar("GeometryT", bound="BaseGeometry")


def round_coordinates(coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return lon/lat degrees, shape (n, 2), moved to the nearest point of the lattice.

    Each number becomes the double nearest to its 9-decimals text, which is what reading that text
    gives again. Minus zero becomes zero.
    """
    return np.round(coordinates * 1e9) / 1e9 + 0.0


def round_degrees(degrees: float) -> float:
    """Return one coordinate as `round_coordinates` does: a single point need not go through arrays."""
    return round(degrees * 1e9) / 1e9


def to_storage(geometry: GeometryT) -> GeometryT:
    """Return a lon/lat geometry (or an array of them) as stored: on the lattice, flat, shells anticlockwise.

    Every writer passes through here. Rings run as RFC 7946 wants them, so that an export need not turn
    them. The result may be invalid where the input had features smaller than a millimetre: the gates
    (E05) judge what is stored, not what was read.
    """
    flat = shapely.transform(shapely.force_2d(geometry), round_coordinates)
    return shapely.orient_polygons(flat)


def is_same(one: BaseGeometry, other: BaseGeometry) -> bool:
    """Tell whether two shapes have the same rings, wherever their rings begin."""
    return bool(shapely.equals_exact(one.normalize(), other.normalize(), tolerance=0))
