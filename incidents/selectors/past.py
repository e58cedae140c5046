"""Cases as they were: the open ones at a moment, and each right after every event of a span of time.

What an event tells is taken from it (state, unit, escalation); what it changed is read back from the case as
it is now, by the events since (matter, priority, deadlines, clocks). Two things no event tells, and they are
shown as they are now: how far outside of all units a place lies, and of which case one is a part. When a
deadline that has moved since was near is reckoned by its share of the time.

Who sees what: the cases that then lay in his subtrees; of a private matter, then or now, only with a grant
for it over that unit.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils import timezone

from gis_grids.levels import Level
from gis_grids.prepared import prepared_cursor
from gis_grids.selectors import ancestors, descendant_ids, unit_names
from incidents.models import Escalation, Incident, Matter, case_number
from incidents.selectors.cards import CardRow
from incidents.selectors.figures import NOT_COUNTED
from incidents.selectors.grants import seen_below
from incidents.workflow import ENDED, PAUSED, Action, State

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from incidents.selectors.grants import Grant

#: The share of the time after which a deadline is near (incidents.md 1.4).
_NEAR = Escalation.Step.WARNING / 100
_CLOCKS = {"feedback": "first_feedback_at", "handling": "first_handling_at", "resolve": "resolved_at"}

_OPEN_THEN = """
SELECT cycle.incident_id, was.incident_version
FROM (
    SELECT DISTINCT incident_id FROM incidents_incidentcycle
    WHERE opened_at <= %s AND (closed_at IS NULL OR closed_at > %s) AND incident_id > %s
) cycle
CROSS JOIN LATERAL (
    SELECT incident_version, to_state, unit_id FROM incidents_incidentevent
    WHERE incident_id = cycle.incident_id AND at <= %s
    ORDER BY incident_version DESC LIMIT 1
) was
WHERE was.to_state <> ALL(%s) AND was.unit_id IN ({below})
ORDER BY cycle.incident_id LIMIT %s
"""

_BETWEEN = """
SELECT seq, at, incident_id, incident_version, action, to_state, unit_id IN ({below}) AS is_inside
FROM incidents_incidentevent
WHERE (at, seq) > (%s, %s) AND at <= %s
    AND (unit_id IN ({below}) OR (details ->> 'from_unit')::bigint IN ({below}))
ORDER BY at, seq LIMIT %s
"""

_EVENTS = """
SELECT incident_id, incident_version, at, action, to_state, unit_id,
    details ->> 'former_matter', details ->> 'former_priority', details -> 'deadlines',
    details ->> 'level', (details ->> 'step')::int
FROM incidents_incidentevent WHERE incident_id = ANY(%s::bigint[]) ORDER BY incident_id, incident_version
"""

#: What doesn't change is taken as it is; the rest is where reading back begins.
_CASES = """
SELECT incident.id, incident.observed_at, incident.received_at, ST_X(incident.place) AS lon,
    ST_Y(incident.place) AS lat, incident.outside_m, incident.parent_id AS parent,
    incident.reporter_id IS NULL AS is_by_resident, matter.code AS matter, incident.priority,
    incident.cycle AS last_cycle, cycle.number AS cycle, cycle.opened_at, cycle.closed_at,
    cycle.first_feedback_at, cycle.first_handling_at, cycle.resolved_at,
    cycle.feedback_warn_at, cycle.feedback_due_at, cycle.handling_warn_at, cycle.handling_due_at,
    cycle.resolve_warn_at, cycle.resolve_due_at
FROM incidents_incident incident
JOIN incidents_matter matter ON matter.id = incident.matter_id
JOIN incidents_incidentcycle cycle ON cycle.incident_id = incident.id
WHERE incident.id = ANY(%s::bigint[])
"""


@dataclass(frozen=True, slots=True)
class PastCases:
    """Cards as they were, by the ids of the cases; ``after`` begins the next page, None at the end."""

    cards: list[CardRow]
    after: int | None


@dataclass(frozen=True, slots=True)
class PastEvent:
    """An event, and the case right after it; None if it then left the viewer's subtrees."""

    seq: int
    at: datetime
    incident: int
    action: str
    to_state: str
    card: CardRow | None


@dataclass(frozen=True, slots=True)
class PastEvents:
    """Events in the order of their time; ``after`` is where the next page begins, None at the end."""

    events: list[PastEvent]
    after: tuple[datetime, int] | None


def cases_at(
    scope_roots: Collection[int], grants: Collection[Grant], at: datetime, *, after: int = 0, limit: int
) -> PastCases:
    """Return the cases that were open at a moment in the subtrees below ``scope_roots``."""
    below = descendant_ids(scope_roots)
    with prepared_cursor() as cursor:
        query = _OPEN_THEN.format(below=below.sql)
        cursor.execute(query, [at, at, after, at, sorted(ENDED), *below.params, limit])
        found = cursor.fetchall()
    past = _Past({incident for incident, _version in found}, at)
    cards = [past.card(incident, version, at) for incident, version in found]
    may_see = _sight(cards, past, grants)
    return PastCases([card for card in cards if may_see(card)], found[-1][0] if len(found) == limit else None)


def events_between(  # noqa: PLR0913 - a span, for somebody, in pages
    scope_roots: Collection[int],
    grants: Collection[Grant],
    since: datetime,
    until: datetime,
    *,
    after: tuple[datetime, int] | None = None,
    limit: int,
) -> PastEvents:
    """Return in their order what happened after ``since`` up to ``until`` in these subtrees."""
    below = descendant_ids(scope_roots)
    inside, start = list(below.params), after or (since, 2**62)
    with prepared_cursor() as cursor:
        cursor.execute(_BETWEEN.format(below=below.sql), [*inside, *start, until, *inside, *inside, limit])
        rows = [_Row(*row) for row in cursor.fetchall()]
    past = _Past({row.incident for row in rows}, until)
    cards = [past.card(row.incident, row.version, row.at) for row in rows]
    may_see = _sight(cards, past, grants)
    events = [
        PastEvent(row.seq, row.at, row.incident, row.action, row.to_state, card if row.is_inside else None)
        for row, card in zip(rows, cards, strict=True)
        if may_see(card, is_inside=row.is_inside)
    ]
    return PastEvents(events, (rows[-1].at, rows[-1].seq) if len(rows) == limit else None)


def reported_on_day_until(scope_roots: Collection[int], grants: Collection[Grant], at: datetime) -> int:
    """Return how many cases of that day, in the district's zone, were received by then; as they count now."""
    midnight = timezone.localtime(at, timezone.get_default_timezone()).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    cases = Incident.objects.filter(seen_below(scope_roots, grants), received_at__range=(midnight, at))
    return cases.exclude(state__in=NOT_COUNTED).count()


class _Row(NamedTuple):
    seq: int
    at: datetime
    incident: int
    version: int
    action: str
    to_state: str
    is_inside: bool


@dataclass(frozen=True, slots=True)
class _Event:
    incident: int
    version: int
    at: datetime
    action: str
    to_state: str
    unit: int
    former_matter: str | None
    former_priority: str | None
    deadlines_json: str | None
    level: str | None
    step: int | None

    @property
    def deadlines(self) -> Mapping[str, Sequence[str]]:
        """The old and the new deadline of each clock that the event moved."""
        moved: dict[str, list[str]] = json.loads(self.deadlines_json or "{}")
        return moved


class _Past:
    """The lives of some cases, to be looked at after any of their events. Three queries."""

    def __init__(self, incidents: set[int], when: datetime) -> None:
        self._events: dict[int, list[_Event]] = {}
        self._cycles: dict[tuple[int, int], dict[str, Any]] = {}
        if incidents:
            with prepared_cursor() as cursor:
                cursor.execute(_EVENTS, [sorted(incidents)])
                for row in cursor.fetchall():
                    self._events.setdefault(row[0], []).append(_Event(*row))
                cursor.execute(_CASES, [sorted(incidents)])
                names = [column.name for column in cursor.description]
                for row in cursor.fetchall():
                    case = dict(zip(names, row, strict=True))
                    self._cycles[case["id"], case["cycle"]] = case
        units = {event.unit for events in self._events.values() for event in events}
        self._names = unit_names(units, when)

    def matter_now(self, incident: int) -> str:
        """Return the code of the matter that the case has by now."""
        code: str = self._cycles[incident, 1]["matter"]
        return code

    def card(self, incident: int, version: int, at: datetime) -> CardRow:
        """Return the case as it was at ``at``, its last event being that of ``version``."""
        events = self._events[incident]
        before = [event for event in events if event.version <= version]
        later = [event for event in events if event.version > version]
        last = before[-1]
        reopened = sum(event.action == Action.REOPEN for event in later)
        case = self._cycles[incident, self._cycles[incident, 1]["last_cycle"] - reopened]
        clocks: dict[str, Any] = {
            name: _until(case[name], last.at) for name in (*_CLOCKS.values(), "closed_at")
        }
        deadlines: dict[str, Any] = _deadlines(case, list(takewhile(_goes_on, later)))
        paused_since = _paused_since(before)
        is_late = any(
            clocks[clock] is None and deadlines[f"{name}_due_at"] < (paused_since or at)
            for name, clock in _CLOCKS.items()
        )
        return CardRow(
            id=incident,
            number=case_number(incident, case["received_at"]),
            version=version,
            matter=next(filter(None, (event.former_matter for event in later)), case["matter"]),
            state=last.to_state,
            unit=last.unit,
            unit_name=self._names[last.unit],
            priority=next(filter(None, (event.former_priority for event in later)), case["priority"]),
            escalated_to=_escalated_to(before),
            paused_since=paused_since,
            is_late=is_late and last.to_state not in ENDED,
            **{name: case[name] for name in _CONSTANT},
            **clocks,
            **deadlines,
        )


def _goes_on(event: _Event) -> bool:
    """Whether the case is after the event in the cycle that it was in before."""
    return event.action != Action.REOPEN


#: What of a case and its cycle never changes, or is told by no event.
_CONSTANT = (
    "lon",
    "lat",
    "outside_m",
    "observed_at",
    "received_at",
    "opened_at",
    "parent",
    "is_by_resident",
)


def _until(moment: datetime | None, at: datetime) -> datetime | None:
    return moment if moment is not None and moment <= at else None


def _deadlines(cycle: Mapping[str, Any], later: Sequence[_Event]) -> dict[str, datetime]:
    """Return the deadlines of a cycle before these events, each of which names what it moved."""
    then: dict[str, datetime] = {}
    moves = [event.deadlines for event in later if event.deadlines]
    for name in _CLOCKS:
        near, due = cycle[f"{name}_warn_at"], cycle[f"{name}_due_at"]
        first = next((moved[name] for moved in moves if name in moved), None)
        if first:
            due = datetime.fromisoformat(first[0])
            near = cycle["opened_at"] + _NEAR * (due - cycle["opened_at"])
        then |= {f"{name}_warn_at": near, f"{name}_due_at": due}
    return then


def _paused_since(before: Sequence[_Event]) -> datetime | None:
    """Return since when the clocks stand still: the event by which the case came to wait."""
    waiting = list(takewhile(lambda event: State(event.to_state) in PAUSED, reversed(before)))
    return waiting[-1].at if waiting else None


def _escalated_to(before: Sequence[_Event]) -> str:
    """Return the highest level that had to answer in the running cycle; empty if none had."""
    in_cycle = takewhile(_goes_on, reversed(before))
    levels = [
        Level(event.level)
        for event in in_cycle
        if event.action == Action.ESCALATE and event.level and (event.step or 0) >= Escalation.Step.LATE
    ]
    return min(levels, key=lambda level: level.depth).value if levels else ""


def _sight(cards: Sequence[CardRow], past: _Past, grants: Collection[Grant]) -> Callable[..., bool]:
    """Return what tells of a card among these whether it may be seen with the grants.

    A case that has left the viewer's units (not ``is_inside``) is told as gone to who has any grant for it.
    """
    private = set(Matter.objects.filter(is_private=True).values_list("code", flat=True))

    def codes_of(card: CardRow) -> set[str]:
        return {card.matter, past.matter_now(card.id)} & private

    above = ancestors({card.unit for card in cards if codes_of(card)})

    def may_see(card: CardRow, *, is_inside: bool = True) -> bool:
        codes = codes_of(card)
        units = {unit for code, unit in grants if code in codes}
        if not is_inside:
            return not codes or bool(units)
        return all(any((code, unit) in grants for unit in above[card.unit]) for code in codes)

    return may_see
