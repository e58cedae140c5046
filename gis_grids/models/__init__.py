"""Tables of the ground floor."""

from gis_grids.models.base_map import Facility, MapFeature
from gis_grids.models.posts import Post
from gis_grids.models.units import MapVersion, Unit, UnitVersion

__all__ = ["Facility", "MapFeature", "MapVersion", "Post", "Unit", "UnitVersion"]
