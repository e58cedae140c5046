"""The steps of a plan on its way to being published, by role: who took each, and what was said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.drafts.comparison import Severity
from gis_grids.errors import BadInput
from gis_grids.models import Plan, PlanStep
from gis_grids.selectors.plans.problems import problems_of
from gis_grids.services.plans.guards import check_step, locked_plan, touch

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from django.contrib.auth.models import AbstractBaseUser

    from gis_grids.drafts.comparison import Problem

_Status = Plan.Status
#: What a step makes of the plan.
LEADS_TO: Final[dict[str, str]] = {
    "submit": _Status.SUBMITTED,
    "announce": _Status.ANNOUNCED,
    "return": _Status.RETURNED,
    "approve": _Status.APPROVED,
    "withdraw": _Status.WITHDRAWN,
}


class PlanHasProblems(BadInput):
    """A plan that can't be submitted as it is; `problems` are those in the way."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        errors = sum(problem.severity is Severity.ERROR for problem in problems)
        message = _(
            "The plan can't go on yet: %(errors)s errors to mend, %(warnings)s warnings that want a reason."
        )
        super().__init__(
            "plan.problems", message, {"errors": errors, "warnings": len(self.problems) - errors}
        )


@transaction.atomic
def take_step(
    *,
    plan_id: int,
    step: str,
    actor: AbstractBaseUser,
    note: str = "",
    announced_until: date | None = None,
) -> Plan:
    """Take a step with a plan: submit, announce, return, approve, withdraw.

    Submitting is for plans without errors, and with a reason for each warning (`PlanHasProblems`).
    Returning wants a note. Publishing is a service of its own.
    """
    plan = locked_plan(plan_id, actor)
    check_step(plan, step, actor)
    if step == "submit":
        check_ready(plan)
    if step == "return" and not note.strip():
        raise BadInput("plan.no_note", _("Say what is to be mended."))
    if step == "announce":
        if announced_until is None:
            raise BadInput("plan.no_date", _("Say until which day the plan is announced."))
        if announced_until < timezone.localdate():
            raise BadInput("plan.past_date", _("That day has passed. Choose today or a later one."))
        plan.announced_until = announced_until
    plan.status = LEADS_TO[step]
    plan.save(update_fields=["status", "announced_until"])
    record_step(plan, step, note, actor)
    return plan


@transaction.atomic
def give_reason(*, plan_id: int, marks: Collection[str], text: str, actor: AbstractBaseUser) -> Plan:
    """Write (or with no text take away) the reason for warnings, by the marks of the problems."""
    plan = locked_plan(plan_id, actor)
    check_step(plan, "draw", actor)
    plan.reasons = {mark: reason for mark, reason in plan.reasons.items() if mark not in marks}
    if text.strip():
        plan.reasons |= dict.fromkeys(marks, text.strip()[:500])
    plan.save(update_fields=["reasons"])
    touch(plan.pk)
    return plan


def check_ready(plan: Plan) -> None:
    """Raise `PlanHasProblems` unless nothing is in the way of submitting."""
    in_the_way = [
        problem
        for problem in problems_of(plan)
        if problem.severity is Severity.ERROR
        or (problem.severity is Severity.WARNING and not plan.reasons.get(problem.mark))
    ]
    if in_the_way:
        raise PlanHasProblems(in_the_way)


def record_step(plan: Plan, step: str, note: str, actor: AbstractBaseUser) -> None:
    """Write down who took a step, and tell the plan's readers."""
    PlanStep.objects.create(plan=plan, step=step, note=note.strip()[:2000], actor_id=actor.pk)
    touch(plan.pk)
