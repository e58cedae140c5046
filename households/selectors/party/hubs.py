"""Party hub households as the office reads them: how they meet the norm, and whom each could serve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Count, Q
from django.utils import timezone

from gis_grids.norms import NormKind
from gis_grids.permissions import scope_of
from gis_grids.selectors import chains
from gis_grids.selectors.norms import norms_for
from households.models import HouseholdUnit, PartyAffiliation, PartyMember
from households.permissions import named_roots
from households.selectors.party.access import access_hub, hubs_below, members_below
from households.selectors.party.members import member_rows
from households.selectors.party.norms import bounds_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.contrib.auth.models import AbstractBaseUser

    from gis_grids.permissions import Scope
    from gis_grids.selectors import ChainLink
    from households.models import PartyHub
    from households.selectors.party.members import MemberRow
    from households.selectors.party.norms import Bounds

#: So many members of the keeper's organisation are offered to be served.
MOST_OFFERED: Final = 300


@dataclass(frozen=True, slots=True)
class HubRow:
    """A hub that is open: whose home it is, where, and whether it serves as many as it should."""

    id: int
    keeper: str
    address: str
    chain: tuple[ChainLink, ...]
    served: int
    norm: Bounds

    @property
    def fits(self) -> bool:
        """Whether it serves as many members as the norm says."""
        return self.norm.fits(self.served)


@dataclass(frozen=True, slots=True)
class HubPage:
    """A hub, the members whom it serves, and those of the keeper's organisation whom it could serve."""

    hub: PartyHub
    served: list[MemberRow]
    offered: list[MemberRow]


def hub_rows(scope: Scope) -> list[HubRow]:
    """Return the hubs that are open, by the unit that each is in."""
    hubs = hubs_below(named_roots(scope)).filter(days__upper_inf=True)
    rows = list(
        hubs.select_related("keeper__resident", "household").annotate(
            served_now=Count("served", filter=Q(served__days__upper_inf=True))
        )
    )
    units = _units_of({row.household_id for row in rows})
    above, norms = chains(units.values()), norms_for(set(units.values()))
    found = []
    for row in rows:
        unit = units.get(row.household_id, 0)
        found.append(
            HubRow(
                id=row.pk,
                keeper=row.keeper.resident.name,
                address=row.household.address,
                chain=above.get(unit, ()),
                served=row.served_now,
                norm=bounds_of(norms.get(unit), NormKind.MEMBERS_PER_HUB),
            )
        )
    return sorted(found, key=lambda hub: (hub.chain[-1].code if hub.chain else "", hub.id))


def hub_page(user: AbstractBaseUser, hub_id: int) -> HubPage:
    """Return a hub with whom it serves, and could serve. Raises `NotFound` ("party.no_hub")."""
    hub = access_hub(user, hub_id)
    mine = members_below(named_roots(scope_of(user))).filter(left_on=None).select_related("resident")
    mine = mine.exclude(stage=PartyMember.Stage.PROPOSED)
    served = mine.filter(served_by__hub=hub, served_by__days__upper_inf=True)
    beside = PartyAffiliation.objects.filter(days__upper_inf=True).filter(
        organisation__in=hub.keeper.affiliations.filter(days__upper_inf=True).values("organisation")
    )
    offered = mine.filter(pk__in=beside.values("member")).exclude(pk__in=served.values("pk"))
    return HubPage(
        hub,
        member_rows(list(served.order_by("pk"))),
        member_rows(list(offered.exclude(pk=hub.keeper_id).order_by("pk")[:MOST_OFFERED])),
    )


def _units_of(household_ids: Collection[int]) -> dict[int, int]:
    rows = HouseholdUnit.objects.filter(household__in=household_ids, valid__contains=timezone.now())
    return dict(rows.values_list("household", "unit"))
