"""Facilities on the ground of units: by a point inside each, so that none lies on two sides of a border."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.gis.db.models.functions import PointOnSurface

from gis_grids.models import Facility
from gis_grids.selectors.under import lies_under

if TYPE_CHECKING:
    from collections.abc import Collection

    from gis_grids.models.base_map import FacilityQuerySet


def facilities_under(roots: Collection[int]) -> FacilityQuerySet:
    """Return the facilities on the ground of the units, closed ones too, each with its ``spot`` (lon/lat)."""
    return Facility.objects.annotate(spot=PointOnSurface("geometry")).filter(lies_under(roots, "spot"))
