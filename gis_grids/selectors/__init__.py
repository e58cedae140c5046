"""Reads of the ground floor: where a point lies, who lies under whom, what the map and the office show."""

from gis_grids.selectors.areas import Area, area_in
from gis_grids.selectors.hierarchy import ChainLink, ancestors, chains, descendant_ids, unit_names
from gis_grids.selectors.maps import (
    Extent,
    current_versions,
    days_of_change,
    extent,
    leaf_versions,
    map_version,
    versions_to_export,
)
from gis_grids.selectors.office import PostRow, TreeRow, tree
from gis_grids.selectors.places import Located, locate, unit_at
from gis_grids.selectors.rollup import Rung, Step, rungs, spans_below, step_at
from gis_grids.selectors.spots import Spot, smallest_units, spot_in, unit_for
from gis_grids.selectors.tilings import Member, Problem, StoredTiling, judge, stored_tiling

__all__ = [
    "Area",
    "ChainLink",
    "Extent",
    "Located",
    "Member",
    "PostRow",
    "Problem",
    "Rung",
    "Spot",
    "Step",
    "StoredTiling",
    "TreeRow",
    "ancestors",
    "area_in",
    "chains",
    "current_versions",
    "days_of_change",
    "descendant_ids",
    "extent",
    "judge",
    "leaf_versions",
    "locate",
    "map_version",
    "rungs",
    "smallest_units",
    "spans_below",
    "spot_in",
    "step_at",
    "stored_tiling",
    "tree",
    "unit_at",
    "unit_for",
    "unit_names",
    "versions_to_export",
]
