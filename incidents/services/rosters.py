"""Duty rosters (错时服务, S0 §18): drafted, published, followed by the next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict, NotFound, Refused
from gis_grids.permissions import scope_of
from gis_grids.selectors import chains
from gis_grids.services.texts import clean_text
from incidents.models import DayKind, Duty, Roster, Shift
from incidents.permissions import may_write_rosters
from incidents.services.turn_checks import check_turns, without_time_off

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.contrib.auth.models import AbstractBaseUser

MAX_NAME = 60
#: The longest that one roster may be for.
MAX_LENGTH = dt.timedelta(days=2 * 366)
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftHours:
    """Hours of duty on the days of a kind, in local time; ``ends`` 00:00 is midnight at the day's end."""

    day_kind: DayKind
    kind: Shift.Kind
    starts: dt.time
    ends: dt.time


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A roster that counts now, and its turns on rest days and holidays without time off (补休) yet."""

    roster: Roster
    without_time_off: list[Duty]


@transaction.atomic
def save_roster(  # noqa: PLR0913 - the columns of a roster
    *,
    actor: AbstractBaseUser,
    unit_id: int,
    name: str,
    first: dt.date,
    last: dt.date,
    shifts: Sequence[ShiftHours],
    roster_id: int | None = None,
) -> Roster:
    """Make a draft for the days from ``first`` to ``last``, or write one anew (``roster_id``).

    Shifts that stay as they are keep their turns; the turns of the others, and of other days, go.

    Raises `NotFound` (``unit.unknown``, ``roster.unknown``), `Refused` (``roster.not_yours``), `Conflict`
    (``roster.published``), `BadInput` (``roster.name``, ``roster.days``, ``shift.hours``, ``text.*``).
    """
    check_may_write(actor, unit_id)
    roster = _draft(actor, roster_id) if roster_id is not None else Roster()
    roster.unit_id, roster.name, roster.days = unit_id, _name(name), _days(first, last)
    for shift in shifts:
        _check_hours(shift)
    roster.save()
    _set_shifts(roster, shifts)
    Duty.objects.filter(shift__roster=roster).exclude(date__range=(first, last)).delete()
    return roster


@transaction.atomic
def publish_roster(*, actor: AbstractBaseUser, roster_id: int) -> Published:
    """Have a draft count: for the deadlines of what is reported from now on, and for who is on duty.

    Raises `NotFound` (``roster.unknown``), `Refused` (``roster.not_yours``), `Conflict`
    (``roster.published``, ``roster.overlaps``), `BadInput` (``roster.no_shifts``, ``roster.past``,
    ``duty.overlap``, ``duty.extra_hours``).
    """
    roster = _draft(actor, roster_id)
    if not roster.shifts.exists():
        raise BadInput("roster.no_shifts", _("A roster without shifts can't be published. Add the hours."))
    if roster.days.upper <= timezone.localdate(timezone=timezone.get_default_timezone()):
        raise BadInput("roster.past", _("All days of this roster are over. Copy it for days to come."))
    check_turns(roster)
    roster.published_at, roster.published_by_id = timezone.now(), actor.pk
    _save_published(roster, ["published_at", "published_by"])
    return Published(roster=roster, without_time_off=without_time_off(roster))


@transaction.atomic
def copy_roster(*, actor: AbstractBaseUser, roster_id: int, first: dt.date, last: dt.date) -> Roster:
    """Make a draft with the same hours for other days; the turns are not copied.

    Raises `NotFound` (``roster.unknown``), `Refused` (``roster.not_yours``), `BadInput` (``roster.days``).
    """
    roster = _locked(actor, roster_id)
    copy = Roster.objects.create(unit_id=roster.unit_id, name=roster.name, days=_days(first, last))
    hours = roster.shifts.values_list("day_kind", "kind", "starts", "ends")
    _set_shifts(copy, [_hours(row) for row in hours])
    return copy


@transaction.atomic
def end_roster(*, actor: AbstractBaseUser, roster_id: int, last: dt.date) -> Roster:
    """Let a published roster end with an earlier day, today at the earliest; the rest is as it was.

    Raises `NotFound` (``roster.unknown``), `Refused` (``roster.not_yours``), `Conflict`
    (``roster.draft``), `BadInput` (``roster.end``).
    """
    roster = _locked(actor, roster_id)
    if roster.published_at is None:
        raise Conflict("roster.draft", _("This roster isn't published. Change it, or delete it."))
    earliest = max(roster.days.lower, timezone.localdate(timezone=timezone.get_default_timezone()))
    if not earliest <= last < roster.days.upper:
        raise BadInput(
            "roster.end",
            _("Choose a day from %(first)s to %(last)s."),
            {"first": earliest.isoformat(), "last": (roster.days.upper - _DAY).isoformat()},
        )
    roster.days = DateRange(roster.days.lower, last + _DAY)
    roster.save(update_fields=["days"])
    return roster


@transaction.atomic
def delete_roster(*, actor: AbstractBaseUser, roster_id: int) -> None:
    """Delete a draft, or a published roster that hasn't begun, with its turns.

    Raises `NotFound` (``roster.unknown``), `Refused` (``roster.not_yours``), `Conflict` (``roster.begun``).
    """
    roster = _locked(actor, roster_id)
    today = timezone.localdate(timezone=timezone.get_default_timezone())
    if roster.published_at is not None and roster.days.lower <= today:
        raise Conflict(
            "roster.begun", _("This roster counts already. Let it end with an earlier day instead.")
        )
    roster.delete()


def check_may_write(actor: AbstractBaseUser, unit_id: int) -> None:
    """Raise `NotFound` (``unit.unknown``) or `Refused` (``roster.not_yours``) if he may not set its hours."""
    chain = chains([unit_id]).get(unit_id)
    if chain is None:
        raise NotFound("unit.unknown", _("There is no such grid."))
    if not may_write_rosters(scope_of(actor), chain):
        raise Refused(
            "roster.not_yours",
            _("Only who leads this grid or one above it, or their office, writes its rosters."),
        )


def _locked(actor: AbstractBaseUser, roster_id: int) -> Roster:
    roster = Roster.objects.select_for_update().filter(pk=roster_id).first()
    if roster is None:
        raise NotFound("roster.unknown", _("There is no such roster."))
    check_may_write(actor, roster.unit_id)
    return roster


def _draft(actor: AbstractBaseUser, roster_id: int) -> Roster:
    roster = _locked(actor, roster_id)
    if roster.published_at is not None:
        raise Conflict(
            "roster.published",
            _("A published roster isn't changed. Let it end, and publish another for the days after it."),
        )
    return roster


def _save_published(roster: Roster, columns: list[str]) -> None:
    try:
        with transaction.atomic():
            roster.save(update_fields=columns)
    except IntegrityError as error:
        raise Conflict(
            "roster.overlaps",
            _("This grid has a published roster for some of these days. Let that one end before."),
        ) from error


def _name(name: str) -> str:
    name = clean_text(name, limit=MAX_NAME)
    if not name:
        raise BadInput("roster.name", _("Give the roster a name."))
    return name


def _days(first: dt.date, last: dt.date) -> DateRange:
    if not first <= last <= first + MAX_LENGTH:
        raise BadInput("roster.days", _("The last day must not be before the first, nor two years after it."))
    return DateRange(first, last + _DAY)


def _check_hours(shift: ShiftHours) -> None:
    if shift.ends != dt.time.min and shift.ends <= shift.starts:
        raise BadInput(
            "shift.hours",
            _("A shift ends on the day it begins, at midnight at the latest (00:00). Cut it into two."),
        )


def _hours(row: tuple[str, str, dt.time, dt.time]) -> ShiftHours:
    day_kind, kind, starts, ends = row
    return ShiftHours(day_kind=DayKind(day_kind), kind=Shift.Kind(kind), starts=starts, ends=ends)


def _set_shifts(roster: Roster, shifts: Sequence[ShiftHours]) -> None:
    old = {_hours((each.day_kind, each.kind, each.starts, each.ends)): each for each in roster.shifts.all()}
    for hours in old.keys() - set(shifts):
        old[hours].delete()
    new = [hours for hours in dict.fromkeys(shifts) if hours not in old]
    Shift.objects.bulk_create(
        Shift(
            roster=roster,
            day_kind=hours.day_kind,
            kind=hours.kind,
            starts=hours.starts,
            ends=hours.ends,
        )
        for hours in new
    )
