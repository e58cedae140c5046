"""How much comes in and gets done: by the hour of today and yesterday, by the day of a month."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Count, Q
from django.db.models.functions import ExtractHour, TruncDate
from django.utils import timezone

from gis_grids.selectors import descendant_ids
from incidents.models import Incident, IncidentCycle
from incidents.selectors.figures import NOT_COUNTED

if TYPE_CHECKING:
    from collections.abc import Collection

DAYS: Final = 30
_HOURS: Final = 24


@dataclass(frozen=True, slots=True)
class Day:
    """A day in the district's zone: how many cases were received on it, and how many resolved."""

    date: dt.date
    received: int
    resolved: int


@dataclass(frozen=True, slots=True)
class Trend:
    """Cases received by the hour (24 of each day, 0 for what is still to come), and the days up to today.

    ``yesterday_by_now`` is how many were received yesterday up to the same time of the day.
    """

    today: tuple[int, ...]
    yesterday: tuple[int, ...]
    yesterday_by_now: int
    days: tuple[Day, ...]


def trend(scope_roots: Collection[int], now: dt.datetime | None = None) -> Trend:
    """Return the trend of the cases in the subtrees below ``scope_roots``. Four queries.

    Void cases and duplicates don't count, nor do those of private matters, since a small number says whose
    they are. A case that was resolved again after it was reopened counts on both days.
    """
    zone = timezone.get_default_timezone()
    at = now or timezone.now()
    today = timezone.localdate(at, zone)
    yesterday, first = today - dt.timedelta(days=1), today - dt.timedelta(days=DAYS - 1)
    counted = (Q(unit__in=descendant_ids(scope_roots, at)) & Q(matter__is_private=False)) & ~Q(
        state__in=NOT_COUNTED
    )
    cases = Incident.objects.filter(counted, received_at__lte=at)
    hours: dict[tuple[dt.date, int], int] = {}
    by_hour = cases.filter(received_at__gte=_midnight(yesterday)).annotate(
        day=TruncDate("received_at", tzinfo=zone), hour=ExtractHour("received_at", tzinfo=zone)
    )
    for day, hour, count in by_hour.order_by().values_list("day", "hour").annotate(count=Count("pk")):
        hours[day, hour] = count
    received = cases.filter(received_at__gte=_midnight(first)).annotate(
        day=TruncDate("received_at", tzinfo=zone)
    )
    resolved = IncidentCycle.objects.filter(
        incident__in=Incident.objects.filter(counted),
        resolved_at__gte=_midnight(first),
        resolved_at__lte=at,
    ).annotate(day=TruncDate("resolved_at", tzinfo=zone))
    came, done = (
        dict(rows.order_by().values_list("day").annotate(count=Count("pk"))) for rows in (received, resolved)
    )
    by_now = Q(received_at__gte=_midnight(yesterday), received_at__lte=at - dt.timedelta(days=1))
    dates = [first + dt.timedelta(days=n) for n in range(DAYS)]
    return Trend(
        tuple(hours.get((today, hour), 0) for hour in range(_HOURS)),
        tuple(hours.get((yesterday, hour), 0) for hour in range(_HOURS)),
        cases.filter(by_now).count(),
        tuple(Day(date, came.get(date, 0), done.get(date, 0)) for date in dates),
    )


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), timezone.get_default_timezone())
