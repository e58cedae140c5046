"""What no proposal can do better, by looking at all ways there are: for communities of few blocks."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from gis_grids.geometry.proposals.cells import make_cells

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from gis_grids.geometry.proposals.site import Site


def fewest_splits(site: Site, target: float, tolerance: float) -> int:
    """Return with how few cuts of blocks all grids of a site can be within the tolerance, at the very best.

    As if grids were drawn through buildings: only what whole blocks have, and which border on which, counts.
    """
    cells = make_cells(site)
    blocks, of_cell = np.unique(cells.block_of_cell, return_inverse=True)
    loads = np.bincount(of_cell, weights=cells.households).astype(int).tolist()
    a, b = (np.searchsorted(blocks, cells.block[side]) for side in (cells.borders.a, cells.borders.b))
    pairs = {(one, other) for one, other in zip(a.tolist(), b.tolist(), strict=True) if one != other}
    return fewest_cuts(loads, pairs, fewest=(1 - tolerance) * target, most=(1 + tolerance) * target)


def fewest_cuts(
    loads: Sequence[int], pairs: Collection[tuple[int, int]], *, fewest: float, most: float
) -> int:
    """Return how many parts more than groups there are at least, if blocks are grouped and groups divided.

    Parts that share blocks with one another hold a connected group of blocks, and cut it once less than they
    are. Each part has from ``fewest`` to ``most``. Raises ValueError where there is no way.
    """
    neighbours = [0] * len(loads)
    for one, other in pairs:
        neighbours[one] |= 1 << other
        neighbours[other] |= 1 << one
    cuts: dict[int, list[tuple[int, int]]] = {}
    for group in range(1, 1 << len(loads)):
        load = sum(load for n, load in enumerate(loads) if group >> n & 1)
        parts = max(1, math.ceil(load / most))
        if parts * fewest <= load and _reached(group & -group, group, neighbours) == group:
            cuts.setdefault(group & -group, []).append((group, parts - 1))

    @cache
    def rest(left: int) -> float:
        """Return the fewest cuts of what is left of the blocks."""
        own = [(group, cut) for group, cut in cuts.get(left & -left, ()) if group & left == group]
        return min((cut + rest(left & ~group) for group, cut in own), default=math.inf) if left else 0

    found = rest((1 << len(loads)) - 1)
    if math.isinf(found):
        message = "no division of these blocks has all its parts within the tolerance"
        raise ValueError(message)
    return int(found)


def _reached(start: int, group: int, neighbours: Sequence[int]) -> int:
    """Return the blocks of a group that can be reached from some of them."""
    beside = start
    for n, own in enumerate(neighbours):
        if start >> n & 1:
            beside |= own & group
    return start if beside == start else _reached(beside, group, neighbours)
