"""Plans begin: from the boundaries in force, or as a copy; and follow when those change."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.drafts import SCOPE, Edit, Zone
from gis_grids.drafts.images import images_of
from gis_grids.errors import BadInput, Conflict, NotFound, Refused
from gis_grids.levels import Level
from gis_grids.models import Plan, PlanOperation, PlanZone, UnitVersion
from gis_grids.permissions import PLANNERS, scope_of
from gis_grids.selectors.plans.access import has_post
from gis_grids.selectors.plans.drafts import base_draft, change_times, draft_of, taken_back
from gis_grids.selectors.plans.problems import tiling_problems
from gis_grids.sentences import listed, quoted
from gis_grids.services.plans.drawing import write_zones
from gis_grids.services.plans.guards import check_step, locked_plan

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import AbstractBaseUser


@transaction.atomic
def open_plan(  # noqa: PLR0913 - the fields of a plan
    *,
    scope_id: int,
    level: Level,
    title: str,
    actor: AbstractBaseUser,
    purpose: str = "",
    restores: Plan | None = None,
) -> Plan:
    """Open a draft for what lies in a scope, from the latest boundaries there are, or will be, on.

    A scope in which nothing is drawn yet begins as one zone of the level. Raises `NotFound`
    ("plan.no_scope"), `Refused` ("plan.not_yours"), `BadInput` ("plan.level", "plan.no_title").
    """
    scope = (
        UnitVersion.objects.filter(unit=scope_id, valid__contains=timezone.now())
        .select_related("unit")
        .first()
    )
    if scope is None:
        raise NotFound("plan.no_scope", _("There is no such unit in force."))
    if not has_post(scope_of(actor), PLANNERS, scope_id):
        raise Refused("plan.not_yours", _("Only a planner of this unit can open a plan for it."))
    if level.depth <= scope.depth:
        message = _("A plan redraws the levels below its scope: choose one below “%(level)s”.")
        raise BadInput("plan.level", message, {"level": str(Level(scope.unit.level).label)})
    if not title.strip():
        raise BadInput("plan.no_title", _("Give the plan a title."))
    plan = Plan.objects.create(
        title=title.strip(),
        purpose=purpose.strip(),
        scope_id=scope_id,
        level=level,
        base_at=base_time(scope_id),
        restores=restores,
        author_id=actor.pk,
    )
    draft = base_draft(scope_id, plan.base_at)
    if not draft.zones:
        whole = Zone("n0-0", level, SCOPE, scope.name, draft.ground)
        _begin(plan, Edit({}, {whole.key: whole}), "subdivide", actor)
    return plan


@transaction.atomic
def copy_plan(*, plan_id: int, title: str, actor: AbstractBaseUser) -> Plan:
    """Open another draft with what a plan of the same base has drawn, for a scenario beside it."""
    source = locked_plan(plan_id, actor)
    if not has_post(scope_of(actor), PLANNERS, source.scope_id):
        raise Refused("plan.not_yours", _("Only a planner of this unit can open a plan for it."))
    copy = Plan.objects.create(
        title=title.strip() or source.title,
        purpose=source.purpose,
        scope_id=source.scope_id,
        level=source.level,
        base_at=source.base_at,
        copied_from=source,
        author_id=actor.pk,
    )
    base, drawn = base_draft(source.scope_id, source.base_at), draft_of(source)
    touched = set(PlanZone.objects.filter(plan=source).values_list("key", flat=True))
    before = {key: base.zones[key] for key in touched if key in base.zones}
    after = {key: drawn.zones[key] for key in touched if key in drawn.zones}
    if touched:
        _begin(copy, Edit(before, after), "copy", actor)
    return copy


@transaction.atomic
def restore_plan(*, plan_id: int, actor: AbstractBaseUser, note: str = "") -> Plan:
    """Open a plan that puts back what was before a published one; history itself is never edited.

    Units that the plan ended come back under their own codes. It goes all the way that any plan goes.
    Raises `Conflict`: "plan.changed_since" if the scope was changed again (undo that first),
    "plan.nothing_to_restore" if what was before is what there is (the plan was taken back before its day).
    """
    former = locked_plan(plan_id, actor)
    check_step(former, "restore", actor)
    if base_time(former.scope_id) > max(timezone.now(), former.effective_at or former.base_at):
        message = _(
            "The boundaries will change again after that plan. Restore what was before the latest one."
        )
        raise Conflict("plan.changed_since", message)
    plan = open_plan(
        scope_id=former.scope_id,
        level=Level(former.level),
        title=str(_("Restores what was before: %(title)s") % {"title": former.title})[:100],
        purpose=note,
        actor=actor,
        restores=former,
    )
    was, now = base_draft(former.scope_id, former.base_at), base_draft(plan.scope_id, plan.base_at)
    before = {key: zone for key, zone in now.zones.items() if was.zones.get(key) != zone}
    after = {key: zone for key, zone in was.zones.items() if now.zones.get(key) != zone}
    if not before and not after:
        message = _("There is nothing to restore: the boundaries are as they were before that plan.")
        raise Conflict("plan.nothing_to_restore", message)
    _begin(plan, Edit(before, after), "restore", actor)
    return plan


@transaction.atomic
def sync(*, plan_id: int, actor: AbstractBaseUser) -> Plan:
    """Base a draft on the latest boundaries (E10), if what it has drawn still fits between them.

    Raises `Conflict` ("plan.cannot_sync") with the zones of both that changed, else with the places.
    """
    plan = locked_plan(plan_id, actor)
    check_step(plan, "draw", actor)
    old, at = base_draft(plan.scope_id, plan.base_at), base_time(plan.scope_id)
    new = base_draft(plan.scope_id, at)
    theirs = {key for key in {**old.zones, **new.zones} if old.zones.get(key) != new.zones.get(key)}
    restoring = taken_back(plan)
    if restoring is not None:
        theirs.update(PlanZone.objects.filter(plan=restoring).values_list("key", flat=True))
    ours = set(PlanZone.objects.filter(plan=plan).values_list("key", flat=True))
    both = sorted(theirs & ours)
    plan.base_at = at
    plan.rev += 1
    plan.save(update_fields=["base_at", "rev"])
    wrong = [] if both else [p for p in tiling_problems(draft_of(plan)) if p.code != "E06"]
    if both or wrong:
        names = listed(quoted(z.name) for key in both if (z := new.zones.get(key) or old.zones.get(key)))
        message = _(
            "The boundaries and the plan changed the same grids: %(names)s. Take back what the plan did "
            "there, or begin a new plan."
        )
        places = [problem.where for problem in wrong]
        raise Conflict("plan.cannot_sync", message, {"names": names, "zones": both, "places": places})
    _record(plan, Edit({}, {}), "sync", actor)
    return plan


def base_time(scope_id: int) -> datetime:
    """Return the time from which a new plan of a scope starts: now, or the last change that is to come."""
    now = timezone.now()
    return max([now, *change_times(scope_id, now)])


def _begin(plan: Plan, edit: Edit, kind: str, actor: AbstractBaseUser) -> None:
    plan.rev = 1
    plan.save(update_fields=["rev"])
    write_zones(plan, edit)
    _record(plan, edit, kind, actor)


def _record(plan: Plan, edit: Edit, kind: str, actor: AbstractBaseUser) -> None:
    PlanOperation.objects.create(
        plan=plan,
        seq=plan.rev,
        operation_id=uuid4(),
        kind=kind,
        zones=sorted(edit.keys),
        before=images_of(edit.before),
        after=images_of(edit.after),
        author_id=actor.pk,
    )
