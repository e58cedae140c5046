"""What goes on by command: emergencies, and what was sent to the workers of an area; with their answers.

Numbers only, and no person: it is for all walls of the place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.gis.db.models.functions import AsGeoJSON
from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from gis_grids.geometry.lattice import DECIMALS
from gis_grids.selectors import chains
from incidents.models import Addressee, Announcement, AnnouncementReading, Emergency

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from gis_grids.selectors import ChainLink


@dataclass(frozen=True, slots=True)
class Answers:
    """To how many people something was sent, and how many of them have read it."""

    addressed: int = 0
    acknowledged: int = 0


@dataclass(frozen=True, slots=True)
class RunningEmergency:
    """An emergency that goes on. ``area`` is GeoJSON (lon/lat), None for the whole unit.

    ``answers`` are those to its latest order; ``orders`` is how many were given.
    """

    id: int
    chain: tuple[ChainLink, ...]
    reason: str
    since: datetime
    area: str | None
    orders: int
    answers: Answers


@dataclass(frozen=True, slots=True)
class RunningBroadcast:
    """Something that was sent to the workers of an area and counts now."""

    id: int
    chain: tuple[ChainLink, ...]
    sent_at: datetime
    until: datetime
    area: str
    answers: Answers


@dataclass(frozen=True, slots=True)
class Running:
    """All that goes on by command, the latest first."""

    emergencies: tuple[RunningEmergency, ...]
    broadcasts: tuple[RunningBroadcast, ...]


def running() -> Running:
    """Return what goes on by command now, everywhere. Two queries if nothing does, else three."""
    now = timezone.now()
    declared = Emergency.objects.filter(term__contains=now).order_by("-term", "-pk")
    emergencies = list(declared.annotate(geojson=AsGeoJSON("area", precision=DECIMALS)))
    sent = Announcement.objects.filter(Q(until__gt=now) | Q(emergency__in=emergencies), area__isnull=False)
    orders = list(answered(sent).annotate(geojson=AsGeoJSON("area", precision=DECIMALS)))
    units = chains({each.unit_id for each in emergencies} | {each.unit_id for each in orders})
    given: dict[int, list[Announcement]] = {each.pk: [] for each in emergencies}
    for order in orders:
        if order.emergency_id in given:
            given[order.emergency_id].append(order)
    return Running(
        tuple(
            RunningEmergency(
                id=each.pk,
                chain=units[each.unit_id],
                reason=each.reason,
                since=each.term.lower,
                area=each.geojson,
                orders=len(given[each.pk]),
                answers=answers_of(given[each.pk][0]) if given[each.pk] else Answers(),
            )
            for each in emergencies
        ),
        tuple(
            RunningBroadcast(
                id=each.pk,
                chain=units[each.unit_id],
                sent_at=each.sent_at,
                until=each.until,
                area=each.geojson,
                answers=answers_of(each),
            )
            for each in orders
            if each.emergency_id is None
        ),
    )


def answers_to(emergency: Emergency) -> dict[str, object]:
    """Return how the orders of an emergency were answered, for its log: by the number of each."""
    return {
        "answers": {
            str(order.pk): [answers.addressed, answers.acknowledged]
            for order in answered(emergency.orders.all())
            for answers in [answers_of(order)]
        }
    }


def answered(announcements: QuerySet[Announcement]) -> QuerySet[Announcement]:
    """Return the announcements for areas with ``addressed`` and ``acknowledged``, the latest first."""
    workers = Addressee.objects.filter(announcement=OuterRef("pk")).order_by().values("announcement")
    readings = AnnouncementReading.objects.filter(announcement=OuterRef("pk")).order_by()
    return announcements.annotate(
        addressed=_first(workers.annotate(n=Count("holder", distinct=True)).values("n")),
        acknowledged=_first(readings.values("announcement").annotate(n=Count("pk")).values("n")),
    ).order_by("-sent_at", "-pk")


def _first(numbers: QuerySet[Any, Any]) -> Coalesce:
    return Coalesce(Subquery(numbers, output_field=IntegerField()), 0)


def answers_of(announcement: Announcement) -> Answers:
    """Return how one of `answered` was answered."""
    return Answers(announcement.addressed, announcement.acknowledged)  # type: ignore[attr-defined]
