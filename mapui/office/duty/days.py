"""Weeks and months as addresses name them; what isn't one is the present. Pure."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from incidents.models import Roster

_DAY = dt.timedelta(days=1)
#: Years outside of these are no duty of anybody's.
_YEARS = range(2000, 2200)


def month_of(text: str, today: dt.date) -> tuple[dt.date, dt.date]:
    """Return the first and the last day of a month like 2026-11."""
    first = _date(f"{text}-01") or today.replace(day=1)
    return first, _next(first) - _DAY


def months_around(first: dt.date) -> tuple[str, str]:
    """Return the months before and after, as addresses name them."""
    return f"{first - _DAY:%Y-%m}", f"{_next(first):%Y-%m}"


def week_of(text: str, roster: Roster, today: dt.date) -> dt.date:
    """Return the Monday of the week of a day; without one, of today or the roster's nearest day."""
    nearest = min(max(today, roster.days.lower), roster.days.upper - _DAY)
    day = _date(text) or nearest
    return day - day.weekday() * _DAY


def _next(first: dt.date) -> dt.date:
    return (first + 32 * _DAY).replace(day=1)


def _date(text: str) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in _YEARS else None
