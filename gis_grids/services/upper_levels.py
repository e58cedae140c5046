"""The upper levels, kept what they are: the unions of their children."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely
from shapely import Polygon

from gis_grids.geometry.coordinates import to_metres, zone_of
from gis_grids.geometry.gates import TOLERANCE
from gis_grids.geometry.lattice import to_storage
from gis_grids.models.shapes import as_multipolygon

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely import MultiPolygon


def union_of(children: Sequence[MultiPolygon]) -> MultiPolygon:
    """Return the ground that siblings cover together (lon/lat, on the storage lattice).

    Where their borders agree vertex by vertex, as they do after any import without E06, the outer border
    is theirs bit by bit. Else hairlines that the gates let pass (`TOLERANCE`) may remain between them:
    those are filled, since the parent's ground is not meant to have cracks.
    """
    parts = shapely.get_parts(children).tolist()
    if shapely.coverage_is_valid(parts):
        union = shapely.coverage_union_all(parts)
    else:
        union = shapely.union_all(parts)
    polygons = [_without_hairlines(part) for part in shapely.get_parts(union)]
    return as_multipolygon(shapely.MultiPolygon([to_storage(polygon) for polygon in polygons]))


def _without_hairlines(polygon: Polygon) -> Polygon:
    holes = [hole for hole in polygon.interiors if not _is_hairline(Polygon(hole))]
    return Polygon(polygon.exterior, holes)


def _is_hairline(hole: Polygon) -> bool:
    metric = to_metres(hole, zone_of(hole))
    return bool(metric.buffer(-TOLERANCE / 2).is_empty)
