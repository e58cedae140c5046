"""What the party has to do with one household: its members, its hub, and who keeps contact with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone

from gis_grids.personal import shown
from households.models import ContactLink, PartyAffiliation, PartyHub, PartyMember, Residence
from households.permissions import named_roots
from households.selectors.party.access import members_below

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

    from gis_grids.permissions import Scope


@dataclass(frozen=True, slots=True)
class Somebody:
    """A member; ``link_id`` is his contact with the household, if that is what he is named for.

    Of a member of another office (not ``is_mine``) there is no page to go to.
    """

    member_id: int
    name: str
    stage: str
    organisation: str
    is_mine: bool
    link_id: int | None = None


@dataclass(frozen=True, slots=True)
class HouseholdParty:
    """The members who live in a household, its hub, and the members who keep contact with it."""

    members: list[Somebody]
    hub_id: int | None
    contacts: list[Somebody]


def party_of(scope: Scope, household_id: int) -> HouseholdParty:
    """Return it for a household that is the office's: who asks has made sure of that. Five queries."""
    today = timezone.localdate()
    living = Residence.objects.filter(household=household_id, days__contains=today)
    links = ContactLink.objects.filter(household=household_id, days__upper_inf=True)
    link_of = dict(links.values_list("member", "pk"))
    hub = PartyHub.objects.filter(household=household_id, days__upper_inf=True)
    at_home = PartyMember.objects.filter(left_on=None, resident__in=living.values("resident"))
    return HouseholdParty(
        members=_people(scope, at_home, {}, lives_here=True),
        hub_id=hub.values_list("pk", flat=True).first(),
        contacts=_people(scope, PartyMember.objects.filter(pk__in=link_of), link_of, lives_here=False),
    )


def _people(
    scope: Scope, members: QuerySet[PartyMember], link_of: Mapping[int, int], *, lives_here: bool
) -> list[Somebody]:
    mine = members_below(named_roots(scope)).filter(pk=OuterRef("pk"))
    belongs = PartyAffiliation.objects.filter(member=OuterRef("pk"), days__upper_inf=True)
    rows = members.annotate(
        is_mine=Exists(mine), organisation=Subquery(belongs.values("organisation__name")[:1])
    )
    return [
        Somebody(
            member_id=row.pk,
            name=shown("households.Resident.name", row.resident.name, in_clear=lives_here or row.is_mine),
            stage=row.get_stage_display(),
            organisation=row.organisation or "",
            is_mine=row.is_mine,
            link_id=link_of.get(row.pk),
        )
        for row in rows.select_related("resident").order_by("pk")
    ]
