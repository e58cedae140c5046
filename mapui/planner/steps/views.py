"""The page of a plan's steps: a refusal is said where the step was asked for, with what was typed."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from gis_grids.drafts.comparison import Severity
from gis_grids.errors import Conflict, LingeError, Refused
from gis_grids.models import PlanStep
from gis_grids.selectors.plans import may, restoring
from gis_grids.services.plans import give_reason
from mapui.planner.doors import plan_page, reach_of
from mapui.planner.steps.offers import offer_named, offers_for
from mapui.planner.steps.way import deeds_of, way_of
from mapui.planning.shown import problems_shown

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpRequest, HttpResponse

    from gis_grids.models import Plan
    from mapui.planner.steps.offers import Offer

#: So many problems are listed; the map has them all.
MOST_PROBLEMS: Final = 200


@require_http_methods(["GET", "HEAD", "POST"])
@plan_page
def steps(request: HttpRequest, plan: Plan) -> HttpResponse:
    """Show where a plan stands, and take it a step on."""
    if request.method != "POST":
        return _page(request, plan)
    offer = offer_named(request.POST.get("do", ""))
    if offer is None:
        raise Http404
    form = offer.form(request.POST, prefix=offer.name)
    if not form.is_valid():
        return _page(request, plan, form, offer, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        if offer.name == "submit":
            _keep_reasons(request, plan)
        plan_id = offer.do(plan, request.user, form)  # type: ignore[arg-type]
    except LingeError as error:
        form.add_error(None, str(error))
        return _page(request, plan, form, offer, status=_status_of(error))
    messages.success(request, str(offer.done))
    return redirect("planner_steps", plan_id)


def _keep_reasons(request: HttpRequest, plan: Plan) -> None:
    """Write down the reasons that were given with the submission; they stay even if it is refused."""
    given = zip(request.POST.getlist("mark"), request.POST.getlist("reason"), strict=False)
    for mark, text in given:
        if mark and text.strip() != plan.reasons.get(mark, ""):
            give_reason(plan_id=plan.pk, marks=[mark], text=text, actor=request.user)  # type: ignore[arg-type]


def _page(
    request: HttpRequest,
    plan: Plan,
    refused: forms.Form | None = None,
    asked: Offer | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    # What is shown is what is true now, not what was when the request came.
    plan.refresh_from_db()
    reader = reach_of(request)
    taken = list(PlanStep.objects.filter(plan=plan).select_related("actor"))
    offers = offers_for(reader, plan)
    shown = [(offer, refused if offer == asked else offer.form(prefix=offer.name)) for offer in offers]
    if asked and asked not in offers and refused:
        # He may no longer take the step, but what he typed and what was said to it is not lost.
        shown.insert(0, (asked, refused))
    context = {
        "plan": plan,
        "here": "steps",
        "way": way_of(plan, taken),
        "restoring": restoring(plan),
        "deeds": deeds_of(taken),
        "offers": shown,
        "asked": asked,
        "may": may(reader, plan),
    }
    if any(offer.name in {"submit", "publish"} for offer, _form in shown):
        context |= _problems(plan)
    return render(request, "planner/steps/steps.html", context, status=status)


def _problems(plan: Plan) -> dict[str, Any]:
    """Return what is in the way of submitting, and the warnings with the reasons that were given."""
    found = problems_shown(plan)["problems"]
    errors = [each for each in found if each["severity"] == Severity.ERROR]
    warnings = [each for each in found if each["severity"] == Severity.WARNING]
    return {
        "errors": errors[:MOST_PROBLEMS],
        "warnings": warnings[:MOST_PROBLEMS],
        "counts": {
            "errors": len(errors),
            "warnings": len(warnings),
            "open": sum(not each["reason"] for each in warnings),
        },
    }


def _status_of(error: LingeError) -> HTTPStatus:
    if isinstance(error, Refused):
        return HTTPStatus.FORBIDDEN
    return HTTPStatus.CONFLICT if isinstance(error, Conflict) else HTTPStatus.UNPROCESSABLE_ENTITY
