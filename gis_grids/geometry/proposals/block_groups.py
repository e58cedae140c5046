"""Divisions that cut few street blocks: blocks are grouped first, and a group is cut only within itself.

The parts of a group of blocks cost as many cuts as they are, but one: three blocks for two parts are cut
once, a block that is a part by itself is never. So the more groups there are that can be divided within the
tolerance, the fewer blocks are cut. Which those are is found along random spanning trees of the blocks, for
each tree by a recursion from its ends to its root. It follows all ways to cut, but of those whose open group
is of about the same size only the cheapest.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from gis_grids.geometry.proposals.patches import attached, pieces
from gis_grids.geometry.proposals.trees import random_tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from gis_grids.geometry.proposals.graph import Graph
    from gis_grids.geometry.proposals.trees import Edge

    Ints = NDArray[np.int64]

_MOST_PARTS: Final = 3
"""So many parts a group of several blocks has at most: of more, one could as well be two groups."""
_STEP: Final = 0.1
"""Share of the target by which groups differ that are worth following both."""
_TREES: Final = 6
"""So many trees are cut for each way that is wanted."""
_BEYOND: Final = 100.0
"""What a share of the target beyond the tolerance costs, in cuts."""


class Group(NamedTuple):
    """Atoms of blocks that belong together, and the number of parts that they are divided into."""

    atoms: Ints
    parts: int


def block_groups(
    graph: Graph, target: float, tolerance: float, *, seed: int, count: int
) -> Iterator[list[Group]]:
    """Yield different ways to group the blocks of a connected graph, the cheapest first.

    Groups are connected, and no atom is left out. ``target`` is in households per part. At least one comes;
    the more are wanted (``count``), the more are looked at.
    """
    blocks = _Blocks.of(graph, target)
    prices = _Prices(target, tolerance, min(tolerance / 2, _grain(graph) / target))
    chance = random.Random(seed)  # noqa: S311 (for diversity, not for secrets)
    found = [
        _grouped(blocks, prices, random_tree(len(blocks.load), blocks.borders, chance))
        for _ in range(_TREES * count)
    ]
    for label in {label.tobytes(): label for _price, label in sorted(found, key=itemgetter(0))}.values():
        loads = np.bincount(label, weights=blocks.load).tolist()
        of_atom = label[blocks.of_atom]
        yield [Group(np.flatnonzero(of_atom == n), prices.parts(load)) for n, load in enumerate(loads)]


def _grain(graph: Graph) -> float:
    """Return by how many households two parts may differ from what was meant: half an atom."""
    built = graph.households[graph.households > 0]
    return float(built.mean()) / 2 if len(built) else 0.0


@dataclass(frozen=True)
class _Blocks:
    """The block of each atom, the load of each block, and what a cut between two that border costs."""

    of_atom: Ints
    load: list[float]
    borders: dict[tuple[int, int], float]

    @classmethod
    def of(cls, graph: Graph, target: float) -> _Blocks:
        """Atoms without buildings belong to a block beside them; blocks with an atom in common are one.

        A block in several pieces counts as several.
        """
        of_atom = _block_of_atom(graph)
        load = np.bincount(of_atom, weights=np.minimum(graph.households, target))
        borders: dict[tuple[int, int], float] = defaultdict(float)
        low = np.minimum(of_atom[graph.a], of_atom[graph.b])
        high = np.maximum(of_atom[graph.a], of_atom[graph.b])
        for a, b, cost in zip(low.tolist(), high.tolist(), graph.cost.tolist(), strict=True):
            if a != b:
                borders[a, b] += cost
        return cls(of_atom, load.tolist(), borders)


def _block_of_atom(graph: Graph) -> Ints:
    if not len(graph.block):
        return np.zeros(graph.count, dtype=np.int64)
    atom, block = graph.block.T
    first = np.full(graph.count, -1, dtype=np.int64)
    first[atom] = block
    count = int(block.max()) + 1
    joined = pieces(count, first[atom], block, np.zeros(count, dtype=np.int64))
    label = attached(np.where(first < 0, -1, joined[first]), graph.a, graph.b, graph.cost)
    return graph.pieces(label)


@dataclass(frozen=True)
class _Prices:
    """What groups cost, in cuts. ``grain`` is the share by which atoms may not divide evenly."""

    target: float
    tolerance: float
    grain: float

    def of(self, load: float, parts: int) -> float:
        """Return what a group costs in so many parts: each but one is a cut, and none should be off."""
        off = abs(load / parts / self.target - 1)
        spare = self.tolerance - (self.grain if parts > 1 else 0.0)
        return parts - 1 + off * off + _BEYOND * max(0.0, off - spare)

    def parts(self, load: float) -> int:
        """Return the number of parts for which a group costs least."""
        low = max(1, int(load / self.target))
        return min((low, low + 1), key=lambda parts: self.of(load, parts))

    def closed(self, case: _Case) -> _Case:
        """Return a case with its open group paid."""
        return case._replace(price=case.price + self.of(case.load, self.parts(case.load)))

    def may_join(self, one: float, other: float) -> bool:
        """Tell whether two loads may be of one group: if that isn't too large, or one can't be alone."""
        fewest, most = (1 - self.tolerance) * self.target, (1 + self.tolerance) * self.target
        return min(one, other) < fewest or one + other <= _MOST_PARTS * most


class _Case(NamedTuple):
    """A way to cut a part of the tree: the price of the groups below, the load of the open one, the cuts."""

    price: float
    load: float
    cuts: tuple[int, ...]


def _grouped(blocks: _Blocks, prices: _Prices, tree: list[Edge]) -> tuple[float, Ints]:
    """Return the price of the cheapest way to cut a tree, and the group of each block in it."""
    cases = [[_Case(0.0, load, ())] for load in blocks.load]
    for block, before in tree:
        alone = min(map(prices.closed, cases[block]))
        cut = [
            _Case(case.price + alone.price, case.load, (*case.cuts, *alone.cuts, block))
            for case in cases[before]
        ]
        joined = (
            _Case(case.price + more.price, case.load + more.load, (*case.cuts, *more.cuts))
            for case in cases[before]
            for more in cases[block]
            if prices.may_join(case.load, more.load)
        )
        cases[before] = _cheapest([*cut, *joined], _STEP * prices.target)
    best = min(map(prices.closed, cases[0]))
    kept = np.array([edge for edge in tree if edge[0] not in best.cuts], dtype=np.int64).reshape(-1, 2)
    count = len(blocks.load)
    return best.price, pieces(count, kept[:, 0], kept[:, 1], np.zeros(count, dtype=np.int64))


def _cheapest(cases: Iterable[_Case], step: float) -> list[_Case]:
    """Return the cheapest case of each size of the open group."""
    best: dict[int, _Case] = {}
    for case in cases:
        size = math.floor(case.load / step)
        if size not in best or case < best[size]:
            best[size] = case
    return list(best.values())
