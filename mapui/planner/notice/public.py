"""The public page of a notice: read without an account, commented on without one, within limits."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.conf import settings
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import LingeError
from gis_grids.levels import Level
from gis_grids.models import PlanComment
from gis_grids.sealing import can_seal
from gis_grids.selectors.plans import comparison
from gis_grids.services.plans import add_public_comment
from mapui.pages.ground import filling, ground_in
from mapui.pages.public import linked_page, onward
from mapui.planner.notice.links import announced_plan, is_open
from mapui.planner.notice.words import told
from mapui.planner.pictures import pictures_of
from mapui.planner.report.reading import scope_name
from mapui.planner.sides import Sides
from mapui.ratelimits import Quota, address_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from gis_grids.models import Plan

#: How often notices may be read, and how often commented on, from one address.
READS: Final = "120/5 minutes"
COMMENTS: Final = "5/10 minutes"
_NOT_FOUND, _UNPROCESSABLE, _SEE_OTHER = 404, 422, 303


@cache
def reading_limit() -> Quota:
    """Return the limit of this process for reading, by address."""
    return Quota(READS, "notices-by-address", settings.REDIS_URL)


@cache
def comment_limit() -> Quota:
    """Return the limit of this process for comments, by address."""
    return Quota(COMMENTS, "notice-comments-by-address", settings.REDIS_URL)


class CommentForm(forms.Form):
    """What a resident says. ``website`` is for programs that fill in every field: no person sees it."""

    text = forms.CharField(
        label=_("Your comment"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4, "maxlength": 1000})
    )
    name = forms.CharField(label=_("Your name"), max_length=50, required=False)
    contact = forms.CharField(label=_("How we can reach you"), max_length=50, required=False)
    lon = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    website = forms.CharField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        """Ask for no contact where there is no key to seal it with."""
        super().__init__(*args, **kwargs)
        if not can_seal():
            del self.fields["contact"]

    def place(self) -> tuple[float, float] | None:
        """Return the place that was pinned, lon/lat."""
        lon, lat = self.cleaned_data["lon"], self.cleaned_data["lat"]
        return None if lon is None or lat is None else (lon, lat)


@linked_page(reading_limit)
def public_notice(request: HttpRequest, token: str) -> HttpResponse:
    """Show an announced plan to anybody who has the link, and take what he says of it."""
    plan = announced_plan(token)
    if plan is None:
        return render(request, "planner/notice/no_link.html", status=_NOT_FOUND)
    if request.method != "POST":
        return _page(request, plan, CommentForm())
    form = CommentForm(request.POST)
    if form.is_valid() and _taken(request, plan, form):
        return HttpResponseRedirect(f"{onward(request, request.path, sent='1')}#comments", status=_SEE_OTHER)
    return _page(request, plan, form, status=_UNPROCESSABLE)


def _taken(request: HttpRequest, plan: Plan, form: CommentForm) -> bool:
    """Keep a comment; what a program has filled in is thanked for and forgotten."""
    if form.cleaned_data["website"]:
        return True
    if comment_limit().take(address_of(request)):
        form.add_error(None, _("Too many comments from here at once. Send it again in ten minutes."))
        return False
    try:
        add_public_comment(
            plan_id=plan.pk,
            text=form.cleaned_data["text"],
            name=form.cleaned_data["name"],
            contact=form.cleaned_data.get("contact", ""),
            place=form.place(),
        )
    except LingeError as error:
        form.add_error(None, str(error))
        return False
    return True


def _page(request: HttpRequest, plan: Plan, form: CommentForm, status: int = 200) -> HttpResponse:
    comments = PlanComment.objects.filter(plan=plan, is_public=True, state=PlanComment.State.SHOWN)
    context: dict[str, Any] = {
        "plan": plan,
        "scope_name": scope_name(plan),
        "is_open": is_open(plan),
        "comments": comments,
        "form": form,
        "was_sent": "sent" in request.GET,
    }
    if context["is_open"]:
        sides = Sides(comparison(plan), Level(plan.level))
        titles = (str(_("Today")), str(_("By the plan")))
        context |= {
            "told": list(told(sides)),
            "pictures": pictures_of(sides, titles),
            "page_data": map_of(sides, comments),
        }
    return render(request, "planner/notice/public.html", context, status=status)


def map_of(sides: Sides, comments: Any) -> dict[str, Any]:  # noqa: ANN401 - a query
    """Return what the page's map draws: all of it is in the page, since tiles are for who is logged in."""
    return {
        "bounds": list(sides.bounds),
        "ground": ground_in(filling(sides.bounds)).features(),
        "before": [zone.feature() for zone in sides.before],
        "after": [zone.feature() for zone in sides.after],
        "gone": dict(sides.gone.__geo_interface__),
        "new": dict(sides.new.__geo_interface__),
        "places": [[one.place.x, one.place.y, one.text] for one in comments if one.place],
    }
