"""The office's side of a notice: its link and code, the notice on paper, and what residents said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gis_grids.errors import LingeError, Refused
from gis_grids.levels import Level
from gis_grids.models import PlanComment
from gis_grids.selectors.plans import comments_of, comparison, may
from gis_grids.services.plans import moderate
from mapui.pages.public import qr_code
from mapui.planner.doors import plan_page, reach_of
from mapui.planner.notice.links import address_of_notice, is_open
from mapui.planner.notice.words import told
from mapui.planner.pictures import pictures_of
from mapui.planner.report.reading import scope_name
from mapui.planner.sides import Sides

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from gis_grids.models import Plan


@require_http_methods(["GET", "HEAD", "POST"])
@plan_page
def notice(request: HttpRequest, plan: Plan) -> HttpResponse:
    """Show the notice's link and what residents said; a clerk shows, hides and answers it."""
    if request.method != "POST":
        return _page(request, plan)
    comment = PlanComment.objects.filter(plan=plan, is_public=True, pk=_id(request.POST.get("comment", "")))
    if not comment.exists():
        raise Http404
    try:
        moderate(
            comment_id=comment.get().pk,
            shown=request.POST.get("do") == "show",
            reply=request.POST.get("reply", ""),
            actor=request.user,  # type: ignore[arg-type]  # logged in, by plan_page
        )
    except LingeError as error:
        messages.error(request, str(error))
        return _page(request, plan, status=403 if isinstance(error, Refused) else 409)
    messages.success(request, _("The comment was dealt with."))
    return redirect("planner_notice", plan.pk)


@require_safe
@plan_page
def printed(request: HttpRequest, plan: Plan) -> HttpResponse:
    """Show the notice as a sheet of A4 for the board: the pictures, what changes, and the code."""
    if not _was_announced(plan):
        raise Http404
    address = address_of_notice(request, plan)
    sides = Sides(comparison(plan), Level(plan.level))
    context = {
        "plan": plan,
        "scope_name": scope_name(plan),
        "address": address,
        "code": qr_code(address),
        "told": list(told(sides)),
        "pictures": pictures_of(sides, (_("Today"), _("By the plan"))),
    }
    return render(request, "planner/notice/print.html", context)


def _page(request: HttpRequest, plan: Plan, status: int = 200) -> HttpResponse:
    reader = reach_of(request)
    context: dict[str, Any] = {
        "plan": plan,
        "here": "notice",
        "may": may(reader, plan),
        "was_announced": _was_announced(plan),
        "is_open": is_open(plan),
        "comments": comments_of(plan, reader).filter(is_public=True).order_by("-at"),
    }
    if context["was_announced"]:
        address = address_of_notice(request, plan)
        context |= {"address": address, "code": qr_code(address)}
    return render(request, "planner/notice/desk.html", context, status=status)


def _was_announced(plan: Plan) -> bool:
    return plan.steps.filter(step="announce").exists()


def _id(text: str) -> int:
    """Return the id that a form names, or one that nothing has."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0  # noqa: PLR2004 - digits
