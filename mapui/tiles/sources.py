"""Where the maps of a page find their tiles, and what is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.urls import reverse

from gis_grids.levels import SHOWN_FROM
from gis_grids.selectors import extent, map_version
from mapui.tiles.layers import BUILDINGS_FROM, HOUSES_FROM, MAX_ZOOM, MIN_ZOOM, OPEN, PLACES_FROM, Layer

if TYPE_CHECKING:
    from collections.abc import Iterable

    Fields = dict[str, str]

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
    Layer.UNITS: {
        **{level.value: (first, {"id": "Number"}) for level, first in SHOWN_FROM.items()},
        "unit_name": (0, {"id": "Number", "code": "String", "level": "String", **_NAME}),
    },
    Layer.HOUSEHOLDS: {"cell": (0, _COUNTS), "house": (HOUSES_FROM, _COUNTS)},
}


def tile_sources(layers: Iterable[Layer] = OPEN) -> dict[str, dict[str, Any]]:
    """Return for each layer its address with {z}, {x}, {y}, its zooms and its bounds, named as in TileJSON.

    `bounds` is west, south, east, north in degrees (EPSG:4326), None while there are no units. The
    current version is in the address.
    """
    box = extent()
    bounds = list(box) if box else None
    return {
        layer.value: {"url": _address(layer), "minzoom": MIN_ZOOM, "maxzoom": MAX_ZOOM, "bounds": bounds}
        for layer in layers
    }


def describe(layer: Layer) -> dict[str, Any]:
    """Return the TileJSON 3.0 of a layer; without bounds while there are no units."""
    source = tile_sources([layer])[layer.value]
    described = {
        "tilejson": "3.0.0",
        "name": f"Linge {layer}",
        "tiles": [source["url"]],
        "minzoom": MIN_ZOOM,
        "maxzoom": MAX_ZOOM,
        "vector_layers": [
            {"id": name, "fields": fields, "minzoom": first, "maxzoom": MAX_ZOOM}
            for name, (first, fields) in _CONTENT[layer].items()
        ],
    }
    return described | ({"bounds": source["bounds"]} if source["bounds"] else {})


def _address(layer: Layer) -> str:
    any_tile = reverse("tile", args=[layer.value, map_version(layer.value), 0, 0, 0])
    return any_tile.removesuffix("0/0/0.mvt") + "{z}/{x}/{y}.mvt"
