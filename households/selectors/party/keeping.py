"""With how many households each active member keeps contact, beside what the norm says (宁海 2020)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from gis_grids.norms import NormKind
from gis_grids.selectors.norms import norms_for
from households.models import HouseholdUnit, PartyMember, Residence
from households.selectors.party.norms import Bounds, bounds_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Keeping:
    """With how many households a member keeps contact, and the norm where he lives."""

    contacts: int
    norm: Bounds

    @property
    def fits(self) -> bool:
        """Whether they are as many as they should be."""
        return self.norm.fits(self.contacts)


def asked_members(members: QuerySet[PartyMember]) -> QuerySet[Any, Any]:
    """Return those of the members whom the norm asks, each with ``unit`` (where he lives) and ``kept``.

    Who is old, ill or away is exempt, and nobody is asked before he is admitted.
    """
    now, today = timezone.now(), timezone.localdate()
    home = Residence.objects.filter(resident=OuterRef(OuterRef("resident")), days__contains=today)
    unit = HouseholdUnit.objects.filter(household__in=home.values("household"), valid__contains=now)
    asked = members.filter(left_on=None, attendance=PartyMember.Attendance.ACTIVE)
    return asked.exclude(stage=PartyMember.Stage.PROPOSED).annotate(
        unit=Subquery(unit.values("unit")[:1]),
        kept=Count("contact_links", filter=Q(contact_links__days__upper_inf=True), distinct=True),
    )


def keeping(members: QuerySet[PartyMember]) -> dict[int, Keeping]:
    """Return how each of the members who are asked stands to the norm, by his number. Three queries."""
    rows = list(asked_members(members).values_list("pk", "unit", "kept"))
    norms = _norms(unit for _member, unit, _kept in rows)
    return {member: Keeping(kept, norms.get(unit, Bounds())) for member, unit, kept in rows}


def asked_and_lacking() -> tuple[Counter[int], Counter[int]]:
    """Count, by the unit in which they live, the members who are asked, and those outside the norm."""
    rows = list(asked_members(PartyMember.objects.all()).values_list("unit", "kept"))
    norms = _norms(unit for unit, _kept in rows)
    everybody, lacking = Counter[int](), Counter[int]()
    for unit, kept in rows:
        if unit is not None:
            everybody[unit] += 1
            lacking[unit] += not norms[unit].fits(kept)
    return everybody, lacking


def _norms(units: Iterable[int | None]) -> Mapping[int, Bounds]:
    wanted = {unit for unit in units if unit is not None}
    found = norms_for(wanted)
    return {unit: bounds_of(found.get(unit), NormKind.HOUSEHOLDS_PER_MEMBER) for unit in wanted}
