"""Where the maps of a page find their tiles, and what is in them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from django.urls import reverse

from gis_grids.levels import NAMED_FROM, SHOWN_FROM, Level
from gis_grids.selectors import extent, map_version
from mapui.tiles.layers import (
    BUILDINGS_FROM,
    HOUSES_FROM,
    MAX_ZOOM,
    MIN_ZOOM,
    OPEN,
    PLACES_FROM,
    Address,
    Layer,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    Fields = dict[str, str]

_ANY_LEVEL: Final = Level.CITY.value
_NAME: Final = {"name": "String"}
_COUNTS: Final = dict.fromkeys(("n", "n_party", "n_hub", "n_contact"), "Number")

#: The MVT layers of each layer, by name: the zoom from which on there are any, and their fields.
_CONTENT: Final[dict[Layer, dict[str, tuple[int, Fields]]]] = {
    Layer.BASE: {
        "water": (0, {"kind": "String", **_NAME}),
        "green": (9, {"kind": "String", **_NAME}),
        "ground": (9, {"kind": "String", **_NAME}),
        "road": (9, {"kind": "String", "width_m": "Number", **_NAME}),
        "building": (BUILDINGS_FROM, {"use": "String", "floors": "Number", **_NAME}),
        "place": (PLACES_FROM, {"kind": "String", **_NAME}),
    },
    Layer.HOUSEHOLDS: {"cell": (0, _COUNTS), "house": (HOUSES_FROM, _COUNTS)},
}


def tile_sources(layers: Iterable[Layer] = OPEN) -> dict[str, dict[str, Any]]:
    """Return for each layer its address with {z}, {x}, {y}, its zooms and its bounds, named as in TileJSON.

    That of units has {level} as well. `bounds` is west, south, east, north in degrees (EPSG:4326), None while
    there are no units. The current version is in the address.
    """
    box = extent()
    bounds = list(box) if box else None
    return {
        layer.value: {"url": _address(layer), "minzoom": MIN_ZOOM, "maxzoom": MAX_ZOOM, "bounds": bounds}
        for layer in layers
    }


def units_of_day() -> str:
    """Return the address of the units as they were at the end of a {day}, with {level}, {z}, {x}, {y}."""
    some_day = dt.date(2000, 1, 1)
    any_tile = reverse("units_tile_of_day", args=[_ANY_LEVEL, some_day, 0, 0, 0])
    return _with_gaps(any_tile).replace(some_day.isoformat(), "{day}")


def describe(layer: Layer, level: str = "") -> dict[str, Any]:
    """Return the TileJSON 3.0 of a layer, or of a level of units; without bounds while there are none."""
    source = tile_sources([layer])[layer.value]
    described = {
        "tilejson": "3.0.0",
        "name": f"Linge {level or layer}",
        "tiles": [source["url"].replace("{level}", level)],
        "minzoom": MIN_ZOOM,
        "maxzoom": MAX_ZOOM,
        "vector_layers": [
            {"id": name, "fields": fields, "minzoom": first, "maxzoom": MAX_ZOOM}
            for name, (first, fields) in _content(layer, level).items()
        ],
    }
    return described | ({"bounds": source["bounds"]} if source["bounds"] else {})


def _content(layer: Layer, level: str) -> dict[str, tuple[int, Fields]]:
    if not level:
        return _CONTENT[layer]
    unit = Level(level)
    named = {"code": "String", **_NAME}
    return {level: (SHOWN_FROM[unit], {}), f"{level}_name": (NAMED_FROM[unit], named)}


def path_of(address: Address) -> str:
    """Return where a tile is answered: one of today, whose version may be none."""
    place = address.version, address.z, address.x, address.y
    if address.level:
        return reverse("units_tile", args=[address.level, *place])
    return reverse("tile", args=[address.layer, *place])


def _address(layer: Layer) -> str:
    level = _ANY_LEVEL if layer is Layer.UNITS else ""
    return _with_gaps(path_of(Address(layer.value, map_version(layer.value), 0, 0, 0, level)))


def _with_gaps(any_tile: str) -> str:
    """Return the address of a tile with {z}, {x}, {y} for its place, and {level} for its level."""
    place = any_tile.removesuffix("0/0/0.mvt") + "{z}/{x}/{y}.mvt"
    return place.replace(f"/{_ANY_LEVEL}/", "/{level}/")
