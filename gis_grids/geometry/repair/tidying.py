"""Vertices that a repair leaves behind on stored borders, and those that the neighbours need."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from gis_grids.geometry.lattice import to_storage
from gis_grids.geometry.repair.rings import Rings
from gis_grids.geometry.repair.snapping import distinct, with_missing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from gis_grids.geometry.frame import Frame
    from gis_grids.geometry.repair.rings import Floats, Ints, Shape
    from gis_grids.geometry.repair.snapping import StoredBorders

ON_EDGE: Final = 3e-4
"""Metres: a vertex so near to an edge was noded on it, since the lattice has 0.11 mm."""
_A_LINE = 2


def without_idle_vertices(shapes: Sequence[Shape], stored: StoredBorders) -> list[Shape]:
    """Return shapes that tile without the vertices that only divide a stored edge.

    They come from borders that ran along the edge, or crossed it and were cut off there. Where three borders
    meet a vertex stays.
    """
    rings = Rings.of(np.array(shapes, dtype=object))
    places, vertex = distinct(rings.places)
    following = rings.following()
    before, after = np.empty_like(vertex), vertex[following]
    before[following] = vertex
    idle = ~stored.has(places) & (_ends(vertex, before, after, len(places)) == _A_LINE)
    idle[idle] = stored.near(places[idle], ON_EDGE)
    if not idle.any():
        return list(shapes)
    bends = _distance(places, vertex, before, after, stored.frame) > ON_EDGE
    idle[vertex[bends]] = False
    kept = ~_apart(idle, vertex, before, after)[vertex]
    if kept.all():
        return list(shapes)
    left = replace(rings, places=rings.places[kept], ring=rings.ring[kept]).joined()
    return without_idle_vertices([to_storage(shape) for shape in left], stored)


def gained_vertices(
    neighbours: Mapping[str, Shape], zones: Iterable[Shape], ground: Shape, stored: StoredBorders
) -> dict[str, Shape]:
    """Return those neighbours that need vertices, with them: where new borders end on the ground's border."""
    frame = stored.frame
    places, _vertex = distinct(Rings.of(np.array(list(zones), dtype=object)).places)
    border = frame.into(shapely.boundary(ground))
    shapely.prepare(border)
    on_border = shapely.dwithin(border, frame.into(shapely.points(places)), ON_EDGE)
    shapes = np.array(list(neighbours.values()), dtype=object)
    with_them = with_missing(Rings.of(shapes), places[on_border], frame, ON_EDGE).joined()
    return {
        key: to_storage(shape)
        for key, shape in zip(neighbours, with_them, strict=True)
        if shapely.get_num_coordinates(shape) > shapely.get_num_coordinates(neighbours[key])
    }


def _apart(idle: NDArray[np.bool_], vertex: Ints, before: Ints, after: Ints) -> NDArray[np.bool_]:
    """Return those of the idle vertices that have no idle one beside them, or come first by lot.

    Two that are a hair apart at a corner both seem to lie on the line between their neighbours: leaving out
    both would cut the corner off.
    """
    lot = np.random.default_rng(0).permutation(len(idle))
    found = idle.copy()
    for beside in (before, after):
        found[vertex[idle[vertex] & idle[beside] & (lot[beside] < lot[vertex])]] = False
    return found


def _ends(vertex: Ints, before: Ints, after: Ints, count: int) -> Ints:
    """Return for each vertex how many edges end there, common ones counted once."""
    edges = np.unique(np.concatenate((vertex * count + before, vertex * count + after)))
    return np.bincount(edges // count, minlength=count)


def _distance(places: Floats, vertex: Ints, before: Ints, after: Ints, frame: Frame) -> NDArray[Any]:
    """Return how far each vertex of the rings is from the line between the two beside it, in metres."""
    points = shapely.points(places)
    lines = shapely.linestrings(np.stack((places[before], places[after]), axis=1))
    return np.asarray(shapely.distance(frame.into(points)[vertex], frame.into(lines)))
