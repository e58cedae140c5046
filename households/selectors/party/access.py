"""The only way to party organisations and members: by an office over the units that they are for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import NotFound
from gis_grids.levels import Level
from gis_grids.models import Unit
from gis_grids.permissions import OFFICE, scope_of
from gis_grids.selectors import descendant_ids
from households.models import (
    ContactLink,
    Household,
    HouseholdUnit,
    PartyAffiliation,
    PartyGround,
    PartyHub,
    PartyMember,
    PartyOrganisation,
    Residence,
    Resident,
)
from households.permissions import named_roots
from households.selectors.coverage import visible

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.contrib.auth.models import AbstractBaseUser
    from django.db.models import QuerySet

    from gis_grids.permissions import Scope


def organisations_below(roots: Collection[int]) -> QuerySet[PartyOrganisation]:
    """Return the organisations that are for a unit below the roots, ended ones too."""
    grounds = PartyGround.objects.filter(unit__in=descendant_ids(roots), days__upper_inf=True)
    return PartyOrganisation.objects.filter(Exists(grounds.filter(organisation=OuterRef("pk"))))


def members_below(roots: Collection[int]) -> QuerySet[PartyMember]:
    """Return the members of these organisations; who has left, by where he was last."""
    own = PartyAffiliation.objects.filter(
        Q(days__upper_inf=True) | Q(days__endswith=OuterRef("left_on")),
        member=OuterRef("pk"),
        organisation__in=organisations_below(roots).values("pk"),
    )
    return PartyMember.objects.filter(Exists(own))


def households_below(roots: Collection[int]) -> QuerySet[Household]:
    """Return the households whose register is kept below the roots."""
    return visible(roots, timezone.now())


def belongs_below(roots: Collection[int], household: str = "pk") -> Exists:
    """Return the condition that a household (the name of a row's field) belongs to a unit below the roots.

    Of many rows it is found out sooner than by `households_below`, which knows of those without a unit too.
    """
    now = timezone.now()
    records = HouseholdUnit.objects.filter(household=OuterRef(household), valid__contains=now)
    return Exists(records.filter(unit__in=descendant_ids(roots, now)))


def hubs_below(roots: Collection[int]) -> QuerySet[PartyHub]:
    """Return the hubs in households that belong, or belonged last, to a unit below the roots."""
    last = HouseholdUnit.objects.filter(household=OuterRef("household")).order_by("-valid")
    hubs = PartyHub.objects.annotate(last_unit=Subquery(last.values("unit")[:1]))
    return hubs.filter(last_unit__in=descendant_ids(roots))


def access_organisation(user: AbstractBaseUser, organisation_id: int) -> PartyOrganisation:
    """Return the organisation. Raises `NotFound` ("party.no_organisation") for none of the user's."""
    roots = named_roots(scope_of(user))
    found = organisations_below(roots).filter(pk=organisation_id).first()
    if found is None:
        raise NotFound("party.no_organisation", _("There is no such party organisation in your area."))
    return found


def access_member(user: AbstractBaseUser, member_id: int) -> PartyMember:
    """Return the member with his resident. Raises `NotFound` ("party.no_member") for none of the user's."""
    roots = named_roots(scope_of(user))
    found = members_below(roots).select_related("resident").filter(pk=member_id).first()
    if found is None:
        raise NotFound("party.no_member", _("There is no such party member in your area."))
    return found


def access_hub(user: AbstractBaseUser, hub_id: int) -> PartyHub:
    """Return the hub. Raises `NotFound` ("party.no_hub") for none of the user's."""
    roots = named_roots(scope_of(user))
    found = hubs_below(roots).select_related("keeper__resident", "household").filter(pk=hub_id).first()
    if found is None:
        raise NotFound("party.no_hub", _("There is no such party hub household in your area."))
    return found


def access_link(user: AbstractBaseUser, link_id: int) -> ContactLink:
    """Return the contact: of a member of the user's. Raises `NotFound` ("party.no_contact")."""
    roots = named_roots(scope_of(user))
    links = ContactLink.objects.filter(member__in=members_below(roots).values("pk"), pk=link_id)
    found = links.select_related("member__resident", "household").first()
    if found is None:
        raise NotFound("party.no_contact", _("There is no such party contact in your area."))
    return found


def access_resident(user: AbstractBaseUser, resident_id: int) -> Resident:
    """Return a resident of a household of the user's. Raises `NotFound` ("party.no_resident")."""
    lives = Residence.objects.filter(resident=resident_id, days__contains=timezone.localdate())
    ours = households_below(named_roots(scope_of(user)))
    if not ours.filter(pk__in=lives.values("household")).exists():
        raise NotFound("party.no_resident", _("There is no such resident in your area."))
    return Resident.objects.get(pk=resident_id)


def approving_roots(scope: Scope) -> frozenset[int]:
    """Return the units whose office approves members: streets and what is above; no community (S0 1)."""
    units = Unit.objects.filter(pk__in=scope.roots(OFFICE))
    high = [level.value for level in Level if level.depth <= Level.STREET.depth]
    return frozenset(units.filter(level__in=high).values_list("pk", flat=True))
