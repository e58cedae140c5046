"""Opening times: hours of working days, week-ends and public holidays, as people write them. Pure.

They are kept as JSON: ``{"workday": [["08:30", "12:00"], ["13:30", "17:30"]], "weekend": [], …}``. A kind of
day that isn't there is not known; one with an empty list is closed.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import chinese_calendar

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    Spans = Sequence[Sequence[str]]
    Opening = Mapping[str, Spans]

MAX_SPANS: Final = 4
_SPAN: Final = re.compile(r"(\d{1,2})[:.时点](\d{2})分?\s*(?:[-–—~至到]+)\s*(\d{1,2})[:.时点](\d{2})分?")
_MIDNIGHT: Final = "24:00"
_HOUR: Final = "60"


class HoursUnreadable(ValueError):  # noqa: N818 - what is wrong, not that it is an error
    """Hours that can't be read, that end before they begin, overlap, or are too many."""


class Day(StrEnum):
    """A kind of day, for hours."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


def kind_of(day: dt.date) -> Day:
    """Return the kind of a day by the calendar of public holidays, 调休 included.

    In years that the calendar doesn't know yet there are week-ends, and no holidays.
    """
    try:
        is_off, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        is_off, name = day.weekday() >= 5, None  # noqa: PLR2004 - Saturday and Sunday
    if not is_off:
        return Day.WORKDAY
    return Day.HOLIDAY if name else Day.WEEKEND


def read_spans(text: str) -> list[list[str]]:
    """Return hours as they are kept: "8:30-12:00, 13:30-17:30"; nothing for no text.

    Full-width characters, 至 and ~ are understood. Raises `HoursUnreadable`, also for more than `MAX_SPANS`.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    spans = sorted(_span(*found.groups()) for found in _SPAN.finditer(plain))
    rest = _SPAN.sub("", plain).strip(" ,;、，；和\n")
    if rest or len(spans) > MAX_SPANS or any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
        raise HoursUnreadable(text)
    return spans


def written(spans: Spans) -> str:
    """Return hours as they are read: 08:30–12:00, 13:30–17:30."""
    return ", ".join(f"{begins}–{ends}" for begins, ends in spans)


def is_open(opening: Opening, at: dt.datetime) -> bool | None:
    """Tell whether it is open at a moment (local time); None where hours of such a day aren't known."""
    spans = opening.get(kind_of(at.date()))
    if spans is None:
        return None
    now = f"{at:%H:%M}"
    return any(begins <= now < ends for begins, ends in spans)


def _span(from_hour: str, from_minute: str, to_hour: str, to_minute: str) -> list[str]:
    begins, ends = f"{from_hour:0>2}:{from_minute}", f"{to_hour:0>2}:{to_minute}"
    hours_are_real = begins < ends <= _MIDNIGHT and max(from_minute, to_minute) < _HOUR
    if not hours_are_real:
        raise HoursUnreadable(begins, ends)
    return [begins, ends]
