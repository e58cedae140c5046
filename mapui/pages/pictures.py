"""Still pictures of zones, as SVG: for a page, a telephone and paper, without scripts and tiles."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
import shapely

from mapui.pages.ground import ground_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from mapui.pages.ground import Box

WIDTH: Final = 600
#: A picture is at most this much higher than wide, and this much wider than high.
_HIGHEST, _WIDEST = 1.1, 1.8
#: What is smaller than this, in pixels of the picture, isn't drawn.
_FINE: Final = 0.4
_LETTER: Final = 13


class Zone(Protocol):
    """What is drawn: a shape (lon/lat) with a name; ``colour`` None is what only lies around."""

    @property
    def name(self) -> str: ...  # noqa: D102

    @property
    def shape(self) -> BaseGeometry: ...  # noqa: D102

    @property
    def colour(self) -> int | None: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Drawn:
    """A zone in the picture: its path, and where its name stands if there is room for it."""

    path: str
    name: str
    colour: int | None
    at: tuple[float, float] | None


class Frame:
    """A section of the Earth on a picture: small enough that degrees are as long everywhere in it."""

    def __init__(self, bounds: Box) -> None:
        west, south, east, north = bounds
        self._shrink = math.cos(math.radians((south + north) / 2))
        wide, high = (east - west) * self._shrink, north - south
        # What is too wide or too high gets more ground on the other sides.
        more_wide, more_high = max(0.0, high / _HIGHEST - wide), max(0.0, wide / _WIDEST - high)
        west, east = west - more_wide / self._shrink / 2, east + more_wide / self._shrink / 2
        south, north = south - more_high / 2, north + more_high / 2
        self.bounds: Box = (west, south, east, north)
        self._scale = WIDTH / ((east - west) * self._shrink)
        self.height = round((north - south) * self._scale)
        self._box = shapely.box(*self.bounds)

    def ground(self) -> list[tuple[str, str]]:
        """Return the path of each layer of the ground, from the bottom up."""
        ground = ground_in(self.bounds)
        return [(name, self.paths(shapes)) for name, shapes in ground.layers.items()]

    def drawn(self, zones: Iterable[Zone], letter: int = _LETTER) -> list[Drawn]:
        """Return the zones in the section, each with the place of its name if there is room for it.

        ``letter`` is how large the names are set, in pixels of the picture.
        """
        seen = [zone for zone in zones if shapely.intersects(self._box, zone.shape)]
        rooms = self._rooms_for(seen, letter)
        return [
            Drawn(self.paths([zone.shape]), zone.name, zone.colour, room)
            for zone, room in zip(seen, rooms, strict=True)
        ]

    def spots(self, places: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
        """Return where places (lon/lat) are in the picture, in its pixels."""
        if not places:
            return []
        return [(round(x, 1), round(y, 1)) for x, y in self._pixels(np.array(places)).tolist()]

    def _pixels(self, places: NDArray[Any]) -> NDArray[Any]:
        west, _south, _east, north = self.bounds
        x = (places[:, 0] - west) * self._shrink * self._scale
        return np.column_stack([x, (north - places[:, 1]) * self._scale])

    def paths(self, shapes: Iterable[BaseGeometry]) -> str:
        """Return an SVG path: subpaths of lines, and of rings, which are closed."""
        parts: list[str] = []
        for shape in shapes:
            for line in _lines(shapely.simplify(shapely.transform(shape, self._pixels), _FINE)):
                points = " ".join(f"{x:.1f},{y:.1f}" for x, y in shapely.get_coordinates(line))
                parts.append(f"M{points}{'Z' if line.is_ring else ''}")
        return "".join(parts)

    def _rooms_for(self, zones: Sequence[Zone], letter: int) -> list[tuple[float, float] | None]:
        """Return the middle (pixels) of each zone whose name fits; who differs, or is large, first."""
        shapes = [
            shapely.transform(shapely.intersection(zone.shape, self._box), self._pixels) for zone in zones
        ]
        rooms: list[tuple[float, float] | None] = [None] * len(zones)
        taken: list[BaseGeometry] = []
        for n in sorted(range(len(zones)), key=lambda n: (zones[n].colour is None, -shapes[n].area)):
            room = _room_for(zones[n].name, shapes[n], letter)
            if room is None:
                continue
            half_wide, half_high = len(zones[n].name) * letter / 2, letter * 0.6
            room = (_within(room[0], half_wide, WIDTH), _within(room[1], half_high, self.height))
            box = shapely.box(
                room[0] - half_wide, room[1] - half_high, room[0] + half_wide, room[1] + half_high
            )
            if not shapely.intersects(taken, box).any():
                taken.append(box)
                rooms[n] = room
        return rooms


def _within(middle: float, half: float, whole: float) -> float:
    """Return the middle of something so moved that it doesn't stand out of the picture."""
    return round(min(max(middle, half), max(whole - half, half)), 1)


def _room_for(name: str, shape: BaseGeometry, letter: int) -> tuple[float, float] | None:
    """Return the middle of a shape (pixels) if the name fits into it."""
    if shape.is_empty:
        return None
    left, top, right, bottom = shape.bounds
    if right - left < len(name) * letter * 0.8 or bottom - top < letter * 1.5:
        return None
    place: Any = shapely.point_on_surface(shape)
    return round(place.x, 1), round(place.y, 1)


def _lines(shape: BaseGeometry) -> list[BaseGeometry]:
    """Return the lines of a shape of whatever kind: those of its rings too."""
    found = []
    for part in shapely.get_parts(shapely.get_parts(shape)):
        if shapely.get_dimensions(part) == 2:  # noqa: PLR2004 - a surface
            found += list(shapely.get_rings(part))
        elif shapely.get_dimensions(part) == 1:
            found.append(part)
    return [line for line in found if not line.is_empty]
