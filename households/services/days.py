"""Rows that hold on the days of a range: begun today, ended today."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Protocol, cast

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Sequence


class _Dated(Protocol):
    days: DateRange

    def save(self, *, update_fields: Sequence[str]) -> None: ...


def from_today() -> DateRange:
    """Return the days from today on, without end."""
    return DateRange(timezone.localdate(), None)


def end_today(row: _Dated) -> None:
    """End a row with yesterday; what began today has held for this one day."""
    first = cast("date | None", row.days.lower)
    today = timezone.localdate()
    end = max(today, first + timedelta(days=1)) if first else today
    row.days = DateRange(first, end)
    row.save(update_fields=["days"])
