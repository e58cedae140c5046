"""Rosters for tests: published straight into the tables, so that any days can be covered."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from incidents.models import Roster, Shift

WORK_DAY = ((time(9), time(12)), (time(13), time(18)))


def at_home(text: str) -> datetime:
    """Return the moment that clocks in China show as this."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


def published(
    world, unit, *, first=date(2026, 1, 1), last=date(2030, 12, 31), work=WORK_DAY, rest=(), holiday=()
) -> Roster:
    """Publish a roster of a unit with these hours: eight on work days unless said otherwise."""
    roster = Roster.objects.create(
        unit=unit,
        name="值班表",
        days=DateRange(first, last + timedelta(days=1)),
        published_at=timezone.now(),
        published_by=world.lead,
    )
    Shift.objects.bulk_create(
        Shift(roster=roster, day_kind=kind, kind=Shift.Kind.DAY, starts=starts, ends=ends)
        for kind, hours in (("work", work), ("rest", rest), ("holiday", holiday))
        for starts, ends in hours
    )
    return roster
