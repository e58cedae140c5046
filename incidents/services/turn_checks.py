"""What turns of duty must keep to (S0 §18): nobody twice at once, no extra hours, time off in lieu."""

from __future__ import annotations

import datetime as dt
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput
from incidents.models import DayKind, Duty, Roster

if TYPE_CHECKING:
    from collections.abc import Iterable

_DAY = dt.timedelta(days=1)


def check_turns(roster: Roster) -> None:
    """Check the weeks of the people of a roster, with their turns in published rosters.

    Raises `BadInput`: ``duty.overlap``, when somebody has two turns at the same time; ``duty.extra_hours``,
    when somebody is on duty for more than a working week without time off for it. The details name the
    person by his id.
    """
    people = set(Duty.objects.filter(shift__roster=roster).values_list("person", flat=True))
    if not people:
        return
    first = roster.days.lower - roster.days.lower.weekday() * _DAY
    turns = Duty.objects.filter(
        Q(shift__roster=roster) | Q(shift__roster__published_at__isnull=False),
        shift__roster__days__contains=F("date"),
        person__in=people,
        date__range=(first, roster.days.upper + 6 * _DAY),
    )
    ordered = turns.select_related("shift").order_by("person", "date", "shift__starts")
    for _person, of_person in groupby(ordered, key=lambda turn: turn.person_id):
        _check_person(list(of_person))


def without_time_off(roster: Roster) -> list[Duty]:
    """Return the turns on rest days and public holidays for which no time off was given yet."""
    turns = Duty.objects.filter(shift__roster=roster, is_compensated=False)
    return list(turns.exclude(shift__day_kind=DayKind.WORK).select_related("shift", "person"))


def _check_person(turns: list[Duty]) -> None:
    for one, next_one in pairwise(turns):
        ends_at_midnight = one.shift.ends == dt.time.min
        if one.date == next_one.date and (ends_at_midnight or next_one.shift.starts < one.shift.ends):
            raise BadInput(
                "duty.overlap",
                _("On %(date)s somebody would have two turns at the same time. Take one away."),
                {"date": one.date.isoformat(), "person_id": one.person_id},
            )
    for monday, of_week in groupby(turns, key=lambda turn: turn.date - turn.date.weekday() * _DAY):
        _check_week(monday, of_week)


def _check_week(monday: dt.date, turns: Iterable[Duty]) -> None:
    counted = [turn for turn in turns if not turn.is_compensated]
    hours = sum((_length(turn) for turn in counted), dt.timedelta(0)) / dt.timedelta(hours=1)
    norm = settings.LINGE_WEEK_HOURS
    if hours > norm:
        raise BadInput(
            "duty.extra_hours",
            _(
                "In the week of %(monday)s somebody would be on duty for %(hours)s hours; %(norm)s are "
                "allowed. Give turns to others, or time off for some of them."
            ),
            {
                "monday": monday.isoformat(),
                "hours": round(hours, 1),
                "norm": norm,
                "person_id": counted[0].person_id,
            },
        )


def _length(turn: Duty) -> dt.timedelta:
    ends_next_day = turn.shift.ends == dt.time.min
    ends = dt.datetime.combine(turn.date + ends_next_day * _DAY, turn.shift.ends, dt.UTC)
    return ends - dt.datetime.combine(turn.date, turn.shift.starts, dt.UTC)
