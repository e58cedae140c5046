"""A large city for measurements: streets of communities that tile exactly, down to resident groups.

A community is 4 x 3 street blocks of 240 m by 160 m, each block an area of 6 leaves in 5 building groups,
with 12 or 13 buildings: 72 leaves, 150 buildings and about 2,850 households. The same every time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from gis_grids.geometry.lattice import to_storage
from gis_grids.levels import Level
from tests.gis_grids.geometry.tilings import degrees, jittered_grid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

LEAVES: Final = (12, 6)
"""Leaves of a community, from west to east and from south to north."""
_BLOCK: Final = (3, 2)
#: Buildings of the six leaves of a block, by the block's parity; the first two leaves are one building group.
_BUILDINGS: Final = ((1, 2, 2, 3, 2, 2), (1, 2, 2, 3, 2, 3))
_HOUSEHOLDS: Final = (8, 31)
#: What `jittered_grid` puts on each side of a unit: its corner and the inner vertices.
_ON_SIDE: Final = 4


@dataclass(frozen=True, slots=True)
class Place:
    """A unit to be: its code begins with its parent's."""

    code: str
    parent: str | None
    level: Level
    shape: shapely.Geometry


@dataclass(frozen=True)
class City:
    """All in lon/lat, as stored: units from the top down, buildings, and households as places in them.

    ``households`` are the buildings' positions, ``places`` the households' points. ``streets`` are lines,
    with whether each is the border of communities, an arterial.
    """

    units: list[Place]
    buildings: NDArray[np.object_]
    households: NDArray[np.int64]
    places: NDArray[np.object_]
    streets: list[tuple[shapely.LineString, bool]]


def make_city(columns: int, rows: int) -> City:
    """Return a city of so many communities; each row of them is a street office."""
    rng = np.random.default_rng(4)
    wide, high = columns * LEAVES[0], rows * LEAVES[1]
    rings = jittered_grid(wide, high).rings
    numbers = [_numbers(n % wide, n // wide) for n in range(len(rings))]
    leaves = degrees(np.array([shapely.Polygon(ring) for ring in rings], dtype=object))
    quads, leaf_of = [], []
    for n, ring in enumerate(rings):
        count = _BUILDINGS[(n % wide // _BLOCK[0] + n // wide // _BLOCK[1]) % 2][numbers[n][-1] - 1]
        quads += list(_footprints(np.array(ring)[:: len(ring) // 4], count))
        leaf_of += [n] * count
    households = np.repeat(np.arange(len(quads)), rng.integers(*_HOUSEHOLDS, len(quads)))
    spots = _inside(np.array(quads)[households], rng.uniform(0.1, 0.9, (len(households), 2)))
    return City(
        units=list(_units(leaves, numbers)),
        buildings=degrees(shapely.polygons(np.array(quads))),
        households=households,
        places=degrees(shapely.points(spots)),
        streets=list(_streets(rings, wide, high)),
    )


def _numbers(column: int, row: int) -> tuple[int, int, int, int, int]:
    """Return the numbers of a leaf's street, community, area, building group and of itself in the area."""
    x, y = column % LEAVES[0], row % LEAVES[1]
    area = y // _BLOCK[1] * (LEAVES[0] // _BLOCK[0]) + x // _BLOCK[0] + 1
    own = y % _BLOCK[1] * _BLOCK[0] + x % _BLOCK[0] + 1
    return row // LEAVES[1] + 1, column // LEAVES[0] + 1, area, max(1, own - 1), own


def _units(leaves: NDArray[np.object_], numbers: list[tuple[int, ...]]) -> Iterator[Place]:
    """Yield the units of all levels, from the top down; those above the leaves are unions of their leaves."""
    codes = [
        [f"990101{s:03}", f"990101{s:03}{c:03}", f"990101{s:03}{c:03}{a:03}"] for s, c, a, *_rest in numbers
    ]
    for chain, (*_above, group, own) in zip(codes, numbers, strict=True):
        chain.append(f"{chain[-1]}{group:02}")
        chain.append(f"{chain[-1]}{own:02}")
    root = "990101"
    yield Place(root, None, Level.DISTRICT, to_storage(shapely.coverage_union_all(leaves)))
    levels = (Level.STREET, Level.COMMUNITY, Level.AREA, Level.BUILDING_GROUP)
    for depth, level in enumerate(levels):
        members: dict[str, list[int]] = {}
        for n, chain in enumerate(codes):
            members.setdefault(chain[depth], []).append(n)
        for code, those in members.items():
            parent = codes[those[0]][depth - 1] if depth else root
            yield Place(code, parent, level, to_storage(shapely.coverage_union_all(leaves[those])))
    for leaf, chain in zip(leaves, codes, strict=True):
        yield Place(chain[-1], chain[-2], Level.RESIDENT_GROUP, leaf)


def _footprints(corners: NDArray[np.float64], count: int) -> Iterator[NDArray[np.float64]]:
    """Yield the corners of buildings that stand side by side in a unit, clear of its border."""
    for n in range(count):
        left, right = 0.15 + 0.7 * (n + np.array([0.1, 0.9])) / count
        square = np.array([(left, 0.2), (right, 0.2), (right, 0.8), (left, 0.8)])
        yield _inside(np.broadcast_to(corners, (4, 4, 2)), square)


def _inside(quads: NDArray[np.float64], at: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a point in each quad (n, 4, 2) by its position (n, 2) between 0 and 1."""
    u, v = at.T
    shares = np.stack([(1 - u) * (1 - v), u * (1 - v), u * v, (1 - u) * v], axis=1)
    return (quads * shares[:, :, None]).sum(axis=1)


def _streets(
    rings: list[list[tuple[float, float]]], wide: int, high: int
) -> Iterator[tuple[shapely.LineString, bool]]:
    """Yield the lines between blocks: the right sides of a column of leaves, the upper ones of a row."""
    for column in range(_BLOCK[0] - 1, wide - 1, _BLOCK[0]):
        line = [rings[row * wide + column][_ON_SIDE : 2 * _ON_SIDE + 1] for row in range(high)]
        yield _line(line), (column + 1) % LEAVES[0] == 0
    for row in range(_BLOCK[1] - 1, high - 1, _BLOCK[1]):
        line = [rings[row * wide + column][2 * _ON_SIDE : 3 * _ON_SIDE + 1][::-1] for column in range(wide)]
        yield _line(line), (row + 1) % LEAVES[1] == 0


def _line(parts: list[list[tuple[float, float]]]) -> shapely.LineString:
    return degrees(shapely.LineString(np.concatenate(parts)))
