"""Reads of the ground floor: where a point lies, who lies under whom, what the map and the office show."""

from gis_grids.selectors.hierarchy import ChainLink, ancestors, chains, descendant_ids
from gis_grids.selectors.maps import Extent, current_versions, extent, map_version
from gis_grids.selectors.office import PostRow, TreeRow, tree
from gis_grids.selectors.places import Located, locate, unit_at

__all__ = [
    "ChainLink",
    "Extent",
    "Located",
    "PostRow",
    "TreeRow",
    "ancestors",
    "chains",
    "current_versions",
    "descendant_ids",
    "extent",
    "locate",
    "map_version",
    "tree",
    "unit_at",
]
