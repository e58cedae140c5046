"""What a planner's hand does, by chance: operations on the zones of a level, as a client asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from shapely import LineString

from gis_grids.geometry.lattice import to_storage

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from gis_grids.drafts import Draft
    from gis_grids.levels import Level

    Asked = dict[str, Any]

KINDS: Final = ("split", "merge", "transfer", "reshape", "move_edge", "move_node")
_METRE: Final = 1e-5
"""Degrees; a hand is not more precise than that."""


class Hand:
    """Draws on a level of drafts; the same strokes for the same drafts."""

    def __init__(self, level: Level) -> None:
        self._level = level
        self._rng = np.random.default_rng(11)

    def stroke(self, kind: str, draft: Draft) -> Asked:
        """Return an operation of a kind, somewhere on the draft."""
        if kind == "split":
            key = self._any(draft)
            return {"kind": kind, "zone": key, "line": _places(self._across(draft.shape_of(key)))}
        a, b, border = self._neighbours(draft)
        return {"kind": kind} | getattr(self, f"_{kind}")(a, b, border)

    def _merge(self, a: str, b: str, _border: LineString) -> Asked:
        return {"keep": a, "others": [b]}

    def _transfer(self, a: str, b: str, border: LineString) -> Asked:
        spot = shapely.line_interpolate_point(border, 0.5, normalized=True)
        ring = shapely.buffer(spot, 12 * _METRE, quad_segs=2).exterior
        return {"target": a, "sources": [b], "piece": [_places(ring)]}

    def _reshape(self, a: str, b: str, border: LineString) -> Asked:
        start, end = shapely.get_coordinates(border)[[0, -1]]
        beyond = 0.2 * (end - start)
        line = LineString([start - beyond, (start + end) / 2 + self._off(8), end + beyond])
        return {"zones": [a, b], "line": _places(line)}

    def _move_edge(self, a: str, b: str, border: LineString) -> Asked:
        places = shapely.get_coordinates(border).copy()
        places[len(places) // 2] += self._off(4)
        return {"zones": [a, b], "old": _places(border), "to": _places(LineString(places))}

    def _move_node(self, _a: str, _b: str, border: LineString) -> Asked:
        node = shapely.get_coordinates(border)[0]
        return {"node": tuple(node.tolist()), "to": tuple((node + self._off(3)).tolist())}

    def _any(self, draft: Draft) -> str:
        return str(self._rng.choice([*draft.at_level(self._level)]))

    def _neighbours(self, draft: Draft) -> tuple[str, str, LineString]:
        """Return two zones beside each other, and the longest line of their common border, as served."""
        keys = [*draft.at_level(self._level)]
        shapes = [draft.shape_of(key) for key in keys]
        tree = shapely.STRtree(shapes)
        while True:
            a = int(self._rng.integers(len(keys)))
            b = int(self._rng.choice(tree.query(shapes[a], predicate="intersects")))
            common = shapely.intersection(shapely.boundary(shapes[a]), shapely.boundary(shapes[b]))
            lines = shapely.get_parts(shapely.line_merge(common))
            border = max(lines, key=shapely.length, default=LineString())
            if a != b and shapely.get_num_coordinates(border) > 2:
                return keys[a], keys[b], border

    def _across(self, shape: BaseGeometry) -> LineString:
        middle = shapely.get_coordinates(shapely.point_on_surface(shape))[0]
        angle = self._rng.uniform(0, np.pi)
        way = shape.length * np.array([np.cos(angle), np.sin(angle)])
        return LineString([middle - way, middle + way])

    def _off(self, metres: float) -> NDArray[np.float64]:
        angle = self._rng.uniform(0, 2 * np.pi)
        return metres * _METRE * np.array([np.cos(angle), np.sin(angle)])


def _places(line: BaseGeometry) -> list[tuple[float, float]]:
    return [tuple(place) for place in shapely.get_coordinates(to_storage(line)).tolist()]
