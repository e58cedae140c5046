"""What zones amount to: their ground, their staff, and what the floors above count in them."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import shapely

from gis_grids import hooks
from gis_grids.geometry.coordinates import geodesic_areas, to_metres, zone_of
from gis_grids.models import Post
from gis_grids.selectors.hierarchy import listed
from gis_grids.selectors.plans.norms import norms_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from gis_grids.drafts import Draft
    from gis_grids.drafts.comparison import Comparison, Figures, Norms
    from gis_grids.drafts.zones import Shape

__all__ = ["compactness", "figures_of", "norms_of"]


def figures_of(
    draft: Draft, keys: Collection[str], at: datetime, norms: Norms, compared: Comparison | None = None
) -> Figures:
    """Return the figures of zones by key, as numbers by name.

    Here: ``area_m2`` (geodesic), ``compactness`` (Polsby-Popper: 1 is a circle), ``staff`` (posts that are
    held) and ``workers`` (people); from the floors above ``households`` and what else they count; and then
    ``deviation`` from the norm of the level, a share, where there is one, and anybody: a park is none that is
    too small, nor a grid whose register is still to come. For a draft that is a side of a comparison, what
    was read for that serves.
    """
    known = [key for key in keys if key in draft.zones]
    posts = held_posts(draft, known, at, compared)
    shapes = [draft.shape_of(key) for key in known]
    areas = geodesic_areas(cast("Any", np.array(shapes, dtype=object))).tolist()
    numbers_above = counted(draft, known, at, compared)
    found: dict[str, dict[str, float]] = {
        key: {
            "area_m2": area,
            "compactness": compact,
            "staff": len(posts[key]),
            "workers": len(set(posts[key])),
            **numbers_above[key],
        }
        for key, area, compact in zip(known, areas, compactness(shapes), strict=True)
    }
    for key, numbers in found.items():
        norm = norms.get(draft.zones[key].level)
        if norm and numbers.get("households"):
            numbers["deviation"] = numbers["households"] / norm.households - 1
    return found


def counted(
    draft: Draft, keys: Collection[str], at: datetime, compared: Comparison | None = None
) -> dict[str, dict[str, float]]:
    """Return what the floors above count in zones, by key."""
    found: dict[str, dict[str, float]] = {key: {} for key in keys}
    for count in hooks.zone_figures:
        for key, numbers in count(draft, keys, at, compared).items():
            found[key].update(numbers)
    return found


def compactness(shapes: Sequence[Shape]) -> list[float]:
    """Return the Polsby-Popper figures of lon/lat shapes: 4πA/P², 1 for a circle, near 0 for a thread."""
    if not shapes:
        return []
    metric = to_metres(cast("Any", np.array(shapes, dtype=object)), zone_of(shapes[0]))
    figures: list[float] = (4 * math.pi * shapely.area(metric) / shapely.length(metric) ** 2).tolist()
    return figures


def held_posts(
    draft: Draft, keys: Collection[str], at: datetime, compared: Comparison | None = None
) -> dict[str, list[int]]:
    """Return who holds a post in each zone itself: as planned, or as it is today.

    For a draft that is a side of a comparison, what was read for that serves.
    """
    held: dict[str, list[int]] = defaultdict(list)
    today: dict[int, str] = {}
    for key in keys:
        zone = draft.zones[key]
        if zone.staff is not None:
            held[key] = [one.holder for one in zone.staff if one.holder is not None]
        elif zone.unit_id is not None:
            today[zone.unit_id] = key
    holders = _holders(today, at) if compared is None else compared.once(_holders_compared)
    for unit in today.keys() & holders.keys():
        held[today[unit]] += holders[unit]
    return held


def _holders_compared(compared: Comparison) -> dict[int, list[int]]:
    zones = [*compared.before.zones.values(), *compared.after.zones.values()]
    return _holders({zone.unit_id for zone in zones if zone.unit_id is not None}, compared.at)


def _holders(unit_ids: Collection[int], at: datetime) -> dict[int, list[int]]:
    """Return who holds the posts of units, by unit."""
    holders: dict[int, list[int]] = defaultdict(list)
    rows = Post.objects.filter(unit__in=listed(unit_ids), term__contains=at, holder__isnull=False)
    for unit, holder in rows.values_list("unit", "holder"):
        if holder is not None:
            holders[unit].append(holder)
    return holders
