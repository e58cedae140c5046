"""Rosters as their writers and readers see them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import NotFound
from gis_grids.people import name_of
from gis_grids.permissions import GRID_LEADS, OFFICE, scope_of
from gis_grids.selectors import chains, current_versions, descendant_ids
from incidents.models import CalendarDay, DayKind, Duty, Roster
from incidents.permissions import may_write_rosters
from incidents.selectors.duty import day_kind, on_duty

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.contrib.auth.models import AbstractBaseUser
    from django.db.models import QuerySet

    from gis_grids.models import UnitVersion
    from gis_grids.permissions import Scope
    from gis_grids.selectors import ChainLink

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A roster with the chain of its unit, from the top down, and whether the reader may write it."""

    roster: Roster
    chain: tuple[ChainLink, ...]
    is_mine: bool

    @property
    def last(self) -> dt.date:
        """The last of its days."""
        last: dt.date = self.roster.days.upper - dt.timedelta(days=1)
        return last


@dataclass(frozen=True, slots=True)
class CalendarDate:
    """A day, what it is, and the place's own note where it is otherwise than the published calendar."""

    date: dt.date
    kind: DayKind
    own: CalendarDay | None

    @property
    def is_usual(self) -> bool:
        """Whether it is what its weekday says; public holidays and make-up days (调休) are not."""
        return self.kind == (DayKind.REST if self.date.weekday() >= _SATURDAY else DayKind.WORK)


def rosters_of(user: AbstractBaseUser) -> list[RosterRow]:
    """Return the rosters of the units in the reader's subtrees and of those above them, newest first."""
    scope = scope_of(user)
    below = descendant_ids(scope.roots())
    above = {link.unit_id for chain in chains(scope.roots()).values() for link in chain}
    found = Roster.objects.filter(Q(unit__in=below) | Q(unit__in=above)).annotate(
        turns=Count("shifts__duties")
    )
    return _rows(scope, found.order_by("-days", "unit__code"))


def roster_in_force(chain: Sequence[ChainLink]) -> Roster | None:
    """Return the published roster of today of the nearest unit of a chain that has one, with its shifts."""
    today = timezone.localdate()
    there = Roster.objects.filter(
        unit__in=[link.unit_id for link in chain], published_at__isnull=False, days__contains=today
    )
    by_unit = {roster.unit_id: roster for roster in there.prefetch_related("shifts")}
    return next((by_unit[link.unit_id] for link in reversed(chain) if link.unit_id in by_unit), None)


def roster_row(user: AbstractBaseUser, roster_id: int) -> RosterRow:
    """Return one of `rosters_of`. Raises `NotFound` (``roster.unknown``)."""
    found = next((row for row in rosters_of(user) if row.roster.pk == roster_id), None)
    if found is None:
        raise NotFound("roster.unknown", _("There is no such roster."))
    return found


def _rows(scope: Scope, rosters: QuerySet[Roster]) -> list[RosterRow]:
    found = list(rosters.prefetch_related("shifts"))
    units = chains({roster.unit_id for roster in found})
    return [
        RosterRow(roster, units[roster.unit_id], may_write_rosters(scope, units[roster.unit_id]))
        for roster in found
        if roster.unit_id in units
    ]


def writable_units(user: AbstractBaseUser) -> QuerySet[UnitVersion]:
    """Return the units whose rosters he may write, by code, without their boundaries."""
    roots = scope_of(user).roots(GRID_LEADS | OFFICE)
    found = current_versions().filter(unit__in=descendant_ids(roots))
    return found.select_related("unit").defer("boundary", "boundary_3857").order_by("unit__code")


def people_for(roster: Roster) -> list[tuple[int, str]]:
    """Return who can be on duty by a roster: the holders of posts in its unit and below, by name."""
    people = get_user_model().objects.filter(
        posts__unit__in=descendant_ids([roster.unit_id]),
        posts__term__contains=timezone.now(),
        is_active=True,
    )
    return sorted(((person.pk, name_of(person)) for person in people.distinct()), key=lambda one: one[1])


def turns_between(roster: Roster, first: dt.date, last: dt.date) -> list[Duty]:
    """Return the turns of a roster on these days, by day and hour."""
    turns = Duty.objects.filter(shift__roster=roster, date__range=(first, last))
    return list(turns.select_related("shift", "person").order_by("date", "shift__starts", "person"))


def calendar_dates(first: dt.date, last: dt.date) -> list[CalendarDate]:
    """Return what the days from ``first`` to ``last`` are."""
    own = {day.date: day for day in CalendarDay.objects.filter(date__range=(first, last))}
    kinds = {date: day.kind for date, day in own.items()}
    days: Sequence[dt.date] = [first + n * dt.timedelta(days=1) for n in range((last - first).days + 1)]
    return [CalendarDate(day, day_kind(day, kinds), own.get(day)) for day in days]


@dataclass(frozen=True, slots=True)
class NowOnDuty:
    """Somebody whose turn it is, by name, until when (local time; 00:00 is midnight)."""

    name: str
    ends: dt.time


def on_duty_now(row: RosterRow) -> list[NowOnDuty]:
    """Return who is on duty at this moment in the unit of a roster. Three queries."""
    turns = on_duty(row.chain, timezone.now())
    people = get_user_model().objects.in_bulk([turn.user_id for turn in turns])
    return [NowOnDuty(name_of(people[turn.user_id]), turn.ends) for turn in turns]
