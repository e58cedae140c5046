"""Deadlines of a case: stored with the rule that they come from, and never recomputed for the past."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from incidents.models import IncidentCycle, Mode, TimeLimit
from incidents.workflow import Priority

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gis_grids.selectors import ChainLink
    from incidents.models import Incident

#: The share of the time after which a deadline is near (incidents.md 1.4).
WARN_AT = 0.8


@dataclass(frozen=True, slots=True)
class Opening:
    """What a new cycle is to be given deadlines for. ``chain`` is that of its unit, from the top down."""

    matter_id: int
    priority: Priority
    chain: Sequence[ChainLink]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """The deadlines of a cycle; the fields are those of `IncidentCycle`."""

    rule_id: int
    feedback_warn_at: datetime
    feedback_due_at: datetime
    handling_warn_at: datetime
    handling_due_at: datetime
    resolve_warn_at: datetime
    resolve_due_at: datetime
    next_check_at: datetime


def deadlines_for(openings: Sequence[Opening]) -> list[Deadlines]:
    """Return the deadlines of new cycles, in the order given; as many queries for one as for a thousand."""
    matters = {opening.matter_id for opening in openings}
    rules = {
        (rule.matter_id, rule.priority): rule
        for rule in TimeLimit.objects.filter(matter__in=matters, mode=Mode.NORMAL)
    }
    return [_deadlines(rules[opening.matter_id, opening.priority], opening.at) for opening in openings]


def open_cycle(incident: Incident, chain: Sequence[ChainLink], at: datetime) -> IncidentCycle:
    """Store and return a new cycle of the case that begins at ``at``, with the number ``incident.cycle``."""
    opening = Opening(incident.matter_id, Priority(incident.priority), chain, at)
    [deadlines] = deadlines_for([opening])
    fields = {name: getattr(deadlines, name) for name in Deadlines.__slots__}
    return IncidentCycle.objects.create(incident=incident, number=incident.cycle, opened_at=at, **fields)


def _deadlines(rule: TimeLimit, at: datetime) -> Deadlines:
    def after(minutes: float) -> datetime:
        return at + timedelta(minutes=minutes)

    return Deadlines(
        rule_id=rule.pk,
        feedback_warn_at=after(rule.feedback_minutes * WARN_AT),
        feedback_due_at=after(rule.feedback_minutes),
        handling_warn_at=after(rule.handling_minutes * WARN_AT),
        handling_due_at=after(rule.handling_minutes),
        resolve_warn_at=after(rule.resolve_minutes * WARN_AT),
        resolve_due_at=after(rule.resolve_minutes),
        next_check_at=after(rule.feedback_minutes * WARN_AT),
    )
