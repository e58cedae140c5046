"""GCJ-02 and BD-09, the shifted coordinate systems of Chinese map vendors, to and from WGS 84.

All functions take and give arrays of lon/lat degrees, shape (n, 2). Forward formulas are the published
ones (the `eviltransform` and `gcoord` family); the inverses iterate them until nothing moves any more
(below 1e-11 degree), so that forward and back is exact far below the storage lattice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Coordinates = NDArray[np.float64]

_KRASOVSKY_A = 6378245.0
_KRASOVSKY_EE = 0.00669342162296594323
_SHIFTED = (72.004, 0.8293, 137.8347, 55.8271)
_BD_TURN = np.pi * 3000.0 / 180.0
_ENOUGH = 1e-11
_MOST_ROUNDS = 30


def wgs84_to_gcj02(lonlat: Coordinates) -> Coordinates:
    """Return WGS 84 positions as GCJ-02. Outside the rectangle in which the shift is defined, unchanged."""
    shifted = lonlat + _gcj02_shift(lonlat)
    return np.where(_is_shifted(lonlat)[:, None], shifted, lonlat)


def gcj02_to_wgs84(lonlat: Coordinates) -> Coordinates:
    """Return GCJ-02 positions as WGS 84, exact to 1e-11 degree."""
    return _inverse(wgs84_to_gcj02, lonlat)


def wgs84_to_bd09(lonlat: Coordinates) -> Coordinates:
    """Return WGS 84 positions as BD-09."""
    return _gcj02_to_bd09(wgs84_to_gcj02(lonlat))


def bd09_to_wgs84(lonlat: Coordinates) -> Coordinates:
    """Return BD-09 positions as WGS 84, exact to 1e-11 degree."""
    return gcj02_to_wgs84(_inverse(_gcj02_to_bd09, lonlat))


def _is_shifted(lonlat: Coordinates) -> NDArray[np.bool_]:
    lon, lat = lonlat[:, 0], lonlat[:, 1]
    west, south, east, north = _SHIFTED
    return (west <= lon) & (lon <= east) & (south <= lat) & (lat <= north)


def _waves(t: NDArray[np.float64], *amplitudes_and_divisors: tuple[float, float]) -> NDArray[np.float64]:
    return sum(
        (amplitude * np.sin(t * np.pi / divisor) for amplitude, divisor in amplitudes_and_divisors),
        np.zeros_like(t),
    )


def _gcj02_shift(lonlat: Coordinates) -> Coordinates:
    x, y = lonlat[:, 0] - 105.0, lonlat[:, 1] - 35.0
    root = np.sqrt(np.abs(x))
    ripple = _waves(x, (20.0, 1 / 6), (20.0, 1 / 2))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (ripple + _waves(y, (20.0, 1.0), (40.0, 3.0), (160.0, 12.0), (320.0, 30.0))) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (ripple + _waves(x, (20.0, 1.0), (40.0, 3.0), (150.0, 12.0), (300.0, 30.0))) * 2.0 / 3.0
    latitude = np.radians(lonlat[:, 1])
    magic = 1.0 - _KRASOVSKY_EE * np.sin(latitude) ** 2
    meridian = _KRASOVSKY_A * (1.0 - _KRASOVSKY_EE) / (magic * np.sqrt(magic))
    parallel = _KRASOVSKY_A / np.sqrt(magic) * np.cos(latitude)
    return np.degrees(np.column_stack((east / parallel, north / meridian)))


def _gcj02_to_bd09(lonlat: Coordinates) -> Coordinates:
    x, y = lonlat[:, 0], lonlat[:, 1]
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * _BD_TURN)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * _BD_TURN)
    return np.column_stack((radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006))


def _inverse(forward: Callable[[Coordinates], Coordinates], wanted: Coordinates) -> Coordinates:
    """Return the places that `forward` sends to `wanted`: a fixed point, each round 100 times nearer."""
    guess = wanted
    for _ in range(_MOST_ROUNDS):
        error = wanted - forward(guess)
        if not np.any(np.abs(error) > _ENOUGH):
            break
        guess = guess + error
    return guess
