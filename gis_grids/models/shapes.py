"""Between the geometries of the tables (GeoDjango) and those of the geometry room (shapely), bit by bit."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry
from shapely import MultiPolygon

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.contrib.gis.geos import MultiPolygon as BoundaryValue
    from numpy.typing import NDArray
    from shapely import Polygon
    from shapely.geometry.base import BaseGeometry

SRID = 4326


def to_stored(shape: BaseGeometry) -> GEOSGeometry:
    """Return a lon/lat geometry for a geometry column. Bring it to the storage lattice before."""
    return GEOSGeometry(memoryview(shapely.to_wkb(shape)), srid=SRID)


def to_boundary(shape: MultiPolygon) -> BoundaryValue:
    """Return `to_stored` of a multipolygon, for the boundary of a unit."""
    return cast("BoundaryValue", to_stored(shape))


def from_stored(geometry: GEOSGeometry) -> BaseGeometry:
    """Return the value of a geometry column as shapely, in lon/lat."""
    return shapely.from_wkb(bytes(geometry.wkb))


def as_multipolygon(shape: Polygon | MultiPolygon) -> MultiPolygon:
    """Return polygons as boundaries are stored: always multi, shells counter-clockwise, holes clockwise."""
    return cast("MultiPolygon", as_multipolygons([shape])[0])


def as_multipolygons(shapes: Sequence[Polygon | MultiPolygon]) -> NDArray[np.object_]:
    """Return `as_multipolygon` of each shape, all at once."""
    parts, of_shape = shapely.get_parts(np.array(shapes, dtype=object), return_index=True)
    gathered = np.full(len(shapes), MultiPolygon(), dtype=object)
    shapely.multipolygons(parts, indices=of_shape, out=gathered)
    return np.asarray(shapely.orient_polygons(gathered), dtype=object)


def to_ewkb(shapes: NDArray[np.object_], srid: int = SRID) -> list[str]:
    """Return shapes as the database reads them from text: EWKB in hex."""
    return [wkb.hex() for wkb in shapely.to_wkb(shapely.set_srid(shapes, srid), include_srid=True)]
