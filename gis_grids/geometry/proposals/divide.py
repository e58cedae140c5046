"""Candidates for a division: regions between barriers, several starts in each, the best of every kind."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from gis_grids.geometry.proposals.partition import aim_for, count_for, mended, shares, starts, without_dwarfs
from gis_grids.geometry.proposals.patches import attached, pieces
from gis_grids.geometry.proposals.polish import Taste, polished

if TYPE_CHECKING:
    from collections.abc import Sequence

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
_KINDS: Final[tuple[Kind, ...]] = ("balanced", "streets", "compact")


def tastes(tolerance: float) -> dict[Kind, Taste]:
    """Return what each kind of candidate is polished for."""
    return {
        "least_change": Taste(uneven=0.5, cap=0.95 * tolerance, border=0.2, split=0.05, moved=3.0),
        "balanced": Taste(uneven=30.0, cap=0.5 * tolerance, border=0.5, split=0.05),
        "streets": Taste(uneven=1.0, cap=0.75 * tolerance, border=0.5, split=0.6),
        "compact": Taste(uneven=1.0, cap=0.75 * tolerance, border=1.0, split=0.1),
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
    kinds: Sequence[Kind] = _KINDS
    if home is not None and wishes.least_change:
        found["least_change"] = _least_change(graph, wishes, home, seed)
        kinds = _KINDS[:2]
    found |= _best(graph, wishes, kinds, seed=seed, most=STARTS, tell=tell)
    if home is not None:
        found = {kind: named(part, home, graph) for kind, part in found.items()}
        found = _least_first(graph, found, home, wishes)
    return _different(found)


def _least_first(graph: Graph, found: dict[Kind, Ints], home: Ints, wishes: Wishes) -> dict[Kind, Ints]:
    """Put another candidate in the place of that of least change where it moves fewer and is no worse."""
    least = found.get("least_change")
    if least is None:
        return found

    def off(part: Ints) -> int:
        return _Score.of(graph, _numbered(part), wishes.target, wishes.tolerance).off

    def moved(part: Ints) -> int:
        return int(graph.households[(part != home) & (home >= 0)].sum())

    no_worse = [part for part in found.values() if off(part) <= off(least)]
    return found | {"least_change": min(no_worse, key=moved)}


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


@dataclass(frozen=True)
class _Score:
    """Parts off the tolerance, the worst share off the mean, further parts in blocks, what the cuts cost."""

    off: int
    worst: float
    splits: int
    cut: float

    @classmethod
    def of(cls, graph: Graph, part: Ints, target: float, tolerance: float) -> _Score:
        count = int(part.max()) + 1
        aim = aim_for(graph.households, count) or 1.0
        load = np.bincount(part, weights=np.minimum(graph.households, aim), minlength=count)
        pairs = np.unique(np.column_stack((part[graph.block[:, 0]], graph.block[:, 1])), axis=0)
        return cls(
            off=int((np.abs(load / target - 1) > tolerance).sum()),
            worst=float(np.abs(load / aim - 1).max()),
            splits=int((np.bincount(pairs[:, 1])[np.unique(pairs[:, 1])] - 1).sum()) if len(pairs) else 0,
            cut=float(graph.cost[part[graph.a] != part[graph.b]].sum()),
        )

    def rank(self, kind: Kind) -> tuple[float, ...]:
        """Return what candidates of a kind are sorted by, best first."""
        if kind == "balanced":
            return (self.off, round(self.worst, 2), self.splits, self.cut)
        if kind == "streets":
            return (self.off, self.splits, self.cut)
        return (self.off, self.cut)


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
        pool = _pool(here, count, wishes, seeds, kinds)
        for kind, part in _chosen(pool, kinds).items():
            found[kind][atoms] = offset + part
        offset += count
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
    for n, start in enumerate(starts(graph, count, seeds=seeds)):
        part = polished(graph, start, target, taste[kinds[n % len(kinds)]], seed=seeds[n])
        if wishes.count is None:
            part = without_dwarfs(graph, part, target, (1 + wishes.tolerance) * target)
        part = _numbered(part)
        pool[part.tobytes()] = (_Score.of(graph, part, target, wishes.tolerance), part)
    return list(pool.values())


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
    target = wishes.target
    whole = graph.pieces(np.zeros(graph.count, dtype=np.int64))
    of_piece = [np.flatnonzero(whole == n) for n in range(int(whole.max()) + 1)]
    households = [graph.households[atoms] for atoms in of_piece]
    zones = [len(np.unique(home[atoms][home[atoms] >= 0])) for atoms in of_piece]
    fits = [
        own.sum() and n and abs(own.sum() / n / target - 1) <= wishes.tolerance
        for own, n in zip(households, zones, strict=True)
    ]
    counts = [
        n if fit else count_for(own, target) for own, n, fit in zip(households, zones, fits, strict=True)
    ]
    if wishes.count:
        counts = shares([float(own.sum()) for own in households], wishes.count)
    result = np.zeros(graph.count, dtype=np.int64)
    offset = 0
    for atoms, count in zip(of_piece, counts, strict=True):
        part = _from_today(graph.part(atoms), home[atoms], count, target, wishes.tolerance, seed)
        result[atoms] = offset + part
        offset += int(part.max()) + 1
    return np.unique(result, return_inverse=True)[1]


def _from_today(  # noqa: PLR0913, PLR0917 (what one piece is divided by)
    graph: Graph, home: Ints, count: int, target: float, tolerance: float, seed: int
) -> Ints:
    if (home < 0).all():
        home = np.zeros(graph.count, dtype=np.int64)
    begun = attached(home, graph.a, graph.b, graph.cost)
    part = named(mended(graph, begun, count), home, graph)
    taste = tastes(tolerance)["least_change"]
    return polished(graph, part, target, taste, seed=seed, home=home)


def _numbered(part: Ints) -> Ints:
    """Number parts in the order of their first atoms, so that the same division has the same numbers."""
    _kept, first, row = np.unique(part, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[row]


def _different(found: dict[Kind, Ints]) -> dict[Kind, Ints]:
    """Leave out what is the same division as one before."""
    seen: set[bytes] = set()
    result: dict[Kind, Ints] = {}
    for kind, part in found.items():
        key = _numbered(part).tobytes()
        if key not in seen:
            seen.add(key)
            result[kind] = part
    return result
