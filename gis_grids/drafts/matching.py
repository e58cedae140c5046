"""Two plans of one scope side by side: what both begin has the same key, what one begins has one of its own.

A key like ``n3-0`` only says that it was begun by the third operation of its plan: in another plan it is
another zone. Pure: no database, no Django.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import shapely

from gis_grids.drafts.zones import SCOPE, Draft
from gis_grids.geometry.coordinates import geodesic_area
from gis_grids.geometry.redraw import CRUMB_M2

if TYPE_CHECKING:
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
    if shapely.equals_exact(one, other):
        return True
    if not shapely.intersects(one, other):
        return False
    return geodesic_area(shapely.symmetric_difference(one, other)) < CRUMB_M2
