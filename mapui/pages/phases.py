"""Short words for lists of cases: the states in phases, as the maps show them, and the three clocks."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from incidents.workflow import ENDED, Clock, State


class Phase(StrEnum):
    """A phase; the keys are those of layers/states.js."""

    NEW = "new"
    ACCEPTED = "accepted"
    ASSIGNED = "assigned"
    HANDLING = "handling"
    WAITING = "waiting"
    RESOLVED = "resolved"
    ENDED = "ended"


PHASE_LABELS: Final = {
    Phase.NEW: pgettext_lazy("phase", "New"),
    Phase.ACCEPTED: pgettext_lazy("phase", "Accepted"),
    Phase.ASSIGNED: pgettext_lazy("phase", "Assigned"),
    Phase.HANDLING: pgettext_lazy("phase", "In progress"),
    Phase.WAITING: pgettext_lazy("phase", "Waiting"),
    Phase.RESOLVED: pgettext_lazy("phase", "Resolved"),
    Phase.ENDED: pgettext_lazy("phase", "Ended"),
}

_STATES: Final = {
    Phase.NEW: {State.REPORTED, State.REOPENED},
    Phase.ACCEPTED: {State.ACCEPTED},
    Phase.ASSIGNED: {State.ASSIGNED, State.SCHEDULED},
    Phase.HANDLING: {State.IN_PROGRESS},
    Phase.WAITING: {
        State.NEED_INFO,
        State.EXTERNAL,
        State.ADMISSION_REVIEW,
        State.DISTRICT_REVIEW,
        State.ON_HOLD,
    },
    Phase.RESOLVED: {State.RESOLVED},
    Phase.ENDED: set(ENDED),
}
PHASE_OF: Final = {state: phase for phase, states in _STATES.items() for state in states}

#: The clocks that have a limit.
CLOCK_NAMES: Final = {
    Clock.FEEDBACK: _("Feedback"),
    Clock.HANDLING: _("Handling"),
    Clock.RESOLVED: _("Resolution"),
}


def states_in(phase: Phase) -> frozenset[State]:
    """Return the states of the phase."""
    return frozenset(_STATES[phase])
