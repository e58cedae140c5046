"""The ground cut into faces along all borders, each face given to one zone.

All borders are noded on the storage lattice (snap rounding), and the faces between them have exactly the
same vertices on both sides: whoever gets which, the result tiles. Nothing is rounded afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import shapely
from shapely import STRtree

from gis_grids.geometry.lattice import LATTICE, to_storage
from gis_grids.geometry.loose_edges import Edges

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from gis_grids.geometry.frame import Frame
    from gis_grids.geometry.repair.rings import Floats, Ints, Shape

NOBODY = -1


@dataclass(frozen=True)
class Mosaic:
    """Faces that fill the ground, and what touches what.

    `owner` says for each face the position of its zone, or `NOBODY`; `claims` which zones claim it, `today`
    whose it is today. Of the sides, each a pair of faces with a common edge, `a` < `b`, and the edge's
    `length` is in metres.
    """

    faces: NDArray[Any]
    owner: Ints
    claims: list[tuple[int, ...]]
    today: Ints
    a: Ints
    b: Ints
    length: Floats

    @classmethod
    def of(
        cls, zones: Mapping[str, Shape], ground: Shape, today: Mapping[str, Shape], frame: Frame
    ) -> Mosaic:
        """Cut the ground along its own border and those of the zones, and gaps where zones meet in them."""
        borders = shapely.union_all(shapely.boundary([ground, *zones.values()]), grid_size=LATTICE)
        mosaic = cls._between(borders, zones, ground, today, frame)
        cuts = list(mosaic.cuts())
        if not cuts:
            return mosaic
        noded = shapely.union_all([borders, *cuts], grid_size=LATTICE)
        return cls._between(noded, zones, ground, today, frame)

    @classmethod
    def _between(
        cls,
        noded: BaseGeometry,
        zones: Mapping[str, Shape],
        ground: Shape,
        today: Mapping[str, Shape],
        frame: Frame,
    ) -> Mosaic:
        faces = np.asarray(shapely.get_parts(shapely.polygonize(shapely.get_parts(noded))))
        points = shapely.point_on_surface(faces)
        shapely.prepare(ground)
        inside = shapely.contains(ground, points)
        faces, points = faces[inside], points[inside]
        claims = claims_on(points, np.array(list(zones.values()), dtype=object))
        names = {key: number for number, key in enumerate(zones)}
        holders = [names.get(key, NOBODY) for key in today]
        at_present = claims_on(points, np.array(list(today.values()), dtype=object))
        of_today = np.array([holders[own[0]] if own else NOBODY for own in at_present], dtype=np.intp)
        owner = np.array([own[0] if len(own) == 1 else NOBODY for own in claims], dtype=np.intp)
        return cls(faces, owner, claims, of_today, *_sides(faces, frame))

    def cuts(self) -> Iterator[BaseGeometry]:
        """Yield lines straight across gaps, from where two zones meet to whoever is on the other side.

        Else a strip along the border of the ground, or between two rows of zones, would go to one of them.
        """
        for face in [face for face, claims in enumerate(self.claims) if not claims]:
            border, beside = shapely.boundary(self.faces[face]), self._borders_of(face)
            outer = shapely.difference(border, shapely.union_all(list(beside.values())))
            room = shapely.buffer(self.faces[face], LATTICE)
            for one, other in combinations(beside, 2):
                across = [line for claims, line in beside.items() if claims not in {one, other}]
                if not outer.is_empty:
                    across.append(outer)
                for node in shapely.get_parts(shapely.intersection(beside[one], beside[other])):
                    cut = shapely.shortest_line(node, shapely.union_all(across))
                    if cut is not None and cut.length and shapely.covers(room, cut):
                        yield cut

    def _borders_of(self, face: int) -> dict[tuple[int, ...], BaseGeometry]:
        """Return the border of a face with all around it in the ground, by who claims what is beyond."""
        others: dict[tuple[int, ...], set[int]] = {}
        for side in self._sides_of.get(face, ()):
            other = int(self.b[side] if self.a[side] == face else self.a[side])
            others.setdefault(self.claims[other], set()).add(other)
        border = shapely.boundary(self.faces[face])
        return {
            claims: shapely.intersection(border, shapely.boundary(joined(self.faces[list(beyond)])))
            for claims, beyond in others.items()
        }

    def settle(self) -> list[int]:
        """Give each disputed face and each that nobody claims to one zone; return those that touch no zone.

        A face goes to who has it today, if he claims it, or borders on what nobody claims; else to the
        zone with which it has the longest common border. Disputed ones come first.
        """
        disputed = [face for face, claims in enumerate(self.claims) if len(claims) > 1]
        for face in disputed:
            self._give(face, among=self.claims[face])
        left = [face for face, claims in enumerate(self.claims) if not claims]
        while left:
            still = [face for face in left if not self._give(face)]
            if len(still) == len(left):
                break
            left = still
        return left

    def _give(self, face: int, *, among: Collection[int] = ()) -> bool:
        """Give a face away, and tell whether there is a zone that may have it."""
        shares = self._neighbours([face])
        may = {zone: shares.get(zone, 0.0) for zone in among} or shares
        if may:
            holder = int(self.today[face])
            self.owner[face] = holder if holder in may else max(may, key=may.__getitem__)
        return bool(may)

    def _neighbours(self, faces: Iterable[int]) -> dict[int, float]:
        """Return the zones that border on a group of faces, and the length of the common border."""
        group = set(faces)
        shares: dict[int, float] = {}
        for face in group:
            for side in self._sides_of.get(face, ()):
                other = int(self.b[side] if self.a[side] == face else self.a[side])
                zone = int(self.owner[other])
                if other not in group and zone != NOBODY:
                    shares[zone] = shares.get(zone, 0.0) + float(self.length[side])
        return shares

    @cached_property
    def _sides_of(self) -> dict[int, list[int]]:
        sides: dict[int, list[int]] = {}
        for side, (one, other) in enumerate(zip(self.a.tolist(), self.b.tolist(), strict=True)):
            sides.setdefault(one, []).append(side)
            sides.setdefault(other, []).append(side)
        return sides

    def gather_parts(self, most: Sequence[int]) -> None:
        """Give away what is cut off: of each zone only its `most` largest parts stay with it."""
        for zone, count in enumerate(most):
            own = np.flatnonzero(self.owner == zone)
            parts = shapely.get_parts(joined(self.faces[own]))
            if len(parts) <= count:
                continue
            kept = np.argsort(-shapely.area(parts), kind="stable")[:count]
            part, face = STRtree(shapely.point_on_surface(self.faces[own])).query(parts, predicate="contains")
            for number in set(range(len(parts))) - set(kept.tolist()):
                group = own[face[part == number]].tolist()
                shares = self._neighbours(group)
                shares.pop(zone, None)  # touches it at a point, and has an edge with it nowhere
                if shares:
                    self.owner[group] = max(shares, key=shares.__getitem__)

    def zones(self, keys: Iterable[str]) -> dict[str, Shape]:
        """Return the zones by their keys, as they would be stored; without those that have got no face."""
        found = ((key, self.faces[self.owner == number]) for number, key in enumerate(keys))
        return {key: to_storage(joined(faces)) for key, faces in found if len(faces)}


def joined(faces: NDArray[Any]) -> Shape:
    """Return the union of faces whose common borders are the same vertex by vertex."""
    return cast("Shape", shapely.coverage_union_all(faces))


def claims_on(points: NDArray[Any], shapes: NDArray[Any]) -> list[tuple[int, ...]]:
    """Return for each point the positions of the shapes in which it lies, in their order."""
    claims: list[tuple[int, ...]] = [()] * len(points)
    shape, point = STRtree(points).query(shapes, predicate="contains")
    for number, where in zip(shape.tolist(), point.tolist(), strict=True):
        claims[where] = (*claims[where], number)
    return claims


def _sides(faces: NDArray[Any], frame: Frame) -> tuple[Ints, Ints, Floats]:
    """Return the common edges of faces: the one, the other, the length in metres."""
    edges = Edges.of(faces)
    key = np.minimum(edges.start, edges.end) * len(edges.places) + np.maximum(edges.start, edges.end)
    order = np.argsort(key, kind="stable")
    twice = np.flatnonzero(key[order][1:] == key[order][:-1])
    one, other = order[twice], order[twice + 1]
    places = shapely.get_coordinates(frame.into(shapely.points(edges.places)))
    length = np.hypot(*(places[edges.start[one]] - places[edges.end[one]]).T)
    a, b = np.sort(np.column_stack((edges.owner[one], edges.owner[other])), axis=1).T
    return a, b, length
