"""Cases in templates: spans of time, and where a clock stands."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django import template
from django.utils.translation import gettext as _

from incidents.models import ACTION_LABELS, ACTOR_LABELS, PRIORITY_LABELS, STATE_LABELS
from incidents.selectors.clock_states import BAND_LABELS, Band
from mapui.pages.phases import CLOCK_NAMES, PHASE_OF
from mapui.pages.spans import cut, per_cent, span

if TYPE_CHECKING:
    from incidents.selectors.clock_states import ClockState
    from incidents.selectors.performance import InTime, Times

register = template.Library()
register.filter(span)
register.filter(per_cent)

_LABELS = {
    "state": STATE_LABELS,
    "action": ACTION_LABELS,
    "actor": ACTOR_LABELS,
    "priority": PRIORITY_LABELS,
    "clock": CLOCK_NAMES,
}
#: A share in time below this is drawn as a warning.
_LOW = 0.8


@register.filter
def label(value: str, kind: str) -> str:
    """Return what people read for a word of the workflow: ``kind`` is one of `_LABELS`."""
    return str(_LABELS[kind].get(value, value))  # type: ignore[attr-defined]


@register.filter
def phase(state: str) -> str:
    """Return the phase of a state, which its colour follows."""
    return PHASE_OF[state]  # type: ignore[index]


@register.inclusion_tag("office/cases/includes/clock.html")
def clock(state: ClockState | None) -> dict[str, Any]:
    """Show a clock as a small mark and the time that is left, over, or was taken."""
    if state is None:
        return {"clock": None}
    is_done = state.stopped_at is not None
    late = state.band is Band.LATE
    if is_done:
        words = _("Done late") if late else _("Done in time")
    elif state.is_paused:
        words = _("Paused")
    else:
        words = str(BAND_LABELS[state.band])
    return {
        "clock": state,
        "look": f"{'done-' if is_done else ''}{state.band}",
        "name": CLOCK_NAMES[state.clock],
        "words": words,
        "is_done": is_done,
        "is_late": late,
    }


@register.inclusion_tag("office/cases/includes/in_time.html")
def in_time(figure: InTime) -> dict[str, Any]:
    """Show how many were in time: a number and a bar."""
    rate = figure.rate or 0
    return {
        "kept": figure.kept,
        "known": figure.known,
        "text": per_cent(figure.rate),
        "width": cut(rate),
        "is_low": rate < _LOW,
    }


@register.inclusion_tag("office/cases/includes/median.html")
def median(times: Times) -> dict[str, Any]:
    """Show how long it took: the median, and the 90th percentile smaller beside it."""
    if times.median_s is None or times.p90_s is None:
        return {"median": None}
    return {"median": dt.timedelta(seconds=times.median_s), "p90": dt.timedelta(seconds=times.p90_s)}


@register.filter
def clock_of(states: list[ClockState], name: str) -> ClockState | None:
    """Return the clock of that name; None where a case ended without it."""
    return next((state for state in states if state.clock.value == name), None)
