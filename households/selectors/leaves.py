"""Which unit of the leaf coverage covers each of many places."""

from __future__ import annotations

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


def units_covering(
    xs: NDArray[np.float64], ys: NDArray[np.float64], versions: QuerySet[UnitVersion]
) -> NDArray[np.int64]:
    """Return for each place (lon/lat; NaN: none) the unit of `versions` that covers it, or `NOWHERE`.

    On a common border by the rule of `gis_grids.selectors.locate`: the deepest unit, and among equals
    the code that sorts first, byte by byte.
    """
    known = ~np.isnan(xs)
    if not known.any():
        return np.full(len(xs), NOWHERE, dtype=np.int64)
    box = Polygon.from_bbox((xs[known].min(), ys[known].min(), xs[known].max(), ys[known].max()))
    near = versions.filter(boundary__bboverlaps=box).order_by("-depth", Collate("unit__code", "C"))
    rows = list(near.values_list("unit_id", AsWKB("boundary")))
    found = first_covering(xs, ys, shapely.from_wkb([bytes(boundary) for _unit, boundary in rows]))
    units = [unit for unit, _boundary in rows]
    return np.array([*units, NOWHERE], dtype=np.int64)[found]  # -1, not found, picks the last
