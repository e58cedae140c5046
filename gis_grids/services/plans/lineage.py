"""Which unit the ground of a unit came from, written down when a plan is published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from django.db import connection
from shapely import STRtree

from gis_grids.geometry.coordinates import geodesic_areas
from gis_grids.geometry.redraw import CRUMB_M2

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gis_grids.drafts.comparison import Comparison
    from gis_grids.models import Plan

_WRITE: Final = "COPY gis_grids_unitlineage (plan_id, source_id, target_id, area_m2) FROM STDIN"


def write_lineage(plan: Plan, compared: Comparison, unit_of: Mapping[str, int]) -> None:
    """Write for every unit whose ground the plan changes from which units of its level it came, in m²."""
    rows = []
    for level in compared.after.levels:
        before, after = compared.before.at_level(level), compared.after.at_level(level)
        now = {key: compared.after.shape_of(key) for key in after}
        was = {key: compared.before.shape_of(key) for key in before}
        changed = [key for key in now if key not in was or not shapely.equals_exact(now[key], was[key])]
        sources = [key for key in was if key not in now or key in changed]
        for target, source, area in _overlaps({k: now[k] for k in changed}, {k: was[k] for k in sources}):
            origin = before[source].unit_id
            if origin is not None:
                rows.append((origin, unit_of[target], area))
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(_WRITE) as copy:
        for row in rows:
            copy.write_row((plan.pk, *row))


def _overlaps(now: Mapping[str, Any], was: Mapping[str, Any]) -> list[tuple[str, str, float]]:
    """Return (new, old, m²) for each pair of shapes that has more than a crumb of ground in common."""
    if not now or not was:
        return []
    targets, sources = list(now), list(was)
    new, old = np.array(list(now.values()), dtype=object), np.array(list(was.values()), dtype=object)
    a, b = STRtree(old).query(new, predicate="intersects")
    areas = geodesic_areas(shapely.intersection(new[a], old[b]))
    return [
        (targets[i], sources[j], area)
        for i, j, area in zip(a.tolist(), b.tolist(), areas.tolist(), strict=True)
        if area >= CRUMB_M2
    ]
