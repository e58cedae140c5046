"""The layers of the map, and the addresses of their tiles.

Zooms are those of the data: a map that draws tiles of 512 pixels (protomaps-leaflet) asks for the tiles of
the zoom above the one it shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from gis_grids.levels import SHOWN_FROM, Level

if TYPE_CHECKING:
    import datetime as dt

MIN_ZOOM: Final = 0
MAX_ZOOM: Final = 16
"""Deeper zooms enlarge these tiles, whose lattice is then 15 cm at the equator."""

EXTENT: Final = 4096
BUFFER: Final = 160
WORLD_M: Final = 40_075_016.685578488
"""The side of the square of Web Mercator (EPSG:3857), which zoom 0 shows whole."""

BUILDINGS_FROM: Final = 14
PLACES_FROM: Final = 14
HOUSES_FROM: Final = 15
"""The zoom from which on households are shown by their building; before, by the squares of a lattice."""


class Layer(StrEnum):
    """The sets of tiles; each has a version of its own in `gis_grids.models.MapVersion`.

    Of units there is a set for each level, since a map draws one at a time; they have one version together.
    """

    BASE = "base"
    UNITS = "units"
    HOUSEHOLDS = "households"


#: What everybody sees who is logged in.
OPEN: Final = (Layer.BASE, Layer.UNITS)


def levels_of(layer: str) -> tuple[str, ...]:
    """Return the levels that a layer has sets of tiles for; of those that show no units "" alone."""
    return tuple(Level.values) if layer == Layer.UNITS else ("",)


@dataclass(frozen=True, slots=True)
class Address:
    """Which tile: zoom, column from the west, row from the north (XYZ), in a version of a layer.

    ``level`` says of which units; "" where the layer is another one. ``day`` asks for the units as they were
    at the end of a day in the district's zone; None is now.
    """

    layer: str
    version: int
    z: int
    x: int
    y: int
    level: str = ""
    day: dt.date | None = None

    @property
    def set_name(self) -> str:
        """The name of the set of tiles that it is one of: what differs in nothing but version and place."""
        return f"{self.layer}-{self.level}" if self.level else self.layer

    @property
    def is_on_the_map(self) -> bool:
        """Whether the layer has such a level, and the zoom is served and has such a column and row."""
        has_level = self.level in levels_of(self.layer)
        return has_level and self.z <= MAX_ZOOM and max(self.x, self.y) < 2**self.z

    @property
    def is_shown(self) -> bool:
        """Whether the zoom is near enough to tell the units of the level apart; other layers always are."""
        return not self.level or self.z >= SHOWN_FROM[Level(self.level)]

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east and north in metres of EPSG:3857."""
        side = WORLD_M / 2**self.z
        west, north = self.x * side - WORLD_M / 2, WORLD_M / 2 - self.y * side
        return west, north - side, west + side, north
