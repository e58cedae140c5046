"""Which unit the ground of a unit came from, written down when a plan is published."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from django.db import connection
from shapely import STRtree

from gis_grids.drafts import SCOPE
from gis_grids.geometry.coordinates import geodesic_areas
from gis_grids.geometry.redraw import CRUMB_M2

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from gis_grids.drafts.comparison import Comparison
    from gis_grids.models import Plan

    Shared = tuple[str, str, float]
    """A leaf before, a leaf after, and the m² that they have in common."""

_WRITE: Final = "COPY gis_grids_unitlineage (plan_id, source_id, target_id, area_m2) FROM STDIN"


def write_lineage(
    plan: Plan, compared: Comparison, unit_of: Mapping[str, int], shared: Sequence[Shared]
) -> None:
    """Write for every unit whose ground the plan changes from which units of its level it came, in m².

    ``shared`` is the `shared_ground` of both sides.
    """
    rows = []
    for level in compared.after.levels:
        before, after = compared.before.at_level(level), compared.after.at_level(level)
        now = {key: compared.after.shape_of(key) for key in after}
        was = {key: compared.before.shape_of(key) for key in before}
        changed = {key for key in now if key not in was or not shapely.equals_exact(now[key], was[key])}
        out_of, into = compared.before.on_level(level), compared.after.on_level(level)
        areas: dict[tuple[str, str], float] = defaultdict(float)
        for old, new, area in shared:
            areas[out_of.get(old, SCOPE), into.get(new, SCOPE)] += area
        for (source, target), area in areas.items():
            is_source = source in was and (source not in now or source in changed)
            if is_source and target in changed and area >= CRUMB_M2:
                origin = before[source].unit_id
                if origin is not None:
                    rows.append((origin, unit_of[target], area))
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(_WRITE) as copy:
        for row in rows:
            copy.write_row((plan.pk, *row))


def shared_ground(compared: Comparison) -> list[Shared]:
    """Return what leaves before and after have in common; a zone above has what its leaves have.

    Both sides tile the same ground: what a leaf has given to no other, it has kept. Touches no database.
    """
    before, after = compared.before, compared.after
    was = {key: zone.shape for key, zone in before.leaves.items()}
    now = {key: zone.shape for key, zone in after.leaves.items()}
    same = {key: now[key] for key in now if key in was and shapely.equals_exact(now[key], was[key])}
    sources, targets = ([key for key in side if key not in same] for side in (was, now))
    old, new = _array(was[key] for key in sources), _array(now[key] for key in targets)
    b, a = STRtree(old).query(new, predicate="intersects")
    shapely.prepare(new)
    others = np.array(sources, dtype=object)[a] != np.array(targets, dtype=object)[b]
    b, a = b[others], a[others]
    common = ~shapely.touches(new[b], old[a])  # told in a tenth of the time that the ground of two takes
    b, a = b[common], a[common]
    areas = geodesic_areas(shapely.intersection(old[a], new[b]))
    left = geodesic_areas(old) - np.bincount(a, areas, minlength=len(old))
    moved = [(sources[i], targets[j], area) for i, j, area in zip(a, b, areas.tolist(), strict=True)]
    kept = [(key, key, area) for key, area in zip(sources, left.tolist(), strict=True) if key in now]
    whole = geodesic_areas(_array(same.values())).tolist()
    return [*moved, *kept, *zip(same, same, whole, strict=True)]


def _array(shapes: Iterable[Any]) -> NDArray[np.object_]:
    return np.array([*shapes], dtype=object)
