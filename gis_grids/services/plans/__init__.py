"""Writes of plans: drawing, the steps on their way, comments, and publishing."""

from gis_grids.services.plans.comments import add_comment, add_public_comment, moderate, resolve_comment
from gis_grids.services.plans.drawing import draw, undo
from gis_grids.services.plans.importing import Imported, PlanFile, import_plan
from gis_grids.services.plans.opening import copy_plan, open_plan, restore_plan, sync
from gis_grids.services.plans.publishing import publish
from gis_grids.services.plans.steps import give_reason, take_step

__all__ = [
    "Imported",
    "PlanFile",
    "add_comment",
    "add_public_comment",
    "copy_plan",
    "draw",
    "give_reason",
    "import_plan",
    "moderate",
    "open_plan",
    "publish",
    "resolve_comment",
    "restore_plan",
    "sync",
    "take_step",
    "undo",
]
