"""Random spanning trees: along their edges a graph comes apart in connected pieces."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping

Edge = tuple[int, int]
"""A node, and the one before it on the way to the root."""


def random_tree(count: int, cost: Mapping[tuple[int, int], float], chance: random.Random) -> list[Edge]:
    """Return a random spanning tree of a connected graph of so many nodes, from the ends inwards to node 0.

    ``cost`` is that of a cut between two nodes: what costs more to cut is more often in the tree.
    """
    root = list(range(count))

    def find(node: int) -> int:
        while root[node] != node:
            node = root[node]
        return node

    beside: dict[int, list[int]] = defaultdict(list)
    for a, b in sorted(cost, key=lambda pair: chance.random() / cost[pair]):
        if find(a) != find(b):
            root[find(a)] = find(b)
            beside[a].append(b)
            beside[b].append(a)
    order, before = [0], {0: -1}
    for node in order:
        for other in beside[node]:
            if other not in before:
                before[other] = node
                order.append(other)
    return [(node, before[node]) for node in order[:0:-1]]
