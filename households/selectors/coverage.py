"""Coverage: which households are in exactly one leaf unit, and what keeps the others out.

A household is *settled* when its open record names a leaf unit in force, or a unit that no polygon can
express (a resident group that is some floors of a tower). All others are *unsettled* and listed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import numpy as np
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from gis_grids.errors import NotFound
from gis_grids.models import UnitVersion
from gis_grids.personal import shown
from gis_grids.selectors import ancestors, descendant_ids, leaf_versions, locate
from households.models import Household, HouseholdUnit
from households.permissions import is_topmost, named_roots, register_roots
from households.selectors.leaves import NOWHERE, units_covering

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from gis_grids.permissions import Scope
    from gis_grids.selectors import Located

PAGE_SIZE: Final = 25


class Why(StrEnum):
    """What keeps a household out of a leaf unit."""

    NO_PLACE = "no_place"
    OUTSIDE = "outside"
    GAP = "gap"
    UNIT_ENDED = "unit_ended"
    UNIT_DIVIDED = "unit_divided"


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many households the scope has, how many of them have a place, how many are in exactly one unit."""

    households: int
    with_place: int
    settled: int

    @property
    def unsettled(self) -> int:
        """How many are on the list of those without a unit."""
        return self.households - self.settled


@dataclass(frozen=True, slots=True)
class UnitCount:
    """The households in and below a unit; `settled` of them in exactly one leaf."""

    households: int = 0
    settled: int = 0
    party: int = 0

    def plus(self, other: UnitCount) -> UnitCount:
        """Return the sum."""
        return UnitCount(
            self.households + other.households, self.settled + other.settled, self.party + other.party
        )


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A household without a leaf unit, as its reader may see it; `near` is the name of the unit meant.

    `metres` is the distance to the nearest unit (``outside``), else None.
    """

    household_id: int
    householder: str
    phone: str
    address: str
    why: Why
    near: str = ""
    metres: float | None = None


def coverage(scope: Scope, when: datetime | None = None) -> Coverage:
    """Return the coverage of what the scope's holder may read of the register, at `when` (default: now)."""
    at = when or timezone.now()
    counts = visible(register_roots(scope), at).aggregate(
        households=Count("pk"),
        with_place=Count("pk", filter=Q(place__isnull=False)),
        settled=Count("pk", filter=_is_settled(at)),
    )
    return Coverage(**counts)


def unsettled_page(
    scope: Scope, page: int = 1, when: datetime | None = None, size: int = PAGE_SIZE
) -> list[Unsettled]:
    """Return a page (the first is 1) of the households that are in no leaf unit, with the reason for each.

    Personal fields are masked, but for households under a post that keeps the register.
    """
    at = when or timezone.now()
    roots, in_clear = register_roots(scope), named_roots(scope)
    unsettled = visible(roots, at).filter(~_is_settled(at)).order_by("pk")
    rows = list(unsettled[(page - 1) * size : page * size])
    ids = [row.pk for row in rows]
    named = set(ids)
    if in_clear != roots:
        named = set(visible(in_clear, at).filter(pk__in=ids).values_list("pk", flat=True))
    records = HouseholdUnit.objects.filter(household__in=ids, valid__contains=at)
    record_of = dict(records.values_list("household", "unit"))
    placed = [row for row in rows if row.place is not None]
    where = dict(zip((row.pk for row in placed), _locate(placed, at), strict=True))
    in_force = set(_in_force(at).filter(unit__in=record_of.values()).values_list("unit", flat=True))
    return [
        _unsettled(
            row, _why(row, record_of.get(row.pk), in_force, where.get(row.pk)), where.get(row.pk), named
        )
        for row in rows
    ]


def unit_counts(scope: Scope, when: datetime | None = None) -> dict[int, UnitCount]:
    """Return the counts of every unit that has households and lies in the scope, by the unit's id.

    Households that no leaf has count for the smallest unit that covers their place. The counts of a
    unit include those of all units below it.
    """
    at = when or timezone.now()
    roots = register_roots(scope)
    counts = _settled_counts(roots, at)
    for unit, more in _unsettled_counts(at).items():
        counts[unit] = counts.get(unit, UnitCount()).plus(more)
    summed: dict[int, UnitCount] = {}
    for unit, chain in ancestors(counts, at).items():
        seen = next((n for n, above in enumerate(chain) if above in roots), len(chain))
        for above in chain[seen:]:
            summed[above] = summed.get(above, UnitCount()).plus(counts[unit])
    return summed


def _in_force(at: datetime) -> QuerySet[UnitVersion]:
    return UnitVersion.objects.filter(valid__contains=at)


def _settling(at: datetime) -> QuerySet[HouseholdUnit]:
    """Return the records that settle a household: in a leaf in force, or in a unit without any polygon."""
    leaf = Q(unit__in=leaf_versions(at).values("unit"))
    drawn = UnitVersion.objects.filter(unit=OuterRef("unit"))
    return HouseholdUnit.objects.filter(leaf | ~Exists(drawn), valid__contains=at)


def _is_settled(at: datetime) -> Q:
    # A plain list of ids: the database reads it once, where EXISTS would be asked for every household.
    return Q(pk__in=_settling(at).values("household"))


def visible(roots: Collection[int], at: datetime) -> QuerySet[Household]:
    """Return the households that belong to a unit under the roots, or lie in one of them without a record.

    Those that lie in no unit at all, or nowhere, are for the topmost readers (`is_topmost`).
    """
    recorded = HouseholdUnit.objects.filter(valid__contains=at)
    ours = recorded.filter(unit__in=descendant_ids(roots, at))
    covering = _in_force(at).filter(boundary__intersects=OuterRef("place"))
    ours_to_settle = Q(Exists(covering.filter(unit__in=roots)))
    if is_topmost(roots, at):
        ours_to_settle |= Q(~Exists(covering.filter(parent=None)))
    unrecorded = ~Q(pk__in=recorded.values("household"))
    found = Q(pk__in=ours.values("household")) | (unrecorded & ours_to_settle)
    return Household.objects.current().filter(found)


def _settled_counts(roots: Collection[int], at: datetime) -> dict[int, UnitCount]:
    members = Count("pk", filter=Q(household__is_party_member_household=True))
    ours = _settling(at).filter(unit__in=descendant_ids(roots, at))
    rows = ours.values("unit").annotate(total=Count("pk"), party=members).order_by()
    counts = rows.values_list("unit", "total", "party")
    return {unit: UnitCount(total, total, party) for unit, total, party in counts}


def _unsettled_counts(at: datetime) -> dict[int, UnitCount]:
    unsettled = Household.objects.current().filter(~_is_settled(at), place__isnull=False)
    rows = list(unsettled.values_list("place", "is_party_member_household"))
    places = np.array([place.coords for place, _party in rows if place]).reshape(-1, 2)
    units = units_covering(places[:, 0], places[:, 1], _in_force(at))
    counts: dict[int, UnitCount] = {}
    for unit, (_place, party) in zip(units.tolist(), rows, strict=True):
        counts[unit] = counts.get(unit, UnitCount()).plus(UnitCount(1, 0, int(party)))
    counts.pop(NOWHERE, None)
    return counts


def _locate(placed: Sequence[Household], at: datetime) -> list[Located | None]:
    try:
        return list(locate([(row.place.x, row.place.y) for row in placed if row.place], at))
    except NotFound:  # no units at all
        return [None] * len(placed)


def _why(row: Household, record: int | None, in_force: set[int], where: Located | None) -> Why:
    if record is not None:
        return Why.UNIT_DIVIDED if record in in_force else Why.UNIT_ENDED
    if row.place is None:
        return Why.NO_PLACE
    return Why.GAP if where and where.outside_m is None else Why.OUTSIDE


def _unsettled(row: Household, why: Why, where: Located | None, named: set[int]) -> Unsettled:
    is_named = row.pk in named
    return Unsettled(
        household_id=row.pk,
        householder=shown("households.Household.householder", row.householder, in_clear=is_named),
        phone=shown("households.Household.phone", row.phone, in_clear=is_named),
        address=row.address,
        why=why,
        near=where.chain[-1].name if where else "",
        metres=where.outside_m if where else None,
    )
