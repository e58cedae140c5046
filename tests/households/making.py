"""Small households and buildings for tests."""

from __future__ import annotations

from datetime import date

import shapely
from django.contrib.gis.geos import GEOSGeometry, Point
from shapely import MultiPolygon

from households.models import Building, Household, HouseholdUnit


def household(place, **values):
    """Make a household at the place (lon, lat), or without one."""
    if place is not None:
        values |= {"place": Point(*place, srid=4326), "place_source": "survey", "placed_on": date(2026, 1, 1)}
    return Household.objects.create(**values)


def open_unit(one):
    """Return the id of the unit that the household belongs to now, or None."""
    return (
        HouseholdUnit.objects.filter(household=one, valid__upper_inf=True)
        .values_list("unit", flat=True)
        .first()
    )


def building(shape, **values):
    """Make a building with this footprint (lon/lat)."""
    footprint = GEOSGeometry(memoryview(shapely.to_wkb(MultiPolygon([shape]))), srid=4326)
    return Building.objects.create(footprint=footprint, **values)
