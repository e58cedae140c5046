"""Tables of the first floor."""

from households.models.access import AccessRecord
from households.models.boards import BoardHanging, BoardPrint, BoardSheet, BuildingCare, NoticeBoard
from households.models.buildings import Building, Dwelling, Entrance
from households.models.changes import HouseholdChange
from households.models.contacts import ContactLink, ContactLog, HubMember, PartyHub
from households.models.counts import HouseholdCount
from households.models.households import EndedWhy, Household, HouseholdUnit, PlaceSource, Tenure
from households.models.imports import ImportChange, ImportHeading, ImportPart, ImportRow, ImportRun
from households.models.joint import JointDuty, JointMember
from households.models.needs import Need
from households.models.organisations import Offer, OfferKind, Organisation, OrganisationKind
from households.models.parts import BuildingPart
from households.models.party import (
    PartyAffiliation,
    PartyChange,
    PartyDecision,
    PartyGround,
    PartyMember,
    PartyOrganisation,
    PartyOrganisationKind,
    PartyRole,
)
from households.models.residents import Residence, Resident
from households.models.sentiments import HeardFrom, PublicSentiment, Topic
from households.models.visits import PlaceChange, Visit
from households.models.volunteers import ServiceRecord, TeamMember, Volunteer, VolunteerTeam

__all__ = [
    "AccessRecord",
    "BoardHanging",
    "BoardPrint",
    "BoardSheet",
    "Building",
    "BuildingCare",
    "BuildingPart",
    "ContactLink",
    "ContactLog",
    "Dwelling",
    "EndedWhy",
    "Entrance",
    "HeardFrom",
    "Household",
    "HouseholdChange",
    "HouseholdCount",
    "HouseholdUnit",
    "HubMember",
    "ImportChange",
    "ImportHeading",
    "ImportPart",
    "ImportRow",
    "ImportRun",
    "JointDuty",
    "JointMember",
    "Need",
    "NoticeBoard",
    "Offer",
    "OfferKind",
    "Organisation",
    "OrganisationKind",
    "PartyAffiliation",
    "PartyChange",
    "PartyDecision",
    "PartyGround",
    "PartyHub",
    "PartyMember",
    "PartyOrganisation",
    "PartyOrganisationKind",
    "PartyRole",
    "PlaceChange",
    "PlaceSource",
    "PublicSentiment",
    "Residence",
    "Resident",
    "ServiceRecord",
    "TeamMember",
    "Tenure",
    "Topic",
    "Visit",
    "Volunteer",
    "VolunteerTeam",
]
