"""An incident as maps and lists show it: no person in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import DateTimeField, F, FilteredRelation, FloatField, Func, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from gis_grids.selectors import chains
from incidents.models import Incident, case_number
from incidents.workflow import ENDED

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from django.db.models import QuerySet

    from gis_grids.selectors import ChainLink


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


class _Coordinate(Func):
    """One coordinate of a point."""

    arity = 1
    output_field = FloatField()


_CLOCKS = (
    ("first_feedback_at", "feedback_due_at"),
    ("first_handling_at", "handling_due_at"),
    ("resolved_at", "resolve_due_at"),
)


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

    One query for the cases, and one for the chains of units that are not among ``chains_known``.
    """
    rows = card_rows(Incident.objects.filter(pk__in=incident_ids), now, chains_known) if incident_ids else []
    return {row.id: row for row in rows}


def card_rows(
    incidents: QuerySet[Incident],
    now: datetime | None = None,
    chains_known: Mapping[int, tuple[ChainLink, ...]] | None = None,
) -> list[CardRow]:
    """Return the cards of a queryset of cases, in its order; as many queries as `cards`."""
    at = now or timezone.now()
    found = list(
        incidents.annotate(
            lon=_Coordinate("place", function="ST_X"),
            lat=_Coordinate("place", function="ST_Y"),
            current=current_cycle(),
        ).values(
            "id",
            "version",
            "state",
            "lon",
            "lat",
            "outside_m",
            "observed_at",
            "received_at",
            "priority",
            "escalated_to",
            *(f"current__{name}" for clock in _CLOCKS for name in clock),
            *(f"current__{clock}_warn_at" for clock in ("feedback", "handling", "resolve")),
            "current__opened_at",
            "current__closed_at",
            "current__paused_since",
            matter_code=F("matter__code"),
            in_unit=F("unit_id"),
            part_of=F("parent_id"),
            reported_by=F("reporter_id"),
        )
    )
    above = chains_known or {}
    above = {**above, **chains({row["in_unit"] for row in found} - above.keys())}
    return [_card(row, above[row["in_unit"]][-1].name, at) for row in found]


def _card(row: dict[str, Any], unit_name: str, at: datetime) -> CardRow:
    fields = {name.removeprefix("current__"): value for name, value in row.items()}
    until = fields["paused_since"] or at
    is_open = fields["state"] not in ENDED
    return CardRow(
        number=case_number(fields["id"], fields["received_at"]),
        matter=fields.pop("matter_code"),
        unit=fields.pop("in_unit"),
        unit_name=unit_name,
        parent=fields.pop("part_of"),
        is_by_resident=fields.pop("reported_by") is None,
        is_late=is_open and any(fields[clock] is None and fields[due] < until for clock, due in _CLOCKS),
        **fields,
    )
