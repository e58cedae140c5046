"""Street blocks: what lies between streets, water, walls of compounds and the border of the scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from shapely import STRtree

from gis_grids.geometry.lattice import LATTICE
from gis_grids.geometry.proposals.patches import Borders, attached

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from gis_grids.geometry.frame import Frame
    from gis_grids.geometry.proposals.site import Shape, Site

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

_STRIP: Final = 15.0
"""Metres: an empty block into which no circle of twice this radius fits is a strip, as between two lanes."""
_SLENDER: Final = 0.15
"""Width, as a share of the length, up to which an empty block is cut across: it lies beside several grids."""
_SLICE: Final = 120.0
"""Metres of length of the pieces."""
_SMALL: Final = 2_000.0
"""m²: an empty block of less than this is a traffic island, and part of the block beside it."""


@dataclass(frozen=True)
class Blocks:
    """The blocks of a scope (lon/lat, a coverage of it), which of them are water, and each body's block.

    ``strip`` numbers the long empty ones that were cut across, for each of their pieces (-1: it's none).
    """

    shapes: NDArray[Any]
    is_water: NDArray[np.bool_]
    of_body: Ints
    strip: Ints


def street_blocks(site: Site, scope: Shape, bodies: NDArray[Any], frame: Frame) -> Blocks:
    """Divide the scope by all lines that close a ring; bodies belong where most of their ground lies."""
    lines = [*lines_within(scope, (street.line for street in site.streets))]
    outlines = [*_outlines(site.water), *_outlines(site.compounds.values())]
    shapes = faces_within(scope, [*lines, *lines_within(scope, outlines)])
    is_water = np.zeros(len(shapes), dtype=bool)
    wet = [shape for shape in site.water if shapely.get_dimensions(shape) == 2]  # noqa: PLR2004
    is_water[_inside(shapes, wet)] = True
    of_body = _most_shared(bodies, shapes)
    label = _with_strips(shapes, is_water, of_body, frame)
    kept, number = np.unique(label, return_inverse=True)
    joined = [shapely.coverage_union_all(shapes[number == n]) for n in range(len(kept))]
    whole = np.full(len(kept), -1, dtype=np.int64)
    return _sliced(Blocks(np.array(joined, dtype=object), is_water[kept], number[of_body], whole), frame)


def faces_within(scope: Shape, lines: Iterable[BaseGeometry]) -> NDArray[Any]:
    """Return the faces between lines and the border of a scope, which tile it, noded on the lattice."""
    noded = shapely.union_all([shapely.boundary(scope), *lines], grid_size=LATTICE)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    return faces[_inside(faces, [scope])]


def lines_within(scope: Shape, lines: Iterable[BaseGeometry]) -> list[BaseGeometry]:
    """Return what of the lines lies within the scope."""
    cut = shapely.intersection(np.array([*lines], dtype=object), scope)
    parts = shapely.get_parts(shapely.get_parts(cut))
    return list(parts[shapely.get_dimensions(parts) == 1])


def _outlines(shapes: Iterable[BaseGeometry]) -> list[BaseGeometry]:
    return [shapely.boundary(shape) if shapely.get_dimensions(shape) == 2 else shape for shape in shapes]  # noqa: PLR2004


def _inside(faces: NDArray[Any], shapes: list[Any]) -> Ints:
    """Return which faces lie in one of the shapes."""
    holders = np.array(shapes, dtype=object)
    return np.unique(STRtree(shapely.point_on_surface(faces)).query(holders, predicate="contains")[1])


def _most_shared(bodies: NDArray[Any], shapes: NDArray[Any]) -> Ints:
    """Return for each body the shape with the largest common area."""
    body, block = STRtree(shapes).query(bodies, predicate="intersects")
    common = np.ones(len(body))
    several = np.bincount(body, minlength=len(bodies))[body] > 1
    common[several] = shapely.area(shapely.intersection(bodies[body[several]], shapes[block[several]]))
    order = np.lexsort((block, -common, body))
    return np.asarray(block[order[np.unique(body[order], return_index=True)[1]]])


def _with_strips(shapes: NDArray[Any], is_water: NDArray[np.bool_], of_body: Ints, frame: Frame) -> Ints:
    """Return the block that each block belongs to: a strip or an island to the one beside, else itself."""
    metric = frame.into(shapes)
    empty = ~np.isin(np.arange(len(shapes)), of_body) & ~is_water
    slight = empty & ((shapely.area(metric) < _SMALL) | shapely.is_empty(shapely.buffer(metric, -_STRIP)))
    if slight.all():
        slight[np.argmax(shapely.area(metric))] = False
    borders = Borders.of(shapes, frame)
    dry = ~(is_water[borders.a] | is_water[borders.b])
    own = np.arange(len(shapes), dtype=np.int64)
    label = attached(np.where(slight, -1, own), borders.a[dry], borders.b[dry], borders.length[dry])
    return np.where(label < 0, own, label)


def _sliced(blocks: Blocks, frame: Frame) -> Blocks:
    """Cut long empty blocks across, as between the two sides of a main road; the pieces come last."""
    metric = frame.into(blocks.shapes)
    empty = ~np.isin(np.arange(len(metric)), blocks.of_body) & ~blocks.is_water
    length, direction = _long_side(metric)
    slender = empty & (length > 2 * _SLICE) & (shapely.area(metric) < _SLENDER * length**2)
    pieces, strip = [blocks.shapes[:0]], [blocks.strip[~slender]]
    for n in np.flatnonzero(slender):
        cuts = frame.back(_across(metric[n], length[n], direction[n]))
        pieces.append(faces_within(blocks.shapes[n], lines_within(blocks.shapes[n], cuts)))
        strip.append(np.full(len(pieces[-1]), n, dtype=np.int64))
    sliced = np.concatenate(pieces)
    number = np.cumsum(~slender) - 1
    return Blocks(
        np.concatenate((blocks.shapes[~slender], sliced)),
        np.concatenate((blocks.is_water[~slender], np.zeros(len(sliced), dtype=bool))),
        number[blocks.of_body],
        np.concatenate(strip),
    )


def _long_side(shapes: NDArray[Any]) -> tuple[Floats, Floats]:
    """Return the length of the smallest rectangle around each shape, and its direction (unit vectors)."""
    corners = shapely.get_coordinates(shapely.oriented_envelope(shapes)).reshape(-1, 5, 2)
    sides = corners[:, 1:3] - corners[:, :2]
    lengths = np.hypot(*sides.transpose(2, 0, 1))
    longer = lengths.argmax(axis=1)
    rows = np.arange(len(shapes))
    return lengths[rows, longer], sides[rows, longer] / lengths[rows, longer, None]


def _across(shape: BaseGeometry, length: float, direction: Floats) -> NDArray[Any]:
    """Return lines across a shape, evenly along its length, about `_SLICE` metres apart."""
    count = round(length / _SLICE)
    along = (np.arange(1, count) / count - 0.5) * length
    middle = shapely.get_coordinates(shapely.centroid(shapely.oriented_envelope(shape)))
    places = middle + along[:, None] * direction
    reach = length * np.array([-direction[1], direction[0]])
    return np.asarray(shapely.linestrings(np.stack((places - reach, places + reach), axis=1)))
