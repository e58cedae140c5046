"""Random small cities for the tests of proposals: streets on a bent grid, rows of buildings in the blocks."""

from __future__ import annotations

import time
from contextlib import contextmanager

import numpy as np
import shapely
from shapely import LineString, Polygon, box

from gis_grids.geometry.proposals.site import Building, Site, Street
from tests.gis_grids.geometry.tilings import CORNER, degrees

BLOCK = 160.0


def city(columns=4, rows=3, *, seed=0, per_block=12, households=(8, 36), scope=None, **others):
    """A city of `columns` x `rows` blocks of 160 m with about `per_block` buildings each, in Beijing.

    A few blocks have no street between them, and some buildings stand across a street.
    """
    rng = np.random.default_rng(seed)
    xs = np.arange(columns + 1) * BLOCK + rng.uniform(-12, 12, columns + 1)
    ys = np.arange(rows + 1) * BLOCK + rng.uniform(-12, 12, rows + 1)
    streets = [placed(LineString([(x, -50), (x + rng.uniform(-9, 9), rows * BLOCK + 50)])) for x in xs[1:-1]]
    streets += [
        placed(LineString([(-50, y), (columns * BLOCK + 50, y + rng.uniform(-9, 9))])) for y in ys[1:-1]
    ]
    shapes = [
        footprint
        for column in range(columns)
        for row in range(rows)
        for footprint in _block(rng, xs[column], ys[row], per_block)
    ]
    buildings = [
        Building(str(n), placed(shape), int(rng.integers(*households))) for n, shape in enumerate(shapes)
    ]
    outline = box(xs[0], ys[0], xs[-1], ys[-1]) if scope is None else scope
    return Site(placed(outline), buildings, [Street(line) for line in streets], **others)


def _block(rng, x, y, count):
    per_row = max(1, int(np.ceil(np.sqrt(count))))
    step = BLOCK / per_row
    for n in range(count):
        left, low = x + (n % per_row + 0.15) * step, y + (n // per_row + 0.2) * step
        width, depth = step * rng.uniform(0.4, 0.8), step * rng.uniform(0.25, 0.5)
        yield box(left, low, left + width, low + depth)


def placed(shape):
    """A geometry in metres from the corner of the city, as lon/lat."""
    return degrees(shapely.transform(shape, lambda xy: xy + np.array(CORNER)))


def square(x, y, size=20.0) -> Polygon:
    return placed(box(x, y, x + size, y + size))


@contextmanager
def measured(label):
    """Print how long something took: `pytest -s` shows it, nothing depends on it."""
    start = time.perf_counter()
    yield
    print(f"{label}: {1000 * (time.perf_counter() - start):.0f} ms")
