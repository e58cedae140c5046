"""The workflow of an incident as data (incidents.md 1.1 and 1.3). Pure: no Django, no database.

States, actions, who may do them, what they must be told and which clocks they stop.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime


class State(StrEnum):
    """A state of a case."""

    REPORTED = "reported"
    ACCEPTED = "accepted"
    ASSIGNED = "assigned"
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    NEED_INFO = "need_info"
    EXTERNAL = "external"
    ADMISSION_REVIEW = "admission_review"
    DISTRICT_REVIEW = "district_review"
    ON_HOLD = "on_hold"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    VOID = "void"
    DUPLICATE = "duplicate"
    REOPENED = "reopened"


#: States in which nobody has anything left to do.
ENDED = frozenset({State.CLOSED, State.REJECTED, State.CANCELLED, State.VOID, State.DUPLICATE})

#: States in which the clocks stand still: the case waits for others (incidents.md 1.4), and never longer
#: than the state's limit.
PAUSED = frozenset({State.NEED_INFO, State.ADMISSION_REVIEW, State.DISTRICT_REVIEW})


class Actor(StrEnum):
    """What somebody is for one case: by his posts over its unit, or by his part in it."""

    REPORTER = "reporter"
    ASSIGNEE = "assignee"
    GRID_LEAD = "grid_lead"
    OPERATOR = "operator"
    DISTRICT_LEADER = "district_leader"
    STREET_OFFICE = "street_office"
    SYSTEM = "system"


class Whither(StrEnum):
    """Where an action leads, when it's not to one state."""

    BACK = "back"
    STAYS = "stays"


class Need(StrEnum):
    """What an action must be told."""

    MESSAGE = "message"
    REASON = "reason"
    RESULT = "result"
    DATE = "date"
    ASSIGNEE = "assignee"
    MASTER = "master"
    ITEM = "item"
    PARTS = "parts"
    MATTER = "matter"
    PRIORITY = "priority"
    UNIT = "unit"
    STEP = "step"
    SCORE = "score"


class Priority(StrEnum):
    """How urgent a case is; each has time limits of its own."""

    NORMAL = "normal"
    URGENT = "urgent"
    CRITICAL = "critical"


class Clock(StrEnum):
    """A clock of a cycle; each is set once (incidents.md 1.1)."""

    FEEDBACK = "first_feedback_at"
    HANDLING = "first_handling_at"
    RESOLVED = "resolved_at"
    CLOSED = "closed_at"


class Action(StrEnum):
    """What can be done with a case."""

    ACCEPT = "accept"
    ASSIGN = "assign"
    TAKE = "take"
    SEND_BACK = "send_back"
    SCHEDULE = "schedule"
    ASK = "ask"
    ANSWER = "answer"
    TRANSFER = "transfer"
    TAKE_BACK = "take_back"
    REVIEW = "review"
    ADMIT = "admit"
    REJECT = "reject"
    SELF_HANDLE = "self_handle"
    RESOLVE = "resolve"
    CLOSE = "close"
    CANCEL = "cancel"
    MERGE = "merge"
    UNMERGE = "unmerge"
    REOPEN = "reopen"
    HAND_OVER = "hand_over"
    RECALL = "recall"
    VOID = "void"
    HOLD = "hold"
    RESUME = "resume"
    REQUEST_EXTENSION = "request_extension"
    EXTEND = "extend"
    REFUSE_EXTENSION = "refuse_extension"
    SPLIT = "split"
    RECATEGORISE = "recategorise"
    PRIORITISE = "prioritise"
    MOVE = "move"
    REFER_UP = "refer_up"
    BLACKLIST = "blacklist"
    COMPLETE_STEP = "complete_step"
    REQUEST_REOPEN = "request_reopen"
    FOLLOW_UP = "follow_up"
    RATE = "rate"
    REMIND = "remind"
    ADD_NOTE = "add_note"
    ATTACH = "attach"
    ESCALATE = "escalate"
    REPORT = "report"
    GIVE_FEEDBACK = "give_feedback"
    ABSORB = "absorb"
    RELEASE = "release"


#: What nobody asks for: it's written when another action brings it about. A case begins with REPORT; ABSORB
#: and RELEASE tell the master of a merge, and all who follow it, what came to it and what left it.
CONSEQUENCES = frozenset({Action.REPORT, Action.ABSORB, Action.RELEASE})


#: What happens beside the work on a case. Who decides on the version before it decides on the same case,
#: and whoever does it needs no newest version.
BACKGROUND = frozenset(
    {
        Action.ESCALATE, Action.ATTACH, Action.RATE, Action.ADD_NOTE, Action.REMIND, Action.ABSORB,
        Action.RELEASE,
    }
)  # fmt: skip

#: What only those read who handle cases; whoever is no more than the reporter doesn't see these events.
INTERNAL = frozenset(
    {
        Action.ADD_NOTE, Action.REMIND, Action.SEND_BACK, Action.RECALL, Action.ESCALATE, Action.PRIORITISE,
        Action.REQUEST_EXTENSION, Action.REFUSE_EXTENSION, Action.MOVE,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table: an action leads from any of ``sources`` to ``target``.

    A target may also be BACK, to the state before (out of NEED_INFO and ON_HOLD), or STAYS. ``clocks`` are
    those that the action stops if they still run.
    """

    action: Action
    sources: frozenset[State]
    target: State | Whither
    actors: frozenset[Actor]
    needs: frozenset[Need] = field(default_factory=frozenset)
    clocks: frozenset[Clock] = field(default_factory=frozenset)


#: How long a case may stay in a state before the system moves it on (incidents.md 1.3). What is ON_HOLD
#: goes on when its date has come.
STATE_LIMITS: dict[State, timedelta] = {
    State.NEED_INFO: timedelta(days=5),
    State.ADMISSION_REVIEW: timedelta(days=5),
    State.DISTRICT_REVIEW: timedelta(days=5),
    State.EXTERNAL: timedelta(days=14),
    State.RESOLVED: timedelta(days=14),
}

#: What the system does with a case whose limit is over.
ON_TIMEOUT: dict[State, Action] = {
    State.NEED_INFO: Action.ANSWER,
    State.ADMISSION_REVIEW: Action.REFER_UP,
    State.DISTRICT_REVIEW: Action.SEND_BACK,
    State.EXTERNAL: Action.TAKE_BACK,
    State.RESOLVED: Action.CLOSE,
    State.ON_HOLD: Action.RESUME,
}

#: How long after its end a case can be reopened; what comes later is a new case, linked to it.
REOPEN_WINDOW = timedelta(days=14)
#: How long the link to rate a case is good, from its resolution.
RATING_WINDOW = timedelta(days=14)
#: Into how many parts a case can be split.
MAX_PARTS = 10
#: The worst and the best rating.
SCORES = range(1, 6)

#: States in which nobody is assigned: entering one takes the case from whoever had it.
UNASSIGNED = frozenset(
    {State.REPORTED, State.ACCEPTED, State.ADMISSION_REVIEW, State.DISTRICT_REVIEW, State.REOPENED}
)

#: States in which somebody works on the case, or is to begin.
WORKED_ON = frozenset({State.ASSIGNED, State.SCHEDULED, State.IN_PROGRESS})

#: States in which somebody has the case, whoever may be waited for.
HELD = WORKED_ON | {State.NEED_INFO, State.ON_HOLD, State.EXTERNAL}

#: Needs that the note of the action answers.
NOTE_NEEDS = frozenset({Need.MESSAGE, Need.REASON, Need.RESULT})

_OPEN = frozenset(State) - ENDED
# Still to be done: resolved cases wait for no more than their verification.
_UNRESOLVED = _OPEN - {State.RESOLVED}
# The centre may do what a grid lead may: when a post is vacant, the next one up stands in.
_TRIAGE = frozenset({Actor.GRID_LEAD, Actor.OPERATOR})
# Lead and centre also record what the assignee tells them by radio or telephone.
_HANDLERS = frozenset({Actor.ASSIGNEE}) | _TRIAGE
_STREET = frozenset({Actor.STREET_OFFICE})
_HEAD = frozenset({Actor.DISTRICT_LEADER})
_OFFICES = _STREET | _HEAD
_CENTRE = frozenset({Actor.OPERATOR})
_ASSIGNEE = frozenset({Actor.ASSIGNEE})
_REPORTER = frozenset({Actor.REPORTER})
_SYSTEM = frozenset({Actor.SYSTEM})

# First feedback is the first decision or message of a person that the reporter sees. The automatic
# receipt and what the system does by itself don't count (incidents.md 1.1).
_SEEN = frozenset({Clock.FEEDBACK})
_BEGUN = _SEEN | {Clock.HANDLING}
_DONE = _BEGUN | {Clock.RESOLVED}
_OVER = _SEEN | {Clock.CLOSED}


def _row(  # noqa: PLR0913 - one argument for each column of the table
    action: Action,
    sources: Collection[State],
    target: State | Whither,
    actors: frozenset[Actor],
    *,
    needs: Collection[Need] = (),
    clocks: Collection[Clock] = (),
) -> Transition:
    return Transition(action, frozenset(sources), target, actors, frozenset(needs), frozenset(clocks))


_S, _A, _N = State, Action, Need
_BACK, _STAYS = Whither.BACK, Whither.STAYS

# fmt: off
#: The transition table of incidents.md 1.3. A case begins in REPORTED, by Action.REPORT.
TABLE: tuple[Transition, ...] = (
    # Triage.
    _row(_A.ACCEPT, {_S.REPORTED}, _S.ACCEPTED, _TRIAGE, clocks=_SEEN),
    _row(_A.ASSIGN, {_S.REPORTED, _S.ACCEPTED, _S.ASSIGNED, _S.REOPENED}, _S.ASSIGNED, _TRIAGE,
         needs={_N.ASSIGNEE}, clocks=_SEEN),
    _row(_A.ASSIGN, {_S.REPORTED}, _S.ASSIGNED, _SYSTEM, needs={_N.ASSIGNEE}),
    _row(_A.MERGE, {_S.REPORTED, _S.ACCEPTED}, _S.DUPLICATE, _TRIAGE, needs={_N.MASTER}, clocks=_SEEN),
    _row(_A.UNMERGE, {_S.DUPLICATE}, _S.REPORTED, _TRIAGE, needs={_N.REASON}),
    _row(_A.REVIEW, {_S.REPORTED, _S.ACCEPTED}, _S.ADMISSION_REVIEW, _TRIAGE,
         needs={_N.REASON}, clocks=_SEEN),
    _row(_A.ASK, {_S.ACCEPTED}, _S.NEED_INFO, _TRIAGE, needs={_N.MESSAGE}, clocks=_SEEN),
    _row(_A.CANCEL, {_S.REPORTED}, _S.CANCELLED, _REPORTER, needs={_N.REASON}, clocks={Clock.CLOSED}),
    _row(_A.VOID, _UNRESOLVED, _S.VOID, _CENTRE, needs={_N.REASON}, clocks=_OVER),
    _row(_A.SELF_HANDLE, {_S.REPORTED}, _S.RESOLVED, _REPORTER | _TRIAGE, needs={_N.RESULT}, clocks=_DONE),
    _row(_A.SPLIT, {_S.ACCEPTED, _S.REOPENED, *WORKED_ON}, _STAYS, _TRIAGE, needs={_N.PARTS}, clocks=_SEEN),
    _row(_A.RECATEGORISE, _UNRESOLVED, _STAYS, _TRIAGE, needs={_N.MATTER, _N.REASON}, clocks=_SEEN),
    _row(_A.PRIORITISE, _UNRESOLVED, _STAYS, _TRIAGE, needs={_N.PRIORITY, _N.REASON}),
    _row(_A.MOVE, _OPEN, _STAYS, _TRIAGE, needs={_N.UNIT, _N.REASON}),
    _row(_A.MOVE, _OPEN, _STAYS, _SYSTEM, needs={_N.UNIT}),
    # Admission (准入): whether the matter is the community's at all; the street first, then the district.
    _row(_A.ADMIT, {_S.ADMISSION_REVIEW}, _S.ASSIGNED, _STREET, needs={_N.ASSIGNEE}, clocks=_SEEN),
    _row(_A.REJECT, {_S.ADMISSION_REVIEW}, _S.REJECTED, _STREET, needs={_N.ITEM, _N.REASON}, clocks=_OVER),
    _row(_A.REFER_UP, {_S.ADMISSION_REVIEW}, _S.DISTRICT_REVIEW, _STREET, needs={_N.REASON}, clocks=_SEEN),
    _row(_A.REFER_UP, {_S.ADMISSION_REVIEW}, _S.DISTRICT_REVIEW, _SYSTEM),
    _row(_A.SEND_BACK, {_S.ADMISSION_REVIEW}, _S.ACCEPTED, _STREET, needs={_N.REASON}, clocks=_SEEN),
    _row(_A.ADMIT, {_S.DISTRICT_REVIEW}, _S.ASSIGNED, _HEAD, needs={_N.ASSIGNEE}, clocks=_SEEN),
    _row(_A.REJECT, {_S.DISTRICT_REVIEW}, _S.REJECTED, _HEAD, needs={_N.ITEM, _N.REASON}, clocks=_OVER),
    _row(_A.BLACKLIST, {_S.DISTRICT_REVIEW}, _S.REJECTED, _HEAD, needs={_N.ITEM, _N.REASON}, clocks=_OVER),
    _row(_A.SEND_BACK, {_S.DISTRICT_REVIEW}, _S.ACCEPTED, _HEAD, needs={_N.REASON}, clocks=_SEEN),
    _row(_A.SEND_BACK, {_S.DISTRICT_REVIEW}, _S.ACCEPTED, _SYSTEM),
    # Handling.
    _row(_A.TAKE, {_S.ASSIGNED, _S.SCHEDULED}, _S.IN_PROGRESS, _HANDLERS, clocks=_BEGUN),
    _row(_A.SEND_BACK, {_S.ASSIGNED}, _S.ACCEPTED, _HANDLERS, needs={_N.REASON}, clocks=_SEEN),
    _row(_A.RECALL, {_S.ASSIGNED, _S.SCHEDULED}, _S.ACCEPTED, _TRIAGE, needs={_N.REASON}),
    _row(_A.HAND_OVER, WORKED_ON, _S.ASSIGNED, _HANDLERS, needs={_N.ASSIGNEE, _N.REASON}, clocks=_SEEN),
    # A post is handed over: its open tasks go along as they stand.
    _row(_A.HAND_OVER, HELD, _STAYS, _SYSTEM, needs={_N.ASSIGNEE}),
    _row(_A.SCHEDULE, {_S.ASSIGNED, _S.IN_PROGRESS}, _S.SCHEDULED, _HANDLERS, needs={_N.DATE}, clocks=_SEEN),
    _row(_A.ASK, {_S.IN_PROGRESS}, _S.NEED_INFO, _HANDLERS, needs={_N.MESSAGE}, clocks=_SEEN),
    _row(_A.COMPLETE_STEP, WORKED_ON, _STAYS, _HANDLERS, needs={_N.STEP}, clocks=_SEEN),
    _row(_A.HOLD, {_S.ACCEPTED, *WORKED_ON}, _S.ON_HOLD, _TRIAGE, needs={_N.DATE, _N.REASON}, clocks=_SEEN),
    _row(_A.RESUME, {_S.ON_HOLD}, _BACK, _HANDLERS),
    _row(_A.RESUME, {_S.ON_HOLD}, _BACK, _SYSTEM),
    _row(_A.TRANSFER, {_S.IN_PROGRESS}, _S.EXTERNAL, _HANDLERS, needs={_N.REASON}, clocks=_SEEN),
    _row(_A.RESOLVE, {_S.IN_PROGRESS, _S.SCHEDULED}, _S.RESOLVED, _HANDLERS, needs={_N.RESULT}, clocks=_DONE),
    _row(_A.RESOLVE, {_S.EXTERNAL}, _S.RESOLVED, _CENTRE, needs={_N.RESULT}, clocks=_DONE),
    _row(_A.TAKE_BACK, {_S.EXTERNAL}, _S.IN_PROGRESS, _CENTRE, needs={_N.REASON}, clocks=_SEEN),
    _row(_A.TAKE_BACK, {_S.EXTERNAL}, _S.IN_PROGRESS, _SYSTEM),
    _row(_A.ANSWER, {_S.NEED_INFO}, _BACK, _REPORTER | _TRIAGE, needs={_N.MESSAGE}),
    _row(_A.ANSWER, {_S.NEED_INFO}, _BACK, _SYSTEM),
    # More time: who handles asks for it, who leads decides.
    _row(_A.REQUEST_EXTENSION, {_S.EXTERNAL, *WORKED_ON}, _STAYS, _ASSIGNEE, needs={_N.DATE, _N.REASON}),
    _row(_A.EXTEND, {_S.ACCEPTED, _S.EXTERNAL, _S.ON_HOLD, *WORKED_ON}, _STAYS, _TRIAGE,
         needs={_N.DATE, _N.REASON}, clocks=_SEEN),
    _row(_A.REFUSE_EXTENSION, {_S.EXTERNAL, _S.ON_HOLD, *WORKED_ON}, _STAYS, _TRIAGE, needs={_N.REASON}),
    # The end, and the way back.
    _row(_A.CLOSE, {_S.RESOLVED}, _S.CLOSED, _TRIAGE, clocks=_OVER),
    _row(_A.CLOSE, {_S.RESOLVED}, _S.CLOSED, _SYSTEM, clocks={Clock.CLOSED}),
    _row(_A.RATE, {_S.RESOLVED, _S.CLOSED}, _STAYS, _REPORTER, needs={_N.SCORE}),
    _row(_A.REOPEN, {_S.RESOLVED}, _S.REOPENED, _REPORTER | _TRIAGE, needs={_N.REASON}),
    _row(_A.REOPEN, {_S.CLOSED, _S.REJECTED, _S.CANCELLED, _S.VOID}, _S.REOPENED, _TRIAGE,
         needs={_N.REASON}),
    _row(_A.REQUEST_REOPEN, {_S.CLOSED, _S.REJECTED}, _STAYS, _REPORTER, needs={_N.REASON}),
    _row(_A.FOLLOW_UP, {_S.CLOSED, _S.REJECTED, _S.CANCELLED}, _STAYS, _REPORTER | _TRIAGE,
         needs={_N.REASON}),
    # Words and files, at any time.
    _row(_A.GIVE_FEEDBACK, _OPEN, _STAYS, _HANDLERS | _OFFICES, needs={_N.MESSAGE}, clocks=_SEEN),
    _row(_A.ADD_NOTE, _OPEN | ENDED, _STAYS, _HANDLERS | _OFFICES, needs={_N.MESSAGE}),
    _row(_A.REMIND, _UNRESOLVED, _STAYS, _TRIAGE | _OFFICES, needs={_N.MESSAGE}),
    _row(_A.ATTACH, _OPEN, _STAYS, _REPORTER | _HANDLERS),
    # What was declared in time arrives, even after the end of the case.
    _row(_A.ATTACH, _OPEN | ENDED, _STAYS, _SYSTEM),
    _row(_A.ESCALATE, _OPEN, _STAYS, _SYSTEM),
)
# fmt: on

_BY_ACTION_AND_STATE: dict[tuple[Action, State], list[Transition]] = {}
for _each in TABLE:
    for _source in _each.sources:
        _BY_ACTION_AND_STATE.setdefault((_each.action, _source), []).append(_each)


def rows(action: Action, state: State) -> list[Transition]:
    """Return the rows for an action in a state; more than one only for different actors."""
    return list(_BY_ACTION_AND_STATE.get((action, state), ()))


def find(action: Action, state: State, actors: Collection[Actor]) -> Transition | None:
    """Return the row by which one who is ``actors`` may do the action in the state; None if he may not."""
    return next((row for row in rows(action, state) if not row.actors.isdisjoint(actors)), None)


def actions_for(state: State, actors: Collection[Actor]) -> list[Transition]:
    """Return what one who is ``actors`` may do in the state, in the order of the table."""
    return [row for row in TABLE if state in row.sources and not row.actors.isdisjoint(actors)]


def acting_as(row: Transition, actors: Collection[Actor]) -> Actor:
    """Return which of his parts somebody acts in: the first, in the order of Actor, that the row allows."""
    return next(actor for actor in Actor if actor in row.actors and actor in actors)


def missing(row: Transition, given: Mapping[Need, object]) -> list[Need]:
    """Return what the action must still be told, in the order of Need; ``given`` counts where it is true."""
    return [need for need in Need if need in row.needs and not given.get(need)]


def target_of(row: Transition, state: State, state_before: State | None) -> State:
    """Return the state that the row leads to from ``state``.

    ``state_before`` is the one that NEED_INFO or ON_HOLD was entered from; without it BACK is ACCEPTED.
    """
    if row.target is Whither.STAYS:
        return state
    if row.target is Whither.BACK:
        return state_before or State.ACCEPTED
    return State(row.target)


def stopped(row: Transition, clocks: Mapping[Clock, datetime | None], at: datetime) -> dict[Clock, datetime]:
    """Return the clocks that the row stops at ``at``: those that run; a clock is never set twice."""
    return {clock: at for clock in Clock if clock in row.clocks and clocks.get(clock) is None}


def may_reopen(ended_at: datetime | None, at: datetime) -> bool:
    """Return whether a case that ended then can be reopened at ``at``; one not yet ended always can."""
    return ended_at is None or at - ended_at <= REOPEN_WINDOW
