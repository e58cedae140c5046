"""The edges of a coverage: which two polygons share, which only one has, what lies astray on the latter.

In a coverage whose neighbours share every vertex each inner edge occurs exactly twice. What remains is
the outer border, and every place where two neighbours disagree: there the vertices of the one that the
other lacks are found. This needs no GEOS coverage function: those say that something is wrong, not which
vertex, and miss neighbours that are a hair apart (libgeos/geos issue 1251).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely import STRtree

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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
class Edges:
    """Every edge of every polygon: its polygon, its two vertices by number; and the vertices' places."""

    owner: Ints
    start: Ints
    end: Ints
    places: NDArray[np.float64]

    @classmethod
    def of(cls, polygons: NDArray[Any]) -> Edges:
        """Return the edges of polygons, whose equal vertices are equal bit by bit."""
        parts, polygon = shapely.get_parts(polygons, return_index=True)
        rings, part = shapely.get_rings(parts, return_index=True)  # of multipolygons it would return none
        coordinates, ring = shapely.get_coordinates(rings, return_index=True)
        numbers, vertex = np.unique(coordinates[:, 0] + 1j * coordinates[:, 1], return_inverse=True)
        same_ring = ring[1:] == ring[:-1]
        return cls(
            owner=polygon[part[ring[1:][same_ring]]],
            start=vertex[:-1][same_ring],
            end=vertex[1:][same_ring],
            places=np.column_stack((numbers.real, numbers.imag)),
        )

    def loose(self) -> Edges:
        """Return the edges that occur once."""
        _values, position, count = np.unique(self._pair, return_inverse=True, return_counts=True)
        return self._only(count[position] == 1)

    def distinct(self) -> tuple[Ints, Ints, Ints]:
        """Return the two ends of each different edge, and the number of each edge's among those."""
        pairs, which = np.unique(self._pair, return_inverse=True)
        return pairs // len(self.places), pairs % len(self.places), which

    def shared(self) -> tuple[Edges, Ints]:
        """Return each edge that two polygons have once, as one of them has it, and the other polygon."""
        order = np.argsort(self._pair, kind="stable")
        twins = np.flatnonzero(self._pair[order][1:] == self._pair[order][:-1])
        return self._only(order[twins]), self.owner[order[twins + 1]]

    @property
    def _pair(self) -> Ints:
        """The two ends as one number, whichever way the edge runs."""
        return np.minimum(self.start, self.end) * len(self.places) + np.maximum(self.start, self.end)

    def _only(self, those: NDArray[Any]) -> Edges:
        return Edges(self.owner[those], self.start[those], self.end[those], self.places)

    def has(self, owner: Ints, vertex: Ints) -> NDArray[np.bool_]:
        """Tell for each pair whether that polygon has that vertex."""
        asked, known = owner * len(self.places) + vertex, self._corners
        return np.asarray(known[np.minimum(np.searchsorted(known, asked), len(known) - 1)] == asked)

    @cached_property
    def _corners(self) -> Ints:
        """Polygon and vertex as one number, in order."""
        return np.sort(self.owner * len(self.places) + self.start)


def stray_vertices(
    polygons: NDArray[Any], projections: Sequence[Callable[[Any], Any]], *, reach: float
) -> StrayVertices:
    """Return the vertices that lie within `reach` metres of a neighbour's border but are not on it.

    `polygons` are valid and in lon/lat; equal vertices must be equal bit by bit. `projections` bring
    geometries to metres; near in any of them is near. Not counted is a vertex within `reach` of a corner
    that both have: borders may part there with edges of any shortness.
    """
    edges = Edges.of(polygons)
    loose = edges.loose()
    ends = np.column_stack((np.tile(loose.owner, 2), np.concatenate((loose.start, loose.end))))
    owner, vertex = np.unique(ends, axis=0).T
    found = [_astray(edges, loose, owner, vertex, project, reach) for project in projections]
    p, neighbour, distance = (np.concatenate(column) for column in zip(*found, strict=True))
    nearest_first = np.argsort(distance, kind="stable")
    p, neighbour, distance = p[nearest_first], neighbour[nearest_first], distance[nearest_first]
    _pairs, first = np.unique(np.column_stack((p, neighbour)), axis=0, return_index=True)
    points = np.asarray(shapely.points(edges.places[vertex[p[first]]]))
    return StrayVertices(points, owner[p[first]], neighbour[first], distance[first])


def _astray(  # noqa: PLR0913, PLR0917 (the parts of one computation, kept apart for its second projection)
    edges: Edges, loose: Edges, owner: Ints, vertex: Ints, project: Callable[[Any], Any], reach: float
) -> tuple[Ints, Ints, NDArray[np.float64]]:
    """Return which of the vertices are astray in one projection: their position, the neighbour, how far."""
    places = np.full_like(edges.places, np.nan)  # of most vertices nobody asks: their edges are shared
    places[vertex] = shapely.get_coordinates(project(shapely.points(edges.places[vertex])))
    points = np.asarray(shapely.points(places[vertex]))
    lines = np.asarray(shapely.linestrings(np.stack((places[loose.start], places[loose.end]), axis=1)))
    p, e = STRtree(lines).query(points, predicate="dwithin", distance=reach)
    of_others = owner[p] != loose.owner[e]
    p, e = p[of_others], e[of_others]
    lacking = ~edges.has(loose.owner[e], vertex[p])
    p, e = p[lacking], e[lacking]
    for corners in (loose.start, loose.end) if p.size else ():
        beside = shapely.dwithin(points[p], shapely.points(places[corners[e]]), reach)
        astray = ~(beside & edges.has(owner[p], corners[e]))
        p, e = p[astray], e[astray]
    return p, loose.owner[e], np.asarray(shapely.distance(points[p], lines[e]))
