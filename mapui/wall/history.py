"""The past, for the wall's replay: what was open at a moment, what happened from then on, when grids changed.

All of it is bounded, comes in pages, and shows no more than the viewer could have seen then and may see now
(`incidents.selectors.past`).
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any, Final

from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router
from pydantic import StringConstraints

from gis_grids.errors import BadInput
from gis_grids.selectors import days_of_change
from incidents.models import IncidentEvent
from incidents.selectors import open_grants
from incidents.selectors.past import cases_at, events_between, reported_on_day_until
from mapui.wall.reach import check_unit, roots_of
from mapui.wall.schemas import DaysShown, MomentShown, PastShown
from mapui.wire import DatabaseId  # noqa: TC001 - ninja reads the types at run time

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.http import HttpRequest

router = Router()

#: So many events, each with its card, are a page, and so many cards of a moment.
PAGE: Final = 500
CARDS: Final = 2000
#: The longest span that is told at once: what is played is a day, at most a month.
LONGEST: Final = dt.timedelta(days=31)

_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND: Final = dt.timedelta(microseconds=1)
#: Where the next page of events begins: microseconds since 1970, and the number of the event.
Cursor = Annotated[str, StringConstraints(pattern=r"^\d{1,16}-\d{1,18}$")]


@router.get("/history", response=PastShown)
def get_history(
    request: HttpRequest,
    since: Annotated[dt.datetime, Query(alias="from")],
    until: Annotated[dt.datetime, Query(alias="to")],
    unit: DatabaseId | None = None,
    after: Cursor | None = None,
) -> dict[str, Any]:
    """Return what happened after ``from`` up to ``to`` (at most now), each event with its case right after.

    ``next`` is the ``after`` of the next page. The district's zone is meant where a time has none.
    """
    start, end = _moment(since), min(_moment(until), timezone.now())
    if end - start > LONGEST:
        raise BadInput(
            "history.span", _("At most %(days)s days are told at once. Ask for less."), {"days": LONGEST.days}
        )
    units = _units(request, unit)
    page = events_between(
        units, open_grants(request.user), start, end, after=_read(after) if after else None, limit=PAGE
    )
    return {"events": page.events, "next": _write(*page.after) if page.after else None}


@router.get("/history/at", response=MomentShown)
def get_moment(
    request: HttpRequest, at: dt.datetime, unit: DatabaseId | None = None, after: DatabaseId | None = None
) -> dict[str, Any]:
    """Return what was open at a moment, in pages, and how many cases of the day had been reported by then."""
    moment, units, grants = min(_moment(at), timezone.now()), _units(request, unit), open_grants(request.user)
    page = cases_at(units, grants, moment, after=after or 0, limit=CARDS)
    today = reported_on_day_until(units, grants, moment)
    return {"at": moment, "cards": page.cards, "today": today, "next": page.after}


@router.get("/history/days", response=DaysShown)
def get_days(request: HttpRequest, unit: DatabaseId | None = None) -> dict[str, Any]:
    """Return the first day of which anything is known, and the days on which grids changed."""
    changes = [{"day": day, "units": units} for day, units in days_of_change(_units(request, unit))]
    first = IncidentEvent.objects.aggregate(first=Min("at"))["first"]
    return {"first": timezone.localdate(first) if first else None, "changes": changes}


def _units(request: HttpRequest, unit: int | None) -> Collection[int]:
    if unit is None:
        return roots_of(request)
    check_unit(request, unit)
    return [unit]


def _moment(at: dt.datetime) -> dt.datetime:
    return timezone.make_aware(at) if timezone.is_naive(at) else at


def _write(at: dt.datetime, seq: int) -> str:
    return f"{(at - _EPOCH) // _MICROSECOND}-{seq}"


def _read(cursor: str) -> tuple[dt.datetime, int]:
    microseconds, seq = map(int, cursor.split("-"))
    return _EPOCH + microseconds * _MICROSECOND, seq
