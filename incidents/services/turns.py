"""Turns of duty: who has which shift on which day, and time off for it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, NotFound
from gis_grids.models import Post
from gis_grids.selectors import descendant_ids
from incidents.models import CalendarDay, Duty, Shift
from incidents.selectors.duty import day_kind
from incidents.services.rosters import check_may_write
from incidents.services.turn_checks import check_turns

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

    from incidents.models import Roster


@transaction.atomic
def assign_turns(
    *, actor: AbstractBaseUser, shift_id: int, person_id: int, first: dt.date, last: dt.date
) -> int:
    """Give somebody a shift on each of its days from ``first`` to ``last``; return how many turns are new.

    Raises `NotFound` (``shift.unknown``), `Refused` (``roster.not_yours``), `BadInput`
    (``duty.not_here``: no post in the roster's grid or below, ``duty.no_such_day``; in a published roster
    also ``duty.overlap`` and ``duty.extra_hours``).
    """
    shift = _shift(actor, shift_id)
    roster = shift.roster
    if not _belongs_here(person_id, roster):
        raise BadInput(
            "duty.not_here",
            _("Only who holds a post in this grid or below it can be on duty. Choose another person."),
        )
    dates = _dates_of(shift, max(first, roster.days.lower), min(last, roster.days.upper - _DAY))
    if not dates:
        raise BadInput("duty.no_such_day", _("The shift is on none of these days. Choose others."))
    there = set(Duty.objects.filter(shift=shift, person=person_id).values_list("date", flat=True))
    new = [Duty(shift=shift, person_id=person_id, date=date) for date in dates if date not in there]
    Duty.objects.bulk_create(new)
    if roster.published_at is not None:
        check_turns(roster)
    return len(new)


@transaction.atomic
def remove_turn(*, actor: AbstractBaseUser, duty_id: int) -> None:
    """Take a turn away. Raises `NotFound` (``duty.unknown``), `Refused` (``roster.not_yours``)."""
    _turn(actor, duty_id).delete()


@transaction.atomic
def give_time_off(*, actor: AbstractBaseUser, duty_id: int, is_compensated: bool = True) -> Duty:
    """Note that time off in lieu (补休) was given for a turn, or that it was not after all.

    Raises `NotFound` (``duty.unknown``), `Refused` (``roster.not_yours``); in a published roster `BadInput`
    (``duty.extra_hours``), when the turn makes the week too long without it.
    """
    turn = _turn(actor, duty_id)
    turn.is_compensated = is_compensated
    turn.save(update_fields=["is_compensated"])
    if turn.shift.roster.published_at is not None:
        check_turns(turn.shift.roster)
    return turn


_DAY = dt.timedelta(days=1)


def _shift(actor: AbstractBaseUser, shift_id: int) -> Shift:
    shift = Shift.objects.select_related("roster").filter(pk=shift_id).first()
    if shift is None:
        raise NotFound("shift.unknown", _("There is no such shift."))
    check_may_write(actor, shift.roster.unit_id)
    return shift


def _turn(actor: AbstractBaseUser, duty_id: int) -> Duty:
    turn = Duty.objects.select_related("shift__roster").filter(pk=duty_id).first()
    if turn is None:
        raise NotFound("duty.unknown", _("There is no such turn."))
    check_may_write(actor, turn.shift.roster.unit_id)
    return turn


def _belongs_here(person_id: int, roster: Roster) -> bool:
    return Post.objects.filter(
        holder=person_id,
        holder__is_active=True,
        unit__in=descendant_ids([roster.unit_id]),
        term__contains=timezone.now(),
    ).exists()


def _dates_of(shift: Shift, first: dt.date, last: dt.date) -> list[dt.date]:
    own = dict(CalendarDay.objects.filter(date__range=(first, last)).values_list("date", "kind"))
    days = (first + n * _DAY for n in range((last - first).days + 1))
    return [day for day in days if day_kind(day, own) == shift.day_kind]
