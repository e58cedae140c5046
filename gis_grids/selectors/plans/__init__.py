"""Reads of plans: what is drawn, who may do what with it, what it means, what is wrong with it."""

from gis_grids.selectors.plans.access import May, comments_of, may, plan_for, plans_of, restoring
from gis_grids.selectors.plans.drafts import base_draft, change_times, comparison, draft_of
from gis_grids.selectors.plans.figures import figures_of, norms_of
from gis_grids.selectors.plans.impact import impact_report
from gis_grids.selectors.plans.problems import problems_of

__all__ = [
    "May",
    "base_draft",
    "change_times",
    "comments_of",
    "comparison",
    "draft_of",
    "figures_of",
    "impact_report",
    "may",
    "norms_of",
    "plan_for",
    "plans_of",
    "problems_of",
    "restoring",
]
