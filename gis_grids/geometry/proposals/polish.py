"""Polishing a division: moves of atoms along borders that make it better and keep every part connected."""

from __future__ import annotations

import math
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from gis_grids.geometry.proposals.partition import aim_for, weights

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from gis_grids.geometry.proposals.graph import Graph

    Ints = NDArray[np.int64]

_MOST_ROUNDS: Final = 30
_BEYOND: Final = 100.0
"""What a share of the aim beyond the cap costs: more than any shape or street is worth."""
_GAIN: Final = 1e-9


@dataclass(frozen=True)
class Taste:
    """What a good division is: what is allowed, and the price of one unit of each fault.

    ``tolerance``: the share off the target that a part may be; an atom beyond it fills a part by itself.
    ``cap``: the share of the tolerance from which on nothing else matters. ``uneven``: of the squared share
    by which a part is off the mean. ``border``: of the perimeter of an ideal part. ``split``: of a further
    part in one block. ``moved``: of the households of one ideal part that change their part.
    """

    tolerance: float
    cap: float
    uneven: float
    border: float
    split: float
    moved: float = 0.0

    @property
    def most_off(self) -> float:
        """The share off the target from which on nothing else matters."""
        return self.cap * self.tolerance


@dataclass
class _State:
    """A division being polished."""

    graph: Graph
    taste: Taste
    target: float
    part: list[int]
    home: list[int] | None
    aim: float = field(init=False)
    weight: list[float] = field(init=False)
    load: list[float] = field(init=False)
    built: list[int] = field(init=False)
    members: list[set[int]] = field(init=False)
    in_block: dict[int, Counter[int]] = field(init=False)
    perimeter: float = field(init=False)
    touched: set[int] = field(init=False)

    def __post_init__(self) -> None:
        count = max(self.part) + 1
        households, parts = self.graph.households, len(set(self.part))
        self.aim = aim_for(households, parts) or 1.0
        self.weight = weights(households, parts, self.target, self.taste.tolerance).tolist()
        self.load, self.members, self.in_block = [0.0] * count, [set() for _ in range(count)], {}
        self.built, self.touched = [0] * count, set(range(count))
        self.perimeter = 4 * math.sqrt(float(self.graph.area.sum()) / parts)
        for atom, part in enumerate(self.part):
            self.load[part] += self.weight[atom]
            self.built[part] += self.weight[atom] > 0
            self.members[part].add(atom)
            for block in self.graph.blocks[atom]:
                self.in_block.setdefault(block, Counter())[part] += 1

    def best_move(self, atoms: list[int], below: float) -> tuple[float, int] | None:
        """Return the price of the best move of atoms of one part, and where to, if it's below a limit."""
        here = self.part[atoms[0]]
        inside = set(atoms)
        cut: dict[int, float] = {}
        for atom in atoms:
            for neighbour, cost in self.graph.neighbours[atom].items():
                if neighbour not in inside:
                    cut[self.part[neighbour]] = cut.get(self.part[neighbour], 0.0) + cost
        built = sum(self.weight[atom] > 0 for atom in atoms)
        if len(cut) == (here in cut) or (built and built == self.built[here]):
            return None
        price, there = min((self._price(atoms, here, part, cut), part) for part in cut if part != here)
        if price >= below or not (self._joins(there, inside) and self._holds_without(here, inside)):
            return None
        return price, there

    def improve(self, atoms: list[int]) -> bool:
        """Move atoms of one part if that makes the division better."""
        best = self.best_move(atoms, -_GAIN)
        if best is not None:
            self.move(atoms, best[1])
        return best is not None

    def improve_by_two(self, atom: int) -> bool:
        """Move an atom, and then one from the part that it came to, if both together make it better."""
        here, first = self.part[atom], self.best_move([atom], _BEYOND)
        if first is None:
            return False
        (price, there), touched = first, set(self.touched)
        self.move([atom], there)
        others = sorted(self.members[there] - {atom})
        offers = [(offer, other) for other in others if (offer := self.best_move([other], -_GAIN - price))]
        if offers:
            (_price, then), other = min(offers)
            self.move([other], then)
        else:
            self.move([atom], here)
            self.touched = touched
        return bool(offers)

    def is_off(self, part: int) -> bool:
        """Tell whether a part is off the target by more than the cap."""
        return abs(self.load[part] / self.target - 1) > self.taste.most_off

    def _price(self, atoms: list[int], here: int, there: int, cut: dict[int, float]) -> float:
        load = sum(self.weight[atom] for atom in atoms)
        price = self.taste.border * (cut.get(here, 0.0) - cut[there]) / self.perimeter
        if load:
            price += self._off(self.load[here] - load) + self._off(self.load[there] + load)
            price -= self._off(self.load[here]) + self._off(self.load[there])
        if self.taste.split:
            price += self.taste.split * self._further_splits(atoms, here, there)
        if self.home is not None:
            moved = sum(
                self.weight[atom] * ((self.home[atom] == here) - (self.home[atom] == there)) for atom in atoms
            )
            price += self.taste.moved * moved / self.aim
        return price

    def _off(self, load: float) -> float:
        off = abs(load / self.aim - 1)
        beyond = abs(load / self.target - 1) - self.taste.most_off
        return self.taste.uneven * off * off + _BEYOND * max(0.0, beyond)

    def _further_splits(self, atoms: list[int], here: int, there: int) -> int:
        leaving = Counter(block for atom in atoms for block in self.graph.blocks[atom])
        return sum(
            (self.in_block[block][there] == 0) - (self.in_block[block][here] == count)
            for block, count in leaving.items()
        )

    def _holds_without(self, part: int, leaving: set[int]) -> bool:
        """Tell whether a part stays in one piece without some of its atoms."""
        staying = self.members[part]
        edge = {
            neighbour
            for atom in leaving
            for neighbour in self.graph.neighbours[atom]
            if neighbour in staying and neighbour not in leaving
        }
        if not edge:
            return False
        found, queue = set(leaving), [edge.pop()]
        found.add(queue[0])
        while queue and edge:
            for neighbour in self.graph.neighbours[queue.pop()]:
                if neighbour in staying and neighbour not in found:
                    found.add(neighbour)
                    edge.discard(neighbour)
                    queue.append(neighbour)
        return not edge

    def _joins(self, part: int, coming: set[int]) -> bool:
        """Tell whether atoms hang together with the part that they come to, each of them."""
        neighbours = self.graph.neighbours
        queue = [a for a in coming if any(self.part[neighbour] == part for neighbour in neighbours[a])]
        found = set(queue)
        while queue:
            for neighbour in neighbours[queue.pop()]:
                if neighbour in coming and neighbour not in found:
                    found.add(neighbour)
                    queue.append(neighbour)
        return len(found) == len(coming)

    def move(self, atoms: list[int], there: int) -> None:
        """Move atoms of one part to another."""
        here = self.part[atoms[0]]
        self.touched |= {here, there}
        for atom in atoms:
            self.part[atom] = there
            self.load[here] -= self.weight[atom]
            self.load[there] += self.weight[atom]
            self.built[here] -= self.weight[atom] > 0
            self.built[there] += self.weight[atom] > 0
            self.members[here].discard(atom)
            self.members[there].add(atom)
            for block in self.graph.blocks[atom]:
                self.in_block[block][here] -= 1
                self.in_block[block][there] += 1

    def candidates(self) -> list[list[int]]:
        """Return what might move since parts were touched last, which is forgotten by that.

        That is each atom on a border; and in a block of several parts, all atoms of one of them together.
        """
        touched, self.touched = self.touched, set()
        singles = []
        for atom, part in enumerate(self.part):
            beside = {self.part[neighbour] for neighbour in self.graph.neighbours[atom]} - {part}
            if beside and (part in touched or not touched.isdisjoint(beside)):
                singles.append([atom])
        chunks: dict[tuple[int, int], list[int]] = {}
        for atom, part in enumerate(self.part):
            for block in self.graph.blocks[atom]:
                if self.in_block[block][part] < self.in_block[block].total():
                    chunks.setdefault((block, part), []).append(atom)
        return singles + [atoms for atoms in chunks.values() if len(atoms) > 1]


def polished(  # noqa: PLR0913 (what is polished, for what)
    graph: Graph, part: Ints, target: float, taste: Taste, *, seed: int, home: Ints | None = None
) -> Ints:
    """Return the division after all moves that make it better by the taste.

    Parts stay connected, and none of them loses its last households. ``target`` is in households per part,
    ``home`` the part of each atom before (-1: none), in the same numbers.
    """
    state = _State(graph, taste, target, part.tolist(), None if home is None else home.tolist())
    order = random.Random(seed)  # noqa: S311 (for diversity, not for secrets)
    for _round in range(_MOST_ROUNDS):
        candidates = state.candidates()
        order.shuffle(candidates)
        if not (_improved(state, candidates) or _improved_by_two(state, candidates)):
            break
    return np.array(state.part, dtype=np.int64)


def _improved(state: _State, candidates: Iterable[list[int]]) -> bool:
    """Make all moves that help; atoms that others have torn apart in this round stay."""
    moved = False
    for atoms in candidates:
        if len({state.part[atom] for atom in atoms}) == 1:
            moved |= state.improve(atoms)
    return moved


def _improved_by_two(state: _State, candidates: Iterable[list[int]]) -> bool:
    """Look further where parts are off the target: among large buildings no single move may help."""
    moved = False
    for atoms in candidates:
        beside = {state.part[neighbour] for neighbour in state.graph.neighbours[atoms[0]]}
        if len(atoms) == 1 and any(state.is_off(part) for part in beside | {state.part[atoms[0]]}):
            moved |= state.improve_by_two(atoms[0])
    return moved
