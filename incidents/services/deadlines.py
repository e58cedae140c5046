"""Deadlines of a case: stored with the rule that they come from, and never recomputed for the past.

They move only by an event that says so: the end of a pause, an extension, another matter or priority.
Who changes a cycle here saves it, and writes what is returned into the event's details.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis_grids.selectors import chains
from incidents.models import Escalation, IncidentCycle, Mode, TimeLimit
from incidents.selectors.duty import after, always, duty_book, modes
from incidents.selectors.rulebook import rulebook
from incidents.workflow import ENDED, STATE_LIMITS, Clock, Priority, State

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from gis_grids.selectors import ChainLink
    from incidents.models import Incident
    from incidents.selectors.duty import LonLat
    from incidents.selectors.rulebook import Rulebook
    from incidents.worktime import RoundTheClock

#: The share of the time after which a deadline is near (incidents.md 1.4).
WARN_AT = Escalation.Step.WARNING / 100
#: The longest that the clocks may stand still at a stretch: a review that goes up (incidents.md 1.4).
MAX_PAUSE = STATE_LIMITS[State.ADMISSION_REVIEW] + STATE_LIMITS[State.DISTRICT_REVIEW]

#: The clocks that have a deadline, by the first word of their columns.
TIMED = {"feedback": Clock.FEEDBACK, "handling": Clock.HANDLING, "resolve": Clock.RESOLVED}

#: What changed: the old and the new deadline of each clock that has another one, in ISO form.
Moved = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Opening:
    """What a new cycle is to be given deadlines for. ``chain`` is that of its unit, from the top down.

    ``spot`` is the position of the case (lon/lat).
    """

    matter_id: int
    priority: Priority
    chain: Sequence[ChainLink]
    at: datetime
    spot: LonLat | None = None


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


def deadlines_for(openings: Sequence[Opening], rules: Rulebook | None = None) -> list[Deadlines]:
    """Return the deadlines of new cycles, in the order given.

    As many queries for one as for a thousand: one for the rules, if they are not given; one when a limit
    counts in duty hours, three more when there are rosters.
    """
    rules = rules or rulebook()
    places = [(opening.chain, opening.at, opening.spot) for opening in openings]
    chosen = [
        _rule(rules, opening.matter_id, opening.priority, mode)
        for opening, mode in zip(openings, modes(places, rules), strict=True)
    ]
    on_duty = [o.chain for o, rule in zip(openings, chosen, strict=True) if _is_duty(rule)]
    book = duty_book(on_duty) if on_duty else None
    return [
        _deadlines(rule, book.time_for(opening.chain) if book and _is_duty(rule) else always(), opening.at)
        for opening, rule in zip(openings, chosen, strict=True)
    ]


def open_cycle(incident: Incident, chain: Sequence[ChainLink], at: datetime) -> IncidentCycle:
    """Store and return a new cycle of the case that begins at ``at``, with the number ``incident.cycle``."""
    opening = Opening(
        incident.matter_id, Priority(incident.priority), chain, at, (incident.place.x, incident.place.y)
    )
    [deadlines] = deadlines_for([opening])
    fields = {name: getattr(deadlines, name) for name in Deadlines.__slots__}
    return IncidentCycle.objects.create(incident=incident, number=incident.cycle, opened_at=at, **fields)


def pause(cycle: IncidentCycle, at: datetime) -> Moved:
    """Stop the clocks at ``at``, if they run."""
    cycle.paused_since = cycle.paused_since or at
    return {}


def go_on(cycle: IncidentCycle, chain: Sequence[ChainLink], at: datetime) -> Moved:
    """Let the clocks go on at ``at``: each running one has as much time left as when they stopped.

    Only time that counts is given back, and no more than `MAX_PAUSE` of it; a clock that was late when
    they stopped is as late as it was. No deadline comes nearer, also where it lay outside the hours of duty:
    by an extension, or since other hours were published.
    """
    since, cycle.paused_since = cycle.paused_since, None
    if since is None:
        return {}
    before, time = _dues(cycle), _time(cycle.rule, chain)
    until = max(since, min(at, since + MAX_PAUSE))
    for name in _running(cycle):
        for column in (f"{name}_warn_at", f"{name}_due_at"):
            moment = getattr(cycle, column)
            if moment > since:
                setattr(cycle, column, max(moment, after(time, until, time.between(since, moment))))
    return _moved(cycle, before)


def extend(cycle: IncidentCycle, chain: Sequence[ChainLink], until: dt.date) -> Moved:
    """Move the deadline of the resolution to the end of duty on that day; never nearer than it is."""
    before, time = _dues(cycle), _time(cycle.rule, chain)
    due = time.end_of(until)
    if "resolve" in _running(cycle) and due > cycle.resolve_due_at:
        cycle.resolve_due_at = due
        warn = after(time, cycle.opened_at, time.between(cycle.opened_at, due) * WARN_AT)
        cycle.resolve_warn_at = min(due, max(warn, cycle.resolve_warn_at))
    return _moved(cycle, before)


def recompute(incident: Incident, cycle: IncidentCycle, chain: Sequence[ChainLink], at: datetime) -> Moved:
    """Give the running clocks the limits of the case's matter and priority now, from the cycle's opening.

    The mode stays that of the opening. Time that was given since then, by a pause or an extension, stays
    given; and nobody becomes late in the past: what was still to come at ``at`` comes then at the earliest.
    """
    old, before = cycle.rule, _dues(cycle)
    rule = _rule(rulebook(), incident.matter_id, incident.priority, Mode(old.mode))
    if rule.pk == old.pk:
        return {}
    old_time, time = _time(old, chain), _time(rule, chain)
    for name in _running(cycle):
        used = old_time.between(cycle.opened_at, before[name])
        given = max(used - _limit(old, name), dt.timedelta(0))
        limit = _limit(rule, name)
        for column, part in ((f"{name}_warn_at", WARN_AT), (f"{name}_due_at", 1)):
            earliest = min(at, getattr(cycle, column))
            setattr(cycle, column, max(earliest, after(time, cycle.opened_at, limit * part + given)))
    cycle.rule = rule
    return _moved(cycle, before)


@dataclass(frozen=True, slots=True, order=True)
class DueStep:
    """A step of escalation that is not taken yet, of a clock by its name in `TIMED`."""

    due_at: datetime
    step: int
    name: str


def steps_to_come(cycle: IncidentCycle) -> list[DueStep]:
    """Return the steps of the running clocks that were not taken yet, in the order in which they fall due.

    A late step, beyond 100 %, falls due a whole limit after the one before it, in the time that counts.
    Of each clock that has such steps, those are looked for only once the deadline itself was escalated.
    None while the case waits (paused) or has ended. One query, more for a clock that is late.
    """
    if cycle.paused_since or cycle.closed_at or State(cycle.incident.state) in ENDED:
        return []
    running = _running(cycle)
    rows = Escalation.objects.filter(incident=cycle.incident_id, cycle=cycle.number)
    taken = set(rows.values_list("clock", "step")) if running else set()
    steps = [
        DueStep(due_at, step, name)
        for name in running
        for step, due_at in _steps(cycle, name, is_late=(TIMED[name], Escalation.Step.LATE) in taken)
        if (TIMED[name], step) not in taken
    ]
    return sorted(steps)


def next_check(cycle: IncidentCycle) -> datetime | None:
    """Return when the next step of a running clock falls due, also one that is overdue; None if none can.

    Asked once the cycle and its case are what they are to become.
    """
    steps = steps_to_come(cycle)
    return steps[0].due_at if steps else None


def _steps(cycle: IncidentCycle, name: str, *, is_late: bool) -> Iterator[tuple[int, datetime]]:
    due = getattr(cycle, f"{name}_due_at")
    yield Escalation.Step.WARNING, getattr(cycle, f"{name}_warn_at")
    yield Escalation.Step.LATE, due
    if is_late:
        unit_id = cycle.incident.unit_id
        time, limit = _time(cycle.rule, chains([unit_id])[unit_id]), _limit(cycle.rule, name)
        for step in (Escalation.Step.VERY_LATE, Escalation.Step.STREET):
            yield step, after(time, due, limit * ((step - Escalation.Step.LATE) / 100))


def _rule(rules: Rulebook, matter_id: int, priority: str, mode: Mode) -> TimeLimit:
    # A matter without limits of its own for an emergency keeps those it has.
    limits = rules.limits
    return limits.get((matter_id, priority, mode)) or limits[matter_id, priority, Mode.NORMAL]


def _is_duty(rule: TimeLimit) -> bool:
    return rule.calendar == TimeLimit.Calendar.DUTY


def _time(rule: TimeLimit, chain: Sequence[ChainLink]) -> RoundTheClock:
    return duty_book([chain]).time_for(chain) if _is_duty(rule) else always()


def _limit(rule: TimeLimit, name: str) -> dt.timedelta:
    return dt.timedelta(minutes=getattr(rule, f"{name}_minutes"))


def _running(cycle: IncidentCycle) -> list[str]:
    return [name for name, clock in TIMED.items() if getattr(cycle, clock.value) is None]


def _dues(cycle: IncidentCycle) -> dict[str, datetime]:
    return {name: getattr(cycle, f"{name}_due_at") for name in TIMED}


def _moved(cycle: IncidentCycle, before: dict[str, datetime]) -> Moved:
    return {
        name: [before[name].isoformat(), now.isoformat()]
        for name, now in _dues(cycle).items()
        if now != before[name]
    }


def _deadlines(rule: TimeLimit, time: RoundTheClock, at: datetime) -> Deadlines:
    moments: dict[str, datetime] = {}
    for name in TIMED:
        limit = _limit(rule, name)
        moments[f"{name}_warn_at"] = after(time, at, limit * WARN_AT)
        moments[f"{name}_due_at"] = after(time, at, limit)
    first = min(moments.values())
    return Deadlines(rule_id=rule.pk, next_check_at=first, **moments)
