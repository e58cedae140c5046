"""Two plans of one scope side by side: what both begin has the same key, what one begins has one of its own.

A key like ``n3-0`` only says that it was begun by the third operation of its plan: in another plan it is
another zone. Pure: no database, no Django.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from gis_grids.drafts.zones import SCOPE, Draft
from gis_grids.geometry.coordinates import geodesic_areas
from gis_grids.geometry.redraw import CRUMB_M2

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gis_grids.drafts.zones import Shape, Zone


def matched(other: Draft, draft: Draft) -> Draft:
    """Return another draft of the scope with the keys of `draft` for what both begin on the same ground."""
    mine = [zone for zone in draft.zones.values() if zone.unit_id is None]
    keys = {SCOPE: SCOPE}
    for zone in other.zones.values():
        keys[zone.key] = zone.key if zone.unit_id is not None else f"o{zone.key}"
        if zone.unit_id is None:
            same = (each for each in mine if each.level == zone.level and _is_same(other, zone, draft, each))
            if twin := next(same, None):
                keys[zone.key] = twin.key
    zones = {
        keys[key]: replace(zone, key=keys[key], parent=keys[zone.parent]) for key, zone in other.zones.items()
    }
    return Draft(zones, other.ground, other.scope_name)


def _is_same(other: Draft, zone: Zone, draft: Draft, mine: Zone) -> bool:
    return covers_same(other.shape_of(zone.key), draft.shape_of(mine.key))


def covers_same(one: Shape, other: Shape) -> bool:
    """Tell whether two lon/lat shapes cover the same ground: a vertex on a border is no difference."""
    return bool(cover_same([one], [other])[0])


def cover_same(some: Sequence[Shape], others: Sequence[Shape]) -> NDArray[np.bool_]:
    """Tell `covers_same` of each pair of two lists."""
    one, other = _array(some), _array(others)
    same = np.asarray(shapely.equals_exact(one, other))
    # What differs in size by more than a crumb needn't be laid over each other.
    alike = np.flatnonzero(~same)
    alike = alike[abs(geodesic_areas(one[alike]) - geodesic_areas(other[alike])) < CRUMB_M2]
    differing = shapely.symmetric_difference(one[alike], other[alike])
    same[alike] = geodesic_areas(differing) < CRUMB_M2
    return same


def _array(shapes: Sequence[Shape]) -> NDArray[Any]:
    found = np.empty(len(shapes), dtype=object)
    found[:] = shapes
    return found
