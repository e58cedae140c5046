"""Between the geometries of the tables (GeoDjango) and those of the geometry room (shapely), bit by bit."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import shapely
from django.contrib.gis.geos import GEOSGeometry
from shapely import MultiPolygon, Polygon

if TYPE_CHECKING:
    from django.contrib.gis.geos import MultiPolygon as BoundaryValue
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
    parts = [shape] if isinstance(shape, Polygon) else list(shape.geoms)
    return shapely.orient_polygons(MultiPolygon(parts))
