"""Vector tiles straight from PostGIS: base map, units, and how many live where. No person is in them."""

from mapui.tiles.layers import Layer
from mapui.tiles.sources import tile_sources, units_of_day

__all__ = ["Layer", "tile_sources", "units_of_day"]
