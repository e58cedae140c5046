"""Volunteers and their teams under somebody's units, and what was done when. Nobody is ranked."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from django.db.models import Count, DecimalField, Exists, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from gis_grids.personal import shown
from gis_grids.selectors import descendant_ids
from households.models import Residence, Resident, ServiceRecord, Volunteer, VolunteerTeam
from households.permissions import named_roots, register_roots
from households.selectors.party.access import belongs_below

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from gis_grids.permissions import Scope

_NOTHING = Decimal(0)
#: So many residents of one name are offered.
MOST_NAMESAKES: Final = 50


@dataclass(frozen=True, slots=True)
class Person:
    """A volunteer as the reader may know him."""

    name: str
    phone: str
    is_in_clear: bool


@dataclass(frozen=True, slots=True)
class Period:
    """What was done on the days from ``first`` to ``last``: records, hours, and by how many people."""

    records: int
    hours: Decimal
    people: int


@dataclass(frozen=True, slots=True)
class Namesake:
    """A resident of the register whom a volunteer may be."""

    id: int
    name: str
    born_on: dt.date | None
    address: str


def teams_of(scope: Scope) -> QuerySet[VolunteerTeam]:
    """Return the teams that serve under the reader's units now, with how many are in each (``n_members``)."""
    today = timezone.localdate()
    rows = VolunteerTeam.objects.filter(unit__in=descendant_ids(register_roots(scope)), days__contains=today)
    return rows.annotate(n_members=Count("members", filter=Q(members__days__contains=today)))


def volunteers_of(scope: Scope) -> QuerySet[Volunteer]:
    """Return who is registered as a volunteer under the reader's units now."""
    return Volunteer.objects.filter(
        unit__in=descendant_ids(register_roots(scope)), days__contains=timezone.localdate()
    )


def residents_of(scope: Scope) -> QuerySet[Resident]:
    """Return the residents of the households that the reader's office keeps."""
    ours = _lives().filter(belongs_below(named_roots(scope), "household"))
    return Resident.objects.filter(Exists(ours))


def namesakes(scope: Scope, name: str) -> list[Namesake]:
    """Return the residents of the reader's office who are called so, to be told from one another."""
    rows = residents_of(scope).filter(name=name).order_by("pk")
    rows = rows.annotate(address=Subquery(_lives().values("household__address")[:1]))
    told = rows.values_list("pk", "name", "born_on", "address")
    return [Namesake(*row) for row in told[:MOST_NAMESAKES]]


def _lives() -> QuerySet[Residence]:
    return Residence.objects.filter(resident=OuterRef("pk"), days__contains=timezone.localdate())


def records_of(scope: Scope, first: dt.date, last: dt.date) -> QuerySet[ServiceRecord]:
    """Return the records of these days (both included) that count, under the reader's units."""
    return ServiceRecord.objects.filter(
        volunteer__unit__in=descendant_ids(register_roots(scope)),
        done_on__range=(first, last),
        withdrawn_at=None,
    )


def period(records: QuerySet[ServiceRecord]) -> Period:
    """Return what these records come to."""
    hours = Coalesce(Sum("hours"), _NOTHING, output_field=DecimalField())
    total = records.order_by().aggregate(n=Count("pk"), hours=hours, people=Count("volunteer", distinct=True))
    return Period(total["n"], total["hours"], total["people"])


def period_by_team(records: QuerySet[ServiceRecord]) -> list[tuple[str, Period]]:
    """Return what the records of each team come to, by the team's name; "" for what was done in none."""
    rows = records.order_by("team__name").values(name=Coalesce("team__name", Value("")))
    rows = rows.annotate(n=Count("pk"), hours=Sum("hours"), people=Count("volunteer", distinct=True))
    return [(row["name"], Period(row["n"], row["hours"], row["people"])) for row in rows]


def persons(scope: Scope, rows: Iterable[Volunteer]) -> dict[int, Person]:
    """Return each volunteer as the reader may know him: in clear under his own office, else masked."""
    rows = list(rows)
    ours = Volunteer.objects.filter(
        unit__in=descendant_ids(named_roots(scope)), pk__in=[row.pk for row in rows]
    )
    in_clear = set(ours.values_list("pk", flat=True))
    return {
        row.pk: Person(
            shown("households.Volunteer.name", row.name, in_clear=row.pk in in_clear),
            shown("households.Volunteer.phone", row.phone, in_clear=row.pk in in_clear),
            is_in_clear=row.pk in in_clear,
        )
        for row in rows
    }
