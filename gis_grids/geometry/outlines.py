"""Outlines for maps that show much ground: fewer vertices, and still one line between neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray
    from shapely import MultiPolygon, Polygon
    from shapely.geometry.base import BaseGeometry


def simplified(shapes: Sequence[Polygon | MultiPolygon], tolerance: float) -> NDArray[np.object_]:
    """Return the polygons of a coverage with what is smaller than ``tolerance`` taken out of their lines.

    Lines that polygons share stay shared: they are simplified once (`shapely.coverage_simplify`, by the
    areas of triangles, Visvalingam and Whyatt). A polygon that would vanish or break stays as
    it is, but for what of it was broken before. The tolerance is in the units of the shapes.
    """
    given = np.array(shapes, dtype=object)
    found = np.asarray(shapely.coverage_simplify(given, tolerance), dtype=object)
    is_sound = shapely.is_valid(found) & ~shapely.is_empty(found)
    return np.where(is_sound, found, _mended(given))


def joined(polygons: Iterable[BaseGeometry]) -> Polygon | MultiPolygon:
    """Return the union of polygons that share their lines; of any others too."""
    shapes = [*polygons]
    if len(shapes) == 1:
        return cast("Polygon | MultiPolygon", shapes[0])
    try:
        union = shapely.coverage_union_all(shapes)
    except shapely.GEOSException:  # no coverage: an import left a sliver within its tolerance
        union = None
    if union is None or not union.is_valid:
        union = shapely.union_all(_mended(np.array(shapes, dtype=object)))
    return cast("Polygon | MultiPolygon", union)


def _mended(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return polygons without what crosses itself: a sound needle may do so in another projection."""
    broken = ~shapely.is_valid(shapes)
    mended = shapes.copy()
    mended[broken] = shapely.make_valid(shapes[broken], method="structure", keep_collapsed=False)
    return mended
