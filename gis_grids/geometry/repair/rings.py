"""Rings taken apart and put together again, and rings that cross themselves made sound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
import shapely
from shapely import STRtree

from gis_grids.geometry.lattice import LATTICE, to_storage

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely import MultiPolygon, Polygon
    from shapely.geometry.base import BaseGeometry

    Shape = Polygon | MultiPolygon
    Ints = NDArray[np.intp]
    Floats = NDArray[np.float64]

MOST_CROSSINGS: Final = 200
"""Making a ring sound costs the square of its crossings and more: a scribble would take minutes."""
_FEWEST_CORNERS = 3
_BLOCK = 500


@dataclass(frozen=True)
class Rings:
    """The rings of shapes, without their closing vertex: places (n, 2), and for each its ring.

    `part` says for each ring its polygon, `shape` for each polygon its shape. Of a polygon's rings the first
    is the shell.
    """

    places: Floats
    ring: Ints
    part: Ints
    shape: Ints
    count: int

    @classmethod
    def of(cls, shapes: NDArray[Any]) -> Rings:
        """Take shapes apart."""
        parts, shape = shapely.get_parts(shapes, return_index=True)
        rings, part = shapely.get_rings(parts, return_index=True)
        places, ring = shapely.get_coordinates(rings, return_index=True)
        kept = ~_is_last(ring)
        return cls(places[kept], ring[kept], part, shape, len(shapes))

    def following(self) -> Ints:
        """Return for each vertex the position of the next one in its ring."""
        positions = np.arange(1, len(self.ring) + 1)
        positions[_is_last(self.ring)] = np.flatnonzero(_is_first(self.ring))
        return positions

    def joined(self) -> list[Any]:
        """Put the shapes together, valid or not; what has no three different vertices left is dropped.

        A shape of which nothing is left is an empty polygon.
        """
        repeated = (self.places == self.places[self.following()]).all(axis=1)
        places, ring = self.places[~repeated], self.ring[~repeated]
        enough = np.bincount(ring, minlength=len(self.part)) >= _FEWEST_CORNERS
        shells = _is_first(self.part)
        enough &= enough[np.flatnonzero(shells)[np.cumsum(shells) - 1]]
        kept = enough[ring]
        places, (_ids, ring) = places[kept], np.unique(ring[kept], return_inverse=True)
        shapes: list[Any] = [shapely.Polygon()] * self.count
        if not len(places):
            return shapes
        owners, part = np.unique(self.part[enough], return_inverse=True)
        polygons = shapely.polygons(shapely.linearrings(places, indices=ring), indices=part)
        owner = self.shape[owners]
        for number in np.unique(owner):
            own = polygons[owner == number]
            shapes[number] = own[0] if len(own) == 1 else shapely.multipolygons(own)
        return shapes


def _is_first(group: Ints) -> NDArray[np.bool_]:
    """Tell for each member of sorted groups whether it is the first of its group."""
    first = np.ones(len(group), dtype=bool)
    first[1:] = group[1:] != group[:-1]
    return first


def _is_last(group: Ints) -> NDArray[np.bool_]:
    return _is_first(group[::-1])[::-1]


def areal_part(region: BaseGeometry) -> MultiPolygon:
    """Return the polygons of a region, without what has no area on the storage lattice."""
    parts = shapely.get_parts(shapely.get_parts(region))
    return shapely.MultiPolygon(
        [part for part in parts if part.geom_type == "Polygon" and part.area > LATTICE**2]
    )


def is_tangled(shape: Shape) -> bool:
    """Tell whether a shape crosses itself more often than can be made sound in sensible time."""
    rings = Rings.of(np.array([shape], dtype=object))
    edges = np.asarray(shapely.linestrings(np.stack((rings.places, rings.places[rings.following()]), axis=1)))
    tree, meetings, expected = STRtree(edges), 0, 3 * len(edges)
    for begin in range(0, len(edges), _BLOCK):
        meetings += tree.query(edges[begin : begin + _BLOCK], predicate="intersects").shape[1]
        if meetings > expected + 2 * MOST_CROSSINGS:
            return True
    return False


def made_sound(shape: Shape) -> Shape:
    """Return a lon/lat shape as it would be stored, and valid; empty if nothing of it has an area.

    Ground that its ring goes around once belongs to it, ground that it goes around twice doesn't.
    """
    flat = to_storage(shape)
    if flat.is_valid:
        return flat
    mended = shapely.make_valid(flat, method="linework")
    on_lattice = shapely.set_precision(areal_part(mended), LATTICE)  # mere rounding might break it anew
    return cast("Shape", to_storage(on_lattice))
