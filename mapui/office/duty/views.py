"""Rosters: the list with the calendar, a roster with its week of turns, and its editor."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gis_grids.errors import LingeError, NotFound
from gis_grids.people import name_of
from incidents.models import DayKind
from incidents.permissions import may_edit_catalogue
from incidents.selectors.duty import calendar_known_until
from incidents.selectors.rosters import (
    calendar_dates,
    on_duty_now,
    people_for,
    roster_row,
    rosters_of,
    turns_between,
    writable_units,
)
from incidents.services.rosters import save_roster
from incidents.services.turn_checks import without_time_off
from mapui.faces import OFFICE, face_required
from mapui.office.duty.days import month_of, months_around, week_of
from mapui.office.duty.deeds import DEEDS, Refusal
from mapui.office.duty.forms import DayForm, PeriodForm, RosterForm, TurnForm, initial_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest, HttpResponse

    from incidents.models import Roster
    from incidents.selectors.rosters import RosterRow

_WEEK = dt.timedelta(days=6)


@never_cache
@face_required(OFFICE)
@require_safe
def duty(request: HttpRequest) -> HttpResponse:
    """Show the rosters that hold for the reader's units, and a month of the calendar."""
    first, last = month_of(request.GET.get("month", ""), timezone.localdate())
    rows = rosters_of(_person(request))
    context = {
        "drafts": [row for row in rows if row.roster.published_at is None],
        "published": [row for row in rows if row.roster.published_at and row.last >= timezone.localdate()],
        "on_now": [
            (row, on_duty_now(row))
            for row in rows
            if row.roster.published_at and row.roster.days.lower <= timezone.localdate() <= row.last
        ],
        "over": [row for row in rows if row.roster.published_at and row.last < timezone.localdate()][:20],
        "weeks": _weeks(first, last),
        "month": first,
        "months": months_around(first),
        "today": timezone.localdate(),
        "known_until": calendar_known_until(),
        "is_unknown": last > calendar_known_until(),
        "may_edit_days": may_edit_catalogue(request.reach),  # type: ignore[attr-defined]  # by face_required
        "day_form": DayForm(initial={"date": max(first, timezone.localdate()), "kind": DayKind.HOLIDAY}),
        "may_write": writable_units(_person(request)).exists(),
    }
    return render(request, "office/duty/duty.html", context)


@never_cache
@face_required(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_roster(request: HttpRequest, roster_id: int | None = None) -> HttpResponse:
    """Write a draft, or a new one; what was typed stays until it is stored."""
    person = _person(request)
    roster = _row(request, roster_id).roster if roster_id is not None else None
    form = RosterForm(person, request.POST or None, initial=initial_of(roster) if roster else _usual())
    if request.method == "POST" and form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("name", "unit_id", "first", "last")}
        try:
            saved = save_roster(actor=person, roster_id=roster_id, shifts=form.shifts(), **told)
        except LingeError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The draft was saved. It counts once it is published."))
            return redirect("office_roster", roster_id=saved.pk)
    context = {"form": form, "roster": roster}
    return render(request, "office/duty/edit.html", context, status=200 if not form.errors else 422)


@never_cache
@face_required(OFFICE)
@require_safe
def roster(request: HttpRequest, roster_id: int) -> HttpResponse:
    """Show a roster: its hours, and who has which turn in a week."""
    return _roster_page(request, _row(request, roster_id), None)


@never_cache
@face_required(OFFICE)
@require_POST
def change_roster(request: HttpRequest, roster_id: int, deed: str) -> HttpResponse:
    """Publish, end, copy or delete a roster, or change its turns; a refusal keeps what was typed."""
    row = _row(request, roster_id)
    try:
        outcome = DEEDS[deed](_person(request), row.roster, request.POST)
    except KeyError:
        raise Http404 from None
    except Refusal as refusal:
        return _roster_page(request, row, refusal)
    messages.success(request, outcome.sentence)
    if outcome.roster_id is None:
        return redirect("office_duty")
    response = redirect("office_roster", roster_id=outcome.roster_id)
    if "week" in request.GET:
        response["Location"] += f"?week={week_of(request.GET['week'], row.roster, timezone.localdate())}"
    return response


def _roster_page(request: HttpRequest, row: RosterRow, refusal: Refusal | None) -> HttpResponse:
    roster = row.roster
    monday = week_of(request.GET.get("week", ""), roster, timezone.localdate())
    shifts = list(roster.shifts.all())
    turn_form = TurnForm(shifts, people_for(roster), initial={"first": monday, "last": monday + _WEEK})
    follow = PeriodForm(
        initial={"first": roster.days.upper, "last": roster.days.upper + (row.last - roster.days.lower)}
    )
    context = {
        "row": row,
        "roster": roster,
        "shifts": [(kind.label, [each for each in shifts if each.day_kind == kind]) for kind in DayKind],
        "week": _turn_table(roster, monday),
        "days": calendar_dates(monday, monday + _WEEK),
        "monday": monday,
        "before": monday - _WEEK - dt.timedelta(days=1),
        "after": monday + _WEEK + dt.timedelta(days=1),
        "owed": [(turn, name_of(turn.person)) for turn in without_time_off(roster)],
        "turn_form": refusal.form if refusal and isinstance(refusal.form, TurnForm) else turn_form,
        "follow_form": refusal.form if refusal and type(refusal.form) is PeriodForm else follow,
        "refusal": refusal,
        "today": timezone.localdate(),
        "has_begun": roster.days.lower <= timezone.localdate(),
    }
    return render(request, "office/duty/roster.html", context, status=422 if refusal else 200)


def _turn_table(roster: Roster, monday: dt.date) -> list[dict[str, Any]]:
    """Return the shifts of a week: each with its cell for every day, None where it isn't on that day."""
    kinds = {day.date: day.kind for day in calendar_dates(monday, monday + _WEEK)}
    turns: dict[tuple[int, dt.date], list[Any]] = {}
    for turn in turns_between(roster, monday, monday + _WEEK):
        turns.setdefault((turn.shift_id, turn.date), []).append((turn, name_of(turn.person)))
    within = [day for day in kinds if roster.days.lower <= day < roster.days.upper]
    return [
        {
            "shift": shift,
            "cells": [
                turns.get((shift.pk, day), []) if day in within and kinds[day] == shift.day_kind else None
                for day in kinds
            ],
        }
        for shift in roster.shifts.all()
        if any(kinds[day] == shift.day_kind for day in within)
    ]


def _weeks(first: dt.date, last: dt.date) -> list[list[Any]]:
    begin = first - dt.timedelta(days=first.weekday())
    end = last + dt.timedelta(days=6 - last.weekday())
    days = calendar_dates(begin, end)
    return [days[n : n + 7] for n in range(0, len(days), 7)]


def _usual() -> dict[str, Any]:
    """Return what a new roster begins with: next month, and the hours of an office with an evening shift."""
    first = (timezone.localdate().replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    last = (first + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)
    hours = {
        "work_0": ("day", "08:30", "12:00"),
        "work_1": ("noon", "12:00", "14:00"),
        "work_2": ("day", "14:00", "17:30"),
        "work_3": ("evening", "17:30", "20:30"),
        "rest_0": ("day", "09:00", "16:00"),
        "holiday_0": ("day", "09:00", "16:00"),
    }
    told = {
        f"{row}_{name}": value
        for row, values in hours.items()
        for name, value in zip(("kind", "starts", "ends"), values, strict=True)
    }
    return {"first": first, "last": last, **told}


def _row(request: HttpRequest, roster_id: int) -> RosterRow:
    try:
        return roster_row(_person(request), roster_id)
    except NotFound:
        raise Http404 from None


def _person(request: HttpRequest) -> User:
    return cast("User", request.user)
