"""The drawing board of one operation: a draft changed step by step, read off as one edit at the end."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, cast

import shapely

from gis_grids.drafts.zones import Draft, Edit
from gis_grids.geometry.outlines import joined
from gis_grids.geometry.redraw import CannotDrawError, Change, Redraw, is_crumb

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from shapely.geometry.base import BaseGeometry

    from gis_grids.drafts.zones import Shape, Zone
    from gis_grids.levels import Level


class Board:
    """A draft being drawn on: ``now`` is how it stands, `edit` tells what has become of it."""

    def __init__(self, draft: Draft) -> None:
        self.first = draft
        self.now = draft

    @cached_property
    def redraw(self) -> Redraw:
        """The leaves; those in locked zones may only gain vertices."""
        leaves = self.first.leaves
        closed = [zone.key for zone in self.first.zones.values() if zone.is_locked]
        locked = {leaf.key for key in closed for leaf in self.first.leaves_of(key)}
        shapes = {key: cast("Shape", zone.shape) for key, zone in leaves.items()}
        free = {key: shape for key, shape in shapes.items() if key not in locked}
        return Redraw(free, {key: shapes[key] for key in locked})

    def edit(self) -> Edit:
        """Return all that was changed since the beginning; raises ("same") if nothing was."""
        before, after = self.first.zones, self.now.zones
        touched = [key for key in {**before, **after} if before.get(key) is not after.get(key)]
        touched = [key for key in touched if before.get(key) != after.get(key)]
        if not touched:
            raise CannotDrawError("same")
        return Edit(
            {key: before[key] for key in touched if key in before},
            {key: after[key] for key in touched if key in after},
        )

    # --- what is allowed ---------------------------------------------------------------------------

    def is_locked(self, key: str) -> bool:
        """Tell whether a zone or one above it is locked."""
        return any(zone.is_locked for zone in self.now.chain(key))

    def check_free(self, *keys: str) -> None:
        """Raise unless these are zones of the draft, each named once, and not locked."""
        if len(set(keys)) < len(keys):
            raise CannotDrawError("same", keys)
        for key in keys:
            if key not in self.first.zones:
                raise CannotDrawError("unknown", [key])
            if self.is_locked(key):
                raise CannotDrawError("zone_locked", [key])

    def check_same_level(self, *keys: str) -> None:
        """Raise unless the zones are of one level."""
        if len({self.first.zones[key].level for key in keys}) > 1:
            raise CannotDrawError("level", keys)

    def on_level(self, level: Level, shape: BaseGeometry) -> list[str]:
        """Return the zones of a level that a shape touches, without those whose ground there is locked."""
        found: dict[str, None] = {}
        for key, zone in self.now.leaves.items():
            if not self.is_locked(key) and shapely.intersects(zone.shape, shape):
                holders = (holder.key for holder in self.now.chain(key) if holder.level == level)
                found.update(dict.fromkeys(holders))
        return list(found)

    # --- steps -------------------------------------------------------------------------------------

    def put(self, *zones: Zone) -> None:
        """Set zones as they are to be."""
        self.now = self.now.with_zones(
            Edit({z.key: z for z in zones if z.key in self.now.zones}, {z.key: z for z in zones})
        )

    def end(self, *keys: str) -> None:
        """Let zones end."""
        self.now = self.now.with_zones(Edit({key: self.now.zones[key] for key in keys}, {}))

    def apply(self, change: Change, twins: Iterable[Zone] = ()) -> None:
        """Take a change of shapes. ``twins`` say what the leaves are that begin with it."""
        self.redraw = self.redraw.with_change(change)
        known = {**self.now.zones, **{twin.key: twin for twin in twins}}
        self.end(*(change.before.keys() - change.after.keys()))
        self.put(*(replace(known[key], shape=shape) for key, shape in change.after.items()))

    def align(self, ground: Shape) -> None:
        """Give the leaves in a ground, and those around it, the vertices that they have in common."""
        self.redraw = Board(self.now).redraw
        self.apply(self.redraw.align(ground))

    def drop_empty(self, keys: Iterable[str]) -> None:
        """End those of the zones that have nothing in them any more, and what becomes empty by that."""
        for key in set(keys) & self.now.zones.keys():
            zone = self.now.zones[key]
            if zone.shape is None and not self.now.children.get(key):
                self.end(key)
                self.drop_empty([zone.parent])

    # --- pieces of what lies on several levels --------------------------------------------------------

    def part(self, key: str, piece: Shape, twin: str, *, new: Iterator[str], name: str) -> None:
        """Make a new zone beside this one of all that lies in the piece; what lies across is divided too.

        Raises ("E12") if no leaf has more than a crumb there: the new zone would have nothing in it.
        """
        if self.is_leaf(key):
            change, _inside = self.redraw.carve(key, piece, chain([twin], new))
            begun = [made for made in change.after if made not in change.before]
            self.apply(change, [self.twin(key, made, name) for made in begun])
            return
        inside, _fresh = self._carve(key, piece, new)
        if not inside:
            raise CannotDrawError("E12", [key], parts=1)
        self._divide(key, inside, self.now.zones[key].parent, new, twin, name)

    def succeed(self, key: str, twin: str, *, name: str) -> None:
        """Put a new zone in place of one, with all that lies in it."""
        former = self.now.zones[key]
        heir = self.twin(key, twin, name)
        if former.shape is not None:
            self.apply(Change({key: former.shape}, {twin: former.shape}), [heir])
            return
        self.put(heir)
        self.absorb(twin, key)

    def absorb(self, key: str, other: str) -> None:
        """Join a zone to another one of its level, with all that lies in it."""
        if self.is_leaf(key):
            self._swallow(key, [leaf.key for leaf in self.now.leaves_of(other)])
            return
        if self.is_leaf(other):
            self._join(other, other, key)
            return
        children = [self.now.zones[child] for child in self.now.children[other]]
        self.put(*(replace(child, parent=key) for child in children))
        self.end(other)

    def give(self, source: str, target: str, piece: Shape, new: Iterator[str]) -> bool:
        """Give what of a zone lies in the piece to another one of its level; tell whether there was any.

        Whole leaves, and whole zones of leaves, change their parent. What is cut off a leaf joins the leaf
        of the target that has the longest border with it. A target that is a leaf takes all into itself.
        """
        if self.is_leaf(source) and self.is_leaf(target):
            self.apply(self.redraw.transfer(source, target, piece))
            return True
        known = self.now.zones.keys()
        inside, fresh = self._carve(source, piece, new)
        if inside.issuperset(leaf.key for leaf in self.now.leaves_of(source)):
            raise CannotDrawError("all", [source])
        if not inside:
            return False
        if self.is_leaf(source):
            apart = self.now.zones.keys() - known - fresh
            if apart:
                where = self.now.shape_of(min(apart)).representative_point()
                raise CannotDrawError("E04", [source], where, parts=1 + len(apart))
            for part in fresh:
                self._join(part, source, target)
        else:
            self._hand_over(source, target, inside, fresh, new)
        return True

    def is_leaf(self, key: str) -> bool:
        """Tell whether a zone has a shape of its own, and nothing in it."""
        return self.now.zones[key].shape is not None

    def _join(self, part: str, source: str, target: str) -> None:
        """Give a leaf, a part of ``source``, to the leaf of a zone that has the longest border with it."""
        leaves = [leaf.key for leaf in self.now.leaves_of(target)]
        beside = self._longest(self.now.shape_of(part), leaves)
        if beside is None:
            raise CannotDrawError("apart", [source, target])
        self._swallow(beside, [part])

    def _swallow(self, leaf: str, others: Collection[str]) -> None:
        """Join leaves to a leaf; what lay above them and has nothing in it any more ends."""
        for other in others:
            if self.is_locked(other):
                raise CannotDrawError("zone_locked", [other])
        parents = {self.now.zones[other].parent for other in others}
        self.apply(self.redraw.merge(leaf, others))
        self.drop_empty(parents)

    def _carve(self, key: str, piece: Shape, new: Iterator[str]) -> tuple[set[str], set[str]]:
        """Cut the leaves of a zone along the piece's border.

        Return the leaves that lie in the piece then, and those of them that were cut off for it.
        """
        shapely.prepare(piece)
        inside: set[str] = set()
        fresh: set[str] = set()
        for leaf in self.now.leaves_of(key):
            lies_in = _lies_in(piece, cast("Shape", leaf.shape))
            if lies_in is None and self.is_locked(leaf.key):
                raise CannotDrawError("zone_locked", [leaf.key])
            if lies_in is None:
                change, cut_off = self.redraw.carve(leaf.key, piece, new)
                begun = [k for k in change.after if k not in change.before]
                self.apply(change, [self.twin(leaf.key, k) for k in begun])
                fresh.update(cut_off)
            elif lies_in:
                inside.add(leaf.key)
        return inside | fresh, fresh

    def _side(self, key: str, inside: Collection[str]) -> bool | None:
        sides = {leaf.key in inside for leaf in self.now.leaves_of(key)}
        return sides.pop() if len(sides) == 1 else None

    def _divide(  # noqa: PLR0913, PLR0917 - a zone, and what its twin is to be
        self, key: str, inside: Collection[str], parent: str, new: Iterator[str], own: str, name: str = ""
    ) -> None:
        """Make a twin of a zone under ``parent``, put into it what of the zone is inside."""
        twin = replace(self.twin(key, own, name), parent=parent)
        self.put(twin)
        for child in self.now.children[key]:
            side = self._side(child, inside)
            if side is None:
                self._divide(child, inside, twin.key, new, next(new))
            elif side:
                self.put(replace(self.now.zones[child], parent=twin.key))

    def _hand_over(
        self, key: str, to: str, inside: Collection[str], fresh: Collection[str], new: Iterator[str]
    ) -> None:
        """Put what of a zone is inside into another one of its level."""
        if self.is_leaf(to):
            self._swallow(to, [leaf.key for leaf in self.now.leaves_of(key) if leaf.key in inside])
            return
        for child in self.now.children[key]:
            side = self._side(child, inside)
            if side is False:
                continue
            moving = joined(cast("Shape", z.shape) for z in self.now.leaves_of(child) if z.key in inside)
            beside = self._beside(to, self.now.zones[child].level, moving)
            if child in fresh and beside and self.is_leaf(beside):
                self._swallow(beside, [child])
            elif side:
                self.put(replace(self.now.zones[child], parent=to))
            elif beside:
                self._hand_over(child, beside, inside, fresh, new)
            else:
                self._divide(child, inside, to, new, next(new))

    def _beside(self, key: str, level: Level, shape: Shape) -> str | None:
        """Return the zone of a level in another zone that has the longest border with a shape."""
        return self._longest(shape, [z.key for z in self.now.below(key) if z.level == level])

    def beside(self, key: str, shape: Shape) -> str | None:
        """Return the other zone of a zone's level that has the longest border with a shape."""
        near = self.on_level(self.now.zones[key].level, shape)
        return self._longest(shape, [other for other in near if other != key])

    def _longest(self, shape: Shape, keys: Collection[str]) -> str | None:
        free = [key for key in keys if not self.is_locked(key)]
        borders = [shapely.intersection(self.now.shape_of(key), shape) for key in free]
        lengths = shapely.length(borders)
        return free[int(lengths.argmax())] if free and lengths.max() > 0 else None

    # --- new zones ---------------------------------------------------------------------------------

    def twin(self, key: str, new: str, name: str = "") -> Zone:
        """Return a new zone that is like another one, without its identity."""
        like = self.now.zones[key]
        name = name or self._fresh_name(like)
        return replace(like, key=new, name=name, unit_id=None, code="", staff=None, shape=None)

    def _fresh_name(self, like: Zone) -> str:
        """Return the zone's name with a number for what is cut off it: one that no zone of its level has."""
        taken = {zone.name for zone in self.now.zones.values() if zone.level == like.level}
        return next(name for n in range(2, len(taken) + 3) if (name := f"{like.name}-{n}") not in taken)


def _lies_in(piece: Shape, leaf: Shape) -> bool | None:
    """Tell whether a leaf lies in a piece, outside of it (False), or across (None); crumbs don't count."""
    if not shapely.intersects(piece, leaf):
        return False
    common, rest = shapely.intersection(leaf, piece), shapely.difference(leaf, piece)
    if is_crumb(common):
        return False
    return True if is_crumb(rest) else None
