"""What the administration's templates need beyond Django's."""

from __future__ import annotations

from typing import Any

from django import template
from django.templatetags.static import static

from gis_grids.selectors import extent
from mapui.tiles import tile_sources

register = template.Library()


@register.simple_tag
def map_data() -> dict[str, Any]:
    """Return where the map of a form finds its tiles and pins, and what it shows first.

    `extent` is west, south, east, north in degrees (EPSG:4326), None while nothing is loaded.
    """
    box = extent()
    return {
        "tiles": tile_sources(),
        "extent": list(box) if box else None,
        "pins": static("leaflet/images/"),
    }
