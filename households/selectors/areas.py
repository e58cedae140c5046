"""Who lives in a drawn area: how many for who commands there, and by name for who keeps the register."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Count, Sum
from django.utils import timezone

from gis_grids.personal import shown
from households.models import Household, Need
from households.permissions import named_roots, register_roots
from households.selectors.coverage import visible

if TYPE_CHECKING:
    from django.contrib.gis.geos import GEOSGeometry
    from django.db.models import QuerySet

    from gis_grids.permissions import Scope

#: In an area with fewer households nobody is told which needs there are: it would be told of whom.
FEWEST_FOR_NEEDS: Final = 10
#: So many households are listed.
MOST_LISTED: Final = 5000


@dataclass(frozen=True, slots=True)
class NeedCount:
    """How many people have a need of a kind, in how many households."""

    kind: str
    households: int
    people: int


@dataclass(frozen=True, slots=True)
class LivingCount:
    """Who lives in an area. ``needs`` is None where the households are so few that it would name them."""

    households: int
    residents: int
    needs: tuple[NeedCount, ...] | None


@dataclass(frozen=True, slots=True)
class HouseholdInside:
    """A household in an area, as its reader may see it; ``needs`` are kinds, unless hidden (None)."""

    household_id: int
    householder: str
    phone: str
    address: str
    building: str
    size: int
    needs: tuple[str, ...] | None
    is_named: bool


def households_in(area: GEOSGeometry) -> QuerySet[Household]:
    """Return the households in an area (lon/lat, EPSG:4326): by their place, or else by their building's."""
    current = Household.objects.current()
    placed = current.filter(place__intersects=area).values("pk")
    unplaced = current.filter(place=None, dwelling__building__footprint__intersects=area)
    return Household.objects.filter(pk__in=placed.union(unplaced.values("pk"), all=True))


def count_living(area: GEOSGeometry) -> LivingCount:
    """Return who lives in an area, whatever his record says: danger asks for no record. Two queries."""
    inside = households_in(area)
    total = inside.aggregate(n=Count("pk"), people=Sum("size", default=0))
    if total["n"] < FEWEST_FOR_NEEDS:
        return LivingCount(total["n"], total["people"], None)
    current = Need.objects.filter(household__in=inside.values("pk"), days__contains=timezone.localdate())
    rows = current.values_list("kind").annotate(households=Count("pk"), people=Sum("people"))
    return LivingCount(total["n"], total["people"], tuple(NeedCount(*row) for row in sorted(rows)))


def listed_in(scope: Scope, area: GEOSGeometry, *, in_clear: bool = False) -> list[HouseholdInside]:
    """Return the households in an area that a person may read of, at most `MOST_LISTED`; with needs first.

    Names, numbers and needs are hidden; ``in_clear`` those under a post that keeps the register are not,
    which is recorded (`households.services.access`).
    """
    now = timezone.now()
    inside = households_in(area).values("pk")
    named: set[int] = set()
    if in_clear and (roots := named_roots(scope)):
        named = set(visible(roots, now).filter(pk__in=inside).values_list("pk", flat=True))
    rows = visible(register_roots(scope), now).filter(pk__in=inside)
    needs: dict[int, list[str]] = {}
    current = Need.objects.filter(household__in=named, days__contains=timezone.localdate())
    for household, kind in current.order_by("kind").values_list("household", "kind"):
        needs.setdefault(household, []).append(kind)
    found = rows.select_related("dwelling__building").order_by("address", "pk")[:MOST_LISTED]
    listed = [_row(row, needs.get(row.pk, []), is_named=row.pk in named) for row in found]
    return sorted(listed, key=lambda row: not row.needs)


def _row(row: Household, needs: list[str], *, is_named: bool) -> HouseholdInside:
    return HouseholdInside(
        household_id=row.pk,
        householder=shown("households.Household.householder", row.householder, in_clear=is_named),
        phone=shown("households.Household.phone", row.phone, in_clear=is_named),
        address=row.address,
        building=str(row.dwelling.building) if row.dwelling else "",
        size=row.size,
        needs=tuple(needs) if is_named else None,
        is_named=is_named,
    )
