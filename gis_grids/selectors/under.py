"""What lies on the ground of units, by its place alone: a redraw needs no word to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.gis.geos import Point
from django.db.models import Exists, OuterRef
from django.utils import timezone

from gis_grids.models import UnitVersion

if TYPE_CHECKING:
    from collections.abc import Collection


def lies_under(roots: Collection[int], geometry: str) -> Exists:
    """Return the condition that a row's geometry (a field's name) meets the ground of one of the units."""
    ground = UnitVersion.objects.filter(unit__in=roots, valid__contains=timezone.now())
    return Exists(ground.filter(boundary__intersects=OuterRef(geometry)))


def is_under(roots: Collection[int], lon: float, lat: float) -> bool:
    """Tell whether a place (lon/lat, degrees) is on the ground of one of the units now."""
    ground = UnitVersion.objects.filter(unit__in=roots, valid__contains=timezone.now())
    return ground.filter(boundary__intersects=Point(lon, lat, srid=4326)).exists()
