"""A household in a unit."""

from __future__ import annotations

from datetime import date

from django.contrib.gis.geos import Point

from households.models import Household, HouseholdUnit
from tests.factories import OPEN, inside


def household(unit) -> Household:
    home = Household.objects.create(
        place=Point(*inside(unit), srid=4326), place_source="survey", placed_on=date(2026, 1, 1)
    )
    HouseholdUnit.objects.create(household=home, unit=unit, source="manual", valid=OPEN)
    return home
