"""Points and footprints in polygons, for many at once: pure, without Django."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from gis_grids.geometry.frame import Frame

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

#: A border that touches a footprint doesn't cut it: a piece counts from so many m² on ...
CRUMB_M2: Final = 1.0
#: ... if it is also so wide somewhere, in metres: what is narrower is the thickness of a wall, and less than
#: footprints are accurate to (field.md 2a).
CRUMB_WIDTH_M: Final = 0.3
#: Points are sorted into so many bands at most, however low most polygons are.
_MOST_BANDS: Final = 1000
#: So many points in boxes are looked at at a time.
_AT_ONCE: Final = 1_000_000


def first_covering(
    xs: NDArray[np.float64], ys: NDArray[np.float64], polygons: NDArray[Any]
) -> NDArray[np.int64]:
    """Return for each point the index of the first polygon that covers it (border included), else -1.

    The order of the polygons is the rule for a point on a common border. A point with NaN lies
    nowhere. Coordinates are in any one system. The box of a polygon picks its candidates, a prepared
    polygon decides: the fastest of the ways measured for a million points. The points lie sorted in bands
    as high as most polygons are, so that those in a box are a few runs of neighbours.
    """
    found = np.full(len(xs), -1, dtype=np.int64)
    if not len(polygons) or np.isnan(xs).all():
        return found
    west, south, east, north = shapely.bounds(polygons).T
    low, high = np.nanmin(ys), np.nanmax(ys)
    height = max(np.median(north - south), (high - low) / _MOST_BANDS) or 1.0
    order = np.argsort(_keys(ys, xs, low, height))  # NaN sorts last, beyond every box
    xs, ys = xs[order], ys[order]
    keys = _keys(ys, xs, low, height)
    lowest, highest = (
        np.clip((edge - low) // height, -1, _MOST_BANDS + 1).astype(np.int64) for edge in (south, north)
    )
    owners, bands = _runs(lowest, highest + 1)
    firsts = np.searchsorted(keys, bands + 1j * west[owners], "left")
    lasts = np.searchsorted(keys, bands + 1j * east[owners], "right")
    for some in _portions(lasts - firsts):
        which, points = _runs(firsts[some], lasts[some])
        owner = owners[some][which]
        near = (found[order[points]] < 0) & (ys[points] >= south[owner]) & (ys[points] <= north[owner])
        points, owner = points[near], owner[near]
        shapely.prepare(polygons[np.unique(owner)])
        covered = shapely.intersects_xy(polygons[owner], xs[points], ys[points])
        # The last one written stays: the first polygon.
        found[order[points[covered]][::-1]] = owner[covered][::-1]
    return found


def _keys(
    ys: NDArray[np.float64], xs: NDArray[np.float64], low: float, height: float
) -> NDArray[np.complex128]:
    """Return what sorts by bands of this height from ``low`` on, and in each by x."""
    return (ys - low) // height + 1j * xs


def _runs(firsts: NDArray[np.int64], ends: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return all numbers from each first one to before its end, and before them which run each is of."""
    sizes = ends - firsts
    which = np.repeat(np.arange(len(sizes)), sizes)
    return which, np.arange(len(which)) + np.repeat(firsts - np.cumsum(sizes) + sizes, sizes)


def _portions(sizes: NDArray[np.int64]) -> Iterator[slice]:
    """Yield what can be taken at once of a row of runs, for a memory that has bounds."""
    sums = np.cumsum(sizes)
    cuts = np.searchsorted(sums, np.arange(_AT_ONCE, sums[-1], _AT_ONCE))
    edges = np.unique([0, *cuts, len(sizes)]).tolist()
    yield from (slice(first, end) for first, end in pairwise(edges))


def divided(footprints: NDArray[Any], zones: NDArray[Any]) -> dict[int, list[int]]:
    """Return the footprints (by index) that lie in several zones, each with those, the greatest part first.

    Both are lon/lat polygons. Pieces that are crumbs (`CRUMB_M2`, `CRUMB_WIDTH_M`) don't count.
    """
    which, zone = shapely.STRtree(zones).query(footprints, predicate="intersects")
    several = np.bincount(which, minlength=len(footprints))[which] > 1
    which, zone = which[several], zone[several]
    if not which.size:
        return {}
    pieces = Frame.around(footprints).into(shapely.intersection(footprints[which], zones[zone]))
    areas = shapely.area(pieces)
    counting = (areas > CRUMB_M2) & ~shapely.is_empty(shapely.buffer(pieces, -CRUMB_WIDTH_M / 2))
    found: dict[int, list[int]] = {}
    for n in np.flatnonzero(counting)[np.argsort(-areas[counting], kind="stable")]:
        found.setdefault(int(which[n]), []).append(int(zone[n]))
    return {footprint: parts for footprint, parts in found.items() if len(parts) > 1}


def sides(zone: BaseGeometry, barrier: BaseGeometry) -> NDArray[Any]:
    """Return the parts into which a barrier (a polygon) divides a zone; a single one if it doesn't."""
    return shapely.get_parts(shapely.difference(zone, barrier))
