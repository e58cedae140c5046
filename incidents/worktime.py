"""Time that counts: from moments and minutes to deadlines, by hours of duty. Knows no Django."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

#: Hours of a day, from and to, in local time; "to" 00:00 is midnight at the end of the day.
Span = tuple[dt.time, dt.time]

#: A day that counts whole.
WHOLE_DAY: tuple[Span, ...] = ((dt.time.min, dt.time.min),)

#: How far a deadline is looked for. A year of minutes at an hour a day is 24 years.
MAX_DAYS = 25 * 366

_ZERO = dt.timedelta(0)
_DAY = dt.timedelta(days=1)


class NoHours(Exception):  # noqa: N818 - it says what there is not, as StopIteration does
    """The calendar has not enough hours in `MAX_DAYS` days."""


class RoundTheClock:
    """All time counts."""

    def __init__(self, zone: dt.tzinfo) -> None:
        """``zone`` is the local one: it says when a day ends."""
        self.zone = zone

    def add(self, at: dt.datetime, counted: dt.timedelta) -> dt.datetime:
        """Return the first moment at which ``counted`` has passed since ``at``."""
        return at + counted

    def between(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        """Return how much time counts from ``start`` to ``end``; nothing if the end is not later."""
        return max(end - start, _ZERO)

    def end_of(self, day: dt.date) -> dt.datetime:
        """Return when the time that counts on that day is over."""
        return _moment(day, dt.time.min, self.zone, ends=True)


class WorkTime(RoundTheClock):
    """Only hours of duty count. `hours_of` gives those of a day, in local time; asked once for each day.

    They may overlap and come in any order. For moments and counted times: ``between(t, add(t, c)) == c``,
    and ``add(add(t, a), b) == add(t, a + b)``; a time that is used up at the end of a shift is over then,
    and not when the next shift begins.
    """

    def __init__(self, hours_of: Callable[[dt.date], Sequence[Span]], zone: dt.tzinfo) -> None:
        """``zone`` is the local one, in which the hours are meant."""
        super().__init__(zone)
        self._hours_of = hours_of
        self._days: dict[dt.date, list[tuple[dt.datetime, dt.datetime]]] = {}

    def add(self, at: dt.datetime, counted: dt.timedelta) -> dt.datetime:
        """Return the first moment at which ``counted`` of duty has passed since ``at``; in UTC.

        Raises `NoHours` when there are not so many in `MAX_DAYS` days.
        """
        left, start = counted, at.astimezone(dt.UTC)
        if left <= _ZERO:
            return start
        for begins, ends in self._spans_from(start):
            begins_here = max(begins, start)
            here = ends - begins_here
            if left <= here:
                return begins_here + left
            left -= max(here, _ZERO)
        message = f"not {counted} of duty in {MAX_DAYS} days"
        raise NoHours(message)

    def between(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        """Return how much duty there is from ``start`` to ``end``, over `MAX_DAYS` days at most."""
        total = _ZERO
        for begins, ends in self._spans_from(start):
            if begins >= end:
                break
            total += max(min(ends, end) - max(begins, start), _ZERO)
        return total

    def end_of(self, day: dt.date) -> dt.datetime:
        """Return when duty ends on that day; the end of the day, if there is none."""
        spans = self._spans(day)
        return spans[-1][1] if spans else super().end_of(day)

    def _spans_from(self, start: dt.datetime) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        first = start.astimezone(self.zone).date()
        for n in range(min(MAX_DAYS, (dt.date.max - first).days)):
            yield from self._spans(first + n * _DAY)

    def _spans(self, day: dt.date) -> list[tuple[dt.datetime, dt.datetime]]:
        if day not in self._days:
            self._days[day] = _joined(
                (_moment(day, begins, self.zone), _moment(day, ends, self.zone, ends=True))
                for begins, ends in self._hours_of(day)
            )
        return self._days[day]


def _moment(day: dt.date, time: dt.time, zone: dt.tzinfo, *, ends: bool = False) -> dt.datetime:
    if ends and time == dt.time.min:
        day += _DAY
    return dt.datetime.combine(day, time, zone).astimezone(dt.UTC)


def _joined(spans: Iterator[tuple[dt.datetime, dt.datetime]]) -> list[tuple[dt.datetime, dt.datetime]]:
    """Return the spans in order, those that touch or overlap as one."""
    joined: list[tuple[dt.datetime, dt.datetime]] = []
    for begins, ends in sorted(spans):
        if joined and begins <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], ends))
        elif begins < ends:
            joined.append((begins, ends))
    return joined
