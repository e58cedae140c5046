"""Borders that were drawn apart laid on each other: on what is stored first, then among themselves.

A file keeps fewer decimals than is stored, loses vertices, or was drawn anew along the same border. Within
`reach` metres the stored border is meant, and is taken bit by bit. Each vertex is moved once, in all shapes
that have it, so what was common stays common.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely import STRtree

from gis_grids.geometry.lattice import LATTICE, is_same, round_coordinates
from gis_grids.geometry.repair.rings import Rings, made_sound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gis_grids.geometry.frame import Frame
    from gis_grids.geometry.repair.rings import Floats, Ints, Shape

_MOST_ROUNDS = 4
"""A vertex laid on a border can bring its edges into the reach of another; it settles in one or two."""


@dataclass(frozen=True)
class StoredBorders:
    """The borders that are stored: their vertices (lon/lat, each once) and their edges.

    Metres are those of `frame`.
    """

    frame: Frame
    shapes: NDArray[Any]
    places: Floats
    edges: NDArray[Any]
    points: STRtree
    lines: STRtree

    @classmethod
    def of(cls, shapes: Sequence[Shape], frame: Frame) -> StoredBorders:
        """Gather the borders of shapes."""
        every = np.array(shapes, dtype=object)
        rings = Rings.of(every)
        ends = np.hstack((rings.places, rings.places[rings.following()]))
        backward = (ends[:, 0] > ends[:, 2]) | ((ends[:, 0] == ends[:, 2]) & (ends[:, 1] > ends[:, 3]))
        ends[backward] = ends[backward][:, [2, 3, 0, 1]]
        edges = frame.into(shapely.linestrings(np.unique(ends, axis=0).reshape(-1, 2, 2)))
        places = distinct(rings.places)[0]
        points = STRtree(frame.into(shapely.points(places)))
        return cls(frame, every, places, edges, points, STRtree(edges))

    def has(self, places: Floats) -> NDArray[np.bool_]:
        """Tell for each place whether it is one of the vertices."""
        return np.isin(_numbers(places), _numbers(self.places))

    def near(self, places: Floats, reach: float) -> NDArray[np.bool_]:
        """Tell for each place whether it lies within so many metres of a stored border."""
        points = self.frame.into(shapely.points(places))
        near = np.zeros(len(places), dtype=bool)
        near[self.lines.query(points, predicate="dwithin", distance=reach)[0]] = True
        return near


def snapped(shapes: Sequence[Shape], stored: StoredBorders, reach: float) -> list[Shape]:
    """Return valid shapes with their borders laid on the stored ones, and on each other, within `reach`.

    A shape that everywhere runs along a stored one becomes that one. Others may have lost all their area;
    they are empty then.
    """
    found = _replaced(shapes, stored, reach)
    changed = [number for number, shape in enumerate(found) if shape is shapes[number]]
    if not changed:
        return found
    now = [found[number] for number in changed]
    for _round in range(_MOST_ROUNDS):
        before, now = now, [made_sound(shape) for shape in _laid_on(now, stored, reach)]
        if all(is_same(one, other) for one, other in zip(before, now, strict=True)):
            break
    for number, shape in zip(changed, now, strict=True):
        found[number] = shape
    return found


def _replaced(shapes: Sequence[Shape], stored: StoredBorders, reach: float) -> list[Shape]:
    """Return the shapes, with the stored one in place of each whose every vertex lies within its reach.

    Needed where stored vertices are so near to each other that single ones might be mistaken.
    """
    found = list(shapes)
    metres, kept = stored.frame.into(np.array(shapes, dtype=object)), stored.frame.into(stored.shapes)
    inside = STRtree(kept).query(shapely.point_on_surface(metres), predicate="within")
    for number, candidate in inside.T:
        if _runs_along(metres[number], kept[candidate], reach):
            found[number] = stored.shapes[candidate]
    return found


def _runs_along(one: Shape, other: Shape, reach: float) -> bool:
    """Tell whether each has all its vertices within `reach` of the other's border."""
    if not shapely.box(*other.bounds).buffer(reach).contains(shapely.box(*one.bounds)):
        return False
    for border, other_border in ((one.boundary, other.boundary), (other.boundary, one.boundary)):
        shapely.prepare(other_border)
        if not shapely.dwithin(other_border, shapely.points(shapely.get_coordinates(border)), reach).all():
            return False
    return True


def _laid_on(shapes: Sequence[Shape], stored: StoredBorders, reach: float) -> list[Any]:
    """Return the shapes, valid or not, after each vertex was moved once and missing ones were put in."""
    rings = Rings.of(np.array(shapes, dtype=object))
    places, vertex = distinct(rings.places)
    moved, free = _on_stored(places, stored, reach)
    rings = replace(rings, places=moved[vertex])
    loose = free[vertex] & _at_loose_edges(rings)
    alone, which = distinct(rings.places[loose])
    meeting = _gathered(alone, stored.frame, reach)
    rings.places[loose] = meeting[which]
    anchors, _which = distinct(np.vstack((stored.places, meeting)))
    return with_missing(rings, anchors, stored.frame, reach).joined()


def _on_stored(places: Floats, stored: StoredBorders, reach: float) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the places moved to the nearest stored vertex, else edge; and which are near to neither."""
    moved, free = places.copy(), np.ones(len(places), dtype=bool)
    points = stored.frame.into(shapely.points(places))
    here, there = stored.points.query_nearest(points, max_distance=reach, all_matches=False)
    moved[here], free[here] = stored.places[there], False
    others = np.flatnonzero(free)
    here, there = stored.lines.query_nearest(points[others], max_distance=reach, all_matches=False)
    here = others[here]
    edges = stored.edges[there]
    feet = shapely.line_interpolate_point(edges, shapely.line_locate_point(edges, points[here]))
    on_edge = round_coordinates(shapely.get_coordinates(stored.frame.back(feet)))
    apart = (np.abs(on_edge - places[here]) > 1.5 * LATTICE).any(axis=1)  # else it is on it already
    moved[here[apart]], free[here] = on_edge[apart], False
    return moved, free


def _at_loose_edges(rings: Rings) -> NDArray[np.bool_]:
    """Tell which vertices are ends of an edge that occurs once: there two shapes may disagree."""
    places, vertex = distinct(rings.places)
    following = rings.following()
    key = np.minimum(vertex, vertex[following]) * len(places) + np.maximum(vertex, vertex[following])
    _keys, edge, count = np.unique(key, return_inverse=True, return_counts=True)
    once: NDArray[np.bool_] = count[edge] == 1
    loose = once.copy()
    loose[following] |= once
    return loose


def _gathered(places: Floats, frame: Frame, reach: float) -> Floats:
    """Return for each place where it goes: to the first one within reach that itself stays."""
    if not len(places):
        return places
    points = frame.into(shapely.points(places))
    a, b = STRtree(points).query(points, predicate="dwithin", distance=reach)
    stays, goes_to = np.ones(len(places), dtype=bool), np.arange(len(places))
    order = np.lexsort((b, a))
    for one, other in zip(a[order], b[order], strict=True):
        if other > one and stays[one] and stays[other]:
            stays[other], goes_to[other] = False, one
    return places[goes_to]


def with_missing(rings: Rings, anchors: Floats, frame: Frame, reach: float) -> Rings:
    """Return the rings with each anchor put into the edges that pass within its reach."""
    ends = np.stack((rings.places, rings.places[rings.following()]), axis=1)
    edges = frame.into(shapely.linestrings(ends))
    points = frame.into(shapely.points(anchors))
    anchor, edge = STRtree(edges).query(points, predicate="dwithin", distance=reach)
    every, vertex = distinct(np.vstack((rings.places, anchors)))
    wanted = vertex[len(rings.places) :][anchor]
    own = np.isin(
        rings.ring[edge] * len(every) + wanted, rings.ring * len(every) + vertex[: len(rings.places)]
    )
    anchor, edge = anchor[~own], edge[~own]
    along = shapely.line_locate_point(edges[edge], points[anchor])
    between = (along > 0) & (along < shapely.length(edges[edge]))
    anchor, edge, along = anchor[between], edge[between], along[between]
    position = np.concatenate((np.arange(len(rings.places)), edge))
    order = np.lexsort((np.concatenate((np.full(len(rings.places), -1.0), along)), position))
    return replace(
        rings,
        places=np.vstack((rings.places, anchors[anchor]))[order],
        ring=np.concatenate((rings.ring, rings.ring[edge]))[order],
    )


def _numbers(places: Floats) -> NDArray[np.complex128]:
    """Return places as single numbers, which numpy can look up; they sort as the places do."""
    return places[:, 0] + 1j * places[:, 1]


def distinct(places: Floats) -> tuple[Floats, Ints]:
    """Return each place once, sorted, and for each of the given ones its position there."""
    numbers, position = np.unique(_numbers(places), return_inverse=True)
    return np.column_stack((numbers.real, numbers.imag)), position
