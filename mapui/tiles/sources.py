"""Where the maps of a page find their tiles."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from gis_grids.selectors import extent, map_version
from mapui.tiles.layers import MAX_ZOOM, MIN_ZOOM, Layer


def tile_sources() -> dict[str, dict[str, Any]]:
    """Return for each layer its address with {z}, {x}, {y}, its zooms and its bounds, named as in TileJSON.

    `bounds` is west, south, east, north in degrees (EPSG:4326), None while there are no units. The
    current version is in the address.
    """
    box = extent()
    bounds = list(box) if box else None
    return {
        layer.value: {"url": _address(layer), "minzoom": MIN_ZOOM, "maxzoom": MAX_ZOOM, "bounds": bounds}
        for layer in Layer
    }


def _address(layer: Layer) -> str:
    any_tile = reverse("tile", args=[layer.value, map_version(layer.value), 0, 0, 0])
    return any_tile.removesuffix("0/0/0.mvt") + "{z}/{x}/{y}.mvt"
