"""Spans of time, shares and numbers, as people read them."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING, Final

from django.utils import formats
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    import datetime as dt

_MANY: Final = 10
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


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


def cut(share: float) -> float:
    """Return a share from 0 to 1 in per cent with one decimal, cut, never rounded up: 99.96 % is not all."""
    return floor(share * 1000) / 10


def per_cent(share: float | None) -> str:
    """Return a share from 0 to 1 in per cent (`cut`); a dash for nothing."""
    return "–" if share is None else f"{cut(share):g} %"


def number(value: float, digits: int = 0) -> str:
    """Return a number as the reader's language writes it, rounded: Django's own cuts the rest off."""
    return formats.number_format(round(value, digits), digits, force_grouping=True)
