"""Arguments that several commands take."""

from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import datetime
from typing import Final

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from gis_grids.levels import Level

INTERRUPTED: Final = 130
"""The exit code of a command that was ended by Ctrl-C, as shells have it."""


def level_named(text: str) -> Level:
    """Return the level of that identifier ("street"), or say which ones there are."""
    try:
        return Level(text)
    except ValueError:
        message = _("“%(level)s” is no level. The levels are: %(levels)s.")
        raise ArgumentTypeError(message % {"level": text, "levels": ", ".join(Level.values)}) from None


def moment(text: str) -> datetime:
    """Return a date (its midnight) or a time, written as ISO 8601; in the district's zone unless it says."""
    try:
        given = parse_datetime(text) or parse_date(text)
    except ValueError:
        given = None
    if given is None:
        message = _("“%(text)s” is no date. Write it as 2026-01-31 or 2026-01-31T08:00.")
        raise ArgumentTypeError(message % {"text": text})
    when = given if isinstance(given, datetime) else datetime(given.year, given.month, given.day)  # noqa: DTZ001
    return timezone.make_aware(when) if timezone.is_naive(when) else when
