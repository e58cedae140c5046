"""The working frame: metres that are an affine image of lon/lat around one place.

A border is straight between its stored vertices, in lon/lat. A map projection would bend it (by about
1 cm on 1 km, 4 cm on 2 km at latitude 40), so a vertex exactly on a neighbour's edge would no longer
lie on it. In an affine image it does, and equal vertices stay equal bit by bit. Scale is right at the
centre and off by at most a few per cent across a province: good for centimetre tolerances, not for
areas, which are taken in the CGCS2000 zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from gis_grids.geometry.coordinates import to_metres, zone_for

if TYPE_CHECKING:
    from numpy.typing import NDArray

_METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True)
class Frame:
    """A place (lon/lat degrees) and the affine image of lon/lat, in metres, around it."""

    lon: float
    lat: float

    @classmethod
    def around(cls, geometries: NDArray[Any]) -> Frame:
        """Return the frame at the centre of the extent of lon/lat geometries."""
        west, south, east, north = shapely.total_bounds(geometries)
        return cls((west + east) / 2, (south + north) / 2)

    @property
    def _scale(self) -> NDArray[np.float64]:
        return np.array([_METRES_PER_DEGREE * np.cos(np.radians(self.lat)), _METRES_PER_DEGREE])

    @property
    def _origin(self) -> NDArray[np.float64]:
        return np.array([self.lon, self.lat])

    def into(self, geometries: Any) -> Any:  # noqa: ANN401 (a geometry or an array of them, as shapely)
        """Return lon/lat geometries in the metres of the frame."""
        return shapely.transform(geometries, lambda lonlat: (lonlat - self._origin) * self._scale)

    def back(self, geometries: Any) -> Any:  # noqa: ANN401
        """Return geometries in the metres of the frame as lon/lat."""
        return shapely.transform(geometries, lambda metres: metres / self._scale + self._origin)

    def degrees(self, metres: float) -> float:
        """Return the side in degrees of a square that has an area of `metres` squared."""
        return float(metres / np.sqrt(np.prod(self._scale)))

    def projected(self, lonlat: Any) -> Any:  # noqa: ANN401
        """Return lon/lat geometries in the CGCS2000 zone of the place (borders straight on the map)."""
        return to_metres(lonlat, zone_for(self.lon, self.lat))
