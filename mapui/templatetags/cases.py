"""Cases in templates: spans of time, and where a clock stands."""

from __future__ import annotations

import datetime as dt
from math import floor
from typing import TYPE_CHECKING, Any

from django import template
from django.utils.translation import gettext as _

from incidents.models import ACTION_LABELS, ACTOR_LABELS, PRIORITY_LABELS, STATE_LABELS
from incidents.selectors.clock_states import BAND_LABELS, Band
from mapui.pages.phases import CLOCK_NAMES, PHASE_OF

if TYPE_CHECKING:
    from incidents.selectors.clock_states import ClockState
    from incidents.selectors.performance import InTime, Times

register = template.Library()

_LABELS = {
    "state": STATE_LABELS,
    "action": ACTION_LABELS,
    "actor": ACTOR_LABELS,
    "priority": PRIORITY_LABELS,
    "clock": CLOCK_NAMES,
}
#: A share in time below this is drawn as a warning.
_LOW = 0.8
_MANY = 10
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


@register.filter
def span(length: dt.timedelta) -> str:
    """Return a span of time without its sign: 45 s, 12 min, 3 h 5 min, 17 h, 2 d 4 h, 17 d.

    Ten of a unit and more need no smaller one beside it.
    """
    seconds = int(abs(length.total_seconds()))
    if seconds < _MINUTE:
        return _("%(s)s s") % {"s": seconds}
    if seconds < _HOUR:
        return _("%(m)s min") % {"m": seconds // _MINUTE}
    if seconds < _DAY:
        h, m = seconds // _HOUR, seconds % _HOUR // _MINUTE
        return _("%(h)s h %(m)s min") % {"h": h, "m": m} if m and h < _MANY else _("%(h)s h") % {"h": h}
    d, h = seconds // _DAY, seconds % _DAY // _HOUR
    return _("%(d)s d %(h)s h") % {"d": d, "h": h} if h and d < _MANY else _("%(d)s d") % {"d": d}


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
def per_cent(share: float | None) -> str:
    """Return a share from 0 to 1 in per cent, cut, never rounded up; a dash for nothing."""
    return "–" if share is None else f"{floor(share * 1000) / 10:g} %"


@register.inclusion_tag("office/cases/includes/in_time.html")
def in_time(figure: InTime) -> dict[str, Any]:
    """Show how many were in time: a number and a bar."""
    rate = figure.rate or 0
    return {
        "kept": figure.kept,
        "known": figure.known,
        "text": per_cent(figure.rate),
        "width": floor(rate * 1000) / 10,
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
