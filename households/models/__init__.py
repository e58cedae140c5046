"""Tables of the first floor."""

from households.models.buildings import Building, Dwelling, Entrance
from households.models.households import Household, HouseholdUnit, PlaceSource

__all__ = ["Building", "Dwelling", "Entrance", "Household", "HouseholdUnit", "PlaceSource"]
