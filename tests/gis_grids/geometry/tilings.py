"""Random tilings for the tests of geometry: a jittered grid with wavy, exactly shared borders."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from shapely import Polygon

from gis_grids.geometry.coordinates import to_degrees, to_metres
from gis_grids.geometry.lattice import to_storage

ZONE = 4548
CORNER = (446_000.0, 4_420_000.0)  # in Beijing
SIDE = 80.0


@dataclass
class Tiling:
    """Units as lists of metre coordinates (open rings), so that a test can move single vertices."""

    rings: list[list[tuple[float, float]]]

    def lonlat(self) -> list[Polygon]:
        return [degrees(Polygon(ring)) for ring in self.rings]

    def parent(self):
        return shapely.union_all(self.lonlat())

    @property
    def names(self) -> list[str]:
        return [f"unit {i}" for i in range(len(self.rings))]


def degrees(geometry):
    """A geometry in the metres of ZONE as it would be stored."""
    return to_storage(to_degrees(geometry, ZONE))


def metres(geometry):
    return to_metres(geometry, ZONE)


def jittered_grid(columns: int, rows: int, seed: int = 0, *, waves: int = 3) -> Tiling:
    """`columns` x `rows` units of about 80 m, unit (c, r) at position r * columns + c.

    Corners are moved by up to 30 %; each side has `waves` inner vertices off the straight line, the same
    for both neighbours.
    """
    rng = np.random.default_rng(seed)
    jitter = rng.uniform(-0.3, 0.3, (columns + 1, rows + 1, 2))
    corners = (
        np.stack(np.meshgrid(np.arange(columns + 1), np.arange(rows + 1), indexing="ij"), -1) + jitter
    ) * SIDE
    corners += CORNER
    sides: dict[tuple, list] = {}

    def side(a, b):
        if (b, a) in sides:
            return sides[b, a][::-1]
        start, end = corners[a], corners[b]
        normal = np.array([start[1] - end[1], end[0] - start[0]]) / SIDE
        steps = np.linspace(0, 1, waves + 2)[1:-1]
        sides[a, b] = [start + t * (end - start) + normal * rng.uniform(-4, 4) for t in steps]
        return sides[a, b]

    rings = []
    for r in range(rows):
        for c in range(columns):
            loop = [(c, r), (c + 1, r), (c + 1, r + 1), (c, r + 1), (c, r)]
            ring = [xy for a, b in pairwise(loop) for xy in (corners[a], *side(a, b))]
            rings.append([(float(x), float(y)) for x, y in ring])
    return Tiling(rings)
