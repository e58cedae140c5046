"""The list of cases: chosen, kept as views, triaged in bulk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from gis_grids.errors import LingeError
from incidents.models import SavedView
from incidents.selectors.case_list import CaseFilter, case_page, count_cases, open_counts
from incidents.selectors.clock_states import Band
from incidents.services.saved_views import delete_view, rename_view, save_view
from incidents.workflow import State
from mapui.faces import OFFICE, face_required
from mapui.office.cases.bulk import Outcome, carry_out
from mapui.office.cases.choices import bulk_actions, candidates, filter_form
from mapui.office.cases.columns import columns
from mapui.office.cases.query import read_query
from mapui.pages.phases import PHASE_LABELS, PHASE_OF

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest, HttpResponse

    from mapui.office.cases.query import ListQuery


@never_cache
@face_required(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def case_list(request: HttpRequest) -> HttpResponse:
    """Show a page of the chosen cases; a POST first does something with those that were ticked."""
    outcomes = carry_out(request.POST, _person(request)) if request.method == "POST" else []
    return render(request, "office/cases/list.html", _context(request, read_query(request.GET), outcomes))


@never_cache
@face_required(OFFICE)
@require_POST
def saved_views(request: HttpRequest) -> HttpResponse:
    """Save, rename or delete one of one's own views; then show the list again."""
    owner, asked = _person(request), request.POST
    query = _kept(asked.get("query", ""))
    number = asked.get("view", "")
    view_id = int(number) if number.isdecimal() and len(number) < len(str(2**63)) else 0
    try:
        if asked.get("do") == "delete":
            delete_view(owner=owner, view_id=view_id)
            messages.success(request, _("The view was deleted."))
        elif asked.get("do") == "rename":
            rename_view(owner=owner, view_id=view_id, name=asked.get("name", ""))
            messages.success(request, _("The view has a new name."))
        else:
            save_view(owner=owner, name=asked.get("name", ""), query=query)
            messages.success(request, _("The view was saved."))
    except LingeError as error:
        messages.error(request, str(error))
    return redirect(f"{reverse('office_cases')}?{query}")


def _context(request: HttpRequest, asked: ListQuery, outcomes: list[Outcome]) -> dict[str, Any]:
    user, scope = _person(request), request.reach  # type: ignore[attr-defined]  # set by face_required
    page = case_page(user, asked.chosen, asked.sort, is_descending=asked.is_descending, number=asked.page)
    failed = {outcome.incident_id: outcome.sentence for outcome in outcomes if not outcome.is_done}
    return {
        "asked": asked,
        "page": page,
        "rows": [(row, PHASE_OF[State(row.card.state)], failed.get(row.card.id, "")) for row in page.rows],
        "columns": columns(asked),
        "form": filter_form(scope, asked.given.get("unit", "")),
        "tabs": _tabs(user, asked),
        "views": _views(user, asked),
        "query": urlencode(asked.given),
        "outcomes": outcomes,
        "actions": bulk_actions(),
        "candidates": candidates(page.rows),
        "batch": uuid4(),
        "now": timezone.now(),
        "is_filtered": bool(set(asked.given) - {"state", "sort"}),
    }


def _tabs(user: User, asked: ListQuery) -> list[dict[str, Any]]:
    """Return the shortest ways to what a desk looks for: an address, a name, a count."""
    counts = open_counts(user)
    by_phase: dict[Any, int] = dict.fromkeys(PHASE_LABELS, 0)
    for state, count in counts.items():
        by_phase[PHASE_OF[state]] += count
    open_states = frozenset(counts)
    special = [
        ("band=late", _("Late"), CaseFilter(states=open_states, band=Band.LATE)),
        ("to_me=1", _("Escalated to me"), CaseFilter(states=open_states, is_escalated_to_me=True)),
        ("who=me", _("My tasks"), CaseFilter(states=open_states, is_mine=True)),
    ]
    tabs: list[tuple[str, Any, int]] = [("", _("All open"), sum(counts.values()))]
    tabs += [(query, name, count_cases(user, chosen) if counts else 0) for query, name, chosen in special]
    tabs += [
        (f"state={phase}", label, by_phase[phase])
        for phase, label in PHASE_LABELS.items()
        if by_phase[phase] or asked.given.get("state") == phase
    ]
    current = urlencode({name: value for name, value in asked.given.items() if name != "sort"})
    return [
        {"query": query, "name": name, "count": count, "is_here": query == current}
        for query, name, count in tabs
    ]


def _views(user: User, asked: ListQuery) -> list[dict[str, Any]]:
    here = urlencode(asked.given)
    return [{"view": view, "is_here": view.query == here} for view in SavedView.objects.filter(owner=user.pk)]


def _kept(query: str) -> str:
    """Return the query without what the list doesn't understand, and without its page."""
    return urlencode(read_query(QueryDict(query)).given)


def _person(request: HttpRequest) -> User:
    return cast("User", request.user)
