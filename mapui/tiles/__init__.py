"""Vector tiles straight from PostGIS: the base map and the units. No person and no household is in them."""

from mapui.tiles.sources import tile_sources

__all__ = ["tile_sources"]
