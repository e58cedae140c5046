"""The feed of what happened, in order, without gap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis_grids.selectors import ancestors
from incidents.models import FeedCounter, IncidentEvent

if TYPE_CHECKING:
    from datetime import datetime


_EVENT = ("seq", "at", "incident_id", "action", "to_state", "unit_id")


@dataclass(frozen=True, slots=True)
class FeedRow:
    """One event. ``ancestors`` are the ids of the event's unit and all above it, from the top down."""

    seq: int
    at: datetime
    incident_id: int
    action: str
    to_state: str
    unit_id: int
    ancestors: tuple[int, ...]
    reporter_id: int


@dataclass(frozen=True, slots=True)
class FeedBatch:
    """Events in their order, and the position after the last of them."""

    position: int
    events: list[FeedRow]


def feed_position() -> int:
    """Return the number of the last event; 0 before the first."""
    return FeedCounter.objects.values_list("position", flat=True).first() or 0


def feed_after(position: int, limit: int) -> FeedBatch:
    """Return the events after ``position``, in order, at most ``limit``; two queries.

    The numbers follow each other without gap, so who has applied the batch has missed nothing up to its
    ``position``. With nothing new the batch is empty and its position the one asked for: a position
    beyond `feed_position` is not of this feed, and its listener needs a snapshot.
    """
    rows = list(
        IncidentEvent.objects.filter(seq__gt=position)
        .order_by("seq")
        .values(*_EVENT, "incident__reporter_id")[:limit]
    )
    above = ancestors({row["unit_id"] for row in rows})
    events = [
        FeedRow(ancestors=above[row["unit_id"]], reporter_id=row.pop("incident__reporter_id"), **row)
        for row in rows
    ]
    return FeedBatch(events[-1].seq if events else position, events)
