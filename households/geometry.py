"""Which polygon a point lies in, for many points at once: pure, without Django."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray


def first_covering(
    xs: NDArray[np.float64], ys: NDArray[np.float64], polygons: NDArray[Any]
) -> NDArray[np.int64]:
    """Return for each point the index of the first polygon that covers it (border included), else -1.

    The order of the polygons is the rule for a point on a common border. A point with NaN lies
    nowhere. Coordinates are in any one system. The box of a polygon picks its candidates, a prepared
    polygon decides: the fastest of the ways measured for a million points.
    """
    found = np.full(len(xs), -1, dtype=np.int64)
    order = np.argsort(xs)  # NaN sorts last, beyond every box
    xs_sorted, ys_sorted = xs[order], ys[order]
    for index, polygon in enumerate(polygons):
        west, south, east, north = polygon.bounds
        strip = slice(np.searchsorted(xs_sorted, west, "left"), np.searchsorted(xs_sorted, east, "right"))
        strip_ys, free = ys_sorted[strip], found[order[strip]] < 0
        candidates = order[strip][free & (strip_ys >= south) & (strip_ys <= north)]
        if candidates.size:
            shapely.prepare(polygon)
            found[candidates[shapely.intersects_xy(polygon, xs[candidates], ys[candidates])]] = index
    return found
