"""The two sides of a plan, before and after, on one level: which zones differ, and which borders are new."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import shapely

from mapui.pages.ground import around
from mapui.planning.shown import coordinates, zones_on

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shapely.geometry.base import BaseGeometry

    from gis_grids.drafts import Draft
    from gis_grids.drafts.comparison import Comparison
    from gis_grids.drafts.zones import Shape
    from gis_grids.levels import Level
    from mapui.pages.ground import Box

#: In degrees, a centimetre at most: borders nearer than this are the same.
_HAIR: Final = 1e-7
_MARGIN: Final = 0.12
#: So many colours tell zones that differ apart.
COLOURS: Final = 8


@dataclass(frozen=True, slots=True)
class SideZone:
    """A zone as it is drawn: ``colour`` numbers those that differ, alike on both sides."""

    key: str
    name: str
    shape: Shape
    colour: int | None

    def feature(self) -> dict[str, Any]:
        """Return the zone as a GeoJSON feature, every coordinate as it is stored."""
        return {
            "type": "Feature",
            "properties": {"name": self.name, "colour": self.colour},
            "geometry": coordinates(self.shape),
        }


@dataclass(frozen=True)
class Sides:
    """A comparison on one level."""

    compared: Comparison
    level: Level

    @cached_property
    def before(self) -> list[SideZone]:
        """The zones as they were."""
        return self._zones(self.compared.before)

    @cached_property
    def after(self) -> list[SideZone]:
        """The zones as they are to be."""
        return self._zones(self.compared.after)

    @cached_property
    def gone(self) -> BaseGeometry:
        """The borders that are no more, as lines."""
        return _without(self.before, self.after)

    @cached_property
    def new(self) -> BaseGeometry:
        """The borders that there were not, as lines."""
        return _without(self.after, self.before)

    @cached_property
    def bounds(self) -> Box:
        """The box around all that differs, or around the scope if nothing does: degrees, with a margin."""
        shapes = [zone.shape for zone in (*self.before, *self.after) if zone.colour is not None]
        west, south, east, north = shapely.total_bounds(shapes or [self.compared.after.ground]).tolist()
        return around((west, south, east, north), _MARGIN)

    @cached_property
    def _colours(self) -> dict[str, int]:
        """The number of each zone that differs on this level."""
        shown = {*zones_on(self.compared.before, self.level), *zones_on(self.compared.after, self.level)}
        differing = [key for key in self.compared.changed if key in shown]
        return {key: number % COLOURS for number, key in enumerate(differing)}

    def _zones(self, draft: Draft) -> list[SideZone]:
        return [
            SideZone(key, draft.zones[key].name, draft.shape_of(key), self._colours.get(key))
            for key in zones_on(draft, self.level)
        ]


def _without(some: Iterable[SideZone], others: Iterable[SideZone]) -> BaseGeometry:
    """Return the borders of some zones that others don't have: those of zones that differ, of course."""
    mine = [shapely.boundary(zone.shape) for zone in some if zone.colour is not None]
    if not mine:
        return shapely.MultiLineString()
    near = shapely.box(*shapely.total_bounds(mine))
    theirs = [shapely.boundary(zone.shape) for zone in others if shapely.intersects(near, zone.shape)]
    return shapely.difference(shapely.union_all(mine), shapely.buffer(shapely.union_all(theirs), _HAIR))
