"""The figures at the top of a page: what they are, and what they were in the same number of days before."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

if TYPE_CHECKING:
    from incidents.selectors.performance import Performance, Times

    Value = int | float | dt.timedelta | None


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure with its name, and what it was before; ``turn`` is better, worse or empty."""

    name: str
    kind: Literal["count", "share", "span", "score"]
    now: Value
    before: Value
    turn: str = ""


def tiles(now: Performance, before: Performance, fewest: int = 0) -> list[Tile]:
    """Return the six figures that say how a unit does; counts below ``fewest``, but 0, are left out."""
    rates = now.resolution_in_time.rate, before.resolution_in_time.rate
    reopened = now.reopen_rate, before.reopen_rate
    scores = now.public_satisfaction, before.public_satisfaction
    return [
        Tile(_("Cases"), "count", _told(now.cases, fewest), _told(before.cases, fewest)),
        Tile(_("Resolved in time"), "share", *rates, _turn(*rates)),
        _median(_("First feedback, median"), now.feedback, before.feedback),
        _median(_("Resolution, median"), now.resolution, before.resolution),
        Tile(pgettext("share", "Reopened"), "share", *reopened, _turn(*reversed(reopened))),
        Tile(_("Satisfaction"), "score", *scores, _turn(*scores)),
    ]


def _told(count: int, fewest: int) -> int | None:
    return None if 0 < count < fewest else count


def _median(name: str, now: Times, before: Times) -> Tile:
    turn = _turn(before.median_s, now.median_s)
    return Tile(name, "span", _span(now), _span(before), turn)


def _span(times: Times) -> dt.timedelta | None:
    return None if times.median_s is None else dt.timedelta(seconds=times.median_s)


def _turn(larger: float | None, smaller: float | None) -> str:
    """Say whether it is better that the first is larger; nothing of what isn't known or is alike."""
    if larger is None or smaller is None or larger == smaller:
        return ""
    return "better" if larger > smaller else "worse"
