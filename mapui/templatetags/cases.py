"""Cases in templates: spans of time, and where a clock stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.utils.translation import gettext as _

from incidents.models import ACTION_LABELS, ACTOR_LABELS, PRIORITY_LABELS, STATE_LABELS
from incidents.selectors.clock_states import BAND_LABELS, Band
from mapui.pages.phases import CLOCK_NAMES, PHASE_OF

if TYPE_CHECKING:
    import datetime as dt

    from incidents.selectors.clock_states import ClockState

register = template.Library()

_LABELS = {
    "state": STATE_LABELS,
    "action": ACTION_LABELS,
    "actor": ACTOR_LABELS,
    "priority": PRIORITY_LABELS,
    "clock": CLOCK_NAMES,
}
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


@register.filter
def span(length: dt.timedelta) -> str:
    """Return a span of time in two units at most: 45 s, 12 min, 3 h 5 min, 2 d 4 h; its sign is left out."""
    seconds = int(abs(length.total_seconds()))
    if seconds < _MINUTE:
        return _("%(s)s s") % {"s": seconds}
    if seconds < _HOUR:
        return _("%(m)s min") % {"m": seconds // _MINUTE}
    if seconds < _DAY and not seconds % _HOUR // _MINUTE:
        return _("%(h)s h") % {"h": seconds // _HOUR}
    if seconds >= _DAY and not seconds % _DAY // _HOUR:
        return _("%(d)s d") % {"d": seconds // _DAY}
    if seconds < _DAY:
        return _("%(h)s h %(m)s min") % {"h": seconds // _HOUR, "m": seconds % _HOUR // _MINUTE}
    return _("%(d)s d %(h)s h") % {"d": seconds // _DAY, "h": seconds % _DAY // _HOUR}


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


@register.filter
def clock_of(states: list[ClockState], name: str) -> ClockState | None:
    """Return the clock of that name; None where a case ended without it."""
    return next((state for state in states if state.clock.value == name), None)
