"""Writes of the ground floor: units, posts, versions of the map."""

from gis_grids.services.imports import Areas, UnitFields, areas, import_units
from gis_grids.services.map_versions import bump_map_version
from gis_grids.services.new_units import NewUnit
from gis_grids.services.outlines import draw_outlines
from gis_grids.services.posts import end_post, set_post
from gis_grids.services.turns import rely_on_boundaries
from gis_grids.services.units import Loaded, LoadOptions, UnitsRefused, load_units

__all__ = [
    "Areas",
    "LoadOptions",
    "Loaded",
    "NewUnit",
    "UnitFields",
    "UnitsRefused",
    "areas",
    "bump_map_version",
    "draw_outlines",
    "end_post",
    "import_units",
    "load_units",
    "rely_on_boundaries",
    "set_post",
]
