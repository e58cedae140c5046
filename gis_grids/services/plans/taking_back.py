"""A published plan is taken back before its day: its boundaries will never have been in force.

The plan that restores what was before then counts from the very time from which the former one would have.
Versions and homes that begin just then go, those that ended by it go on; here it is posts and lineage.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils import timezone

from gis_grids.models import PlanZone, UnitLineage
from gis_grids.selectors.plans.drafts import base_draft
from gis_grids.services.posts import unmake_posts

if TYPE_CHECKING:
    from gis_grids.drafts.comparison import Comparison
    from gis_grids.models import Plan


def takes_back(plan: Plan) -> bool:
    """Return True for a plan that restores what was before another one which is not yet in force."""
    former = plan.restores
    return former is not None and former.effective_at == plan.base_at > timezone.now()


def take_back(plan: Plan, compared: Comparison) -> Comparison:
    """Unmake the posts and the lineage of the plan taken back; return the plan beside what was before."""
    former = plan.restores
    if former is None:
        return compared
    was = base_draft(plan.scope_id, former.base_at)
    touched = set(PlanZone.objects.filter(plan=former).values_list("key", flat=True))
    begun = set(compared.before.zones) - set(was.zones)
    zones = {**compared.before.zones, **was.zones}
    units = {zones[key].unit_id for key in (touched | begun) & zones.keys()}
    unmake_posts(unit_ids=[unit for unit in units if unit is not None], at=plan.base_at)
    UnitLineage.objects.filter(plan=former).delete()
    return replace(compared, before=was)
