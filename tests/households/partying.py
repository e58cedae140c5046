"""A small party for tests: a committee with a branch, members in their homes, and the clerks who keep it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import TYPE_CHECKING

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from gis_grids.levels import Level, PostKind
from gis_grids.services.norms import begin_with_norms
from households.models import (
    Household,
    Need,
    PartyMember,
    PartyOrganisation,
    PartyOrganisationKind,
    Residence,
    Resident,
)
from households.services import home_households
from households.services.party.members import enrol_member
from households.services.party.organisations import found_organisation
from tests.factories import Town, UserFactory, inside, make_town, post
from tests.households.making import household

if TYPE_CHECKING:
    from django.contrib.auth.models import User

BEGUN = date(2024, 1, 1)
Kind = PartyOrganisationKind
_numbers = count(1)


@dataclass
class PartyWorld:
    """The first community has a committee, and its first area a branch; the second community has nothing."""

    town: Town
    clerk: User
    neighbour: User
    street: User
    committee: PartyOrganisation = field(init=False)
    branch: PartyOrganisation = field(init=False)

    def __post_init__(self) -> None:
        self.committee = self.found("Committee", Kind.COMMITTEE, Level.COMMUNITY)
        self.branch = self.found("Branch", Kind.BRANCH, Level.AREA, parent_id=self.committee.pk)

    def found(self, name: str, kind: Kind, level: Level, *, at: int = 0, **told) -> PartyOrganisation:
        unit = self.town.units[level][at]
        told = {"actor": self.clerk, "unit_ids": [unit.pk], "on": BEGUN} | told
        return found_organisation(kind=kind, name=name, **told)

    def home(self, *, at: int = 0, need: bool = False, **values) -> Household:
        """Make a household in a resident group, on request one in need."""
        one = household(inside(self.town.units[Level.RESIDENT_GROUP][at]), **values)
        home_households(household_ids=[one.pk])
        if need:
            days = DateRange(BEGUN, None)
            Need.objects.create(household=one, kind=Need.Kind.ELDERLY, purpose="Meals", days=days)
        return one

    def resident(self, home: Household | None = None, name: str = "") -> Resident:
        one = Resident.objects.create(name=name or f"王{next(_numbers)}")
        home = home or self.home()
        Residence.objects.create(resident=one, household=home, days=DateRange(BEGUN, None))
        return one

    def member(self, home: Household | None = None, **told) -> PartyMember:
        told = {
            "actor": self.clerk,
            "organisation_id": self.branch.pk,
            "stage": PartyMember.Stage.FULL,
            "on": BEGUN,
        } | told
        return enrol_member(resident_id=self.resident(home).pk, **told)


def make_party() -> PartyWorld:
    begin_with_norms()
    town = make_town()
    clerk, neighbour, street = UserFactory(), UserFactory(), UserFactory()
    post(clerk, town.units[Level.COMMUNITY][0], PostKind.OFFICE_CLERK)
    post(neighbour, town.units[Level.COMMUNITY][1], PostKind.OFFICE_CLERK)
    post(street, town.units[Level.STREET][0], PostKind.OFFICE_CLERK)
    return PartyWorld(town, clerk, neighbour, street)


def today() -> date:
    return timezone.localdate()


def days_ago(days: int) -> date:
    return today() - timedelta(days=days)


def marks(home: Household) -> tuple[bool, bool]:
    """Return whether a household is marked as a member's, and as a hub."""
    home.refresh_from_db()
    return home.is_party_member_household, home.is_party_hub_household
