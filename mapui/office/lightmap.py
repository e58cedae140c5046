"""Units in the colours of a traffic light: a still map whose units lead on, without scripts and tiles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import shapely
from django.contrib.gis.db.models.functions import AsWKB

from gis_grids.selectors import current_versions
from gis_grids.selectors.hierarchy import listed
from mapui.pages.ground import around
from mapui.pages.pictures import WIDTH, Frame

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

    from gis_grids.norms import Light
    from mapui.pages.pictures import Drawn

_MARGIN: Final = 0.05


@dataclass(frozen=True, slots=True)
class Lit:
    """What is said of a unit: its light, a figure to it, and the address that it leads to ("": nowhere)."""

    light: Light
    text: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class LitZone:
    """A unit on the map: its shape (lon/lat) and what is said of it."""

    name: str
    shape: BaseGeometry
    lit: Lit

    @property
    def colour(self) -> int:
        """All are meant, none lies only around."""
        return 0


@dataclass(frozen=True, slots=True)
class LightMap:
    """What ``office/includes/light_map.html`` draws."""

    width: int
    height: int
    ground: Sequence[tuple[str, str]]
    zones: Sequence[tuple[Drawn, LitZone]]
    dots: Sequence[tuple[float, float]]


def light_map(units: Mapping[int, Lit], places: Sequence[tuple[float, float]] = ()) -> LightMap | None:
    """Return the map of the units that are in force, with dots at places (lon/lat); None without a unit."""
    found = current_versions().filter(unit__in=listed(units)).annotate(wkb=AsWKB("boundary"))
    rows = found.order_by("unit__code").values_list("unit", "name", "wkb")
    zones = [LitZone(name, shapely.from_wkb(bytes(wkb)), units[unit]) for unit, name, wkb in rows]
    if not zones:
        return None
    frame = Frame(_bounds(zones))
    drawn = list(zip(frame.drawn(zones), zones, strict=True))
    return LightMap(WIDTH, frame.height, frame.ground(), drawn, frame.spots(places))


def _bounds(zones: Iterable[LitZone]) -> tuple[float, float, float, float]:
    west, south, east, north = shapely.total_bounds([zone.shape for zone in zones]).tolist()
    return around((west, south, east, north), _MARGIN)
