"""What the reader may do next with a plan: each step with its words, its form and its service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gis_grids.permissions import PLANNERS
from gis_grids.selectors.plans import may
from gis_grids.selectors.plans.access import has_post
from gis_grids.selectors.plans.problems import stale_base
from gis_grids.services import plans as services
from mapui.planner.steps.forms import AnnounceForm, CopyForm, NoteForm, PublishForm, ReturnForm

if TYPE_CHECKING:
    from collections.abc import Callable

    from django import forms
    from django.contrib.auth.models import AbstractBaseUser
    from django.utils.functional import _StrPromise

    from gis_grids.models import Plan
    from gis_grids.permissions import Scope


@dataclass(frozen=True, slots=True)
class Offer:
    """A step: ``do`` takes it and returns the id of the plan to go on with; ``done`` is said afterwards."""

    name: str
    title: _StrPromise
    words: _StrPromise
    done: _StrPromise
    form: type[forms.Form]
    do: Callable[[Plan, AbstractBaseUser, Any], int]
    tone: str = ""


def _step(name: str) -> Callable[[Plan, AbstractBaseUser, Any], int]:
    def take(plan: Plan, actor: AbstractBaseUser, form: Any) -> int:  # noqa: ANN401 - the form of the step
        return services.take_step(plan_id=plan.pk, step=name, actor=actor, **form.cleaned_data).pk

    return take


def _publish(plan: Plan, actor: AbstractBaseUser, form: PublishForm) -> int:
    services.publish(
        plan_id=plan.pk,
        actor=actor,
        effective_at=form.effective_at(),
        note=form.cleaned_data["note"],
        moves_open_cases=form.cleaned_data["moves_open_cases"],
    )
    return plan.pk


def _restore(plan: Plan, actor: AbstractBaseUser, form: forms.Form) -> int:
    return services.restore_plan(plan_id=plan.pk, actor=actor, note=form.cleaned_data["note"]).pk


def _sync(plan: Plan, actor: AbstractBaseUser, _form: forms.Form) -> int:
    return services.sync(plan_id=plan.pk, actor=actor).pk


def _copy(plan: Plan, actor: AbstractBaseUser, form: forms.Form) -> int:
    return services.copy_plan(plan_id=plan.pk, title=form.cleaned_data["title"], actor=actor).pk


OFFERS: Final = (
    Offer(
        "sync",
        _("Bring up to the latest boundaries"),
        _("The boundaries changed since the plan was begun. What is drawn stays, if it still fits."),
        _("The plan is based on the latest boundaries now. Check it again."),
        NoteForm,
        _sync,
    ),
    Offer(
        "submit",
        _("Submit"),
        _("The plan goes to the office. It can't be drawn in then, unless it is returned."),
        _("The plan was submitted."),
        NoteForm,
        _step("submit"),
    ),
    Offer(
        "announce",
        _("Announce"),
        _("Anybody with the link can see the plan without logging in, and comment on it until that day."),
        _("The plan is announced. The link and the code of the public page are under “Public notice”."),
        AnnounceForm,
        _step("announce"),
    ),
    Offer(
        "approve",
        _("Approve"),
        _("The plan may be published as it is."),
        _("The plan was approved."),
        NoteForm,
        _step("approve"),
    ),
    Offer(
        "publish",
        _("Publish"),
        _("The plan becomes the boundaries in force. Households go with the ground, and the report is kept."),
        _("The plan was published."),
        PublishForm,
        _publish,
    ),
    Offer(
        "return",
        _("Return"),
        _("The plan goes back to its planner, who can draw in it again."),
        _("The plan was returned."),
        ReturnForm,
        _step("return"),
        "careful",
    ),
    Offer(
        "withdraw",
        pgettext_lazy("plan", "Withdraw"),
        _("The plan ends here. It stays on record, and can be copied."),
        _("The plan was withdrawn."),
        NoteForm,
        _step("withdraw"),
        "careful",
    ),
    Offer(
        "restore",
        _("Restore what was before"),
        _("Opens a new plan that puts the former boundaries back. It goes all the way that any plan goes."),
        _("This plan puts back what was before. Check it, and submit it."),
        NoteForm,
        _restore,
        "careful",
    ),
    Offer(
        "copy",
        _("Copy as a scenario"),
        _("Opens another draft with what is drawn here, to be compared with this one."),
        _("This is a copy of the plan."),
        CopyForm,
        _copy,
    ),
)


def offers_for(reader: Scope, plan: Plan) -> list[Offer]:
    """Return the steps that the reader may take with the plan now."""
    can = may(reader, plan)
    allowed = {name.rstrip("_"): getattr(can, name) for name in can.__slots__}
    allowed["sync"] = can.draw and any(True for _problem in stale_base(plan))
    allowed["copy"] = has_post(reader, PLANNERS, plan.scope_id)
    return [offer for offer in OFFERS if allowed[offer.name]]


def offer_named(name: str) -> Offer | None:
    """Return the step of a name, whoever may take it."""
    return next((offer for offer in OFFERS if offer.name == name), None)
