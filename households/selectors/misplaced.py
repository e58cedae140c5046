"""The worklist of places: households without one, or whose point lies outside their building or unit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from django.contrib.gis.db.models import MultiPolygonField, PointField
from django.contrib.gis.db.models.functions import AsGeoJSON, PointOnSurface
from django.db.models import BooleanField, Case, Exists, F, Func, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, Greatest, Least
from django.utils import timezone
from django.utils.translation import gettext

from gis_grids.models import UnitVersion
from gis_grids.permissions import scope_of
from gis_grids.selectors import descendant_ids, unit_names
from households.models import Building, Household, HouseholdUnit
from households.permissions import named_roots
from households.selectors.access import household_not_found
from households.selectors.addresses import address_book, find_address
from households.selectors.coverage import visible

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from django.contrib.auth.models import AbstractBaseUser
    from django.db.models import QuerySet

PAGE_SIZE: Final = 25
#: A point so many metres outside its building's footprint is right: at the door, or as footprints are drawn.
NEAR_M: Final = 5.0
#: A point that is known no better may be off by its accuracy, but by no more than this, in metres.
FAR_M: Final = 30.0


class Fault(StrEnum):
    """What is wrong with the place of a household; the first that applies counts."""

    NO_PLACE = "no_place"
    OUTSIDE_BUILDING = "outside_building"
    OUTSIDE_UNIT = "outside_unit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Misplaced:
    """A household on the worklist; ``building`` and ``unit`` are names, "" where it has none.

    ``fault`` is None for one that is looked at though its place is right.
    """

    household_id: int
    fault: Fault | None
    address: str
    building: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A place that a household may have: a building, by its name, and a point on it (lon/lat, EPSG:4326)."""

    label: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceTask:
    """All that somebody needs to see to say where a household is. Geometry is GeoJSON in lon/lat, or None.

    ``fault`` is None when its place is right by now.
    """

    household_id: int
    fault: Fault | None
    address: str
    building: str
    unit: str
    lon: float | None
    lat: float | None
    source: str
    accuracy_m: float | None
    placed_on: str
    footprint: str | None
    boundary: str | None
    suggestions: tuple[Suggestion, ...]


def worklist(
    user: AbstractBaseUser,
    *,
    faults: Collection[Fault] = tuple(Fault),
    unit_id: int | None = None,
    after: int = 0,
    size: int = PAGE_SIZE,
) -> list[Misplaced]:
    """Return the next households on the worklist of who keeps their register, after that with id ``after``.

    Those with one of the ``faults``; looking for one that nobody has takes longest, so ask for those that
    `count_misplaced` has found. Those below ``unit_id`` only, if given; ended units have none.
    """
    if not faults:
        return []
    now = timezone.now()
    found = _ours(user, unit_id, now).filter(_any_of(faults, now), pk__gt=after).order_by("pk")
    return _rows(list(_with_facts(found, now)[:size]))


def household_to_place(user: AbstractBaseUser, household_id: int) -> Misplaced:
    """Return one household as the worklist shows it, whether anything is wrong with its place or not.

    Raises `NotFound` ("household.not_found") for one whose register the person doesn't keep.
    """
    now = timezone.now()
    found = _rows(list(_with_facts(_ours(user, None, now).filter(pk=household_id), now)))
    if not found:
        raise household_not_found()
    return found[0]


def count_misplaced(user: AbstractBaseUser, unit_id: int | None = None) -> dict[Fault, int]:
    """Return how many households of each fault are on the worklist; a household may have two faults."""
    now = timezone.now()
    ours = _ours(user, unit_id, now)
    return {fault: sum(ours.filter(part).count() for part in _parts(fault, now)) for fault in Fault}


def place_task(user: AbstractBaseUser, household_id: int) -> PlaceTask:
    """Return what is known of where a household is, with places that its address suggests.

    Raises `NotFound` ("household.not_found") for one whose register the person doesn't keep.
    """
    now = timezone.now()
    roots = named_roots(scope_of(user))
    row = _with_facts(_ours(user, None, now).filter(pk=household_id), now).first()
    if row is None:
        raise household_not_found()
    [shown] = _rows([row])
    boundary = UnitVersion.objects.filter(unit=row.unit_now, valid__contains=now)
    footprint = (
        Building.objects.filter(pk=row.dwelling.building_id) if row.dwelling else Building.objects.none()
    )
    return PlaceTask(
        household_id=row.pk,
        fault=Fault(row.fault) if row.fault else None,
        address=row.address,
        building=shown.building,
        unit=shown.unit,
        lon=row.place.x if row.place else None,
        lat=row.place.y if row.place else None,
        source=row.get_place_source_display(),
        accuracy_m=row.place_accuracy_m,
        placed_on=row.placed_on.isoformat() if row.placed_on else "",
        footprint=_geojson(footprint, "footprint"),
        boundary=_geojson(boundary, "boundary"),
        suggestions=_suggestions(row, roots),
    )


def _ours(user: AbstractBaseUser, unit_id: int | None, now: datetime) -> QuerySet[Household]:
    ours = visible(named_roots(scope_of(user)), now)
    if unit_id is None:
        return ours
    below = HouseholdUnit.objects.filter(unit__in=descendant_ids([unit_id], now), valid__contains=now)
    return ours.filter(pk__in=below.values("household"))


def _any_of(faults: Collection[Fault], now: datetime) -> Q:
    condition = Q()
    for fault in faults:
        condition |= _condition(fault, now)
    return condition


def _condition(fault: Fault, now: datetime) -> Q:
    condition = Q()
    for part in _parts(fault, now):
        condition |= part
    return condition


def _parts(fault: Fault, now: datetime) -> list[Q]:
    """Return the ways to have a fault, none of which a household has with another one.

    Each alone is a join for the database; together, with OR between them, they are looked up row by row.
    """
    if fault is Fault.NO_PLACE:
        return [Q(place=None)]
    if fault is Fault.OUTSIDE_BUILDING:
        outside = Q(place__isnull=False, dwelling__isnull=False)
        return [outside & ~Q(dwelling__building__footprint__intersects=F("place")) & Q(_IsBeyond())]
    memberships = HouseholdUnit.objects.filter(household=OuterRef("pk"), valid__contains=now)
    elsewhere = memberships.filter(
        _Misses(F("unit__versions__boundary"), OuterRef("place")),
        unit__versions__valid__contains=now,
        source=HouseholdUnit.Source.GEOMETRY,
    )
    return [Q(~Exists(memberships), place__isnull=False), Q(Exists(elsewhere), place__isnull=False)]


def _with_facts(households: QuerySet[Household], now: datetime) -> QuerySet[Household, Any]:
    cases = [When(_condition(fault, now), then=Value(fault.value)) for fault in Fault]
    membership = HouseholdUnit.objects.filter(household=OuterRef("pk"), valid__contains=now)
    return households.annotate(
        fault=Case(*cases, default=Value("")), unit_now=Subquery(membership.values("unit")[:1])
    ).select_related("dwelling__building", "dwelling__entrance")


def _rows(found: Sequence[Any]) -> list[Misplaced]:
    names = unit_names({row.unit_now for row in found if row.unit_now})
    return [
        Misplaced(
            household_id=row.pk,
            fault=Fault(row.fault) if row.fault else None,
            address=row.address,
            building=str(row.dwelling.building) if row.dwelling else "",
            unit=names.get(row.unit_now, ""),
        )
        for row in found
    ]


def _geojson(rows: QuerySet[Any], field: str) -> str | None:
    shape: str | None = rows.annotate(shape=AsGeoJSON(field)).values_list("shape", flat=True).first()
    return shape


def _suggestions(row: Household, roots: Collection[int]) -> tuple[Suggestion, ...]:
    """Return the door or the building of the household's dwelling, or else those its address may mean."""
    dwelling = row.dwelling
    if dwelling is None:
        found = find_address(row.address, address_book(roots))
        buildings = (
            [found.building_id] if found.building_id else [each.building_id for each in found.candidates]
        )
        return _on_buildings(list(dict.fromkeys(buildings)))
    entrance = dwelling.entrance
    if entrance is not None and entrance.point is not None:
        label = gettext("%(building)s, entrance %(number)s")
        said = label % {"building": dwelling.building, "number": entrance.number}
        return (Suggestion(label=said, lon=entrance.point.x, lat=entrance.point.y),)
    return _on_buildings([dwelling.building_id])


def _on_buildings(ids: Sequence[int]) -> tuple[Suggestion, ...]:
    rows = Building.objects.filter(pk__in=ids).annotate(spot=PointOnSurface("footprint"))
    found = {row.pk: row for row in rows}
    return tuple(
        Suggestion(label=str(found[one]), lon=found[one].spot.x, lat=found[one].spot.y)
        for one in ids
        if one in found
    )


class _Misses(Func):
    """Whether a boundary leaves a point out: asked of the unit that is recorded, no other is looked for."""

    template = "NOT ST_Intersects(%(expressions)s)"
    output_field = BooleanField()


class _IsBeyond(Func):
    """Whether a household's point is farther from its building than its accuracy can account for."""

    template = "NOT ST_DWithin(%(expressions)s)"
    output_field = BooleanField()

    def __init__(self) -> None:
        tolerance = Greatest(Value(NEAR_M), Least(Coalesce(F("place_accuracy_m"), Value(0.0)), Value(FAR_M)))
        super().__init__(
            Cast("dwelling__building__footprint", MultiPolygonField(geography=True)),
            Cast("place", PointField(geography=True)),
            tolerance,
        )
