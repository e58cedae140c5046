"""The addresses of the tiles."""

from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import IntConverter

from mapui.tiles.layers import Layer
from mapui.tiles.views import answer_archive, answer_tile


class LayerConverter:
    """The name of a set of tiles."""

    regex = "|".join(Layer)

    def to_python(self, value: str) -> str:
        """Return the name."""
        return value

    def to_url(self, value: str) -> str:
        """Return the name."""
        return value


class TileNumberConverter(IntConverter):
    """A number of at most ten digits: longer ones are no part of any map."""

    regex = "[0-9]{1,10}"


register_converter(LayerConverter, "layer")
register_converter(TileNumberConverter, "tile_number")

urlpatterns = [
    path("around.pmtiles", answer_archive, name="tile_archive"),
    path(
        "<layer:layer>/<tile_number:version>/<tile_number:z>/<tile_number:x>/<tile_number:y>.mvt",
        answer_tile,
        name="tile",
    ),
]
