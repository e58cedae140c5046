"""From faces to the outlines of zones: put together, rid of vertices that nobody needs, smoothed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from shapely import STRtree

from gis_grids.geometry.lattice import LATTICE, to_storage
from gis_grids.geometry.proposals.patches import attached, without_detached

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gis_grids.geometry.frame import Frame
    from gis_grids.geometry.proposals.cells import Cells

    Ints = NDArray[np.int64]

SMOOTHING: Final = 3.0
"""Metres to which inner borders are smoothed."""
_AROUND: Final = 10.0
"""Metres around a building within which borders are not smoothed, if that would cut it."""
_FILM: Final = 0.01
"""Metres: a building is cut where a circle of twice this radius fits into what lies outside."""
_STRAIGHT: Final = 2 * LATTICE
"""Degrees by which a vertex may be off a line and only be there since noding put it on the lattice."""
_AT_ONE_CORNER: Final = 100 * LATTICE
"""Degrees between vertices that lines from several sides have left at what is one corner."""
_NODE: Final = 3
"""Where so many zones meet, each needs the vertex."""


def drawn(cells: Cells, zone: Ints) -> NDArray[Any]:
    """Return the outline of each zone, 0 to the highest, smoothed. ``zone`` is by cell."""
    shapes = dissolved(cells.faces, zone[cells.cell], np.array([cells.scope], dtype=object))
    return smoothed(shapes, cells.bodies, zone[cells.of_body], cells.frame)


def dissolved(faces: NDArray[Any], zone: Ints, original: NDArray[Any]) -> NDArray[Any]:
    """Return the outline of each zone, 0 to the highest. ``original`` are shapes whose vertices all stay.

    Other vertices on straight lines, where lines ended that are no borders now, are left out; but where a
    zone is so narrow that its border would cross itself without them, they stay.
    """
    order = np.argsort(zone, kind="stable")
    groups = np.split(faces[order], np.flatnonzero(np.diff(zone[order])) + 1)
    unions = np.array([to_storage(shapely.coverage_union_all(own)) for own in groups], dtype=object)
    is_sound = shapely.is_valid(unions)
    while True:
        shapes = _straightened(unions, original)
        torn = unions[is_sound & ~shapely.is_valid(shapes)]
        if not len(torn):
            return shapes
        original = np.append(original, torn)


def _straightened(zones: NDArray[Any], original: NDArray[Any]) -> NDArray[Any]:
    rings = _Rings.of(zones)
    while not (needed := rings.corners(rings.at(original))).all():
        rings = rings.keeping(needed)
    return rings.shapes()


def smoothed(zones: NDArray[Any], buildings: NDArray[Any], holder: Ints, frame: Frame) -> NDArray[Any]:
    """Return zones with their inner borders smoothed, but where that would cut one of the buildings.

    Vertices are left out, none is moved: so all that are left lie on the lattice, and are shared as before.
    ``buildings`` are in lon/lat, ``holder`` is the zone of each.
    """
    simple = shapely.coverage_simplify(zones, frame.degrees(SMOOTHING), simplify_boundary=False)
    rings = _Rings.of(zones)
    needed = rings.at(simple)
    tree = STRtree(frame.into(shapely.points(rings.xy)))
    while True:
        smooth = rings.keeping(needed).shapes()
        cut = buildings[is_cut(buildings, smooth[holder], frame)]
        near = np.unique(tree.query(frame.into(cut), predicate="dwithin", distance=_AROUND)[1])
        if needed[near].all():
            break
        needed[near] = True
        needed = np.isin(rings.places, rings.places[needed])
    sound = shapely.is_valid(smooth).all() and shapely.coverage_is_valid(smooth)
    return smooth if sound else zones


def is_cut(
    buildings: NDArray[Any], zones: NDArray[Any], frame: Frame, *, crumb: float = 0.0
) -> NDArray[np.bool_]:
    """Tell of each building whether more than a film, and a crumb (m²), lies out of its zone (one each)."""
    shapely.prepare(zones)
    out = np.flatnonzero(~shapely.covers(zones, buildings))
    rest = shapely.difference(frame.into(buildings[out]), frame.into(zones[out]))
    cut = np.zeros(len(buildings), dtype=bool)
    cut[out] = (shapely.area(rest) > crumb) & ~shapely.is_empty(shapely.buffer(rest, -_FILM))
    return cut


def least_changed(cells: Cells, zone: Ints, home: Ints) -> Ints:
    """Return the zone of each face where cells go from their zone of today (``home``) to another.

    Ground that is another's today stays with him, wherever cells reach across today's borders: only the
    cells that move take their ground along. If a building would be torn from its cell thereby, all ground
    goes with the cells. ``zone`` and ``home`` are by cell, and zones are numbered as today's.
    """
    own, today = zone[cells.cell], cells.today
    stays = (today >= 0) & (today != home[cells.cell]) & (cells.footprint < 0) & np.isin(today, zone)
    of_face = np.where(stays, today, own)
    borders = cells.borders
    of_face = without_detached(of_face, borders.a, borders.b, cells.area * np.where(stays, 1.0, 1e3))
    of_face = attached(of_face, borders.a, borders.b, borders.length)
    torn = (of_face != own) & cells.stood_on
    return own if torn.any() or (of_face < 0).any() else of_face


@dataclass(frozen=True)
class _Rings:
    """All rings of zones, open: places of vertices, their ring, its part, and the zone of each part."""

    xy: NDArray[np.float64]
    ring: Ints
    part: Ints
    zone: Ints

    @classmethod
    def of(cls, zones: NDArray[Any]) -> _Rings:
        parts, zone = shapely.get_parts(zones, return_index=True)
        rings, part = shapely.get_rings(parts, return_index=True)
        xy, ring = shapely.get_coordinates(rings, return_index=True)
        inner = np.append(ring[1:] == ring[:-1], False)
        return cls(xy[inner], ring[inner], part, zone)

    @property
    def places(self) -> NDArray[np.complex128]:
        return np.asarray(self.xy[:, 0] + 1j * self.xy[:, 1])

    def at(self, shapes: NDArray[Any]) -> NDArray[np.bool_]:
        """Tell for each vertex whether one of the shapes has it."""
        xy = shapely.get_coordinates(shapes)
        return np.isin(self.places, xy[:, 0] + 1j * xy[:, 1])

    def corners(self, kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Tell for each vertex whether it's kept anyhow, or a line turns there in any of the rings."""
        size = np.bincount(self.ring)
        first = np.cumsum(size) - size
        before, after = np.arange(len(self.ring)) - 1, np.arange(len(self.ring)) + 1
        before[first], after[first + size - 1] = first + size - 1, first
        number = np.unique(self.places, return_inverse=True)[1]
        lines = shapely.linestrings(np.stack((self.xy[before], self.xy[after]), axis=1))
        turns = shapely.distance(shapely.points(self.xy), lines) > _STRAIGHT
        turns |= np.bincount(number)[number] >= _NODE
        for beside in (before, after):  # two vertices at one corner: one after the other
            near = np.abs(self.places - self.places[beside]) < _AT_ONE_CORNER
            turns |= near & ~kept[beside] & (number < number[beside])
        return kept | np.isin(self.places, self.places[turns])

    def keeping(self, needed: NDArray[np.bool_]) -> _Rings:
        """Return the rings with the needed vertices alone."""
        return _Rings(self.xy[needed], self.ring[needed], self.part, self.zone)

    def shapes(self) -> NDArray[Any]:
        """Return the zones."""
        rings: Any = shapely.linearrings(self.xy, indices=self.ring)
        of_part = np.split(rings, np.flatnonzero(np.diff(self.part)) + 1)
        parts = np.array([shapely.polygons(own[0], own[1:]) for own in of_part], dtype=object)
        of_zone = np.split(parts, np.flatnonzero(np.diff(self.zone)) + 1)
        whole: list[Any] = [own[0] if len(own) == 1 else shapely.multipolygons(own) for own in of_zone]
        return np.array([to_storage(shape) for shape in whole], dtype=object)
