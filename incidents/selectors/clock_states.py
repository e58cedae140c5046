"""Where the three clocks of a case stand: green, yellow from 80 % of the time, red from the due time."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db.models import DateTimeField, F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import pgettext_lazy

from incidents.workflow import ENDED, Clock

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from incidents.selectors.cards import CardRow


class Band(StrEnum):
    """Where a clock stands. It stands still at the moment when it was paused."""

    GOOD = "good"
    NEAR = "near"
    LATE = "late"


BAND_LABELS = {
    Band.GOOD: pgettext_lazy("clock's band", "In time"),
    Band.NEAR: pgettext_lazy("clock's band", "Nearly late"),
    Band.LATE: pgettext_lazy("clock's band", "Late"),
}

#: The clocks that have a limit, and how their columns of a cycle begin.
LIMITED = {Clock.FEEDBACK: "feedback", Clock.HANDLING: "handling", Clock.RESOLVED: "resolve"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockState:
    """A clock of a case's current cycle. ``left`` is the time to its due time, negative when it is over.

    ``stopped_at`` is when it was stopped, None while it runs; then ``band`` says whether it was in time.
    """

    clock: Clock
    warn_at: datetime
    due_at: datetime
    stopped_at: datetime | None
    band: Band
    left: timedelta
    is_paused: bool


def clock_states(card: CardRow, now: datetime) -> list[ClockState]:
    """Return the three clocks of a case; of one that has ended only those that were stopped."""
    found = []
    for clock, name in LIMITED.items():
        stopped_at: datetime | None = getattr(card, clock.value)
        if stopped_at is None and card.state in ENDED:
            continue
        until = stopped_at or card.paused_since or now
        due_at, warn_at = getattr(card, f"{name}_due_at"), getattr(card, f"{name}_warn_at")
        found.append(
            ClockState(
                clock=clock,
                warn_at=warn_at,
                due_at=due_at,
                stopped_at=stopped_at,
                band=_band(warn_at, due_at, until),
                left=due_at - until,
                is_paused=stopped_at is None and card.paused_since is not None,
            )
        )
    return found


def _band(warn_at: datetime, due_at: datetime, until: datetime) -> Band:
    if until > due_at:
        return Band.LATE
    return Band.NEAR if until >= warn_at else Band.GOOD


def in_band(band: Band, clock: Clock | None, now: datetime, *, prefix: str) -> Q:
    """Return the condition that a clock (None: the worst of the three) of an open case stands in the band.

    ``prefix`` is the join with the current cycle.
    """
    clocks = [clock] if clock else list(LIMITED)
    until = Coalesce(F(f"{prefix}__paused_since"), Value(now), output_field=DateTimeField())
    # Said without "not": a negated condition on the joined cycle would become a subquery of its own.
    some_late, none_late, some_warned, none_warned, some_running = Q(), Q(), Q(), Q(), Q()
    for one in clocks:
        runs, stopped = (Q(**{f"{prefix}__{one.value}__isnull": is_null}) for is_null in (True, False))
        due, warn = (f"{prefix}__{LIMITED[one]}_{end}_at" for end in ("due", "warn"))
        some_late |= runs & Q(**{f"{due}__lt": until})
        none_late &= stopped | Q(**{f"{due}__gte": until})
        some_warned |= runs & Q(**{f"{warn}__lte": until})
        none_warned &= stopped | Q(**{f"{warn}__gt": until})
        some_running |= runs
    chosen = {
        Band.LATE: some_late,
        Band.NEAR: some_warned & none_late,
        Band.GOOD: some_running & none_warned,
    }[band]
    return chosen & ~Q(state__in=ENDED)
