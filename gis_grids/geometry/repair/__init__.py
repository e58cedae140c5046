"""Somebody else's plan that doesn't tile: what is wrong, a proposed repair, and the m² that it moves."""

from gis_grids.geometry.repair.changes import SILENT_M2, Change
from gis_grids.geometry.repair.judging import CannotRepairError
from gis_grids.geometry.repair.plans import REACH, ForeignZone, Repair, Scope, repair_plan

__all__ = [
    "REACH",
    "SILENT_M2",
    "CannotRepairError",
    "Change",
    "ForeignZone",
    "Repair",
    "Scope",
    "repair_plan",
]
