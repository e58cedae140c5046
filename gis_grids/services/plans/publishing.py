"""Publishing: a plan becomes the boundaries in force, now or from a day to come, in one transaction.

Planner.md 4.6. Nothing of the past is edited: versions that change end, new ones begin. Only vertices are
added in place, to the scope, to all above it and to all beyond its border that have a new corner on their
line: their ground stays the same.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids import hooks
from gis_grids.drafts.comparison import Severity
from gis_grids.errors import BadInput, Stale
from gis_grids.models import Plan, Publication
from gis_grids.selectors.plans.drafts import comparison
from gis_grids.selectors.plans.impact import impact_report
from gis_grids.selectors.plans.problems import problems_in, stale_base
from gis_grids.services.map_versions import bump_map_version
from gis_grids.services.outlines import bands_around, drawn_outlines, keep_outlines
from gis_grids.services.plans.guards import check_step, locked_plan
from gis_grids.services.plans.lineage import shared_ground, write_lineage
from gis_grids.services.plans.steps import PlanHasProblems, record_step
from gis_grids.services.plans.taking_back import take_back, takes_back
from gis_grids.services.plans.versions import Rewrite
from gis_grids.services.turns import change_boundaries, one_change_at_a_time

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import AbstractBaseUser


@transaction.atomic
def publish(
    *,
    plan_id: int,
    actor: AbstractBaseUser,
    effective_at: datetime | None = None,
    note: str = "",
    moves_open_cases: bool = True,
) -> Publication:
    """Put an approved plan in force, from ``effective_at`` (default: now) on.

    All or nothing: units begin, change and end; households go with the ground; posts are set as planned;
    report and problems are frozen; open cases move with the ground, or with ``moves_open_cases`` False stay
    with who has them as long as that unit lasts. Raises `Stale` ("plan.E10") if the boundaries changed since
    the plan was begun, `PlanHasProblems` for errors, `BadInput` ("plan.past") for a day that has passed.
    """
    plan = locked_plan(plan_id, actor)
    check_step(plan, "publish", actor)
    one_change_at_a_time()
    _check_base(plan)
    compared = comparison(plan)
    problems = problems_in(compared)
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    if errors:
        raise PlanHasProblems(errors)
    report = impact_report(compared)
    change_boundaries()
    at = _begin(plan, effective_at)
    since = take_back(plan, compared) if at == plan.base_at else compared
    rewrite = Rewrite(plan, compared.before, compared.after, at)
    changed = rewrite.write()
    change = hooks.BoundaryChange(
        frozenset(changed), at, renumbered=rewrite.renumbered, moves_open_cases=moves_open_cases
    )
    bands = list(bands_around(unit_ids=changed | rewrite.begun, when=at))
    with ThreadPoolExecutor(1, "linge-publishing") as beside:  # computes while the database writes
        shared = beside.submit(shared_ground, since)
        outlines = beside.submit(drawn_outlines, bands)
        for hook in hooks.on_boundaries_changed:
            hook(change)
    write_lineage(plan, since, rewrite.unit_of, shared.result())
    keep_outlines(outlines.result())
    bump_map_version(layer="units")
    plan.status, plan.effective_at = Plan.Status.PUBLISHED, at
    plan.moves_open_cases = moves_open_cases
    plan.save(update_fields=["status", "effective_at", "moves_open_cases"])
    record_step(plan, "publish", note, actor)
    return Publication.objects.create(
        plan=plan,
        effective_at=at,
        report=report,
        problems=[problem.to_json() for problem in problems],
        publisher_id=actor.pk,
    )


def _check_base(plan: Plan) -> None:
    for problem in stale_base(plan):
        message = _(
            "The boundaries changed on %(changed)s; the plan is based on those of %(base)s. Bring the plan "
            "up to the latest boundaries, and check it again."
        )
        raise Stale("plan.E10", message, problem.details)


def _begin(plan: Plan, effective_at: datetime | None) -> datetime:
    """Return the time from which it counts: what was reported while it was judged came before.

    A plan on boundaries that are still to come counts from just after them: they stay to be read, as what it
    was based on, and who has another plan on them is told that they changed (E10). One that restores what was
    before them counts from that very time: they will never have been in force.
    """
    now = timezone.now()
    if effective_at is not None and effective_at < now:
        raise BadInput("plan.past", _("That time has passed. Choose a later one, or publish at once."))
    earliest = plan.base_at if takes_back(plan) else plan.base_at + timedelta.resolution
    return max(effective_at or now, earliest)
