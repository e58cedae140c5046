"""The figures beside the map, of one unit: counters, the three first times, trends, satisfaction, duty."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final, cast

from django.core.cache import cache
from django.utils import timezone
from ninja import Router

from incidents.selectors import figures, open_grants
from incidents.selectors.performance import By, performance
from incidents.selectors.staffing import staffing
from incidents.selectors.trends import DAYS, trend
from mapui.faces import WALL
from mapui.wall.reach import check_unit, roots_of
from mapui.wall.schemas import PanelsShown
from mapui.wire import DatabaseId  # noqa: TC001 - ninja reads the types at run time

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import User
    from django.http import HttpRequest

    from incidents.selectors.grants import Grant

router = Router()

#: Who asks for the same unit within so many seconds gets the same answer: 200 walls cost as much as one.
_COUNTED_S: Final = 5
#: What a few more cases hardly change.
_TRENDS_S: Final = 30


@router.get("/panels", response=PanelsShown)
def get_panels(request: HttpRequest, unit: DatabaseId | None = None) -> dict[str, Any]:
    """Return the figures of a unit, or of all that the viewer sees."""
    if unit is not None:
        check_unit(request, unit)
    seen = frozenset({unit}) if unit is not None else roots_of(request)
    grants = open_grants(request.user)
    user = cast("User", request.user)
    # Whoever sees the same units by the same grants is told the same.
    key = "-".join([*map(str, sorted(seen)), *(f"{code}.{of}" for code, of in sorted(grants))])
    counted = _kept(f"wall-counted-{key}", lambda: _counted(seen, grants), _COUNTED_S)
    return counted | _kept(f"wall-trends-{key}", lambda: _trends(user, unit, seen), _TRENDS_S)


def _kept(key: str, read: Callable[[], dict[str, Any]], seconds: int) -> dict[str, Any]:
    return cast("dict[str, Any]", cache.get_or_set(key, read, seconds))


def _counted(seen: frozenset[int], grants: frozenset[Grant]) -> dict[str, Any]:
    at = timezone.now()
    return {"at": at, "figures": figures(seen, grants, at), "duty": staffing(seen, at)}


def _trends(user: User, unit: int | None, seen: frozenset[int]) -> dict[str, Any]:
    at = timezone.now()
    day, month = (
        performance(
            user, since=at - dt.timedelta(days=days), until=at, by=By.CLASS, unit_id=unit, kinds=WALL.kinds
        )
        for days in (1, DAYS)
    )
    whole, lately = month.total, day.total
    return {
        "times": {
            name: {"count": spans.count, "median_s": spans.median_s, "p90_s": spans.p90_s}
            | ({"kept": kept.kept, "known": kept.known} if kept else {"kept": None, "known": None})
            for name, spans, kept in (
                ("collection", lately.collection, None),
                ("feedback", lately.feedback, lately.feedback_in_time),
                ("handling", lately.handling, lately.handling_in_time),
                ("resolution", lately.resolution, lately.resolution_in_time),
            )
        },
        "classes": [{"key": group.key, "cases": group.cases} for group in day.groups],
        "satisfaction": {"mean": whole.public_satisfaction, "ratings": whole.ratings},
        "finished": {"of": whole.cases, "count": whole.finished},
        "trend": trend(seen, at),
    }
