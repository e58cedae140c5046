"""An incident as maps and lists show it: no person in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import DateTimeField, F, FilteredRelation, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from gis_grids.prepared import prepared_cursor
from gis_grids.selectors import unit_names
from incidents.models import case_number
from incidents.workflow import ENDED

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from django.db.models import QuerySet

    from gis_grids.selectors import ChainLink
    from incidents.models import Incident


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRow:
    """A case as it is now; clocks and deadlines are those of its current cycle, lon/lat EPSG:4326.

    ``is_by_resident``: reported without account.
    """

    id: int
    number: str
    version: int
    matter: str
    state: str
    lon: float
    lat: float
    unit: int
    unit_name: str
    outside_m: float | None
    observed_at: datetime
    received_at: datetime
    opened_at: datetime
    first_feedback_at: datetime | None
    first_handling_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    feedback_warn_at: datetime
    feedback_due_at: datetime
    handling_warn_at: datetime
    handling_due_at: datetime
    resolve_warn_at: datetime
    resolve_due_at: datetime
    paused_since: datetime | None
    priority: str
    escalated_to: str
    parent: int | None
    is_by_resident: bool
    is_late: bool


_CLOCKS = (
    ("first_feedback_at", "feedback_due_at"),
    ("first_handling_at", "handling_due_at"),
    ("resolved_at", "resolve_due_at"),
)
_DEADLINES = tuple(
    f"{clock}_{mark}_at" for clock in ("feedback", "handling", "resolve") for mark in ("warn", "due")
)
_OF_CYCLE = ("opened_at", *(clock for clock, _due in _CLOCKS), "closed_at", *_DEADLINES, "paused_since")
_OF_INCIDENT = (
    "id",
    "version",
    "state",
    "outside_m",
    "observed_at",
    "received_at",
    "priority",
    "escalated_to",
)
_COLUMNS = {
    **{name: f"incident.{name}" for name in _OF_INCIDENT},
    **{name: f"cycle.{name}" for name in _OF_CYCLE},
    "matter": "matter.code",
    "lon": "ST_X(incident.place)",
    "lat": "ST_Y(incident.place)",
    "unit": "incident.unit_id",
    "parent": "incident.parent_id",
    "is_by_resident": "incident.reporter_id IS NULL",
}

# In SQL, since every look at the feed asks for it.
_CARDS = f"""
SELECT {", ".join(_COLUMNS.values())}
FROM incidents_incident incident
JOIN incidents_matter matter ON matter.id = incident.matter_id
JOIN incidents_incidentcycle cycle ON cycle.incident_id = incident.id AND cycle.number = incident.cycle
WHERE incident.id = ANY(%s::bigint[])
"""  # noqa: S608 - all of it constant


def current_cycle() -> FilteredRelation:
    """Return the join with the cycle that a case runs in; a new one each time, as Django writes into it."""
    return FilteredRelation("cycles", condition=Q(cycles__number=F("cycle")))


def late_at(now: datetime, *, prefix: str) -> Q:
    """Return the condition that a case is open and one of its deadlines has passed with the clock running.

    ``prefix`` is the join with its current cycle. Each clock counts by itself: a short one never hides
    another. While the clocks stand still, what counts is the moment when they were stopped.
    """
    until = Coalesce(F(f"{prefix}__paused_since"), Value(now), output_field=DateTimeField())
    late = Q()
    for clock, due in _CLOCKS:
        late |= Q(**{f"{prefix}__{clock}": None, f"{prefix}__{due}__lt": until})
    return late & ~Q(state__in=ENDED)


def cards(
    incident_ids: Collection[int],
    now: datetime | None = None,
    chains_known: Mapping[int, tuple[ChainLink, ...]] | None = None,
) -> dict[int, CardRow]:
    """Return the cards of the cases by their ids; an id without a case is left out.

    One query for the cases, and one for the names of units that are not among ``chains_known``.
    """
    if not incident_ids:
        return {}
    with prepared_cursor() as cursor:
        cursor.execute(_CARDS, [list(incident_ids)])
        found = [dict(zip(_COLUMNS, row, strict=True)) for row in cursor.fetchall()]
    names = {unit: chain[-1].name for unit, chain in (chains_known or {}).items()}
    names |= unit_names({row["unit"] for row in found} - names.keys())
    at = now or timezone.now()
    return {row["id"]: _card(row, names[row["unit"]], at) for row in found}


def card_rows(incidents: QuerySet[Incident], now: datetime | None = None) -> list[CardRow]:
    """Return the cards of a queryset of cases, in its order. One query more than `cards`."""
    order = list(incidents.values_list("pk", flat=True))
    found = cards(order, now)
    return [found[incident_id] for incident_id in order]


def _card(row: dict[str, Any], unit_name: str, at: datetime) -> CardRow:
    until = row["paused_since"] or at
    is_open = row["state"] not in ENDED
    return CardRow(
        number=case_number(row["id"], row["received_at"]),
        unit_name=unit_name,
        is_late=is_open and any(row[clock] is None and row[due] < until for clock, due in _CLOCKS),
        **row,
    )
