"""What the bulk loaders take: plain frozen records, geometry in lon/lat (EPSG:4326)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from households.models import Building

if TYPE_CHECKING:
    from datetime import date

    from shapely import MultiPolygon, Polygon

    from households.models import PlaceSource

    LonLat = tuple[float, float]
    DwellingKey = tuple[str, int | None, str]
    """Building code, entrance number or None, room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntrance:
    """An entrance (单元) by its number within the building; its point in degrees where known."""

    number: int
    point: LonLat | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDwelling:
    """A dwelling; `entrance` is the number of one of the building's entrances, or None."""

    floor: int
    room: str
    entrance: int | None = None
    is_estimated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBuilding:
    """A building with its entrances and dwellings; the footprint must be valid already."""

    code: str
    footprint: Polygon | MultiPolygon
    name: str = ""
    address: str = ""
    use: Building.Use = Building.Use.RESIDENTIAL
    floors: int | None = None
    floors_estimated: bool = False
    height_m: float | None = None
    entrances: tuple[NewEntrance, ...] = ()
    dwellings: tuple[NewDwelling, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHousehold:
    """A household; without a place of its own it takes that of its dwelling's entrance or building."""

    dwelling: DwellingKey | None = None
    householder: str = ""
    phone: str = ""
    address: str = ""
    size: int = 1
    is_party_member_household: bool = False
    is_party_hub_household: bool = False
    place: LonLat | None = None
    place_source: PlaceSource | None = None
    place_accuracy_m: float | None = None
    placed_on: date | None = None
