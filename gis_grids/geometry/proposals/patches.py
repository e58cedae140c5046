"""Patches of a coverage: who borders on whom, what hangs together, and who takes what is left over.

Members (faces, cells) are numbered from 0; a label says what a member belongs to, -1 that it's nobody's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely import STRtree

from gis_grids.geometry.loose_edges import Edges

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gis_grids.geometry.frame import Frame

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Borders:
    """Common borders: members ``a`` and ``b``, and the length in metres, as arrays of one length.

    ``middle`` are points (lon/lat) on them. Edge by edge at first; `joined` has one row for each pair.
    """

    a: Ints
    b: Ints
    length: Floats
    middle: NDArray[Any]

    @classmethod
    def of(cls, polygons: NDArray[Any], frame: Frame) -> Borders:
        """Return the common edges of the polygons (lon/lat) of a coverage."""
        edges, other = Edges.of(polygons).shared()
        ends = np.stack((edges.places[edges.start], edges.places[edges.end]), axis=1)
        length = shapely.length(frame.into(shapely.linestrings(ends)))
        return cls(edges.owner, other, length, shapely.points(ends.mean(axis=1)))

    def between(self, labels: Ints) -> Borders:
        """Return the edges between members of different labels, by the labels instead of the members."""
        a, b = labels[self.a], labels[self.b]
        apart = a != b
        low, high = np.minimum(a, b)[apart], np.maximum(a, b)[apart]
        return Borders(low, high, self.length[apart], self.middle[apart])

    def pairs(self) -> tuple[Ints, Ints, Ints]:
        """Return the different pairs (a, b), and for each row the number of its pair."""
        found, row = np.unique(np.column_stack((self.a, self.b)), axis=0, return_inverse=True)
        return found[:, 0], found[:, 1], row


def holders(places: NDArray[Any], shapes: NDArray[Any]) -> Ints:
    """Return the first of the shapes in which each place lies, -1 where there is none."""
    holder = np.full(len(places), -1, dtype=np.int64)
    shape, place = STRtree(places).query(shapes, predicate="intersects")
    order = np.argsort(shape, kind="stable")[::-1]
    holder[place[order]] = shape[order]
    return holder


def pieces(count: int, a: Ints, b: Ints, labels: Ints) -> Ints:
    """Return the number of the connected piece of each of ``count`` members.

    Members hang together where a pair (a, b) joins two of one label.
    """
    from scipy.sparse import coo_array  # noqa: PLC0415 - seldom needed, and slow to load
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415 - seldom needed, and slow to load

    same = labels[a] == labels[b]
    joins = coo_array((np.ones(same.sum(), dtype=np.int8), (a[same], b[same])), shape=(count, count))
    _number, piece = connected_components(joins, directed=False)
    return np.asarray(piece, dtype=np.int64)


def without_detached(labels: Ints, a: Ints, b: Ints, weight: Floats) -> Ints:
    """Return the labels, with -1 for all that doesn't hang together with the heaviest piece of its label."""
    piece = pieces(len(labels), a, b, labels)
    total = np.bincount(piece, weights=weight)
    label = np.empty(len(total), dtype=np.int64)
    label[piece] = labels
    order = np.lexsort((np.arange(len(total)), -total, label))
    is_main = np.zeros(len(total), dtype=bool)
    is_main[order[np.unique(label[order], return_index=True)[1]]] = True
    return np.where(is_main[piece], labels, -1)


def attached(labels: Ints, a: Ints, b: Ints, length: Floats) -> Ints:
    """Return the labels, with what was nobody's (-1) given to the neighbour of the longest common border.

    What has no neighbour at all stays nobody's.
    """
    labels = labels.copy()
    low, high, length = np.concatenate((a, b)), np.concatenate((b, a)), np.concatenate((length, length))
    while True:
        waits = (labels[low] < 0) & (labels[high] >= 0)
        if not waits.any():
            return labels
        offers = np.column_stack((low[waits], labels[high[waits]]))
        pairs, row = np.unique(offers, axis=0, return_inverse=True)
        total = np.bincount(row, weights=length[waits])
        order = np.lexsort((pairs[:, 1], -total, pairs[:, 0]))
        member, first = np.unique(pairs[order, 0], return_index=True)
        labels[member] = pairs[order[first], 1]
