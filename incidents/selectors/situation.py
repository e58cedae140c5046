"""The situation in an emergency: what is in its area now, what was done, who has answered, which cases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from django.utils import timezone

from gis_grids.models.shapes import from_stored
from gis_grids.people import mask_name, name_of
from gis_grids.permissions import scope_of
from gis_grids.selectors import area_in, chains, current_versions, smallest_units
from gis_grids.selectors.hierarchy import listed
from incidents.permissions import may_declare_emergency
from incidents.selectors.areas import AreaCount, count_area
from incidents.selectors.cards import CardRow, cards
from incidents.selectors.orders import Answers, answered, answers_of
from incidents.selectors.visible import visible_cases
from incidents.workflow import ENDED

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import AbstractBaseUser
    from shapely import MultiPolygon
    from shapely.geometry.base import BaseGeometry

    from gis_grids.selectors import Area, ChainLink
    from incidents.models import Announcement, Emergency, EmergencyEntry

#: So many cases are listed, the latest first.
MOST_CASES: Final = 200
#: So many units are drawn.
MOST_OUTLINES: Final = 400


@dataclass(frozen=True, slots=True)
class LogRow:
    """What was done, when and by whom; ``details`` are numbers."""

    entry: EmergencyEntry
    actor: str
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """A worker to whom an order went, by his post there; ``read_at`` null: he hasn't read it."""

    post: str
    unit_name: str
    holder: str
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order with its answers, and its workers: those first who haven't read it."""

    order: Announcement
    answers: Answers
    workers: list[WorkerRow]


@dataclass(frozen=True, slots=True)
class Situation:
    """The situation as its reader may know it; people are named for who commands there, masked for others.

    ``area`` is its ground by the boundaries of now, ``count`` what is in it now.
    """

    emergency: Emergency
    chain: tuple[ChainLink, ...]
    at: datetime
    is_on: bool
    may_command: bool
    area: Area
    count: AreaCount
    log: list[LogRow]
    orders: list[OrderRow]
    cases: list[CardRow]
    open_cases: int


def situation(user: AbstractBaseUser, emergency: Emergency) -> Situation:
    """Return the situation in an emergency that the user may see (`access_emergency`), as of now."""
    now = timezone.now()
    chain = chains([emergency.unit_id])[emergency.unit_id]
    may_command = may_declare_emergency(scope_of(user), chain)
    area = area_of(emergency)
    found = visible_cases(user).filter(place__intersects=area.stored, received_at__gte=emergency.term.lower)
    if emergency.term.upper:
        found = found.filter(received_at__lt=emergency.term.upper)
    latest = list(found.order_by("-received_at", "-pk").values_list("pk", flat=True)[:MOST_CASES])
    rows = cards(latest)
    return Situation(
        emergency=emergency,
        chain=chain,
        at=now,
        is_on=now in emergency.term,
        may_command=may_command,
        area=area,
        count=count_area(user, area),
        log=[
            LogRow(entry, _called(entry.actor, in_clear=may_command), entry.details)
            for entry in emergency.entries.select_related("actor")
        ],
        orders=_orders(emergency, in_clear=may_command),
        cases=[rows[pk] for pk in latest],
        open_cases=found.exclude(state__in=ENDED).count(),
    )


def area_of(emergency: Emergency) -> Area:
    """Return the ground of an emergency: its drawn area, or that of its whole unit."""
    if emergency.area:
        shape = emergency.area
    else:
        shape = current_versions().values_list("boundary", flat=True).get(unit=emergency.unit_id)
    return area_in(cast("MultiPolygon", from_stored(shape)), [emergency.unit_id])


def outlines(area: Area) -> list[tuple[str, BaseGeometry]]:
    """Return names and boundaries (lon/lat) of the smallest units with ground in the area, not too many."""
    inside = smallest_units().filter(unit__in=listed(area.unit_ids)).order_by("unit__code")[:MOST_OUTLINES]
    return [(name, from_stored(boundary)) for name, boundary in inside.values_list("name", "boundary")]


def _orders(emergency: Emergency, *, in_clear: bool) -> list[OrderRow]:
    orders = list(answered(emergency.orders.all()).prefetch_related("readings"))
    addressees = {
        order.pk: list(order.addressees.select_related("post", "holder").order_by("post__unit__code", "pk"))
        for order in orders
    }
    units = chains({each.post.unit_id for rows in addressees.values() for each in rows})
    found = []
    for order in orders:
        read = {reading.reader_id: reading.at for reading in order.readings.all()}
        workers = [
            WorkerRow(
                post=str(each.post.get_kind_display()),
                unit_name=units[each.post.unit_id][-1].name,
                holder=_called(each.holder, in_clear=in_clear),
                read_at=read.get(each.holder_id),
            )
            for each in addressees[order.pk]
        ]
        workers.sort(key=lambda row: row.read_at is not None)
        found.append(OrderRow(order, answers_of(order), workers))
    return found


def _called(user: Any, *, in_clear: bool) -> str:  # noqa: ANN401 - Django's user, whatever its model
    return name_of(user) if in_clear else mask_name(name_of(user))
