"""Redrawing zones that tile: operations, each of which leaves an exact tiling or is refused (planner.md 4.3).

An operation never moves ground from or to anybody but the zones that it names. Whoever borders on a new
vertex gets it too, so that common borders stay the same vertex by vertex. New vertices lie on the storage
lattice: lines are noded there (snap rounding), and zones are put together again from the faces between
them. So nothing is ever rounded afterwards, which is what breaks tilings elsewhere.

All shapes are lon/lat polygons as they are stored (`gis_grids.geometry.lattice.to_storage`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
import shapely
from shapely import LineString, Point, Polygon, STRtree

from gis_grids.geometry.coordinates import geodesic_area
from gis_grids.geometry.gates import Finding, check_tiling, union_of
from gis_grids.geometry.lattice import LATTICE, is_same, to_storage
from gis_grids.geometry.outlines import joined

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray
    from shapely import MultiPolygon
    from shapely.geometry.base import BaseGeometry

    Shape = Polygon | MultiPolygon
    Zones = Mapping[str, Shape]

#: A piece of less than so many m² never changes hands, nor becomes a zone: it's the slip of a hand.
CRUMB_M2: Final = 1.0
#: A fault has grown if it did so by more than that: m², of E06 metres.
_SAME: Final = 0.01


def is_crumb(shape: BaseGeometry) -> bool:
    """Tell whether a lon/lat shape, which may be empty, is smaller than a crumb (`CRUMB_M2`)."""
    return geodesic_area(shape) < CRUMB_M2


class CannotDrawError(Exception):
    """What was asked can't be done with these zones.

    ``code`` is one of planner.md 4.4 (E01 to E06, E11, E12) or ``locked`` (the outer border belongs to the
    plan one level up), ``apart`` (the zones have no common border), ``nothing`` (the piece holds nothing of
    the zone), ``all`` (it holds all of it: merge instead), ``same`` (a zone is named twice). ``zones`` are
    their keys, ``where`` is lon/lat.
    """

    def __init__(
        self, code: str, zones: Iterable[str] = (), where: Point | None = None, **details: object
    ) -> None:
        self.code = code
        self.zones = tuple(zones)
        self.where = where
        self.details = details
        super().__init__(code, self.zones, details)


@dataclass(frozen=True)
class Change:
    """What an operation does: the zones that it touches, before and after.

    A key that is in ``before`` alone ends, one that is in ``after`` alone begins. ``~change`` undoes it.
    """

    before: Zones
    after: Zones

    def __invert__(self) -> Change:
        return Change(self.after, self.before)


@dataclass(frozen=True)
class Redraw:
    """Zones that tile, and their neighbours outside of the plan (``fixed``), which only may gain vertices.

    Each operation returns a `Change` and leaves the zones as they are; `with_change` gives the next state.
    Operations raise `CannotDrawError`, and KeyError for a zone that there isn't.
    """

    zones: Zones
    fixed: Zones = field(default_factory=dict)

    # --- operations ----------------------------------------------------------------------------

    def split(self, zone: str, line: LineString, new: str) -> Change:
        """Cut a zone in two by a line; the smaller piece becomes the zone ``new``."""
        faces = self._cut([zone], line, within=self.zones[zone])
        own = faces[zone]
        small, large = two_halves(zone, own)
        return self._change(faces | {zone: [large], new: [small]})

    def merge(self, keep: str, others: Collection[str]) -> Change:
        """Join zones; ``keep`` goes on, the others end."""
        _check_distinct(keep, *others)
        before = {key: self.zones[key] for key in (keep, *others)}
        return self._judged(Change(before, {keep: to_storage(joined(before.values()))}))

    def transfer(self, source: str, target: str, piece: Shape) -> Change:
        """Give what of a zone lies in the piece to another one."""
        _check_distinct(source, target)
        faces = self._cut([source, target], shapely.boundary(piece), within=self.zones[source])
        shapely.prepare(piece)
        given: list[BaseGeometry] = []
        left: list[BaseGeometry] = []
        for face in faces[source]:
            (given if _moves(piece, face) else left).append(face)
        if not given:
            raise CannotDrawError("nothing", [source])
        if is_crumb(joined(left)):
            raise CannotDrawError("all", [source])
        return self._change(faces | {source: left, target: [*faces[target], *given]})

    def carve(self, zone: str, piece: Shape, new: Iterator[str]) -> tuple[Change, list[str]]:
        """Divide a zone along the border of a piece; return the change and the zones that lie in the piece.

        The zone goes on with its largest part outside; each other part is a new zone.
        """
        faces = self._cut([zone], shapely.boundary(piece), within=self.zones[zone])
        shapely.prepare(piece)
        sides: dict[bool, list[BaseGeometry]] = {True: [], False: []}
        for face in faces.pop(zone):
            sides[_moves(piece, face)].append(face)
        if not (sides[True] and sides[False]):
            raise CannotDrawError("all" if sides[True] else "nothing", [zone])
        rest, *others = sorted(shapely.get_parts(joined(sides[False])), key=shapely.area, reverse=True)
        # A crumb apart from the rest is no zone: it goes with the piece that parts it off.
        while others and is_crumb(others[-1]):
            sides[True].append(others.pop())
        if is_crumb(rest):
            raise CannotDrawError("all", [zone])
        inner = {next(new): [part] for part in shapely.get_parts(joined(sides[True]))}
        outer = {next(new): [part] for part in others}
        return self._change(faces | {zone: [rest]} | inner | outer), list(inner)

    def align(self, *around: Shape) -> Change:
        """Give zones the vertices that their neighbours have on their common borders; no ground moves.

        Every zone, or those that touch one of the shapes.
        """
        keys = [key for key in self._near(*around) if key in self.zones] if around else list(self.zones)
        return self._change(self._cut(keys, LineString(), within=Polygon()) if keys else {})

    def reshape(self, a: str, b: str, line: BaseGeometry) -> Change:
        """Make a line the common border of two zones: what lies on the other's side changes hands."""
        _check_distinct(a, b)
        both = joined([self.zones[a], self.zones[b]])
        if shapely.get_num_geometries(both) > 1:
            raise CannotDrawError("apart", [a, b])
        faces = self._cut([a, b], line, within=both, ground=both)
        sides: dict[str, list[BaseGeometry]] = {a: [], b: []}
        for part in faces.pop(""):
            share = [shapely.area(shapely.intersection(part, self.zones[key])) for key in (a, b)]
            sides[a if share[0] >= share[1] else b].append(part)
        if any(is_crumb(joined(side)) for side in sides.values()):
            raise CannotDrawError("E12", [a, b], parts=1)
        return self._change(faces | sides)

    def move_node(self, node: Point, to: Point) -> Change:
        """Move a vertex in all zones that have it: two at a border, three or more where borders meet."""
        old, new = (shapely.get_coordinates(to_storage(point))[0] for point in (node, to))
        owners = [key for key in self._near(node) if _has_vertex(self._all[key], old)]
        if not owners:
            raise CannotDrawError("nothing", where=node)
        around = joined(self._all[key] for key in owners)
        if any(key in self.fixed for key in owners) or not shapely.contains_properly(around, Point(old)):
            raise CannotDrawError("locked", [key for key in owners if key in self.zones], node)
        before = {key: self.zones[key] for key in owners}
        return self._judged(
            Change(before, {key: with_vertex_moved(shape, old, new) for key, shape in before.items()})
        )

    # --- states --------------------------------------------------------------------------------

    def with_change(self, change: Change) -> Redraw:
        """Return the state after a change, which must fit: its zones are as they were before it.

        Raises `CannotDrawError` ("E11") if one of them has been changed since.
        """
        here = {key: shape for key, shape in self._all.items() if key in change.before or key in change.after}
        if here.keys() != change.before.keys() or any(
            here[key].wkb != shape.wkb for key, shape in change.before.items()
        ):
            raise CannotDrawError("E11", change.before)
        left = {key: shape for key, shape in self._all.items() if key not in change.before} | {**change.after}
        return Redraw(
            {key: shape for key, shape in left.items() if key not in self.fixed},
            {key: left[key] for key in self.fixed},
        )

    @cached_property
    def _all(self) -> dict[str, Shape]:
        return {**self.zones, **self.fixed}

    @cached_property
    def _tree(self) -> tuple[STRtree, list[str]]:
        return STRtree(list(self._all.values())), list(self._all)

    def _near(self, *shapes: BaseGeometry) -> list[str]:
        """Return the keys of the zones that touch one of the shapes."""
        tree, keys = self._tree
        touching = tree.query(np.array(shapes, dtype=object), predicate="intersects")[1]
        return [keys[n] for n in np.unique(touching)]

    # --- cutting and putting together ------------------------------------------------------------

    def _cut(
        self, keys: Sequence[str], line: BaseGeometry, *, within: Shape, ground: Shape | None = None
    ) -> dict[str, list[BaseGeometry]]:
        """Return the faces between a line and the borders of the zones and of all around, by their zones.

        The line counts where it lies ``within``: further out it would give vertices to who doesn't border
        on it. With ``ground``, the zones' own common borders are left out; its faces have the key "".
        """
        around = [key for key in self._near(*(self.zones[key] for key in keys)) if key not in keys]
        owners = {key: self._all[key] for key in around}
        owners |= {"": ground} if ground is not None else {key: self.zones[key] for key in keys}
        borders = shapely.boundary(list(owners.values()))
        inner = shapely.intersection(line, within, grid_size=LATTICE)
        noded = shapely.union_all([*borders, inner], grid_size=LATTICE)
        faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
        found: dict[str, list[BaseGeometry]] = {key: [] for key in owners}
        names = list(owners)
        for face, owner in _owned(faces, list(owners.values())):
            found[names[owner]].append(faces[face])
        return found

    def _change(self, faces: Mapping[str, Sequence[BaseGeometry]]) -> Change:
        """Return the change that gives each zone these faces, judged."""
        change = self._differing(faces)
        return self._judged(change if self._is_exact(change) else self._followed(change))

    def _differing(self, faces: Mapping[str, Sequence[BaseGeometry]]) -> Change:
        """Return the change that gives each zone these faces; who stays as he was is not in it."""
        after = {key: to_storage(joined(own)) for key, own in faces.items()}
        changed = {
            key: shape
            for key, shape in after.items()
            if key not in self._all or not is_same(shape, self._all[key])
        }
        return Change({key: self._all[key] for key in changed if key in self._all}, changed)

    def _followed(self, change: Change) -> Change:
        """Return a change with what follows from it for zones further out.

        Noding takes a needle thinner than the lattice off a border. A zone beside, that doesn't border on
        what is cut, has the needle too, and loses it with this; and so on, until nobody else changes.
        """
        further = self.with_change(change).align(*change.after.values())
        after = {**change.after, **further.after}
        return Change({key: self._all[key] for key in {**change.before, **after} if key in self._all}, after)

    def _is_exact(self, change: Change) -> bool:
        """Tell whether what changes and all around it share their borders to the last vertex."""
        shapes = [*change.after.values(), *self._around(change).values()]
        return not change.after or bool(shapely.coverage_is_valid(shapes))

    def _around(self, change: Change) -> Zones:
        """Return the zones that touch what changes, and stay as they are."""
        near = self._near(*change.before.values())
        return {key: self._all[key] for key in near if key not in change.before}

    def _judged(self, change: Change) -> Change:
        """Return the change if the ground is the same and tiled exactly after it, and nobody falls apart."""
        for key, shape in change.after.items():
            if shapely.is_empty(shape):
                raise CannotDrawError("all", [key])
            parts = shapely.get_parts(shape)
            if len(parts) > shapely.get_num_geometries(self._all.get(key, parts[0])):
                smallest = min(parts, key=shapely.area)
                raise CannotDrawError("E04", [key], smallest.representative_point(), parts=len(parts))
        self._judge_tiling(change)
        return change

    def _judge_tiling(self, change: Change) -> None:
        """Raise if the ground isn't tiled exactly after a change.

        What was wrong before, as in a plan on an import with overlaps, may stay, but not grow.
        """
        around = self._around(change)
        was_exact, ground = union_of(np.array([*change.before.values(), *around.values()], dtype=object))
        findings = _findings({**change.after, **around}, ground)
        former = _findings({**change.before, **around}, ground) if findings and not was_exact else []
        known = {(finding.code, frozenset(zones)): finding.size for zones, finding in former}
        for zones, finding in findings:
            is_new = finding.size > known.get((finding.code, frozenset(zones)), -np.inf) + _SAME
            if is_new and (finding.is_error or not change.after.keys().isdisjoint(zones)):
                named = sorted(zones, key=lambda key: key not in change.after)
                raise CannotDrawError(finding.code, named, finding.where, size=finding.size)
        if was_exact and not self._is_exact(change):  # by less than the gate's tolerance
            raise CannotDrawError("E06", change.after)


def _findings(zones: Zones, ground: BaseGeometry) -> list[tuple[tuple[str, ...], Finding]]:
    """Return what is wrong with zones as a tiling of a ground, each with the zones that it is about."""
    keys = list(zones)
    found = check_tiling(list(zones.values()), cast("Shape", ground), names=keys, allow_parts=True)
    return [(tuple(keys[n] for n in finding.units), finding) for finding in found]


def _owned(faces: NDArray[np.object_], owners: Sequence[Shape]) -> Iterator[tuple[int, int]]:
    """Yield each face and the shape that it lies in, by their numbers; where shapes overlap, each of them.

    A face thinner than the lattice, where two borders part by that little, is nobody's or both's: it goes to
    one, to whom it has the longest line in common with.
    """
    tree = STRtree(owners)
    which, owner = tree.query(shapely.point_on_surface(faces), predicate="within")
    is_thin = shapely.area(faces) < LATTICE * shapely.length(faces)
    is_thin &= np.bincount(which, minlength=len(faces)) != 1
    yield from zip(which[~is_thin[which]].tolist(), owner[~is_thin[which]].tolist(), strict=True)
    for face in np.flatnonzero(is_thin).tolist():
        beside = tree.query(faces[face], predicate="intersects")
        common = shapely.intersection(faces[face], shapely.boundary(tree.geometries[beside]))
        if beside.size:
            yield face, int(beside[shapely.length(common).argmax()])


def two_halves(zone: str, parts: Iterable[BaseGeometry]) -> tuple[BaseGeometry, BaseGeometry]:
    """Return the parts of a zone that a line makes, the smaller first. Raises ("E12") if they aren't two."""
    halves = sorted(parts, key=shapely.area)
    if len(halves) != 2 or is_crumb(halves[0]):  # noqa: PLR2004 - two halves
        raise CannotDrawError("E12", [zone], parts=len(halves))
    return halves[0], halves[1]


def _check_distinct(*zones: str) -> None:
    if len(set(zones)) < len(zones):
        raise CannotDrawError("same", zones)


def _moves(piece: Any, face: BaseGeometry) -> bool:  # noqa: ANN401 - a prepared geometry
    """Whether a face lies in the piece, and is more than a crumb."""
    return bool(shapely.contains(piece, shapely.point_on_surface(face))) and not is_crumb(face)


def _has_vertex(shape: Shape, vertex: np.ndarray[Any, Any]) -> bool:
    return bool((shapely.get_coordinates(shape) == vertex).all(axis=1).any())


def with_vertex_moved(shape: Shape, old: np.ndarray[Any, Any], new: np.ndarray[Any, Any]) -> Shape:
    """Return the shape, which may be broken by it, with a vertex at another place (lon/lat as stored)."""
    return shapely.transform(
        shape, lambda lonlat: np.where((lonlat == old).all(axis=1, keepdims=True), new, lonlat)
    )
