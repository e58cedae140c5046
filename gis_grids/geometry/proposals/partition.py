"""Dividing a graph into so many connected parts of about the same households (planner.md 3.4).

METIS divides; what it gives is checked, for its promise of connected parts has exceptions: recursive
bisection ignores it (so never that), and so does a graph in pieces (so it only gets connected ones).
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Final

import numpy as np
import pymetis

from gis_grids.geometry.proposals.patches import attached, without_detached

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from gis_grids.geometry.proposals.graph import Graph

    Ints = NDArray[np.int64]

_LOOSE: Final = (30, 60, 100, 150)
"""How uneven METIS may divide, in thousandths: each start has its own."""

_FEW: Final = 3
"""Atoms per part: with fewer, METIS finds nothing to divide, and says so on the console."""


def aim_for(households: Ints, count: int) -> float:
    """Return the households per part for which so many parts come out.

    An atom of more than that fills a part by itself and counts no more than it.
    """
    aim = float(households.sum()) / count
    for _ in range(count):
        lower = float(np.minimum(households, aim).sum()) / count
        if lower >= aim:
            break
        aim = lower
    return aim


def weights(households: Ints, count: int, target: float, tolerance: float) -> NDArray[np.float64]:
    """Return what each atom counts in so many parts: its households, or as much as a part if it's too large.

    That is one which alone is beyond the tolerance.
    """
    too_large = households > (1 + tolerance) * target
    return np.where(too_large, np.minimum(households, aim_for(households, count)), households)


def count_for(households: Ints, target: float) -> int:
    """Return the number of parts that brings their mean nearest to the target; 1 at least."""
    total = float(np.minimum(households, target).sum())
    low = max(1, int(total // target))
    best = min((low, low + 1), key=lambda count: abs(total / count - target))
    return max(1, min(best, int((households > 0).sum())))


def shares(households: Sequence[float], count: int) -> list[int]:
    """Share a count out by households (Webster's method), with one at least for each."""
    given = [1] * len(households)
    heap = [(-share / 1.5, n) for n, share in enumerate(households)]
    heapq.heapify(heap)
    for _ in range(count - len(households)):
        _quotient, n = heapq.heappop(heap)
        given[n] += 1
        heapq.heappush(heap, (-households[n] / (given[n] + 0.5), n))
    return given


def starts(graph: Graph, count: int, *, seeds: Sequence[int]) -> Iterator[Ints]:
    """Yield the part of each atom, one division for each seed. The graph must be connected.

    Parts are connected, and each has households as far as there are so many atoms that have.
    """
    for n, seed in enumerate(seeds):
        part = np.zeros(graph.count, dtype=np.int64)
        if 1 < count <= graph.count // _FEW:
            part = _metis(graph, count, seed, _LOOSE[n % len(_LOOSE)])
        yield mended(graph, part, count)


def _metis(graph: Graph, count: int, seed: int, loose: int) -> Ints:
    from scipy.sparse import coo_array  # noqa: PLC0415 - seldom needed, and slow to load

    ends = coo_array(
        (
            np.maximum(1, np.round(np.tile(graph.cost, 2))).astype(np.int64),
            (np.concatenate((graph.a, graph.b)), np.concatenate((graph.b, graph.a))),
        ),
        shape=(graph.count, graph.count),
    ).tocsr()
    weights = np.minimum(graph.households, np.ceil(aim_for(graph.households, count)))
    division = pymetis.part_graph(
        count,
        pymetis.CSRAdjacency(ends.indptr.tolist(), ends.indices.tolist()),
        vweights=weights.astype(np.int64).tolist(),
        eweights=ends.data.tolist(),
        recursive=False,
        options=pymetis.Options(seed=seed, contig=1, ufactor=loose),
    )
    return np.array(division.vertex_part, dtype=np.int64)


def mended(graph: Graph, part: Ints, count: int) -> Ints:
    """Return a division with every part connected and with households, and so many parts as there can be.

    What is detached from its part goes to the neighbour of the longest border; the part with most households
    is cut, the one with fewest dissolved, until the number is right. Parts are numbered from 0.
    """
    count = min(count, max(1, int((graph.households > 0).sum())))
    weight = graph.households + graph.area * 1e-9
    part = attached(without_detached(part, graph.a, graph.b, weight), graph.a, graph.b, graph.cost)
    while True:
        _kept, part = np.unique(part, return_inverse=True)
        households = np.bincount(part, weights=graph.households)
        if len(households) > count or (len(households) > 1 and households.min() == 0):
            part = _dissolved(graph, part, int(households.argmin()))
        elif len(households) < count:
            part = _cut(graph, part)
        else:
            return part


def without_dwarfs(graph: Graph, part: Ints, target: float, most: float) -> Ints:
    """Join parts of less than half the target to a neighbour that has no more than ``most`` then.

    Also to one that has more than that already, in a single atom: it can't get any worse.
    """
    while True:
        _kept, part = np.unique(part, return_inverse=True)
        households = np.bincount(part, weights=graph.households)
        large = np.zeros(len(households))
        np.maximum.at(large, part, graph.households)
        for dwarf in np.flatnonzero(households < target / 2):
            across = (part[graph.a] == dwarf) != (part[graph.b] == dwarf)
            beside = np.unique(np.where(part[graph.a] == dwarf, part[graph.b], part[graph.a])[across])
            fit = beside[(households[beside] + households[dwarf] <= most) | (large[beside] > most)]
            if len(fit):
                part = np.where(part == dwarf, fit[households[fit].argmin()], part)
                break
        else:
            return part


def _dissolved(graph: Graph, part: Ints, which: int) -> Ints:
    """Give the atoms of a part to its neighbours, one after the other."""
    return attached(np.where(part == which, -1, part), graph.a, graph.b, graph.cost)


def _cut(graph: Graph, part: Ints) -> Ints:
    """Cut the part with most households (not one that has them in a single atom) where it's most even."""
    from scipy.sparse import coo_array  # noqa: PLC0415 - seldom needed, and slow to load
    from scipy.sparse.csgraph import breadth_first_order, minimum_spanning_tree  # noqa: PLC0415 - seldom needed, and slow to load

    built = np.bincount(part, weights=graph.households > 0)
    households = np.where(built > 1, np.bincount(part, weights=graph.households), -1)
    members = np.flatnonzero(part == households.argmax())
    inner = graph.part(members)
    tree = minimum_spanning_tree(
        coo_array((1 / inner.cost, (inner.a, inner.b)), shape=(inner.count, inner.count)).tocsr()
    )
    order, before = breadth_first_order(tree, 0, directed=False)
    below = inner.households.astype(np.float64)
    for atom in order[:0:-1]:
        below[before[atom]] += below[atom]
    uneven = np.abs(below - below[order[0]] / 2)
    uneven[(below == 0) | (below == below[order[0]])] = np.inf
    root = int(uneven.argmin())
    branch = np.zeros(inner.count, dtype=bool)
    branch[root] = True
    for atom in order[1:]:
        branch[atom] |= branch[before[atom]] and atom != root
    part = part.copy()
    part[members[branch]] = part.max() + 1
    return part
