"""The households that a problem of a plan is about (E07, W27), one by one, masked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gis_grids.drafts import SCOPE
from gis_grids.selectors.plans import draft_of, problems_of
from households.selectors.plan_impact import named_moves
from mapui.planner.doors import plan_page, reach_of
from mapui.planning.shown import problem_shown

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from gis_grids.models import Plan


@require_safe
@plan_page
def concerned(request: HttpRequest, plan: Plan) -> HttpResponse:
    """List the households of the problem with the mark that the address names."""
    mark = request.GET.get("mark", "")
    problem = next((one for one in problems_of(plan) if one.mark == mark and one.household_ids), None)
    if problem is None:
        raise Http404
    nowhere = [{"from": SCOPE, "to": SCOPE, "households": problem.household_ids}]
    context = {
        "plan": plan,
        "problem": problem_shown(problem, draft_of(plan), plan.reasons),
        "households": named_moves(reach_of(request), nowhere),
    }
    return render(request, "planner/report/concerned.html", context)
