"""The workflow of an incident as data: states, actions, who may do them, what they need and which clock
they set (incidents.md 1.1 and 1.3). Pure: no Django, no database.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


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
    RESOLVED = "resolved"
    CLOSED = "closed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    DUPLICATE = "duplicate"
    REOPENED = "reopened"


#: States in which nobody has anything left to do.
ENDED = frozenset({State.CLOSED, State.REJECTED, State.CANCELLED, State.DUPLICATE})


class Actor(StrEnum):
    """What somebody is for one case: by his posts over its unit, or by his part in it."""

    REPORTER = "reporter"
    ASSIGNEE = "assignee"
    GRID_LEAD = "grid_lead"
    OPERATOR = "operator"
    STREET_OFFICE = "street_office"
    SYSTEM = "system"


class Need(StrEnum):
    """What an action must be told."""

    REASON = "reason"
    RESULT = "result"
    DATE = "date"
    ASSIGNEE = "assignee"
    MASTER = "master"
    ITEM = "item"


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
    REPORT = "report"
    GIVE_FEEDBACK = "give_feedback"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table: an action leads from any of ``sources`` to ``target``.

    ``target`` None means back to the state before (the answer to NEED_INFO) for moves, and "stays as
    it is" for GIVE_FEEDBACK.
    """

    action: Action
    sources: frozenset[State]
    target: State | None
    actors: frozenset[Actor]
    needs: frozenset[Need] = field(default_factory=frozenset)
    clocks: frozenset[Clock] = field(default_factory=frozenset)
