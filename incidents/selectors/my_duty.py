"""Who is on duty around somebody now, and when it is his own turn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.contrib.auth import get_user_model
from django.utils import timezone

from gis_grids.people import name_of
from gis_grids.permissions import scope_of
from gis_grids.selectors import chains
from incidents.models import Duty
from incidents.selectors.duty import on_duty

if TYPE_CHECKING:
    import datetime as dt

    from django.contrib.auth.models import AbstractBaseUser

    from incidents.selectors.duty import OnDuty

#: So far ahead one sees one's turns.
AHEAD: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyNow:
    """Somebody who is on duty, by the roster of a unit, until ``ends`` in local time (00:00: midnight)."""

    name: str
    shift: str
    ends: dt.time
    unit_name: str
    is_me: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MyTurn:
    """One's own turn on a day, in the district's time; ``ends`` 00:00 is midnight."""

    date: dt.date
    shift: str
    starts: dt.time
    ends: dt.time
    unit_name: str


@dataclass(frozen=True, slots=True)
class MyDuty:
    """What somebody sees of the duty: who has it now in the units of his posts, and his own turns."""

    now: list[DutyNow]
    turns: list[MyTurn]


def my_duty(user: AbstractBaseUser, now: dt.datetime | None = None) -> MyDuty:
    """Return the duty of the units of the user's posts, and his turns of the next days (`AHEAD`).

    Turns of rosters that are not published don't count.
    """
    at = now or timezone.now()
    if not user.is_active:
        return MyDuty([], [])
    serving = _serving(user, at)
    turns = _turns(user, timezone.localdate(at))
    people = get_user_model().objects.in_bulk({one.user_id for one in serving})
    units = {one.unit_id for one in serving} | {turn.shift.roster.unit_id for turn in turns}
    names = {unit_id: chain[-1].name for unit_id, chain in chains(units, at).items()}
    return MyDuty(
        now=[
            DutyNow(
                name=name_of(people[one.user_id]),
                shift=one.shift,
                ends=one.ends,
                unit_name=names[one.unit_id],
                is_me=one.user_id == user.pk,
            )
            for one in serving
        ],
        turns=[
            MyTurn(
                date=turn.date,
                shift=turn.shift.kind,
                starts=turn.shift.starts,
                ends=turn.shift.ends,
                unit_name=names[turn.shift.roster.unit_id],
            )
            for turn in turns
        ],
    )


def _serving(user: AbstractBaseUser, at: dt.datetime) -> list[OnDuty]:
    """Return who is on duty in the units of his posts, each once: they may have one roster."""
    found = {
        (one.unit_id, one.user_id, one.shift): one
        for chain in chains(scope_of(user).roots(), at).values()
        for one in on_duty(chain, at)
    }
    return [found[key] for key in sorted(found)]


def _turns(user: AbstractBaseUser, today: dt.date) -> list[Duty]:
    mine = Duty.objects.filter(
        person=user.pk, date__range=(today, today + AHEAD), shift__roster__published_at__isnull=False
    )
    return list(mine.select_related("shift__roster").order_by("date", "shift__starts"))
