"""The households of a building by entrance, floor and room, and the unit of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from gis_grids.selectors import unit_names
from households.models import Household, HouseholdUnit

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Lodged:
    """A household of a building by its dwelling, with the name of its unit ("": none) and why it is there."""

    household_id: int
    entrance: int | None
    floor: int
    room: str
    unit: str
    source: HouseholdUnit.Source | None


def lodged_in(building_id: int, when: datetime | None = None) -> list[Lodged]:
    """Return the households of a building, from the first entrance and the lowest floor on. Two queries.

    Without a word about who they are. Who may read of the building is asked before.
    """
    at = when or timezone.now()
    record = HouseholdUnit.objects.filter(household=OuterRef("pk"), valid__contains=at)
    rows = (
        Household.objects.current()
        .filter(dwelling__building=building_id)
        .annotate(
            unit_now=Subquery(record.values("unit")[:1]), source_now=Subquery(record.values("source")[:1])
        )
        .order_by(
            F("dwelling__entrance__number").asc(nulls_first=True), "dwelling__floor", "dwelling__room", "pk"
        )
        .values_list(
            "pk", "dwelling__entrance__number", "dwelling__floor", "dwelling__room", "unit_now", "source_now"
        )
    )
    found = list(rows)
    names = unit_names({row[4] for row in found if row[4]})
    return [
        Lodged(
            household_id=pk,
            entrance=entrance,
            floor=floor,
            room=room,
            unit=names.get(unit, ""),
            source=HouseholdUnit.Source(source) if source else None,
        )
        for pk, entrance, floor, room, unit, source in found
    ]
