"""Where a plan stands on its way from draft to published, and what has happened to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from gis_grids.models import Plan
from gis_grids.people import name_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gis_grids.models import PlanStep

_Status = Plan.Status
#: The stages in their order; a plan need not be announced.
STAGES: Final = (_Status.DRAFT, _Status.SUBMITTED, _Status.ANNOUNCED, _Status.APPROVED, _Status.PUBLISHED)
_OFF_THE_WAY: Final = frozenset({_Status.RETURNED, _Status.WITHDRAWN})

#: What somebody did, by the step's name.
DEEDS: Final = {
    "submit": _("submitted the plan"),
    "announce": _("announced the plan"),
    "return": _("returned the plan"),
    "approve": _("approved the plan"),
    "publish": _("published the plan"),
    "withdraw": _("withdrew the plan"),
}
_STEP_TO: Final = {
    _Status.SUBMITTED: "submit",
    _Status.ANNOUNCED: "announce",
    _Status.APPROVED: "approve",
    _Status.PUBLISHED: "publish",
}


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the way: ``state`` is done, now, ahead or skipped; who reached it, and when."""

    name: str
    state: str
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Deed:
    """A step that was taken."""

    words: str
    step: str
    by: str
    at: datetime
    note: str


def way_of(plan: Plan, steps: Sequence[PlanStep]) -> list[Stage]:
    """Return the stages of a plan; what came before it was returned last counts no longer."""
    current: list[PlanStep] = []
    for step in steps:
        current = [] if step.step == "return" else [*current, step]
    reached = {step.step: step for step in current}
    where = len(STAGES) if plan.status in _OFF_THE_WAY else STAGES.index(_Status(plan.status))
    stages = []
    for place, status in enumerate(STAGES):
        taken = reached.get(_STEP_TO.get(status, ""))
        is_reached = status is _Status.DRAFT or taken is not None
        if place == where:
            state = "now"
        elif place < where:
            state = "done" if is_reached else "skipped"
        else:
            state = "ahead"
        by, at = _reached_by(plan, status, taken)
        stages.append(Stage(str(status.label), state, by, at))
    return stages


def deeds_of(steps: Sequence[PlanStep]) -> list[Deed]:
    """Return what was done with a plan, the latest first."""
    return [
        Deed(str(DEEDS.get(step.step, step.step)), step.step, _name(step), step.at, step.note)
        for step in reversed(steps)
    ]


def _reached_by(plan: Plan, status: Plan.Status, step: PlanStep | None) -> tuple[str, datetime | None]:
    if status is _Status.DRAFT:
        return name_of(plan.author), plan.created_at
    return (_name(step), step.at) if step else ("", None)


def _name(step: PlanStep) -> str:
    return name_of(step.actor) if step.actor else ""
