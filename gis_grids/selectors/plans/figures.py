"""What zones amount to: their ground, their staff, and what the floors above count in them."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from gis_grids import hooks
from gis_grids.geometry.coordinates import geodesic_area, to_metres, zone_of
from gis_grids.models import Post
from gis_grids.selectors.plans.norms import norms_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from gis_grids.drafts import Draft, Zone
    from gis_grids.drafts.comparison import Figures, Norms
    from gis_grids.drafts.zones import Shape

__all__ = ["compactness", "figures_of", "norms_of"]


def figures_of(draft: Draft, keys: Collection[str], at: datetime, norms: Norms) -> Figures:
    """Return the figures of zones by key, as numbers by name.

    Here: ``area_m2`` (geodesic), ``compactness`` (Polsby-Popper: 1 is a circle), ``staff`` (posts that are
    held) and ``workers`` (people); from the floors above ``households`` and what else they count; and then
    ``deviation`` from the norm of the level, a share, where there is one.
    """
    known = [key for key in keys if key in draft.zones]
    posts = held_posts(draft, known, at)
    found: dict[str, dict[str, float]] = {}
    for key in known:
        shape = draft.shape_of(key)
        held = posts[key]
        found[key] = {
            "area_m2": geodesic_area(shape),
            "compactness": compactness(shape),
            "staff": len(held),
            "workers": len(set(held)),
        }
    for counted in hooks.zone_figures:
        for key, numbers in counted(draft, known, at).items():
            found[key].update(numbers)
    for key, numbers in found.items():
        norm = norms.get(draft.zones[key].level)
        if norm and "households" in numbers:
            numbers["deviation"] = numbers["households"] / norm.households - 1
    return found


def compactness(shape: Shape) -> float:
    """Return the Polsby-Popper figure of a lon/lat shape: 4πA/P², 1 for a circle, near 0 for a thread."""
    metric = to_metres(shape, zone_of(shape))
    return 4 * math.pi * metric.area / metric.length**2


def held_posts(draft: Draft, keys: Collection[str], at: datetime) -> dict[str, list[int]]:
    """Return who holds a post in each zone itself: as planned, or as it is today."""
    held: dict[str, list[int]] = defaultdict(list)
    today: dict[int, Zone] = {}
    for key in keys:
        zone = draft.zones[key]
        if zone.staff is not None:
            held[key] = [one.holder for one in zone.staff if one.holder is not None]
        elif zone.unit_id is not None:
            today[zone.unit_id] = zone
    rows = Post.objects.filter(unit__in=today, term__contains=at, holder__isnull=False)
    for unit, holder in rows.values_list("unit", "holder"):
        if holder is not None:
            held[today[unit].key].append(holder)
    return held
