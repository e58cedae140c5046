"""Who may see a plan, and what he may do with it: by his posts and the plan's state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from gis_grids.errors import NotFound
from gis_grids.models import Plan, PlanComment
from gis_grids.permissions import CENTRE, OFFICE, PLANNERS
from gis_grids.selectors.hierarchy import ancestors, descendant_ids

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from gis_grids.permissions import Scope

#: The posts that see plans.
READERS: Final = PLANNERS | OFFICE | CENTRE

_Status = Plan.Status
#: In which states each step can be taken. Publishing and withdrawing a published plan: see the services.
STEPS_FROM: Final[dict[str, frozenset[str]]] = {
    "draw": frozenset({_Status.DRAFT, _Status.RETURNED}),
    "submit": frozenset({_Status.DRAFT, _Status.RETURNED}),
    "announce": frozenset({_Status.SUBMITTED}),
    "return": frozenset({_Status.SUBMITTED, _Status.ANNOUNCED, _Status.APPROVED}),
    "approve": frozenset({_Status.SUBMITTED, _Status.ANNOUNCED}),
    "publish": frozenset({_Status.APPROVED}),
    "withdraw": frozenset(
        {_Status.DRAFT, _Status.SUBMITTED, _Status.ANNOUNCED, _Status.APPROVED, _Status.RETURNED}
    ),
    "restore": frozenset({_Status.PUBLISHED}),
}

#: Which posts, over the scope or a unit above it, let a person take a step.
STEPS_BY: Final[dict[str, frozenset[str]]] = {
    "draw": PLANNERS,
    "submit": PLANNERS,
    "announce": OFFICE,
    "return": OFFICE,
    "approve": OFFICE,
    "publish": PLANNERS | OFFICE,
    "withdraw": PLANNERS,
    "restore": PLANNERS,
}


@dataclass(frozen=True, slots=True)
class May:
    """What a person may do with a plan now."""

    draw: bool = False
    submit: bool = False
    announce: bool = False
    return_: bool = False
    approve: bool = False
    publish: bool = False
    withdraw: bool = False
    restore: bool = False
    moderate: bool = False


def plans_of(reader: Scope) -> QuerySet[Plan]:
    """Return the plans whose scope lies in the reader's units, newest first."""
    roots = reader.roots(READERS)
    return Plan.objects.filter(scope__in=descendant_ids(roots)).select_related("scope", "author")


def plan_for(reader: Scope, plan_id: int) -> Plan:
    """Return a plan that the reader may see. Raises `NotFound` ("plan.unknown")."""
    plan = plans_of(reader).filter(pk=plan_id).first()
    if plan is None:
        raise NotFound("plan.unknown", _("There is no such plan, or it lies outside of your units."))
    return plan


def has_post(reader: Scope, kinds: frozenset[str], scope_id: int) -> bool:
    """Tell whether the reader has one of these posts in a unit or above it."""
    chain = ancestors([scope_id]).get(scope_id, ())
    return not reader.roots(kinds).isdisjoint(chain)  # type: ignore[arg-type]


def may(reader: Scope, plan: Plan) -> May:
    """Return what a person may do with a plan now.

    Nobody approves what he has drawn himself: the author is left out (planner.md 4, steps by role). What is
    restored already isn't restored again.
    """
    allowed = {
        step: plan.status in STEPS_FROM[step] and has_post(reader, kinds, plan.scope_id)
        for step, kinds in STEPS_BY.items()
    }
    allowed["approve"] &= reader.user_id != plan.author_id
    allowed["restore"] = allowed["restore"] and restoring(plan) is None
    allowed["moderate"] = has_post(reader, OFFICE, plan.scope_id)
    return May(**{"return_" if step == "return" else step: value for step, value in allowed.items()})


def restoring(plan: Plan) -> Plan | None:
    """Return the published plan that has restored what was before a plan, if there is one."""
    return plan.restored_by.filter(status=Plan.Status.PUBLISHED).first()


def comments_of(plan: Plan, reader: Scope) -> QuerySet[PlanComment]:
    """Return the comments on a plan in their order; residents' ones once shown, to moderators all."""
    comments = PlanComment.objects.filter(plan=plan).select_related("author")
    if not may(reader, plan).moderate:
        hidden = (PlanComment.State.WAITING, PlanComment.State.HIDDEN)
        comments = comments.exclude(is_public=True, state__in=hidden)
    return comments
