"""Tables of the first floor."""

from households.models.access import AccessRecord
from households.models.boards import BoardHanging, BoardPrint, BoardSheet, BuildingCare, NoticeBoard
from households.models.buildings import Building, Dwelling, Entrance
from households.models.changes import HouseholdChange
from households.models.counts import HouseholdCount
from households.models.households import EndedWhy, Household, HouseholdUnit, PlaceSource, Tenure
from households.models.imports import ImportChange, ImportHeading, ImportPart, ImportRow, ImportRun
from households.models.needs import Need
from households.models.parts import BuildingPart
from households.models.residents import Residence, Resident
from households.models.visits import PlaceChange, Visit

__all__ = [
    "AccessRecord",
    "BoardHanging",
    "BoardPrint",
    "BoardSheet",
    "Building",
    "BuildingCare",
    "BuildingPart",
    "Dwelling",
    "EndedWhy",
    "Entrance",
    "Household",
    "HouseholdChange",
    "HouseholdCount",
    "HouseholdUnit",
    "ImportChange",
    "ImportHeading",
    "ImportPart",
    "ImportRow",
    "ImportRun",
    "Need",
    "NoticeBoard",
    "PlaceChange",
    "PlaceSource",
    "Residence",
    "Resident",
    "Tenure",
    "Visit",
]
