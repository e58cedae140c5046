"""Which buildings a post can be there for, and which it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import Exists, OuterRef
from django.utils import timezone

from gis_grids.levels import PostKind
from gis_grids.models import UnitVersion
from households.models import Building, Dwelling

if TYPE_CHECKING:
    from django.db.models import QuerySet

#: The posts that have buildings of their own within a unit.
CARERS: Final = frozenset({PostKind.BUILDING_STEWARD, PostKind.ENTRANCE_STEWARD, PostKind.LANE_BUTLER})


def houses_in(unit_id: int) -> QuerySet[Building]:
    """Return the buildings with dwellings that stand in a unit, by code."""
    ground = UnitVersion.objects.filter(
        unit=unit_id, valid__contains=timezone.now(), boundary_3857__covers=OuterRef("spot_3857")
    )
    dwellings = Dwelling.objects.filter(building=OuterRef("pk"))
    houses = Building.objects.filter(Exists(ground), Exists(dwellings)).order_by("code")
    return houses.defer("footprint", "footprint_3857", "spot_3857")
