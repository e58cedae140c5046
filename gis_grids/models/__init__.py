"""Tables of the ground floor."""

from gis_grids.models.base_map import Facility, MapFeature
from gis_grids.models.corrections import Correction
from gis_grids.models.norms import ServiceNorm, UnitFunds, UnitNorm
from gis_grids.models.plans import (
    Plan,
    PlanComment,
    PlanOperation,
    PlanProposal,
    PlanStep,
    PlanZone,
    Publication,
    UnitLineage,
)
from gis_grids.models.posts import Post, PostAct
from gis_grids.models.retention import RetentionRule, RetentionRun
from gis_grids.models.units import MapVersion, Unit, UnitOutline, UnitVersion

__all__ = [
    "Correction",
    "Facility",
    "MapFeature",
    "MapVersion",
    "Plan",
    "PlanComment",
    "PlanOperation",
    "PlanProposal",
    "PlanStep",
    "PlanZone",
    "Post",
    "PostAct",
    "Publication",
    "RetentionRule",
    "RetentionRun",
    "ServiceNorm",
    "Unit",
    "UnitFunds",
    "UnitLineage",
    "UnitNorm",
    "UnitOutline",
    "UnitVersion",
]
