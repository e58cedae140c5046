"""Drafts to draw on: a jittered grid of leaves, grouped in blocks, and those again."""

from __future__ import annotations

from itertools import count

import numpy as np
import shapely
from shapely import LineString

from gis_grids.drafts import SCOPE, Draft, Zone
from gis_grids.geometry.gates import check_tiling
from gis_grids.levels import Level
from tests.gis_grids.geometry.tilings import SIDE, degrees, jittered_grid, metres

COLUMNS, ROWS, BLOCK = 8, 4, 2
LEAF, GROUP, AREA = Level.RESIDENT_GROUP, Level.BUILDING_GROUP, Level.AREA


def draft_of(columns=COLUMNS, rows=ROWS, seed=0):
    """Areas of 2 x 2 groups of 2 x 2 leaves: keys a0…, g0…, l0… by columns and rows from the south-west."""
    shapes = jittered_grid(columns, rows, seed).lonlat()
    zones = {}
    for n, shape in enumerate(shapes):
        column, row = n % columns, n // columns
        group = f"g{row // BLOCK * (columns // BLOCK) + column // BLOCK}"
        area = f"a{row // BLOCK**2 * (columns // BLOCK**2) + column // BLOCK**2}"
        zones.setdefault(area, Zone(area, AREA, SCOPE, f"Area {area}", code=area))
        zones.setdefault(group, Zone(group, GROUP, area, f"Group {group}", code=group))
        zones[f"l{n}"] = Zone(f"l{n}", LEAF, group, f"Leaf {n}", shape, code=f"l{n}")
    ordered = sorted(zones.values(), key=lambda zone: zone.level.depth)
    return Draft({zone.key: zone for zone in ordered}, shapely.union_all(shapes), "the scope")


def new_keys(prefix="n"):
    return (f"{prefix}{n}" for n in count())


def across(shape, angle=0.3, reach=SIDE * 8, *, through=None):
    """A line from outside to outside through the middle of a shape."""
    centre = through or metres(shape).representative_point()
    dx, dy = reach * np.cos(angle), reach * np.sin(angle)
    return degrees(LineString([(centre.x - dx, centre.y - dy), (centre.x + dx, centre.y + dy)]))


def faults(draft, *, allow_parts=False):
    """What is wrong with a draft: its leaves don't tile the scope, or its tree isn't one."""
    shapes = {key: zone.shape for key, zone in draft.leaves.items()}
    wrong = [
        str(finding)
        for finding in check_tiling(
            list(shapes.values()), draft.ground, names=list(shapes), allow_parts=allow_parts
        )
    ]
    for zone in draft.zones.values():
        if zone.parent != SCOPE and zone.parent not in draft.zones:
            wrong.append(f"{zone.key} has no parent")
        elif zone.parent != SCOPE and draft.zones[zone.parent].level.depth >= zone.level.depth:
            wrong.append(f"{zone.key} lies in a zone of its own level")
        if (zone.shape is None) != bool(draft.children.get(zone.key)):
            wrong.append(f"{zone.key} is neither a leaf nor divided")
    if len(set(draft.below(SCOPE))) != len(draft.zones):
        wrong.append("zones that can't be reached")
    return wrong
