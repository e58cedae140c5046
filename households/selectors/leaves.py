"""Which unit of the leaf coverage covers each of many places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.contrib.gis.geos import Polygon
from django.db.models.functions import Collate

from households.geometry import first_covering

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from numpy.typing import NDArray

    from gis_grids.models import UnitVersion

NOWHERE: Final = 0
"""In the place of a unit's id, which is never 0."""


@dataclass(frozen=True, slots=True)
class Leaves:
    """Units and their shapes, in the order that decides for a place on a common border.

    It's the rule of `gis_grids.selectors.locate`: the deepest unit, and among equals the code that sorts
    first, byte by byte.
    """

    units: NDArray[np.int64]
    shapes: NDArray[np.object_]

    @classmethod
    def of(cls, versions: QuerySet[UnitVersion]) -> Leaves:
        """Return the units of `versions`, of which none lies below another."""
        ordered = versions.order_by("-depth", Collate("unit__code", "C"))
        rows = list(ordered.values_list("unit_id", AsWKB("boundary")))
        shapes = shapely.from_wkb([bytes(boundary) for _unit, boundary in rows])
        return cls(np.array([unit for unit, _boundary in rows], dtype=np.int64), shapes)

    def covering(self, xs: NDArray[np.float64], ys: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return for each place (lon/lat; NaN: none) the unit that covers it, or `NOWHERE`."""
        # -1, not found, picks the last.
        return np.append(self.units, NOWHERE)[first_covering(xs, ys, self.shapes)]


def units_covering(
    xs: NDArray[np.float64], ys: NDArray[np.float64], versions: QuerySet[UnitVersion]
) -> NDArray[np.int64]:
    """Return for each place (lon/lat; NaN: none) the unit of `versions` that covers it; see `Leaves`."""
    known = ~np.isnan(xs)
    if not known.any():
        return np.full(len(xs), NOWHERE, dtype=np.int64)
    box = Polygon.from_bbox((xs[known].min(), ys[known].min(), xs[known].max(), ys[known].max()))
    return Leaves.of(versions.filter(boundary__bboverlaps=box)).covering(xs, ys)
