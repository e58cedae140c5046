"""Candidates for a division: regions between barriers, several starts in each, the best of every kind."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import cycle
from typing import TYPE_CHECKING, Final

import numpy as np

from gis_grids.geometry.proposals.block_groups import block_groups
from gis_grids.geometry.proposals.partition import (
    aim_for,
    count_for,
    mended,
    shares,
    starts,
    weights,
    without_dwarfs,
)
from gis_grids.geometry.proposals.patches import attached
from gis_grids.geometry.proposals.polish import Taste, polished
from gis_grids.geometry.proposals.recombine import recombined
from gis_grids.geometry.proposals.regions import regions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from gis_grids.geometry.proposals.graph import Graph
    from gis_grids.geometry.proposals.result import Kind
    from gis_grids.geometry.proposals.site import Progress, Wishes

    Ints = NDArray[np.int64]

STARTS: Final = 24
"""How often a community is divided anew; larger scopes less often, 4 times at least."""
_FEWEST_STARTS: Final = 4
_LARGE: Final = 400
"""Atoms from which on there are fewer starts."""
_OFFERED: Final = 3
"""So many divisions are offered at most."""
_KINDS: Final[tuple[Kind, ...]] = ("balanced", "streets", "compact")


_MEDIUM: Final = 0.75
"""Share of the tolerance that is used where neither evenness nor streets come first."""


def tastes(tolerance: float) -> dict[Kind, Taste]:
    """Return what each kind of candidate is polished for."""
    return {
        "least_change": Taste(tolerance, cap=0.95, uneven=0.5, border=0.2, split=0.05, moved=3.0),
        "balanced": Taste(tolerance, cap=0.5, uneven=30.0, border=0.5, split=0.05),
        "streets": Taste(tolerance, cap=0.95, uneven=1.0, border=0.5, split=1.0),
        "compact": Taste(tolerance, cap=_MEDIUM, uneven=1.0, border=1.0, split=0.1),
    }


def settled(graph: Graph, wishes: Wishes) -> Wishes:
    """Return the wishes with the target that follows from the number of grids, if one is wished."""
    if wishes.count is None:
        return wishes
    return replace(wishes, target=aim_for(graph.households, wishes.count) or 1.0)


def divisions(
    graph: Graph, wishes: Wishes, home: Ints | None, *, seed: int, tell: Progress
) -> dict[Kind, Ints]:
    """Return up to three different divisions, the part of each atom. ``home`` is today's part (-1: none).

    Where a part goes on a part of today it has its number; other numbers follow upon those.
    """
    found: dict[Kind, Ints] = {}
    if home is not None and wishes.least_change:
        found["least_change"] = _least_change(graph, wishes, home, seed)
    found |= _best(graph, wishes, _KINDS, seed=seed, most=STARTS, tell=tell)
    if home is not None:
        found = {kind: named(part, home, graph) for kind, part in found.items()}
        found = _least_first(graph, found, home, wishes)
    return _different(found)


def _least_first(graph: Graph, found: dict[Kind, Ints], home: Ints, wishes: Wishes) -> dict[Kind, Ints]:
    """Put another candidate in the place of that of least change where it moves fewer and is no worse."""
    least = found.get("least_change")
    if least is None:
        return found

    changes = [_changes(graph, part, home, wishes) for part in (least, *found.values())]
    no_worse = [n for n, (off, _moved) in enumerate(changes) if off <= changes[0][0]]
    best = min(no_worse, key=lambda n: changes[n][1])
    return found | {"least_change": [least, *found.values()][best]}


def _changes(graph: Graph, part: Ints, home: Ints, wishes: Wishes) -> tuple[int, int]:
    """Return how many parts are off the tolerance, and how many households move."""
    off = _Score.of(graph, _numbered(part), wishes.target, wishes.tolerance).off
    return off, int(graph.households[(part != home) & (home >= 0)].sum())


def divided(graph: Graph, wishes: Wishes, *, seed: int) -> Ints:
    """Return one division of a connected graph, which keeps blocks whole rather than parts even."""
    found = _best(graph, wishes, ["streets"], seed=seed, most=_FEWEST_STARTS, tell=lambda _share: None)
    return found["streets"]


def named(part: Ints, home: Ints, graph: Graph) -> Ints:
    """Number parts as the parts of today with which they share most households (then, ground)."""
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - seldom needed, and slow to load

    today, size = int(home.max()) + 1, int(part.max()) + 1
    known = home >= 0
    common = np.zeros((size, today))
    np.add.at(common, (part[known], home[known]), graph.households[known] + 1e-9 * graph.area[known])
    rows, columns = linear_sum_assignment(common, maximize=True)
    number = np.full(size, -1, dtype=np.int64)
    shared = common[rows, columns] > 0
    number[rows[shared]] = columns[shared]
    new = number < 0
    number[new] = today + np.arange(new.sum())
    return number[part]


@dataclass(frozen=True)
class _Score:
    """How good a division is.

    ``off`` are parts off the tolerance, ``loose`` those off three quarters of it, ``worst`` is the greatest
    share off the mean, ``splits`` are further parts in blocks, ``cut`` is what the cuts cost.
    """

    off: int
    loose: int
    worst: float
    splits: int
    cut: float

    @classmethod
    def of(cls, graph: Graph, part: Ints, target: float, tolerance: float) -> _Score:
        count = int(part.max()) + 1
        aim = aim_for(graph.households, count) or 1.0
        weight = weights(graph.households, count, target, tolerance)
        load = np.bincount(part, weights=weight, minlength=count)
        pairs = np.unique(np.column_stack((part[graph.block[:, 0]], graph.block[:, 1])), axis=0)
        deviation = np.abs(load / target - 1)
        return cls(
            off=int((deviation > tolerance).sum()),
            loose=int((deviation > _MEDIUM * tolerance).sum()),
            worst=float(np.abs(load / aim - 1).max()),
            splits=int((np.bincount(pairs[:, 1])[np.unique(pairs[:, 1])] - 1).sum()) if len(pairs) else 0,
            cut=float(graph.cost[part[graph.a] != part[graph.b]].sum()),
        )

    def rank(self, kind: Kind) -> tuple[float, ...]:
        """Return what candidates of a kind are sorted by, best first."""
        if kind == "balanced":
            return (self.off, round(self.worst, 2), self.splits, self.cut)
        if kind == "streets":
            return (self.off, self.splits, self.loose, self.cut)
        return (self.off, self.loose, self.cut)


def _best(  # noqa: PLR0913 (what is divided, for what)
    graph: Graph, wishes: Wishes, kinds: Sequence[Kind], *, seed: int, most: int, tell: Progress
) -> dict[Kind, Ints]:
    """Divide each region several times, and choose the best of each kind in each."""
    region, counts = _counts(graph, wishes)
    found = {kind: np.zeros(graph.count, dtype=np.int64) for kind in kinds}
    offset, done = 0, 0
    for n, count in enumerate(counts):
        atoms = np.flatnonzero(region == n)
        here = graph.part(atoms)
        number = max(_FEWEST_STARTS, min(most, most * _LARGE // here.count)) if count > 1 else 1
        seeds = range(seed, seed + number)
        chosen = _chosen(_pool(here, count, wishes, seeds, kinds), kinds)
        for kind, part in chosen.items():
            found[kind][atoms] = offset + part
        offset += max(int(part.max()) + 1 for part in chosen.values())
        done += len(atoms)
        tell(done / graph.count)
    return {kind: np.unique(part, return_inverse=True)[1] for kind, part in found.items()}


def _counts(graph: Graph, wishes: Wishes) -> tuple[Ints, list[int]]:
    """Return the region of each atom, and the number of parts of each region."""
    whole = graph.pieces(np.zeros(graph.count, dtype=np.int64))
    region = regions(graph, wishes.target, wishes.tolerance) if wishes.respect_barriers else whole
    if wishes.count and region.max() >= wishes.count:
        region = whole
    households = [graph.households[region == n] for n in range(int(region.max()) + 1)]
    if wishes.count:
        return region, shares([float(own.sum()) for own in households], wishes.count)
    return region, [count_for(own, wishes.target) for own in households]


def _pool(
    graph: Graph, count: int, wishes: Wishes, seeds: range, kinds: Sequence[Kind]
) -> list[tuple[_Score, Ints]]:
    """Divide a region several times, each time polished for another kind."""
    target, taste = wishes.target, tastes(wishes.tolerance)
    pool: dict[bytes, tuple[_Score, Ints]] = {}
    for n, kind in enumerate(kinds[: len(seeds)]):
        own = seeds[n :: len(kinds)]
        begun = (
            _of_blocks(graph, count, wishes, own) if kind == "streets" else starts(graph, count, seeds=own)
        )
        for seed, start in zip(own, begun, strict=True):
            part = polished(graph, start, target, taste[kind], seed=seed)
            better = recombined(graph, part, target, wishes.tolerance, seed=seed)
            if better is not part:
                part = polished(graph, better, target, taste[kind], seed=seed)
            if wishes.count is None:
                part = without_dwarfs(graph, part, target, (1 + wishes.tolerance) * target)
            part = _numbered(part)
            pool[part.tobytes()] = (_Score.of(graph, part, target, wishes.tolerance), part)
    return list(pool.values())


def _of_blocks(graph: Graph, count: int, wishes: Wishes, seeds: Sequence[int]) -> Iterator[Ints]:
    """Yield divisions that cut few blocks; of so many parts if the planner wishes a number, else of any."""
    taste = tastes(wishes.tolerance)["streets"]
    ways = block_groups(graph, wishes.target, taste.most_off, seed=seeds[0], count=len(seeds))
    for seed, groups in zip(seeds, cycle(ways), strict=False):
        part = np.zeros(graph.count, dtype=np.int64)
        offset = 0
        for atoms, parts in groups:
            here = graph.part(atoms)
            [start] = starts(here, parts, seeds=[seed])
            part[atoms] = offset + polished(here, start, wishes.target, taste, seed=seed)
            offset += parts
        yield mended(graph, part, count if wishes.count else offset)


def _chosen(pool: list[tuple[_Score, Ints]], kinds: Sequence[Kind]) -> dict[Kind, Ints]:
    """Choose the best of each kind, for each another one as long as there are any."""
    chosen: dict[Kind, Ints] = {}
    left = list(pool)
    for kind in kinds:
        best = min(left or pool, key=lambda entry: entry[0].rank(kind))
        chosen[kind] = best[1]
        left = [entry for entry in left if entry is not best]
    return chosen


def _least_change(graph: Graph, wishes: Wishes, home: Ints, seed: int) -> Ints:
    """Begin with the parts of today, piece by piece of the ground; move as few households as need be."""
    whole = graph.pieces(np.zeros(graph.count, dtype=np.int64))
    of_piece = [np.flatnonzero(whole == n) for n in range(int(whole.max()) + 1)]
    if wishes.count:
        given = shares([float(graph.households[atoms].sum()) for atoms in of_piece], wishes.count)
        counts = [{count} for count in given]
    else:
        counts = [_counts_near_today(graph.households[atoms], home[atoms], wishes) for atoms in of_piece]
    result = np.zeros(graph.count, dtype=np.int64)
    offset = 0
    for atoms, some in zip(of_piece, counts, strict=True):
        part = _from_today(graph.part(atoms), home[atoms], some, wishes, seed)
        result[atoms] = offset + part
        offset += int(part.max()) + 1
    return np.unique(result, return_inverse=True)[1]


def _counts_near_today(households: Ints, home: Ints, wishes: Wishes) -> set[int]:
    """Return the numbers of parts to try: that for the target, and today's if its mean is in tolerance."""
    today = len(np.unique(home[home >= 0]))
    fits = today and abs(households.sum() / today / wishes.target - 1) <= wishes.tolerance
    return {count_for(households, wishes.target)} | ({today} if fits else set())


def _from_today(graph: Graph, home: Ints, counts: set[int], wishes: Wishes, seed: int) -> Ints:
    """Return the division of least change into one of some numbers of parts."""
    if (home < 0).all():
        home = np.zeros(graph.count, dtype=np.int64)
    taste = tastes(wishes.tolerance)["least_change"]
    begun = attached(home, graph.a, graph.b, graph.cost)
    found = []
    for count in counts:
        part = named(mended(graph, begun, count), home, graph)
        found += [
            polished(graph, part, wishes.target, taste, seed=seed + n, home=home)
            for n in range(_FEWEST_STARTS)
        ]
    return min(found, key=lambda part: _changes(graph, part, home, wishes))


def _numbered(part: Ints) -> Ints:
    """Number parts in the order of their first atoms, so that the same division has the same numbers."""
    _kept, first, row = np.unique(part, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[row]


def _different(found: dict[Kind, Ints]) -> dict[Kind, Ints]:
    """Leave out what is the same division as one before, and what are more than are offered."""
    seen: dict[bytes, Kind] = {}
    for kind, part in found.items():
        seen.setdefault(_numbered(part).tobytes(), kind)
    return {kind: found[kind] for kind in [*seen.values()][:_OFFERED]}
