"""Reads of the ground floor: where a point lies, who lies under whom, what the map and the office show."""

from gis_grids.selectors.hierarchy import ChainLink, ancestors, chains, descendant_ids
from gis_grids.selectors.maps import (
    Extent,
    current_versions,
    extent,
    leaf_versions,
    map_version,
    versions_to_export,
)
from gis_grids.selectors.office import PostRow, TreeRow, tree
from gis_grids.selectors.places import Located, locate, unit_at
from gis_grids.selectors.tilings import Member, Problem, StoredTiling, judge, stored_tiling

__all__ = [
    "ChainLink",
    "Extent",
    "Located",
    "Member",
    "PostRow",
    "Problem",
    "StoredTiling",
    "TreeRow",
    "ancestors",
    "chains",
    "current_versions",
    "descendant_ids",
    "extent",
    "judge",
    "leaf_versions",
    "locate",
    "map_version",
    "stored_tiling",
    "tree",
    "unit_at",
    "versions_to_export",
]
