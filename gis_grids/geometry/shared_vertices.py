"""Vertices that shapes get where others have them: a border that several share is then one line in all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from shapely import STRtree

from gis_grids.geometry.lattice import LATTICE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from shapely import MultiPolygon, Polygon

#: A point that rounding brought to the lattice may lie beside its line by most of a step, to either side, and
#: a line that got such points bends as much: a point and a line are so far apart at most.
_ON_LINE: Final = 2 * LATTICE


def with_vertices(
    shapes: Sequence[Polygon | MultiPolygon], places: NDArray[np.float64]
) -> NDArray[np.object_]:
    """Return the shapes with those of the places (n, 2) as vertices that lie on their lines.

    Shapes and places are lon/lat on the storage lattice; no ground moves but within two steps of it (0.2 mm).
    A shape that gets none, or would break by it, is the same object as before.
    """
    given = np.array(shapes, dtype=object)
    kind, coordinates, (rings, *above) = shapely.to_ragged_array(given)
    first, new = _on_lines(coordinates, rings, _distinct(places))
    moved = rings + np.searchsorted(first + 1, rings)
    found = shapely.from_ragged_array(kind, np.insert(coordinates, first + 1, new, axis=0), (moved, *above))
    gains = np.flatnonzero(shapely.get_num_coordinates(found) > shapely.get_num_coordinates(given))
    for n in gains[shapely.is_valid(found[gains])]:
        given[n] = found[n] if given[n].geom_type == found[n].geom_type else found[n].geoms[0]
    return given


def _on_lines(
    coordinates: NDArray[np.float64], rings: NDArray[np.signedinteger], places: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the vertices, by number, after which places come in, and the places, in the order of the rings.

    ``rings`` are the numbers of the vertices with which rings begin, and at last that of all.
    """
    start = np.delete(np.arange(len(coordinates) - 1), rings[1:-1] - 1)
    ends = np.stack((coordinates[start], coordinates[start + 1]), axis=1)
    low, high = places.min(axis=0, initial=np.inf), places.max(axis=0, initial=-np.inf)
    near = ((ends.max(axis=1) >= low - _ON_LINE) & (ends.min(axis=1) <= high + _ON_LINE)).all(axis=1)
    start, ends = start[near], ends[near]
    line, place = STRtree(np.asarray(shapely.points(places))).query(
        shapely.linestrings(ends), predicate="dwithin", distance=_ON_LINE
    )
    from_start, from_end = (np.hypot(*(places[place] - ends[line, side]).T) for side in (0, 1))
    inside = np.flatnonzero(
        np.minimum(from_start, from_end) > _ON_LINE
    )  # else it is the end, or would fold it
    line, place = line[inside], place[inside]
    order = np.lexsort((from_start[inside], start[line]))
    return start[line[order]], places[place[order]]


def _distinct(places: NDArray[np.float64]) -> NDArray[np.float64]:
    numbers = np.unique(places[:, 0] + 1j * places[:, 1])
    return np.column_stack((numbers.real, numbers.imag))
