"""What a repair moves: found by comparing the plan as read with the plan as repaired.

Nothing is taken from what the repair meant to do, so the list is complete: each m² whose zone differs is in
exactly one change. Areas are taken in the CGCS2000 zone of the
place, as those of the gates are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from shapely import STRtree

from gis_grids.geometry.coordinates import geodesic_area
from gis_grids.geometry.faults import fault_of, place_of
from gis_grids.geometry.lattice import LATTICE, is_same
from gis_grids.geometry.repair.mosaic import claims_on

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray
    from shapely import Point, Polygon
    from shapely.geometry.base import BaseGeometry

    from gis_grids.geometry.repair.rings import Shape
    from gis_grids.geometry.repair.snapping import StoredBorders

SILENT_M2: Final = 1.0
"""What moves more is never done without being asked (planner.md 3.1)."""


@dataclass(frozen=True)
class Change:
    """One change of a repair. `gis_grids.errors.describe` turns it into a sentence.

    Codes: `repair.snapped` (the border becomes the stored one), `repair.aligned` (borders of the file laid on
    each other), `repair.gap`, `repair.overlap` and `repair.part` (a gap, an overlap, a cut-off part given to
    a zone), `repair.outside` (cut off), `repair.ring` (made sound) and `repair.vertices` (put in or left
    out on a border).
    `zones` are keys, whoever gets the ground first. `area` is in m², `places` the number of separate places;
    `where` (in the largest one) and `geometry` (the ground that moves; of vertices the points) are lon/lat.
    """

    code: str
    zones: tuple[str, ...]
    area: float
    places: int
    where: Point
    geometry: BaseGeometry
    details: Mapping[str, object] = field(compare=False)

    @property
    def is_silent(self) -> bool:
        """Tell whether the change is too small to be asked about."""
        return self.area <= SILENT_M2


@dataclass(frozen=True)
class Comparison:
    """A plan as read (`raw`), made sound (`before`) and repaired (`after`), by the keys of its zones."""

    raw: Mapping[str, Shape]
    before: Mapping[str, Shape]
    after: Mapping[str, Shape]
    ground: Shape
    stored: StoredBorders
    reach: float
    names: Mapping[str, str]
    parent: str

    def changes(self) -> list[Change]:
        """Return every change, those that move most first."""
        moved: dict[tuple[str, tuple[str, ...]], list[Polygon]] = {}
        for what, pieces in self._moved().items():
            for code, piece in self._told_apart(what[0], pieces):
                moved.setdefault((code, what[1]), []).append(piece)
        found = [self._areal(code, zones, pieces) for (code, zones), pieces in moved.items()]
        found += [*self._rings(), *self._vertices()]
        return sorted(found, key=lambda change: (-change.area, change.code, change.zones))

    def _moved(self) -> dict[tuple[str, tuple[str, ...]], list[Polygon]]:
        """Return the ground whose zone differs, by what happened to it and to whom."""
        keys = list(self.before)
        before, after = (
            np.array([of[key] for key in keys], dtype=object) for of in (self.before, self.after)
        )
        borders = shapely.boundary(np.concatenate((before, after)))
        faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(shapely.union_all(borders))))
        faces = faces[shapely.area(faces) > LATTICE**2]
        points = shapely.point_on_surface(faces)
        claims, owners = claims_on(points, before), claims_on(points, after)
        moved: dict[tuple[str, tuple[str, ...]], list[Polygon]] = {}
        for face, claimed, owned in zip(faces, claims, owners, strict=True):
            if claimed != owned:
                code, zones = _what_happened(claimed, owned)
                moved.setdefault((code, tuple(keys[zone] for zone in zones)), []).append(face)
        return moved

    def _told_apart(self, code: str, pieces: list[Polygon]) -> Iterator[tuple[str, Polygon]]:
        """Yield the pieces by the reason: those along a stored border were laid on it."""
        places, piece = shapely.get_coordinates(pieces, return_index=True)
        far = ~self.stored.near(places, 1.01 * self.reach)
        along = np.bincount(piece, weights=far, minlength=len(pieces)) == 0
        in_metres = self.stored.frame.into(np.array(pieces, dtype=object))
        narrow = shapely.is_empty(shapely.buffer(in_metres, -self.reach))
        for number, itself in enumerate(pieces):
            if along[number] and narrow[number]:
                yield "repair.snapped", itself
            else:
                yield "repair.aligned" if code == "repair.part" and narrow[number] else code, itself

    def _areal(self, code: str, zones: tuple[str, ...], pieces: list[Polygon]) -> Change:
        areas = shapely.area(self.stored.frame.projected(np.array(pieces, dtype=object)))
        where = shapely.point_on_surface(pieces[int(np.argmax(areas))])
        geometry = shapely.MultiPolygon(pieces)
        return self._change(code, zones, float(np.sum(areas)), len(pieces), where, geometry)

    def _rings(self) -> Iterator[Change]:
        """Yield the rings that were made sound; the area is what the ring itself seemed to enclose or not."""
        for key, shape in self.raw.items():
            if not shape.is_valid:
                _reason, where = fault_of(shape)
                area = abs(geodesic_area(self.before[key]) - geodesic_area(shape))
                yield self._change("repair.ring", (key,), area, 1, where, where)

    def _vertices(self) -> Iterator[Change]:
        """Yield the zones on whose border vertices were put in or left out."""
        frame = self.stored.frame
        for key, after in self.after.items():
            before = self.before[key]
            if after is before or is_same(after, before):
                continue
            one, other = frame.into(np.array([before, after], dtype=object))
            points = np.concatenate((_apart(one, other, self.reach), _apart(other, one, self.reach)))
            if len(points):
                lonlat = frame.back(points)
                where, geometry = lonlat[0], shapely.MultiPoint(list(lonlat))
                yield self._change("repair.vertices", (key,), 0.0, len(points), where, geometry)

    def _change(  # noqa: PLR0913, PLR0917 (the fields of a change)
        self,
        code: str,
        zones: tuple[str, ...],
        area: float,
        places: int,
        where: Point,
        geometry: BaseGeometry,
    ) -> Change:
        named = {letter: self.names[key] for letter, key in zip("ab", zones, strict=False)}
        details = {
            **named,
            "units": tuple(self.names[key] for key in zones),
            "area": round(area, 2) or float(f"{area:.2g}"),
            "n": places,
            "parent": self.parent,
            **place_of(where),
        }
        return Change(code, zones, area, places, where, geometry, details)


def _what_happened(claimed: Sequence[int], owned: Sequence[int]) -> tuple[str, tuple[int, ...]]:
    """Return the code for ground that some claimed and at most one owns now, and the zones concerned."""
    if not owned:
        return "repair.outside", (claimed[0],)
    owner = owned[0]
    if not claimed:
        return "repair.gap", (owner,)
    if owner not in claimed:
        return "repair.part", (owner, claimed[0])
    return "repair.overlap", (owner, next(zone for zone in claimed if zone != owner))


def _apart(one: Shape, other: Shape, reach: float) -> NDArray[Any]:
    """Return the corners of a shape (in metres) on the other's border, where that has no corner in reach."""
    mine, others = (_corners(shape) for shape in (one, other))
    known = STRtree(others).query(mine, predicate="dwithin", distance=reach)[0]
    rest = np.delete(mine, np.unique(known))
    return rest[shapely.dwithin(other.boundary, rest, reach)]


def _corners(shape: Shape) -> NDArray[Any]:
    return np.asarray(shapely.points(np.unique(shapely.get_coordinates(shape), axis=0)))
