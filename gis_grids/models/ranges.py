"""Ranges of time in the database's own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import DateTimeRangeField
from django.db.models import DateTimeField, Func, Value
from django.db.models.functions import Lower

if TYPE_CHECKING:
    from datetime import datetime


def until(field: str, end: datetime | None) -> Func:
    """Return the range of a field with another end (None: open), for an update."""
    bounds = (Lower(field), Value(end, DateTimeField()))
    return Func(*bounds, function="tstzrange", output_field=DateTimeRangeField())
