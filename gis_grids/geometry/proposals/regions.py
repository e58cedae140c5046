"""Regions: what lies between barriers, as far as each can be divided by itself."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from gis_grids.geometry.proposals.patches import pieces

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gis_grids.geometry.proposals.graph import Graph

    Ints = NDArray[np.int64]


def regions(graph: Graph, target: float, tolerance: float) -> Ints:
    """Return the region of each atom: barriers hold wherever both sides can be divided within the tolerance.

    A side that can't be is joined to the neighbour of the longest border across the barrier.
    """
    open_pairs = ~graph.is_barrier
    region = _pieces_of(graph, open_pairs)
    while True:
        households = np.bincount(region, weights=np.minimum(graph.households, target))
        unfit = [n for n, own in enumerate(households) if not _fits(own, target, tolerance)]
        across = region[graph.a] != region[graph.b]
        edges = {int(n) for n in np.unique(np.append(region[graph.a[across]], region[graph.b[across]]))}
        unfit = [n for n in unfit if n in edges]
        if not unfit:
            return region
        smallest = min(unfit, key=lambda n: (households[n], n))
        region = np.where(region == smallest, _beside(graph, region, smallest), region)
        _kept, region = np.unique(region, return_inverse=True)


def _pieces_of(graph: Graph, pairs: NDArray[np.bool_]) -> Ints:
    return pieces(graph.count, graph.a[pairs], graph.b[pairs], np.zeros(graph.count, dtype=np.int64))


def _beside(graph: Graph, region: Ints, which: int) -> int:
    """Return the region with the longest border with one."""
    length: Counter[int] = Counter()
    for here, there in ((graph.a, graph.b), (graph.b, graph.a)):
        rows = (region[here] == which) & (region[there] != which)
        for other, cost in zip(region[there[rows]].tolist(), graph.cost[rows].tolist(), strict=True):
            length[other] += cost
    return max(length, key=lambda n: (length[n], -n))


def _fits(households: float, target: float, tolerance: float) -> bool:
    """Tell whether so many households can be divided into grids within the tolerance, if well mixed."""
    count = max(1, round(households / target))
    return abs(households / count / target - 1) <= tolerance
