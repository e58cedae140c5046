"""The addresses of the tiles."""

from __future__ import annotations

import datetime as dt

from django.urls import path, register_converter
from django.urls.converters import IntConverter

from mapui.tiles.layers import Layer
from mapui.tiles.views import answer_archive, answer_description, answer_tile, answer_tile_of_day


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


class DayConverter:
    """A day of the calendar, as in ISO 8601."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> dt.date:
        """Return the day; a `ValueError` for one that never was is a 404."""
        return dt.date.fromisoformat(value)

    def to_url(self, value: dt.date) -> str:
        """Return it in ISO form."""
        return value.isoformat()


register_converter(LayerConverter, "layer")
register_converter(DayConverter, "day")
register_converter(TileNumberConverter, "tile_number")

urlpatterns = [
    path("around.pmtiles", answer_archive, name="tile_archive"),
    path("<layer:layer>.json", answer_description, name="tile_description"),
    path(
        "units-at/<day:day>/<tile_number:z>/<tile_number:x>/<tile_number:y>.mvt",
        answer_tile_of_day,
        name="tile_of_day",
    ),
    path(
        "<layer:layer>/<tile_number:version>/<tile_number:z>/<tile_number:x>/<tile_number:y>.mvt",
        answer_tile,
        name="tile",
    ),
]
