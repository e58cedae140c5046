"""The history of a case as a line of time, ready to be drawn. Pure.

Each cycle has a line of its own. Its axis is logarithmic from ten minutes on: a feedback due in half an
hour and a resolution due in ten days are both to be seen. Positions are per cent of the width, as text.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise
from math import log1p
from typing import TYPE_CHECKING, Final

from incidents.selectors.clock_states import LIMITED
from incidents.workflow import INTERNAL, PAUSED, Action, Actor, Clock

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from incidents.models import IncidentCycle
    from incidents.selectors import HistoryRow
    from incidents.selectors.case_parts import EscalationRow

_KNEE: Final = dt.timedelta(minutes=10)
_TICKS: Final = tuple(
    dt.timedelta(minutes=minutes)
    for minutes in (10, 60, 6 * 60, 1440, 3 * 1440, 7 * 1440, 14 * 1440, 30 * 1440, 90 * 1440, 365 * 1440)
)
_TOP: Final = 6
_ROW: Final = 26
_CLOSEST: Final = 6.0
"""Marks of the axis stand at least so far apart, in per cent."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A clock: it ran from the left end for ``in_time``, beyond ``due`` for ``late``; ``y`` in pixels."""

    clock: Clock
    y: int
    warn: str
    due: str
    in_time: str
    late: str
    due_at: dt.datetime
    stopped_at: dt.datetime | None
    runs: bool
    steps: tuple[tuple[str, int, dt.datetime], ...]


@dataclass(frozen=True, slots=True)
class Point:
    """An event: where, what, when; ``kind`` is how it is drawn."""

    x: str
    event: HistoryRow
    kind: str


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which the clocks stood still."""

    x: str
    width: str
    begins: dt.datetime
    ends: dt.datetime | None


@dataclass(frozen=True, slots=True)
class CycleLine:
    """One cycle, ready to be drawn; ``now`` is where the present moment lies, None if it is over."""

    number: int
    opened_at: dt.datetime
    ticks: tuple[tuple[str, dt.timedelta], ...]
    bars: tuple[Bar, ...]
    points: tuple[Point, ...]
    pauses: tuple[Pause, ...]
    now: str | None


@dataclass(frozen=True, slots=True)
class _Axis:
    begins: dt.datetime
    ends: dt.datetime

    def share(self, at: dt.datetime) -> float:
        """Return where a moment lies, from 0 to 100."""
        whole = log1p(max(self.ends - self.begins, _KNEE) / _KNEE)
        return 100 * log1p((min(max(at, self.begins), self.ends) - self.begins) / _KNEE) / whole

    def at(self, at: dt.datetime) -> str:
        return f"{self.share(at):.2f}%"

    def width(self, begins: dt.datetime, ends: dt.datetime) -> str:
        return f"{max(0.0, self.share(ends) - self.share(begins)):.2f}%"

    def ticks(self) -> Iterator[tuple[str, dt.timedelta]]:
        last = 0.0
        for length in _TICKS:
            at = self.begins + length
            share = self.share(at)
            if at < self.ends and share - last >= _CLOSEST and 100 - share >= _CLOSEST:
                yield self.at(at), length
                last = share


def timeline(
    cycles: Sequence[IncidentCycle],
    history: Sequence[HistoryRow],
    escalations: Sequence[EscalationRow],
    now: dt.datetime,
) -> list[CycleLine]:
    """Return the lines of the cycles, from the first; ``history`` is in the order of the feed."""
    ends = [*(cycle.opened_at for cycle in cycles[1:]), None]
    return [
        _line(
            cycle,
            [each for each in history if cycle.opened_at <= each.at and (end is None or each.at < end)],
            [each for each in escalations if each.cycle == cycle.number],
            end,
            now,
        )
        for cycle, end in zip(cycles, ends, strict=True)
    ]


def _line(
    cycle: IncidentCycle,
    events: Sequence[HistoryRow],
    steps: Sequence[EscalationRow],
    end: dt.datetime | None,
    now: dt.datetime,
) -> CycleLine:
    over_at = end or cycle.closed_at
    until = over_at or now
    dues = [getattr(cycle, f"{name}_due_at") for name in LIMITED.values()]
    last = max([until, *dues, *(each.at for each in events)])
    axis = _Axis(cycle.opened_at, last + (last - cycle.opened_at) * 0.03)
    return CycleLine(
        number=cycle.number,
        opened_at=cycle.opened_at,
        ticks=tuple(axis.ticks()),
        bars=tuple(_bar(cycle, clock, steps, until, axis, is_over=over_at is not None) for clock in LIMITED),
        points=tuple(Point(axis.at(each.at), each, _kind(each)) for each in events),
        pauses=tuple(_pauses(events, until, axis)),
        now=None if over_at else axis.at(now),
    )


def _bar(  # noqa: PLR0913 - what all bars of a line share
    cycle: IncidentCycle,
    clock: Clock,
    steps: Sequence[EscalationRow],
    until: dt.datetime,
    axis: _Axis,
    *,
    is_over: bool,
) -> Bar:
    name = LIMITED[clock]
    due_at, warn_at = getattr(cycle, f"{name}_due_at"), getattr(cycle, f"{name}_warn_at")
    stopped_at = getattr(cycle, clock.value)
    to = stopped_at or cycle.paused_since or until
    return Bar(
        clock=clock,
        y=_TOP + _ROW * list(LIMITED).index(clock),
        warn=axis.at(warn_at),
        due=axis.at(due_at),
        in_time=axis.width(cycle.opened_at, min(to, due_at)),
        late=axis.width(due_at, max(to, due_at)),
        due_at=due_at,
        stopped_at=stopped_at,
        runs=stopped_at is None and not is_over,
        steps=tuple((axis.at(each.at), each.step, each.at) for each in steps if each.clock == clock.value),
    )


def _kind(event: HistoryRow) -> str:
    if event.action is Action.ESCALATE:
        return "escalation"
    if event.action in INTERNAL:
        return "internal"
    return "system" if event.by_role is Actor.SYSTEM else "open"


def _pauses(events: Sequence[HistoryRow], until: dt.datetime, axis: _Axis) -> Iterator[Pause]:
    changes = [each for each in events if (each.from_state in PAUSED) != (each.to_state in PAUSED)]
    for entered, left in pairwise([*changes, None]):
        if entered and entered.to_state in PAUSED:
            ends = left.at if left else until
            yield Pause(
                axis.at(entered.at), axis.width(entered.at, ends), entered.at, left.at if left else None
            )
