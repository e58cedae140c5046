"""Mending parts off the tolerance where no move along a border does: two neighbours are divided anew.

What one has too much or too little is so handed on from neighbour to neighbour.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from gis_grids.geometry.proposals.partition import weights
from gis_grids.geometry.proposals.trees import random_tree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gis_grids.geometry.proposals.graph import Graph
    from gis_grids.geometry.proposals.trees import Edge

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

_TREES: Final = 12
"""So many trees are cut for each pair of neighbours."""
_STEPS: Final = 6
"""So often for each part that is off, two neighbours are divided anew."""


def recombined(graph: Graph, part: Ints, target: float, tolerance: float, *, seed: int) -> Ints:
    """Return a division with no more off the tolerance than a given one, of as many connected parts.

    ``target`` is in households per part. An atom of more than a part's households counts as those.
    """
    mender = _Mender.of(graph, part, target, tolerance, seed)
    best, least = part, mender.off(part).sum()
    for _step in range(_STEPS * np.count_nonzero(mender.off(part))):
        off = mender.off(part)
        if not off.any():
            return part
        part = mender.redivided(part, int(mender.chance.choice(np.flatnonzero(off).tolist())))
        if mender.off(part).sum() < least:
            best, least = part, mender.off(part).sum()
    return best


class _Cut(NamedTuple):
    """How two parts could be divided anew: how much is off then, and what it costs more than now.

    ``inside`` tells which of their ``atoms`` come to the first of the two.
    """

    off: float
    cost: float
    inside: Flags
    atoms: Ints


@dataclass(frozen=True)
class _Mender:
    """What a graph is mended by: what its atoms count, the target, the tolerance."""

    graph: Graph
    weight: Floats
    target: float
    tolerance: float
    chance: random.Random

    @classmethod
    def of(cls, graph: Graph, part: Ints, target: float, tolerance: float, seed: int) -> _Mender:
        weight = weights(graph.households, int(part.max()) + 1, target, tolerance)
        return cls(graph, weight, target, tolerance, random.Random(seed))  # noqa: S311 (for diversity)

    def off(self, part: Ints) -> Floats:
        """Return how far beyond the tolerance each part is, as a share of the target."""
        return self._beyond(np.bincount(part, weights=self.weight).astype(np.float64))

    def _beyond(self, load: Floats) -> Floats:
        return np.maximum(0.0, np.abs(load / self.target - 1) - self.tolerance)

    def redivided(self, part: Ints, which: int) -> Ints:
        """Divide a part and one of its neighbours anew: with that for which least is off then."""
        apart = part[self.graph.a] != part[self.graph.b]
        ends = np.column_stack((part[self.graph.a], part[self.graph.b]))[apart]
        beside = np.unique(ends[(ends == which).any(axis=1)])
        off = self.off(part)
        found = [(self._cut(part, which, other), other) for other in beside.tolist() if other != which]
        offers = [
            (round(cut.off - off[which] - off[other], 3), cut.cost, n) for n, (cut, other) in enumerate(found)
        ]
        if not offers or min(offers)[0] > 0:
            return part
        cut, other = found[min(offers)[2]]
        part = part.copy()
        part[cut.atoms] = np.where(cut.inside, which, other)
        return part

    def _cut(self, part: Ints, one: int, other: int) -> _Cut:
        """Return the best cut of two parts together: least off, then least costly."""
        atoms: Ints = np.flatnonzero((part == one) | (part == other)).astype(np.int64)
        here, weight, now = self.graph.part(atoms), self.weight[atoms], part[atoms]
        pairs = zip(here.a.tolist(), here.b.tolist(), strict=True)
        border = dict(zip(pairs, here.cost.tolist(), strict=True))
        before = float(here.cost[now[here.a] != now[here.b]].sum())
        found = []
        for _tree in range(_TREES):
            off, inside = self._cut_tree(random_tree(here.count, border, self.chance), weight)
            cost = float(here.cost[inside[here.a] != inside[here.b]].sum()) - before
            found.append(_Cut(round(off, 3), cost, inside, atoms))
        return min(found, key=itemgetter(0, 1))

    def _cut_tree(self, tree: Sequence[Edge], weight: Floats) -> tuple[float, Flags]:
        """Return how much is off if a tree is cut at its best edge, and which nodes are beyond that.

        Any of the best ones, so that what is too much goes now this way, now that.
        """
        load = weight.tolist()
        for node, upper in tree:
            load[upper] += load[node]
        nodes = np.array(tree)[:, 0]
        branch = np.array(load)[nodes]
        off = self._beyond(branch) + self._beyond(weight.sum() - branch)
        off[(branch == 0) | (branch == weight.sum())] = np.inf
        root = self.chance.choice(nodes[off == off.min()].tolist())
        inside = np.zeros(len(weight), dtype=bool)
        inside[root] = True
        for node, upper in tree[::-1]:
            inside[node] |= inside[upper] and node != root
        return float(off.min()), inside
