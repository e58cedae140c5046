"""The addresses of the tiles."""

from __future__ import annotations

import datetime as dt

from django.urls import path, register_converter
from django.urls.converters import IntConverter

from gis_grids.levels import Level
from mapui.tiles.layers import Layer
from mapui.tiles.views import answer_archive, answer_description, answer_tile, answer_tile_of_day


class _NameConverter:
    """One of some names."""

    def to_python(self, value: str) -> str:
        """Return the name."""
        return value

    def to_url(self, value: str) -> str:
        """Return the name."""
        return value


class LayerConverter(_NameConverter):
    """The name of a layer that shows no units."""

    regex = "|".join(layer for layer in Layer if layer is not Layer.UNITS)


class LevelConverter(_NameConverter):
    """The level of units."""

    regex = "|".join(Level.values)


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
register_converter(LevelConverter, "level")
register_converter(DayConverter, "day")
register_converter(TileNumberConverter, "tile_number")

_PLACE = "<tile_number:z>/<tile_number:x>/<tile_number:y>.mvt"
_UNITS = {"layer": Layer.UNITS.value}

urlpatterns = [
    path("around.pmtiles", answer_archive, name="tile_archive"),
    path("units/<level:level>.json", answer_description, _UNITS, name="units_description"),
    path("<layer:layer>.json", answer_description, name="tile_description"),
    path(f"units/<level:level>/<day:day>/{_PLACE}", answer_tile_of_day, name="units_tile_of_day"),
    path(f"units/<level:level>/<tile_number:version>/{_PLACE}", answer_tile, _UNITS, name="units_tile"),
    path(f"<layer:layer>/<tile_number:version>/{_PLACE}", answer_tile, name="tile"),
]
