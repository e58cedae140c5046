"""Whom a worker has to visit, and what came of former visits. Names leave the server masked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.contrib.gis.db.models.functions import PointOnSurface
from django.db.models import F, FloatField, Func, OuterRef, Subquery
from django.utils import timezone

from gis_grids.people import name_of
from gis_grids.permissions import scope_of
from gis_grids.personal import shown
from gis_grids.selectors import descendant_ids
from households.models import Building, HouseholdUnit, Visit
from households.permissions import visit_roots
from households.selectors.access import access_household

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import AbstractBaseUser
    from django.db.models import QuerySet

#: A household that nobody has met for longer is due. No rule sets this time: offices plan by the quarter.
DUE_AFTER: Final = timedelta(days=90)
#: More households than that nobody visits; a telephone keeps them all.
MOST_TO_VISIT: Final = 5000
#: So many former visits of a household are shown.
MOST_VISITS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ToVisit:
    """A household as who visits it sees it; the name is masked. ``lon``/``lat`` is its place (EPSG:4326).

    ``last_at`` and ``last_result`` are of the last visit, ``met_at`` is when somebody was last at home. Unit
    is the one that it belongs to; entrance, floor and room are those of its dwelling, where known.
    """

    id: int
    householder: str
    address: str
    size: int
    unit: int
    building: int | None
    entrance: int | None
    floor: int | None
    room: str
    lon: float | None
    lat: float | None
    place_source: str
    accuracy_m: float | None
    last_at: datetime | None
    last_result: str
    met_at: datetime | None
    is_due: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitedBuilding:
    """A building with households to visit; ``lon``/``lat`` is a point on it (EPSG:4326)."""

    id: int
    name: str
    address: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Round:
    """Whom somebody visits, due ones first, and the buildings. ``left_out`` is how many more there are."""

    households: list[ToVisit]
    buildings: list[VisitedBuilding]
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRow:
    """A former visit; ``visitor`` is who came, ``follow_up`` the id of the report that came out of it."""

    id: str
    at: datetime
    result: str
    note: str
    visitor: str
    follow_up: str


class _Coordinate(Func):
    arity = 1
    output_field = FloatField()


def households_to_visit(user: AbstractBaseUser, now: datetime | None = None) -> Round:
    """Return the households below the user's posts that visit, those never or longest not met first.

    At most `MOST_TO_VISIT`, in four queries; none of the households if he has no such post.
    """
    at = now or timezone.now()
    roots = visit_roots(scope_of(user))
    if not roots:
        return Round([], [], 0)
    below = HouseholdUnit.objects.filter(unit__in=descendant_ids(roots, at), valid__contains=at)
    total = below.count()
    rows = list(_rows(below)[:MOST_TO_VISIT])
    found = [_to_visit(row, at) for row in rows]
    return Round(found, _buildings({one.building for one in found if one.building}), total - len(found))


def _rows(below: QuerySet[HouseholdUnit]) -> QuerySet[HouseholdUnit, Any]:
    last = Visit.objects.filter(household=OuterRef("household")).order_by("-at")
    met = last.exclude(result=Visit.Result.NOT_AT_HOME)
    return (
        below.annotate(
            lon=_Coordinate("household__place", function="ST_X"),
            lat=_Coordinate("household__place", function="ST_Y"),
            last_at=Subquery(last.values("at")[:1]),
            last_result=Subquery(last.values("result")[:1]),
            met_at=Subquery(met.values("at")[:1]),
        )
        .order_by(F("met_at").asc(nulls_first=True), "household")
        .values(
            "lon",
            "lat",
            "last_at",
            "last_result",
            "met_at",
            "unit",
            "household",
            householder=F("household__householder"),
            address=F("household__address"),
            size=F("household__size"),
            building=F("household__dwelling__building"),
            entrance=F("household__dwelling__entrance__number"),
            floor=F("household__dwelling__floor"),
            room=F("household__dwelling__room"),
            place_source=F("household__place_source"),
            accuracy_m=F("household__place_accuracy_m"),
        )
    )


def _to_visit(row: dict[str, Any], at: datetime) -> ToVisit:
    met_at = row["met_at"]
    said = {
        "id": row.pop("household"),
        "householder": shown("households.Household.householder", row["householder"], in_clear=False),
        "room": row["room"] or "",
        "last_result": row["last_result"] or "",
        "is_due": met_at is None or met_at < at - DUE_AFTER,
    }
    return ToVisit(**{**row, **said})


def _buildings(ids: set[int]) -> list[VisitedBuilding]:
    points = Building.objects.filter(pk__in=ids).annotate(on_it=PointOnSurface("footprint"))
    rows = points.annotate(
        lon=_Coordinate("on_it", function="ST_X"), lat=_Coordinate("on_it", function="ST_Y")
    )
    return [
        VisitedBuilding(**row) for row in rows.order_by("pk").values("id", "name", "address", "lon", "lat")
    ]


def visits_of(user: AbstractBaseUser, household_id: int) -> list[VisitRow]:
    """Return the last visits to a household that the user visits, the latest first; at most `MOST_VISITS`.

    Raises `NotFound` as `access_household` does.
    """
    access_household(user, household_id)
    return visit_rows(household_id)


def visit_rows(household_id: int) -> list[VisitRow]:
    """Return the last visits to a household, for who may read of them; at most `MOST_VISITS`."""
    visits = Visit.objects.filter(household=household_id).select_related("visitor").order_by("-at")
    return [
        VisitRow(
            id=str(visit.pk),
            at=visit.at,
            result=visit.result,
            note=visit.note,
            visitor=name_of(visit.visitor),
            follow_up=str(visit.follow_up or ""),
        )
        for visit in visits[:MOST_VISITS]
    ]
