"""A draft: the zones of a plan as a tree, of which only the leaves have shapes.

What lies above a leaf is the union of its leaves (planner.md 0.3), so nesting can't go wrong, and whatever
is drawn at an upper level is done to leaves and parents. Pure: no database, no Django.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

from gis_grids.geometry.lattice import to_storage
from gis_grids.geometry.outlines import joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from shapely import MultiPolygon, Polygon

    from gis_grids.levels import Level, PostKind

    Shape = Polygon | MultiPolygon

#: The key of the scope itself: the parent of the topmost zones. It is no zone, and its border is locked.
SCOPE: Final = ""


@dataclass(frozen=True, slots=True)
class Staff:
    """A post that a zone is to have from the day of publishing on; ``holder`` None: known to be vacant."""

    kind: PostKind
    holder: int | None
    is_deputy: bool = False


@dataclass(frozen=True, slots=True)
class Zone:
    """A unit as a plan has it.

    ``key`` is for ever within the plan: "u" and the id of the unit that is redrawn, or "n" and a number.
    ``parent`` is the key of the zone above, `SCOPE` for the topmost. ``shape`` (lon/lat, on the storage
    lattice) is None for what has zones below. ``unit_id`` None: it begins with the plan. ``code`` is that of
    the unit or the one wanted for it; empty: given when the plan is published. ``purpose`` says what ground
    without households is for (E09). ``staff`` None: the posts stay as they are.
    """

    key: str
    level: Level
    parent: str
    name: str
    shape: Shape | None = None
    unit_id: int | None = None
    code: str = ""
    purpose: str = ""
    is_locked: bool = False
    staff: tuple[Staff, ...] | None = None


@dataclass(frozen=True)
class Draft:
    """The zones of a plan by key, in a scope. ``ground`` (lon/lat) is what the scope covers."""

    zones: Mapping[str, Zone]
    ground: Shape
    scope_name: str = ""
    _unions: dict[str, Shape] = field(init=False, repr=False, compare=False, default_factory=dict)
    _holders: dict[Level, dict[str, str]] = field(init=False, repr=False, compare=False, default_factory=dict)

    @cached_property
    def children(self) -> dict[str, tuple[str, ...]]:
        """The keys of the zones in each zone, and in `SCOPE`, in the order in which they come."""
        below: dict[str, list[str]] = defaultdict(list)
        for zone in self.zones.values():
            below[zone.parent].append(zone.key)
        return {key: tuple(keys) for key, keys in below.items()}

    @cached_property
    def leaves(self) -> dict[str, Zone]:
        """The zones that have shapes of their own: the leaf coverage."""
        return {key: zone for key, zone in self.zones.items() if zone.shape is not None}

    @cached_property
    def levels(self) -> tuple[Level, ...]:
        """The levels that the plan has zones of, from the top down."""
        return tuple(sorted({zone.level for zone in self.zones.values()}, key=lambda level: level.depth))

    def below(self, key: str) -> Iterator[Zone]:
        """Yield the zone and everything under it, from the top down; for `SCOPE` all zones."""
        if key != SCOPE:
            yield self.zones[key]
        for child in self.children.get(key, ()):
            yield from self.below(child)

    def leaves_of(self, key: str) -> list[Zone]:
        """Return the leaves in a zone: itself, if it is one."""
        return [zone for zone in self.below(key) if zone.shape is not None]

    def shape_of(self, key: str) -> Shape:
        """Return a zone's shape, lon/lat: its own, or the union of its leaves."""
        own = self.zones[key].shape
        if own is not None:
            return own
        if key not in self._unions:
            self._unions[key] = to_storage(joined(leaf.shape for leaf in self.leaves_of(key) if leaf.shape))
        return self._unions[key]

    def chain(self, key: str) -> tuple[Zone, ...]:
        """Return the zones from the topmost down to this one."""
        zone = self.zones[key]
        above = self.chain(zone.parent) if zone.parent != SCOPE else ()
        return (*above, zone)

    def at_level(self, level: Level) -> dict[str, Zone]:
        """Return the zones of a level by key."""
        return {key: zone for key, zone in self.zones.items() if zone.level == level}

    def on_level(self, level: Level) -> dict[str, str]:
        """Return for each leaf the zone that holds it on a level: the nearest above it that isn't deeper."""
        if level not in self._holders:
            self._holders[level] = self._held(level)
        return self._holders[level]

    def _held(self, level: Level) -> dict[str, str]:
        found: dict[str, str] = {}

        def walk(key: str, holder: str) -> None:
            for child in self.children.get(key, ()):
                zone = self.zones[child]
                own = child if zone.level.depth <= level.depth else holder
                if zone.shape is None:
                    walk(child, own)
                elif own != SCOPE:
                    found[child] = own

        walk(SCOPE, SCOPE)
        return found

    def with_zones(self, edit: Edit) -> Draft:
        """Return the draft after an edit."""
        kept = {key: zone for key, zone in self.zones.items() if key not in edit.before}
        return Draft({**kept, **edit.after}, self.ground, self.scope_name)


@dataclass(frozen=True)
class Edit:
    """What an operation does to a draft: the zones that it touches, before and after.

    A key that is in ``before`` alone ends, one that is in ``after`` alone begins. ``~edit`` undoes it.
    """

    before: Mapping[str, Zone]
    after: Mapping[str, Zone]

    def __invert__(self) -> Edit:
        return Edit(self.after, self.before)

    @property
    def keys(self) -> frozenset[str]:
        """The zones that are touched."""
        return frozenset({*self.before, *self.after})
