"""Volunteers and teams; and what was done in a period, by team and never by person's rank."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gis_grids.levels import Level
from gis_grids.permissions import OFFICE as CLERKS
from gis_grids.selectors import descendant_ids, unit_names
from households.selectors.volunteers import (
    namesakes,
    period,
    period_by_team,
    persons,
    records_of,
    teams_of,
    volunteers_of,
)
from households.services.volunteers import (
    end_team,
    end_volunteer,
    record_service,
    save_team,
    save_volunteer,
    withdraw_record,
)
from mapui.faces import OFFICE, face_required
from mapui.office.pinned import pin_data
from mapui.office.rules.choices import unit_options
from mapui.office.rules.saving import done, saved
from mapui.office.volunteers.forms import PeriodForm, RecordForm, TeamForm, VolunteerForm

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.http import HttpRequest, HttpResponse

    from gis_grids.permissions import Scope
    from households.models import Volunteer, VolunteerTeam

PAGE_SIZE = 50
#: So long is the period that is shown first.
_USUAL = dt.timedelta(days=90)


@require_safe
@never_cache
@face_required(OFFICE)
def volunteers(request: HttpRequest) -> HttpResponse:
    """List the teams and the volunteers of the reader's units."""
    scope = _scope(request)
    teams = list(teams_of(scope))
    page = Paginator(volunteers_of(scope).order_by("unit", "pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    names = unit_names({*(row.unit_id for row in teams), *(row.unit_id for row in shown)})
    known = persons(scope, shown)
    context = {
        "teams": [(team, names.get(team.unit_id, "")) for team in teams],
        "page": page,
        "rows": [(row, known[row.pk], names.get(row.unit_id, "")) for row in shown],
        "may_edit": bool(scope.roots(CLERKS)),
    }
    return render(request, "office/volunteers/list.html", context)


@never_cache
@face_required(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def volunteer(request: HttpRequest, volunteer_id: int | None = None) -> HttpResponse:
    """Register a volunteer, or correct the one that is named."""
    scope = _scope(request)
    row = _ours(scope, volunteer_id)
    ask = partial(namesakes, scope)
    form = VolunteerForm(_units(scope), _team_options(scope), row, request.POST or None, ask)
    save = partial(save_volunteer, volunteer_id=volunteer_id)
    outcome = saved(request, form, save, _("The volunteer is saved."))
    if outcome.is_saved:
        return redirect("office_volunteers")
    context = {"form": form, "row": row}
    return render(request, "office/volunteers/volunteer.html", context, status=outcome.status)


@never_cache
@face_required(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def team(request: HttpRequest, team_id: int | None = None) -> HttpResponse:
    """Found a team, or correct the one that is named."""
    scope = _scope(request)
    row = _our_team(scope, team_id)
    form = TeamForm(_units(scope), row, request.POST or None)
    outcome = saved(request, form, partial(save_team, team_id=team_id), _("The team is saved."))
    if outcome.is_saved:
        return redirect("office_volunteers")
    context = {"form": form, "row": row}
    return render(request, "office/volunteers/team.html", context, status=outcome.status)


@never_cache
@face_required(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def records(request: HttpRequest) -> HttpResponse:
    """Show what was done in a period, and note what was done."""
    scope = _scope(request)
    people = volunteers_of(scope).filter(unit__in=descendant_ids(scope.roots(CLERKS)))
    options = [(str(row.pk), row.name) for row in people.order_by("name", "pk")]
    form = RecordForm(options, _team_options(scope), request.POST or None)
    outcome = saved(request, form, record_service, _("The service is noted."))
    if outcome.is_saved:
        return redirect("office_volunteers_records")
    first, last, asked = _period(request)
    found = records_of(scope, first, last)
    page = Paginator(found.select_related("volunteer", "team"), PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    known = persons(scope, [row.volunteer for row in shown])
    context = {
        "form": form,
        "asked": asked,
        "total": period(found),
        "by_team": period_by_team(found),
        "page": page,
        "query": urlencode({"first": first, "last": last}),
        "rows": [(row, known[row.volunteer_id]) for row in shown],
        "may_edit": bool(scope.roots(CLERKS)),
        "page_data": pin_data(scope.roots(CLERKS)),
    }
    return render(request, "office/volunteers/records.html", context, status=outcome.status)


@never_cache
@face_required(OFFICE)
@require_POST
def volunteer_end(request: HttpRequest, volunteer_id: int) -> HttpResponse:
    """End a volunteer's registration."""
    done(request, end_volunteer, _("The registration has ended."), volunteer_id=volunteer_id)
    return redirect("office_volunteers")


@never_cache
@face_required(OFFICE)
@require_POST
def team_end(request: HttpRequest, team_id: int) -> HttpResponse:
    """Dissolve a team."""
    done(request, end_team, _("The team is dissolved."), team_id=team_id)
    return redirect("office_volunteers")


@never_cache
@face_required(OFFICE)
@require_POST
def withdraw(request: HttpRequest, record_id: int) -> HttpResponse:
    """Withdraw a record that was made in error."""
    done(request, withdraw_record, _("The record counts no more."), record_id=record_id)
    return redirect("office_volunteers_records")


def _period(request: HttpRequest) -> tuple[dt.date, dt.date, PeriodForm]:
    """Return the days asked for, both included, or the usual ones, with the form that asks."""
    last = timezone.localdate()
    usual = {"first": last - _USUAL, "last": last}
    form = PeriodForm(request.GET if "first" in request.GET else usual)
    told = form.cleaned_data if form.is_valid() else usual
    return told["first"], told["last"], form


def _units(scope: Scope) -> list[tuple[str, str]]:
    return unit_options(scope.roots(CLERKS), Level.BUILDING_GROUP)


def _team_options(scope: Scope) -> list[tuple[str, str]]:
    ours: Collection[int] = scope.roots(CLERKS)
    rows = teams_of(scope).filter(unit__in=descendant_ids(ours))
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")]


def _ours(scope: Scope, volunteer_id: int | None) -> Volunteer | None:
    """Return the volunteer to be corrected, of the reader's own office; None for a new one."""
    rows = volunteers_of(scope).filter(unit__in=descendant_ids(scope.roots(CLERKS)))
    row = rows.filter(pk=volunteer_id).first() if volunteer_id is not None else None
    if (volunteer_id is not None and row is None) or not scope.roots(CLERKS):
        raise Http404
    return row


def _our_team(scope: Scope, team_id: int | None) -> VolunteerTeam | None:
    rows = teams_of(scope).filter(unit__in=descendant_ids(scope.roots(CLERKS)))
    row = rows.filter(pk=team_id).first() if team_id is not None else None
    if (team_id is not None and row is None) or not scope.roots(CLERKS):
        raise Http404
    return row


def _scope(request: HttpRequest) -> Scope:
    scope: Scope = request.reach  # type: ignore[attr-defined]  # set by face_required
    return scope
