"""Coordinate systems: metres for work, lon/lat (EPSG:4326) for storage, and those that files come in.

Lengths and areas are taken in the CGCS2000 3-degree Gauss-Krüger zone of the place (EPSG:4534 to
4554, central meridians 75°E to 135°E, without zone prefix), outside China in its UTM zone. Axis order
is always x/longitude first. CGCS2000 and WGS 84 differ by centimetres and are taken as one, as PROJ does.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from gis_grids.errors import BadFile
from gis_grids.geometry.chinese_offsets import bd09_to_wgs84, gcj02_to_wgs84

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Coordinates = NDArray[np.float64]

GeometryT = TypeVar("GeometryT", bound="BaseGeometry")

WGS84: Final = 4326
_CHINA = (73.5, 3.0, 136.5, 54.0)
_EQUAL_AREA = 6933
"""EPSG number of a projection of the whole Earth that keeps areas."""


def zone_for(lon: float, lat: float) -> int:
    """Return the EPSG number of the metric zone of a place given in degrees.

    In China's span the CGCS2000 3-degree zone (field.md 2d), elsewhere the WGS 84 / UTM zone.
    """
    west, south, east, north = _CHINA
    if west <= lon < east and south <= lat < north:
        return 4534 + int((lon - west) // 3)
    return (32601 if lat >= 0 else 32701) + int((lon + 180) // 6) % 60


def zone_of(geometry: BaseGeometry) -> int:
    """Return the EPSG number of the metric zone at the centre of a lon/lat geometry's extent."""
    west, south, east, north = geometry.bounds
    return zone_for((west + east) / 2, (south + north) / 2)


def to_metres(geometry: GeometryT, zone: int) -> GeometryT:
    """Return a lon/lat geometry in the metres of `zone` (EPSG number)."""
    return _project(geometry, _transformer(f"EPSG:{WGS84}", f"EPSG:{zone}"))


def to_degrees(geometry: GeometryT, zone: int) -> GeometryT:
    """Return a geometry in the metres of `zone` (EPSG number) as lon/lat degrees, not yet on the lattice."""
    return _project(geometry, _transformer(f"EPSG:{zone}", f"EPSG:{WGS84}"))


def geodesic_area(geometry: BaseGeometry) -> float:
    """Return the area in m² of a lon/lat geometry on the ellipsoid, whichever way its rings run."""
    return float(geodesic_areas(geometry))


def geodesic_areas(geometries: Any) -> NDArray[np.float64]:  # noqa: ANN401 (one or an array, as shapely)
    """Return `geodesic_area` of each lon/lat geometry of an array."""
    equal_area = _transformer(f"EPSG:{WGS84}", f"EPSG:{_EQUAL_AREA}")
    return np.asarray(shapely.area(_project(geometries, equal_area)))


@dataclass(frozen=True)
class SourceCrs:
    """A coordinate system that a file may come in; `name` is what the person calls it."""

    name: str
    to_lonlat: Callable[[Any], Any]
    """Brings a geometry, or an array of them, to lon/lat, not yet on the lattice. Coordinates that have
    no place on Earth in this system come out infinite."""
    made_for: tuple[float, float, float, float] | None = None
    """The box (lon/lat: west, south, east, north) for which a map projection is made, if it says so."""


def parse_crs(text: str) -> SourceCrs:
    """Read a coordinate system: "EPSG:4549" or any other name PROJ knows, WKT, "gcj02" or "bd09".

    Raises `BadFile` ("crs.unknown") when it is none of these.
    """
    name = text.strip()
    offset = {"gcj02": gcj02_to_wgs84, "bd09": bd09_to_wgs84}.get(name.lower().replace("-", ""))
    if offset is not None:
        return SourceCrs(name.lower().replace("-", ""), lambda geometry: shapely.transform(geometry, offset))
    try:
        crs = CRS.from_user_input(name)
        transformer = _transformer(name, f"EPSG:{WGS84}")
    except (CRSError, ProjError) as error:
        raise BadFile.of("crs.unknown", crs=name[:80]) from error
    if _is_lonlat(crs):
        return SourceCrs(f"EPSG:{crs.to_epsg() or WGS84}", lambda geometry: geometry)
    label = f"EPSG:{number}" if (number := crs.to_epsg()) else crs.name
    known = CRS.from_epsg(number) if number else crs  # WKT from a file doesn't bring its area along
    made_for = known.area_of_use.bounds if crs.is_projected and known.area_of_use else None
    return SourceCrs(label, lambda geometry: _project(geometry, transformer), made_for)


def _is_lonlat(crs: CRS) -> bool:
    """Tell whether the coordinates already are our lon/lat, so that not one bit may change."""
    return crs.is_geographic and (crs.to_epsg() in {WGS84, 4490} or crs == CRS("OGC:CRS84"))


@lru_cache(maxsize=64)
def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def _project(geometry: GeometryT, transformer: Transformer) -> GeometryT:
    def project(coordinates: Coordinates) -> Coordinates:
        return np.column_stack(transformer.transform(coordinates[:, 0], coordinates[:, 1]))

    return shapely.transform(geometry, project)
