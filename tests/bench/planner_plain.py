"""The work of the planner by plain calls of libraries, on arrays in memory: what the machine can do at best.

No plan, no register, no rights, no undo, no sentence that says what is wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pymetis
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from gis_grids.geometry.lattice import DECIMALS

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely import LineString

    Shapes = NDArray[np.object_]

_STARTS = 16
_STEP = 4e-5
"""Corners along walls from which cells are made: 4 m, in degrees."""


def split(shapes: Shapes, which: int, line: LineString) -> bool:
    """Cut one of the shapes, give its neighbours the new vertices, and tell whether all still tile."""
    grid = 10.0**-DECIMALS
    noded = shapely.union_all([shapely.boundary(shapes[which]), line], grid_size=grid)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    halves = faces[shapely.contains(shapes[which], shapely.point_on_surface(faces))]
    others = np.delete(shapes, which)
    near = shapely.STRtree(others).query(shapes[which], predicate="intersects")
    cut = shapely.multipoints(shapely.get_coordinates(shapely.boundary(halves)))
    others[near] = shapely.snap(others[near], cut, 2 * grid)
    return tiles(np.append(others, halves))


def tiles(shapes: Shapes) -> bool:
    """Tell whether shapes are sound and share all edges."""
    return bool(shapely.is_valid(shapes).all() and shapely.coverage_is_valid(shapes))


def homes(shapes: Shapes, places: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return which shape each place (n, 2) is in."""
    which, shape = shapely.STRtree(shapes).query(shapely.points(places), predicate="within")
    found = np.full(len(places), -1)
    found[which] = shape
    return found


def moves(before: Shapes, after: Shapes, places: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return how many places go from which shape to which: rows of from, to and number."""
    pairs = np.column_stack([homes(before, places), homes(after, places)])
    found, counts = np.unique(pairs, axis=0, return_counts=True)
    return np.column_stack([found, counts])


def grounds(footprints: Shapes, ground: Any) -> Shapes:
    """Return what lies nearer to each building than to the others."""
    walls = shapely.segmentize(shapely.boundary(footprints), _STEP)
    corners, owner = shapely.get_coordinates(walls, return_index=True)
    corners, first = np.unique(corners, axis=0, return_index=True)
    points = shapely.multipoints(corners)
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=ground, ordered=True))
    of = owner[first]
    whole = [shapely.coverage_union_all(cells[of == n]) for n in range(len(footprints))]
    return shapely.intersection(whole, ground)


def adjacency(cells: Shapes) -> list[list[int]]:
    """Return for each cell those that it borders on."""
    a, b = shapely.STRtree(cells).query(cells, predicate="intersects")
    return [b[(a == n) & (b != n)].tolist() for n in range(len(cells))]


def divide(neighbours: list[list[int]], households: list[int], count: int) -> NDArray[np.int64]:
    """Return the part of each building: the most even of several starts, in one piece where one is."""
    starts = [_start(neighbours, households, count, seed) for seed in range(_STARTS)]
    whole = [part for part in starts if is_contiguous(neighbours, part)]
    return min(whole or starts, key=lambda part: deviation(part, households))


def _start(neighbours: list[list[int]], households: list[int], count: int, seed: int) -> NDArray[np.int64]:
    options = pymetis.Options(contig=1, seed=seed)
    _cut, part = pymetis.part_graph(
        count, adjacency=neighbours, vweights=households, recursive=False, options=options
    )
    return np.array(part)


def deviation(part: NDArray[np.int64], households: list[int]) -> float:
    """Return how far the worst part is from the mean, as a share of it."""
    sizes = np.bincount(part, weights=households)
    return float(abs(sizes / sizes.mean() - 1).max())


def is_contiguous(neighbours: list[list[int]], part: NDArray[np.int64]) -> bool:
    """Tell whether each part hangs together."""
    a = np.repeat(np.arange(len(neighbours)), [len(own) for own in neighbours])
    b = np.concatenate(neighbours)
    inside = part[a] == part[b]
    graph = csr_array((inside, (a, b)), shape=(len(part), len(part)))
    pieces, _labels = connected_components(graph, directed=False)
    return bool(pieces == len(np.unique(part)))
