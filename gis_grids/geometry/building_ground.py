"""The ground that goes with a building: up to halfway to the next one, and not further than a courtyard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import numpy as np
import shapely
from shapely import STRtree

from gis_grids.geometry.frame import Frame
from gis_grids.geometry.lattice import to_storage

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from shapely import MultiPolygon, Polygon
    from shapely.geometry.base import BaseGeometry

#: How far from its walls a building's ground reaches at most, in metres.
REACH_M: Final = 60.0
#: Corners along the walls from which halfway is taken, metres apart.
_STEP_M: Final = 4.0


def ground_of(
    picked: Collection[int], buildings: Sequence[BaseGeometry], within: BaseGeometry
) -> Polygon | MultiPolygon:
    """Return the ground of the buildings picked (positions in the list), in a scope; all lon/lat.

    Of the buildings of the list those nearby count as the next ones.
    """
    shapes = np.array(buildings, dtype=object)
    frame = Frame.around(shapes[list(picked)])
    metric = frame.into(shapes)
    chosen = metric[list(picked)]
    near = np.unique(STRtree(metric).query(chosen, predicate="dwithin", distance=2 * REACH_M)[1])
    walls = shapely.segmentize(shapely.boundary(metric[near]), _STEP_M)
    points, owner = shapely.get_coordinates(walls, return_index=True)
    points, first = np.unique(points, axis=0, return_index=True)
    reach = shapely.union_all(shapely.buffer(chosen, REACH_M))
    diagram = shapely.voronoi_polygons(shapely.multipoints(points), extend_to=reach, ordered=True)
    cells = shapely.get_parts(diagram)
    mine = np.isin(near[owner[first]], list(picked))
    ground = shapely.union_all([shapely.union_all(cells[mine]), *chosen])
    piece = shapely.intersection(shapely.intersection(ground, reach), frame.into(within))
    polygons = [part for part in shapely.get_parts(piece) if part.geom_type == "Polygon"]
    return cast("Polygon | MultiPolygon", to_storage(frame.back(shapely.union_all(polygons))))
