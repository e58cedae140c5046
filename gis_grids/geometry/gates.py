"""The gates: does a set of units tile the ground? Codes E01 to E06 of planner.md 4.4.

What is judged is what would be stored: the units on the storage lattice, borders straight in lon/lat.
Topology is worked out in an affine frame in metres (`gis_grids.geometry.frame`), sizes are taken in the
CGCS2000 zone of the place.

Tolerances, the only ones:

- `TOLERANCE`, 1 cm: a gap, an overlap or a strip outside counts when a circle of that diameter fits
  into it. What is narrower is below the accuracy of any survey (the best class of components is 50 cm,
  field.md 2a) and of the centimetre grid on which plans are drawn. Areas need no tolerance of their own.
  The circle must fit both where borders are straight in lon/lat and where they are straight on the map:
  a file drawn in metres means the latter, and between vertices 2 km apart the two differ by 4 cm.
- `REACH`, 2 cm: a vertex so near to a neighbour's border belongs on it (E06). Twice the tolerance, so
  that nothing falls between the two rules. The lattice itself is a hundred times finer.
- `SLIVER`, 5 m: where no parent says how far the ground goes, a gap that opens to the outside is told
  from the outer border by being narrower than this, pointed or parallel, and between two units.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal, cast

import numpy as np
import shapely
from shapely import Point, Polygon, STRtree

from gis_grids.geometry.faults import fault_of, place_of
from gis_grids.geometry.frame import Frame
from gis_grids.geometry.lattice import is_same, to_storage
from gis_grids.geometry.loose_edges import stray_vertices

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray
    from shapely import MultiPolygon
    from shapely.geometry.base import BaseGeometry

TOLERANCE: Final = 0.01
REACH: Final = 2 * TOLERANCE
SLIVER: Final = 5.0

_POINTED = 10.0
"""Mitre limit of the search for open slivers: corners sharper than about 11° count as pointed."""
_FEWEST_CORNERS = 3
_TIP = 0.05
"""A unit with less than this share of the longest common border only touches a gap's tip."""

Code = Literal["E01", "E02", "E03", "E04", "E05", "E06"]


@dataclass(frozen=True)
class Finding:
    """One defect of a tiling. `gis_grids.errors.describe` turns it into a sentence.

    E01 gap, E02 overlap, E03 outside the parent, E04 separate parts, E05 broken ring, E06 common border
    not aligned. `units` are positions in the list of children. `size` is in m² for E01 to E04 (of the
    smallest part for E04), in metres for E06 (greatest distance of a vertex from the other's border),
    0 for E05. `where` (a point) and `geometry` (the defect itself) are lon/lat.
    """

    code: Code
    units: tuple[int, ...]
    size: float
    where: Point
    geometry: BaseGeometry
    details: Mapping[str, object] = field(compare=False)

    @property
    def is_error(self) -> bool:
        """Tell whether the units don't tile. E06 alone is a warning: no ground is missing or double."""
        return self.code != "E06"


def check_tiling(
    children: Sequence[Polygon | MultiPolygon],
    parent: Polygon | MultiPolygon | None = None,
    *,
    names: Sequence[str],
    parent_name: str = "",
    allow_parts: bool = False,
) -> list[Finding]:
    """Return every defect of `children` (lon/lat polygons) as a tiling, worst code first, then by size.

    With a (valid) `parent` they must fill exactly it; without one, every hole in their union is a gap,
    also one that may be meant, as a lake. A child whose ring is broken is reported once (E05) and left
    out of the other checks, and the ground that it leaves is no gap. `allow_parts` permits children of
    several parts, as exclaves of real divisions are. The parent's border need not have the children's
    vertices (E06 is between children), since upper levels are rebuilt from their children.
    Raises ValueError for a child that is no polygon or is empty.
    """
    if not children:
        return []
    tiling = _Tiling.of(children, parent, names=names, parent_name=parent_name)
    findings = list(tiling.broken())
    if not allow_parts:
        findings += tiling.separate_parts()
    areal = [*tiling.gaps(), *tiling.overlaps(), *tiling.outside()]
    findings += areal
    findings += tiling.misaligned(explained=[finding.geometry for finding in areal])
    return sorted(findings, key=lambda finding: (finding.code, -finding.size))


@dataclass(frozen=True)
class _Tiling:
    """The children in the working frame; `index` says which of the caller's list each one is."""

    frame: Frame
    index: NDArray[np.intp]
    lonlat: NDArray[Any]
    polygons: NDArray[Any]
    tree: STRtree
    is_coverage: bool
    union: BaseGeometry
    parent: BaseGeometry | None
    invalid: Mapping[int, BaseGeometry]
    names: Sequence[str]
    parent_name: str

    @classmethod
    def of(
        cls,
        children: Sequence[BaseGeometry],
        parent: BaseGeometry | None,
        *,
        names: Sequence[str],
        parent_name: str,
    ) -> _Tiling:
        stored: NDArray[Any] = to_storage(cast("Any", np.array(children, dtype=object)))
        if shapely.is_empty(stored).any() or (shapely.get_dimensions(stored) != 2).any():  # noqa: PLR2004
            message = "check_tiling takes polygons that are not empty"
            raise ValueError(message)
        frame = Frame.around(stored)
        valid = shapely.is_valid(stored)
        polygons = frame.into(stored[valid])
        is_coverage, union = union_of(polygons)
        return cls(
            frame=frame,
            index=np.flatnonzero(valid),
            lonlat=stored[valid],
            polygons=polygons,
            tree=STRtree(polygons),
            is_coverage=is_coverage,
            union=union,
            parent=None if parent is None else frame.into(to_storage(parent)),
            invalid={int(i): stored[i] for i in np.flatnonzero(~valid)},
            names=names,
            parent_name=parent_name,
        )

    def broken(self) -> Iterator[Finding]:
        """E05: rings that cross themselves, holes that lie wrongly."""
        for child, lonlat in self.invalid.items():
            reason, where = fault_of(lonlat)
            details = {"a": self.names[child], "reason": reason, **place_of(where)}
            yield Finding("E05", (child,), 0.0, where, lonlat, details)

    def separate_parts(self) -> Iterator[Finding]:
        """E04: units of several parts."""
        counts = shapely.get_num_geometries(self.polygons)
        for i in map(int, np.flatnonzero(counts > 1)):
            smallest = min(shapely.get_parts(self.polygons[i]), key=shapely.area)
            yield self._areal("E04", [i], [smallest], {"n": int(counts[i])})

    def overlaps(self) -> Iterator[Finding]:
        """E02: ground of two units. A coverage, whose edges are all matched, has none."""
        if self.is_coverage:
            return
        a, b = self.tree.query(self.polygons, predicate="intersects")
        a, b = a[a < b], b[a < b]
        shapely.prepare(self.polygons)
        double = shapely.relate_pattern(self.polygons[a], self.polygons[b], "T********")
        a, b = a[double], b[double]
        for i, j, common in zip(a, b, shapely.intersection(self.polygons[a], self.polygons[b]), strict=True):
            if pieces := self._counting_pieces(common):
                yield self._areal("E02", [i, j], pieces, {"b": self.names[self.index[j]]})

    def outside(self) -> Iterator[Finding]:
        """E03: units beyond the parent's border."""
        if self.parent is None or self._fills_parent:
            return
        beyond = self._counting_pieces(shapely.difference(self.union, self.parent))
        pieces: dict[int, list[BaseGeometry]] = {}
        for piece in beyond:
            for i in self.tree.query(piece, predicate="intersects"):
                pieces.setdefault(int(i), []).extend(
                    self._counting_pieces(shapely.intersection(self.polygons[i], piece))
                )
        for i, own in pieces.items():
            if own:
                yield self._areal("E03", [i], own, {"parent": self.parent_name})

    def gaps(self) -> Iterator[Finding]:
        """E01: ground of no unit."""
        for piece in self._uncovered():
            if not self._left_by_broken(piece):
                beside = self._beside(piece)
                named = tuple(self.names[self.index[i]] for i in beside)
                yield self._areal("E01", beside, [piece], {"units": named})

    def misaligned(self, *, explained: Sequence[BaseGeometry]) -> Iterator[Finding]:
        """E06: vertices on (or next to) a neighbour's border that the neighbour lacks.

        Corners of the `explained` gaps, overlaps and strips (lon/lat) are theirs, and not told twice.
        """
        stray = stray_vertices(self.lonlat, (self.frame.into, self.frame.projected), reach=REACH)
        points = self.frame.into(stray.points)
        own = ~_near_any(points, self.frame.into(np.array(explained, dtype=object)), REACH)
        pairs = np.sort(np.column_stack((stray.owner, stray.neighbour)), axis=1)
        found, pair = np.unique(pairs[own], axis=0, return_inverse=True)
        by_pair = np.flatnonzero(own)[np.argsort(pair, kind="stable")]
        ends = np.cumsum(np.bincount(pair, minlength=len(found)))
        for (i, j), of_pair in zip(found, np.split(by_pair, ends[:-1]), strict=False):
            yield self._misaligned_pair(i, j, stray.points[of_pair], stray.distance[of_pair])

    def _misaligned_pair(
        self, i: int, j: int, points: NDArray[Any], distances: NDArray[np.float64]
    ) -> Finding:
        size = float(distances.max())
        where = points[distances.argmax()]
        a, b = int(self.index[i]), int(self.index[j])
        details = {
            "a": self.names[a],
            "b": self.names[b],
            "n": len(points),
            "metres": round(size, 3),
            **place_of(where),
        }
        return Finding("E06", (a, b), size, where, shapely.MultiPoint(list(points)), details)

    @cached_property
    def _fills_parent(self) -> bool:
        """Whether the outline is the parent's vertex by vertex, as after most operations."""
        return self.parent is not None and is_same(self.union, self.parent)

    def _uncovered(self) -> list[BaseGeometry]:
        if self._fills_parent:
            return []
        if self.parent is not None:
            return self._counting_pieces(shapely.difference(self.parent, self.union))
        shells = shapely.polygons(shapely.get_exterior_ring(shapely.get_parts(self.union)))
        filled = shapely.union_all(shells)
        return self._counting_pieces(shapely.difference(filled, self.union)) + self._open_slivers(filled)

    def _open_slivers(self, filled: BaseGeometry) -> list[BaseGeometry]:
        """Return the narrow gaps that open to the outside: closed by growing and shrinking again."""
        closed = _offset(_offset(filled, SLIVER / 2), -SLIVER / 2)
        added = shapely.difference(closed, filled)
        without_hairs = _offset(_offset(added, -TOLERANCE / 2), TOLERANCE / 2)
        pieces = self._counting_pieces(without_hairs)
        return [piece for piece in pieces if len(self._beside(piece)) > 1]

    def _counting_pieces(self, region: BaseGeometry) -> list[BaseGeometry]:
        """Return the polygons of a region in the frame that are wider than the tolerance."""
        parts = (part for part in shapely.get_parts(shapely.get_parts(region)) if part.geom_type == "Polygon")
        return [
            part
            for part in parts
            if _has_room(part) and _has_room(self.frame.projected(self.frame.back(part)))
        ]

    def _beside(self, piece: BaseGeometry) -> list[int]:
        """Return the units beside a gap, longest common border first.

        Units that only touch its tip are not beside it.
        """
        near = self.tree.query(piece, predicate="dwithin", distance=TOLERANCE)
        borders = shapely.boundary(self.polygons[near])
        common = shapely.length(shapely.intersection(borders, piece.buffer(TOLERANCE)))
        order = [int(i) for i in np.argsort(-common, kind="stable")]
        return [int(near[i]) for i in order if common[i] > _TIP * common[order[0]]]

    def _left_by_broken(self, piece: BaseGeometry) -> bool:
        """Tell whether this uncovered ground is that of a unit left out because its ring is broken."""
        return any(
            _corners_on(self.frame.into(lonlat), piece) >= _FEWEST_CORNERS for lonlat in self.invalid.values()
        )

    def _areal(
        self, code: Code, units: Sequence[int], pieces: Sequence[BaseGeometry], details: Mapping[str, object]
    ) -> Finding:
        where = self.frame.back(shapely.point_on_surface(max(pieces, key=shapely.area)))
        size = sum(self.frame.projected(self.frame.back(piece)).area for piece in pieces)
        ids = tuple(int(self.index[i]) for i in units)
        named = {"a": self.names[ids[0]]} if ids else {}
        geometry = self.frame.back(shapely.union_all(pieces))
        return Finding(
            code, ids, size, where, geometry, {**named, "area": _readable(size), **place_of(where), **details}
        )


def union_of(polygons: NDArray[Any]) -> tuple[bool, BaseGeometry]:
    """Return whether valid polygons are a coverage, and their union, which then costs next to nothing."""
    if shapely.coverage_is_valid(polygons):
        return True, shapely.coverage_union_all(polygons)
    return False, shapely.union_all(polygons)


def _has_room(polygon: Polygon) -> bool:
    """Tell whether a circle of `TOLERANCE` diameter fits into a polygon in metres."""
    # The inscribed circle's diameter is at least twice area by perimeter: the cheap test settles most.
    if 2 * polygon.area >= TOLERANCE * polygon.length:
        return polygon.area > 0
    return not polygon.buffer(-TOLERANCE / 2).is_empty


def _readable(size: float) -> float:
    """Return m² with two decimals, or two figures where that would be 0."""
    return round(size, 2) or float(f"{size:.2g}")


def _offset(region: BaseGeometry, by: float) -> BaseGeometry:
    return region.buffer(by, join_style="mitre", mitre_limit=_POINTED)


def _near_any(points: NDArray[Any], geometries: NDArray[Any], distance: float) -> NDArray[np.bool_]:
    near = np.zeros(len(points), dtype=bool)
    near[STRtree(geometries).query(points, predicate="dwithin", distance=distance)[0]] = True
    return near


def _corners_on(polygon: BaseGeometry, piece: BaseGeometry) -> int:
    corners = shapely.points(np.unique(shapely.get_coordinates(polygon), axis=0))
    return int(shapely.dwithin(corners, piece, REACH).sum())
