"""What every write of a plan begins with: the plan, locked, for somebody who may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict, NotFound, Refused
from gis_grids.models import Plan
from gis_grids.permissions import scope_of
from gis_grids.selectors.plans.access import STEPS_BY, STEPS_FROM, has_post, plans_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

_MAY_NOT = {
    "draw": _("Only a planner of this unit can draw in the plan."),
    "submit": _("Only a planner of this unit can submit the plan."),
    "announce": _("Only an office clerk of this unit, or above it, can announce the plan."),
    "return": _("Only an office clerk of this unit, or above it, can return the plan."),
    "approve": _("Only an office clerk of this unit, or above it, can approve the plan."),
    "publish": _("Only a planner or an office clerk of this unit can publish the plan."),
    "withdraw": _("Only a planner of this unit can withdraw the plan."),
    "restore": _("Only a planner of this unit can restore what was before the plan."),
    "moderate": _("Only an office clerk of this unit, or above it, can moderate comments."),
}


def locked_plan(plan_id: int, actor: AbstractBaseUser) -> Plan:
    """Return a plan that the actor may see, locked until the transaction ends.

    Raises `NotFound` ("plan.unknown").
    """
    seen = plans_of(scope_of(actor)).filter(pk=plan_id)
    plan = Plan.objects.select_for_update().filter(pk__in=seen.values("pk")).first()
    if plan is None:
        raise NotFound("plan.unknown", _("There is no such plan, or it lies outside of your units."))
    return plan


def check_step(plan: Plan, step: str, actor: AbstractBaseUser) -> None:
    """Raise unless the actor may take a step with the plan now.

    `Refused` ("plan.not_yours", or "plan.own" for who approves his own), `Conflict` ("plan.state").
    """
    if not has_post(scope_of(actor), STEPS_BY[step], plan.scope_id):
        raise Refused("plan.not_yours", _MAY_NOT[step])
    if plan.status not in STEPS_FROM[step]:
        message = _("The plan is “%(status)s” now; this can't be done with it any more. Reload the page.")
        raise Conflict("plan.state", message, {"status": plan.get_status_display()})
    if step == "approve" and plan.author_id == actor.pk:
        message = _("Nobody approves a plan of his own. Ask a colleague of the office.")
        raise Refused("plan.own", message)


def code_taken(code: str) -> BadInput:
    """Return the error for a code that another unit has, or has had."""
    message = _("The code %(code)s is taken, and a code is never given twice. Choose another one.")
    return BadInput("plan.code_taken", message, {"code": code})


def touch(plan_id: int) -> None:
    """Let those who have the plan open see that there is news of it."""
    Plan.objects.filter(pk=plan_id).update(news=F("news") + 1)
