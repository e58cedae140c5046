"""Edges that only one polygon of a coverage has, and the vertices that lie astray on them.

In a coverage whose neighbours share every vertex each inner edge occurs exactly twice. What remains is
the outer border, and every place where two neighbours disagree: there the vertices of the one that the
other lacks are found. This needs no GEOS coverage function: those say that something is wrong, not which
vertex, and miss neighbours that are a hair apart (libgeos/geos issue 1251).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely import STRtree

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]


@dataclass(frozen=True)
class StrayVertices:
    """Vertices that a neighbour should have and lacks, as arrays of one length.

    Each of `points` is a vertex of polygon `owner`, `distance` metres from the border of `neighbour`.
    """

    points: NDArray[Any]
    owner: Ints
    neighbour: Ints
    distance: NDArray[np.float64]


@dataclass(frozen=True)
class _Edges:
    """Every edge of every polygon: its polygon, its two vertices by number; and the vertices' places."""

    owner: Ints
    start: Ints
    end: Ints
    places: NDArray[np.float64]

    @classmethod
    def of(cls, polygons: NDArray[Any]) -> _Edges:
        rings, polygon = shapely.get_rings(polygons, return_index=True)
        coordinates, ring = shapely.get_coordinates(rings, return_index=True)
        numbers, vertex = np.unique(coordinates[:, 0] + 1j * coordinates[:, 1], return_inverse=True)
        same_ring = ring[1:] == ring[:-1]
        return cls(
            owner=polygon[ring[1:][same_ring]],
            start=vertex[:-1][same_ring],
            end=vertex[1:][same_ring],
            places=np.column_stack((numbers.real, numbers.imag)),
        )

    def loose(self) -> _Edges:
        """Return the edges that occur once."""
        key = np.minimum(self.start, self.end) * len(self.places) + np.maximum(self.start, self.end)
        _values, position, count = np.unique(key, return_inverse=True, return_counts=True)
        once = count[position] == 1
        return _Edges(self.owner[once], self.start[once], self.end[once], self.places)

    def has(self, owner: Ints, vertex: Ints) -> NDArray[np.bool_]:
        """Tell for each pair whether that polygon has that vertex."""
        return np.isin(owner * len(self.places) + vertex, self.owner * len(self.places) + self.start)


def stray_vertices(polygons: NDArray[Any], *, reach: float) -> StrayVertices:
    """Return the vertices that lie within `reach` metres of a neighbour's border but are not on it.

    `polygons` are valid and in metres; equal vertices must be equal bit by bit. Not counted is a vertex
    within `reach` of a corner that both have: borders may part there with edges of any shortness.
    """
    edges = _Edges.of(polygons)
    loose = edges.loose()
    ends = np.column_stack((np.tile(loose.owner, 2), np.concatenate((loose.start, loose.end))))
    owner, vertex = np.unique(ends, axis=0).T
    points = shapely.points(edges.places[vertex])
    lines = np.asarray(
        shapely.linestrings(np.stack((edges.places[loose.start], edges.places[loose.end]), axis=1))
    )
    p, e = STRtree(lines).query(points, predicate="dwithin", distance=reach)
    astray = (owner[p] != loose.owner[e]) & ~edges.has(loose.owner[e], vertex[p])
    for corner in (loose.start[e], loose.end[e]):
        beside = shapely.dwithin(points[p], shapely.points(edges.places[corner]), reach)
        astray &= ~(beside & edges.has(owner[p], corner))
    p, e = p[astray], e[astray]
    distance = np.asarray(shapely.distance(points[p], lines[e]))
    nearest = np.lexsort((distance, loose.owner[e], p))
    p, e, distance = p[nearest], e[nearest], distance[nearest]
    _pairs, first = np.unique(np.column_stack((p, loose.owner[e])), axis=0, return_index=True)
    return StrayVertices(points[p[first]], owner[p[first]], loose.owner[e[first]], distance[first])
