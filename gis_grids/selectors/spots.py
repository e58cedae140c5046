"""A unit as a place to point at: the units that can be chosen below it, and a spot in the middle of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from gis_grids.models import Unit, UnitVersion
from gis_grids.selectors.hierarchy import chains, descendant_ids
from gis_grids.selectors.maps import current_versions

if TYPE_CHECKING:
    from datetime import datetime

# The reach is that of the farthest corner, on the sphere: it stands for an accuracy.
_SPOT = """
SELECT ST_X(spot), ST_Y(spot), (
    SELECT max(ST_DistanceSphere(spot, corner.geom)) FROM ST_DumpPoints(boundary) corner
)
FROM (
    SELECT boundary, ST_PointOnSurface(boundary) AS spot
    FROM gis_grids_unitversion WHERE unit_id = %s AND valid @> %s
) version
"""


@dataclass(frozen=True, slots=True)
class Spot:
    """A position well inside a unit (lon/lat, EPSG:4326), and how far the unit reaches from it, in metres."""

    lon: float
    lat: float
    reach_m: float


def spot_in(unit_id: int, when: datetime | None = None) -> Spot | None:
    """Return the spot in a unit at `when` (default: now); None where the unit isn't in force then."""
    with connection.cursor() as cursor:
        cursor.execute(_SPOT, [unit_id, when or timezone.now()])
        row = cursor.fetchone()
    return Spot(*row) if row else None


def unit_for(code: str) -> UnitVersion | None:
    """Return the unit with this code as it is now; where it was dissolved, the smallest still there above it.

    What is printed with a code hangs for years. None when no unit ever had it.
    """
    unit = Unit.objects.filter(code=code).first()
    if unit is None:
        return None
    above = [link.unit_id for link in chains([unit.pk])[unit.pk]]
    return current_versions().filter(unit__in=above).defer("boundary", "boundary_3857").last()


def smallest_units(under: int | None = None) -> QuerySet[UnitVersion]:
    """Return the units in force that have none below them: all, or those of a unit (which may be itself)."""
    now = timezone.now()
    children = UnitVersion.objects.filter(parent=OuterRef("unit"), valid__contains=now)
    units = current_versions(when=now).filter(~Exists(children)).defer("boundary", "boundary_3857")
    return units.filter(unit__in=descendant_ids([under], now)) if under else units
