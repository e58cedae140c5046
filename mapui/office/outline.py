"""The tree as a page shows it: its upper levels, or what a search found with all above it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gis_grids.levels import Level
from households.selectors import UnitCount
from mapui.office.figures import share

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from gis_grids.selectors import TreeRow

MOST_FOUND: Final = 100
"""So many units are shown of what a search has found; a page is read by a person."""
MOST_WORDS: Final = 40

_STEPS_SHOWN: Final = 2
_STEPS_OPEN: Final = 2


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody looks for; without words and marks it is the whole tree."""

    words: str = ""
    only_vacant: bool = False

    def __bool__(self) -> bool:
        return bool(self.words) or self.only_vacant

    def finds(self, row: TreeRow) -> bool:
        """Tell whether the unit is looked for: by a part of its name, or by how its code begins."""
        words = self.words.casefold()
        is_named = words in row.name.casefold() or row.code.casefold().startswith(words)
        return is_named and (not self.only_vacant or any(post.holder_id is None for post in row.posts))


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit on the page, with those below it that the page shows; `unseen` counts the others below it."""

    row: TreeRow
    count: UnitCount
    branches: tuple[Branch, ...]
    is_open: bool
    unseen: int

    @property
    def coverage(self) -> float | None:
        """Per cent of its households in exactly one unit; None without households."""
        return share(self.count.settled, self.count.households)

    @property
    def shown(self) -> int:
        """How many units the branch shows, itself included."""
        return 1 + sum(branch.shown for branch in self.branches)


@dataclass(frozen=True, slots=True)
class Outline:
    """The branches from the top, and how many units the search found (None: nothing was looked for)."""

    branches: tuple[Branch, ...]
    found: int | None

    @property
    def is_cut(self) -> bool:
        """Whether more was found than is shown."""
        return (self.found or 0) > MOST_FOUND


def outline(rows: Sequence[TreeRow], counts: Mapping[int, UnitCount], search: Search) -> Outline:
    """Return the rows (depth first, as `gis_grids.selectors.tree` gives them) as the page's branches."""
    if not search:
        return Outline(_nest(rows, counts, _upper_levels(rows), _STEPS_OPEN), None)
    found = [row for row in rows if search.finds(row)]
    kept = _with_those_above(rows, found[:MOST_FOUND])
    return Outline(_nest(rows, counts, kept, len(Level)), len(found))


def _upper_levels(rows: Sequence[TreeRow]) -> set[int]:
    """Return the units down to the area, but at least two steps below each top: an area's page has all."""
    deepest: dict[int | None, int] = {}
    for row in rows:
        own = max(Level.AREA.depth, row.level.depth + _STEPS_SHOWN)
        deepest[row.unit_id] = deepest.get(row.parent_id, own)
    return {row.unit_id for row in rows if row.level.depth <= deepest[row.unit_id]}


def _with_those_above(rows: Sequence[TreeRow], found: Sequence[TreeRow]) -> set[int]:
    parent_of = {row.unit_id: row.parent_id for row in rows}
    kept: set[int] = set()
    for row in found:
        unit: int | None = row.unit_id
        while unit in parent_of and unit not in kept:
            kept.add(unit)
            unit = parent_of[unit]
    return kept


def _nest(
    rows: Sequence[TreeRow], counts: Mapping[int, UnitCount], kept: Collection[int], steps_open: int
) -> tuple[Branch, ...]:
    within = {row.unit_id for row in rows}
    below: dict[int | None, list[TreeRow]] = {}
    for row in rows:
        if row.unit_id in kept:
            below.setdefault(row.parent_id if row.parent_id in within else None, []).append(row)

    def grow(row: TreeRow, step: int) -> Branch:
        branches = tuple(grow(child, step + 1) for child in below.get(row.unit_id, ()))
        unseen = row.units_below - sum(branch.shown for branch in branches)
        return Branch(row, counts.get(row.unit_id, UnitCount()), branches, step < steps_open, unseen)

    return tuple(grow(row, 0) for row in below.get(None, ()))
