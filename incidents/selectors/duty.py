"""Duty: what a day is, which hours count where, in which mode a place is run."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import chinese_calendar
import shapely
from chinese_calendar.constants import holidays
from django.db.models import Q
from django.utils import timezone

from gis_grids.models.shapes import from_stored
from incidents.models import CalendarDay, DayKind, Duty, Mode, Roster
from incidents.selectors.rulebook import rulebook
from incidents.worktime import WHOLE_DAY, NoHours, RoundTheClock, Span, WorkTime

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.db.models import QuerySet

    from gis_grids.selectors import ChainLink
    from incidents.models import Emergency
    from incidents.selectors.rulebook import Rulebook

#: The last year whose public holidays and make-up days the calendar library knows.
_LAST_YEAR = max(holidays).year
_SATURDAY = 5


def day_kind(day: dt.date, own: Mapping[dt.date, str]) -> DayKind:
    """Return what the day is. ``own`` are the place's own days (`CalendarDay`); they go first.

    Then the published calendar counts, with its make-up days (调休). For a year that it doesn't know yet,
    Monday to Friday are work days: see `calendar_known_until`.
    """
    if day in own:
        return DayKind(own[day])
    try:
        is_off, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return DayKind.REST if day.weekday() >= _SATURDAY else DayKind.WORK
    if not is_off:
        return DayKind.WORK
    return DayKind.HOLIDAY if name else DayKind.REST


def calendar_known_until() -> dt.date:
    """Return the last day whose public holidays are known, from the library or entered by the office.

    A year counts as entered once one of its public holidays is. Beyond it, weekdays alone decide.
    """
    entered = CalendarDay.objects.filter(kind=DayKind.HOLIDAY).order_by("date").last()
    return dt.date(max(_LAST_YEAR, entered.date.year if entered else 0), 12, 31)


@dataclass(frozen=True, slots=True)
class _Posted:
    """A published roster: its days, and the hours of each kind of day."""

    first: dt.date
    after: dt.date | None
    hours: dict[str, list[Span]]

    def covers(self, day: dt.date) -> bool:
        return self.first <= day and (self.after is None or day < self.after)


@dataclass(frozen=True, slots=True)
class DutyBook:
    """The published rosters of a set of units, read once for a batch of cases."""

    rosters: dict[int, list[_Posted]] = field(default_factory=dict)
    days: dict[dt.date, str] = field(default_factory=dict)
    _times: dict[tuple[int, ...], RoundTheClock] = field(default_factory=dict)

    def time_for(self, chain: Sequence[ChainLink]) -> RoundTheClock:
        """Return the time that counts in the last unit of the chain.

        On each day the roster of the nearest unit that has a published one counts; on a day that none
        covers, round the clock: who has set no hours is never given more time by that.
        """
        nearest = tuple(link.unit_id for link in reversed(chain) if link.unit_id in self.rosters)
        if nearest not in self._times:
            self._times[nearest] = (
                WorkTime(lambda day: self._hours(nearest, day), timezone.get_default_timezone())
                if nearest
                else always()
            )
        return self._times[nearest]

    def _hours(self, nearest: tuple[int, ...], day: dt.date) -> Sequence[Span]:
        for unit_id in nearest:
            for roster in self.rosters[unit_id]:
                if roster.covers(day):
                    return roster.hours.get(day_kind(day, self.days), ())
        return WHOLE_DAY


def always() -> RoundTheClock:
    """Return the time in which every minute counts, in the district's zone."""
    return RoundTheClock(timezone.get_default_timezone())


def after(time: RoundTheClock, at: dt.datetime, counted: dt.timedelta) -> dt.datetime:
    """Return when ``counted`` has passed; round the clock, if the rosters have not enough hours for it."""
    try:
        return time.add(at, counted)
    except NoHours:
        return at + counted


def duty_book(chains: Iterable[Sequence[ChainLink]]) -> DutyBook:
    """Return the published rosters of the units of the chains: one query if there are none, else three."""
    units = {link.unit_id for chain in chains for link in chain}
    book = DutyBook()
    posted = Roster.objects.filter(unit__in=units, published_at__isnull=False)
    for roster in posted.order_by("days").prefetch_related("shifts"):
        hours: dict[str, list[Span]] = {}
        for shift in roster.shifts.all():
            hours.setdefault(shift.day_kind, []).append((shift.starts, shift.ends))
        entry = _Posted(roster.days.lower or dt.date.min, roster.days.upper, hours)
        book.rosters.setdefault(roster.unit_id, []).append(entry)
    if book.rosters:
        book.days.update(CalendarDay.objects.values_list("date", "kind"))
    return book


LonLat = tuple[float, float]
"""A position in degrees, WGS 84."""


def modes(
    places: Sequence[tuple[Sequence[ChainLink], dt.datetime, LonLat | None]], rules: Rulebook | None = None
) -> list[Mode]:
    """Return in which mode each place is run at a moment, given by its chain and, where known, its position.

    An emergency for a drawn area counts for the positions in it. One query without rules.
    """
    declared = (rules or rulebook()).emergencies
    return [
        Mode.EMERGENCY
        if any(
            at in each.term and _reaches(each, spot)
            for link in chain
            for each in declared.get(link.unit_id, ())
        )
        else Mode.NORMAL
        for chain, at, spot in places
    ]


def mode_of(chain: Sequence[ChainLink], at: dt.datetime, spot: LonLat | None = None) -> Mode:
    """Return in which mode the last unit of the chain, or a position in it, is run at a moment."""
    [mode] = modes([(chain, at, spot)])
    return mode


def _reaches(emergency: Emergency, spot: LonLat | None) -> bool:
    if emergency.area is None:
        return True
    return spot is not None and bool(shapely.intersects_xy(from_stored(emergency.area), *spot))


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDuty:
    """Somebody who is on duty, in which shift, and until when (local time; 00:00 is midnight)."""

    user_id: int
    unit_id: int
    shift: str
    ends: dt.time


def on_duty(chain: Sequence[ChainLink], at: dt.datetime) -> list[OnDuty]:
    """Return who is on duty at a moment in the last unit of the chain.

    The nearest unit with a published roster for the day counts, even if it has nobody on duty then. Two
    queries.
    """
    local = timezone.localtime(at, timezone.get_default_timezone())
    rosters = Roster.objects.filter(
        unit__in=[link.unit_id for link in chain], published_at__isnull=False, days__contains=local.date()
    )
    by_unit = {roster.unit_id: roster for roster in rosters}
    roster = next((by_unit[link.unit_id] for link in reversed(chain) if link.unit_id in by_unit), None)
    if roster is None:
        return []
    turns = turns_at(at).filter(shift__roster=roster)
    return [
        OnDuty(user_id=turn.person_id, unit_id=roster.unit_id, shift=turn.shift.kind, ends=turn.shift.ends)
        for turn in turns.select_related("shift").order_by("shift__starts", "person")
    ]


def turns_at(at: dt.datetime) -> QuerySet[Duty]:
    """Return the turns of published rosters at a moment; a shift ends on the day that it begins."""
    local = timezone.localtime(at, timezone.get_default_timezone())
    return Duty.objects.filter(
        Q(shift__ends__gt=local.time()) | Q(shift__ends=dt.time.min),
        shift__starts__lte=local.time(),
        shift__roster__published_at__isnull=False,
        shift__roster__days__contains=local.date(),
        date=local.date(),
        person__is_active=True,
    )
