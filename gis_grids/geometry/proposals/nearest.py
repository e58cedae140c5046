"""Who is nearest: points of outlines, the lines halfway between outlines (Voronoi), and whose a place is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

SPACING: Final = 4.0
"""Metres between the points that stand for an outline."""
_SHRINK: Final = 0.4
"""Metres by which outlines shrink first, so that walls that touch are told apart."""
_SMOOTH: Final = 1.5
"""Metres to which the jags of the lines halfway are smoothed."""


@dataclass(frozen=True)
class Seeds:
    """Points that stand for outlines, shape (n, 2) in metres, and the number of the outline of each."""

    points: Floats
    owner: Ints

    @classmethod
    def of(cls, outlines: NDArray[Any], numbers: Ints) -> Seeds:
        """Return points along outlines, at most `SPACING` apart."""
        shrunk = shapely.buffer(outlines, -_SHRINK, join_style="mitre")
        shrunk = np.where(shapely.is_empty(shrunk), outlines, shrunk)
        dense = shapely.segmentize(shapely.boundary(shrunk), SPACING)
        points, outline = shapely.get_coordinates(dense, return_index=True)
        _places, first = np.unique(np.round(points, 3), axis=0, return_index=True)
        return cls(points[first], numbers[outline[first]])

    def nearest(self, places: NDArray[Any]) -> Ints:
        """Return the number of the outline that is nearest to each place."""
        from scipy.spatial import KDTree  # noqa: PLC0415 - seldom needed, and slow to load

        _distance, seed = KDTree(self.points).query(shapely.get_coordinates(places))
        return np.asarray(self.owner[seed])

    def lines_halfway(self) -> NDArray[Any]:
        """Return the lines between what is nearest to different outlines."""
        from scipy.spatial import Voronoi  # noqa: PLC0415 - seldom needed, and slow to load

        if (self.owner == self.owner[0]).all():
            return np.array([], dtype=object)
        diagram = Voronoi(np.vstack((self.points, self._far_around())))
        owner = np.append(self.owner, [-1] * 4)[diagram.ridge_points]
        ends = np.array(diagram.ridge_vertices)
        between = (owner[:, 0] != owner[:, 1]) & (owner >= 0).all(axis=1) & (ends >= 0).all(axis=1)
        edges = shapely.linestrings(diagram.vertices[ends[between]])
        lines = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(edges)))
        return np.asarray(shapely.simplify(lines, _SMOOTH))

    def _far_around(self) -> Floats:
        """Return four places far around all points: with them no line between points is endless."""
        low, high = self.points.min(axis=0), self.points.max(axis=0)
        far = 10 * (high - low).max() + 1_000
        middle = (low + high) / 2
        return np.asarray(middle + far * np.array([[-1, 0], [1, 0], [0, -1], [0, 1]]))
