"""Figures of the office: units and posts by level, and shares that never flatter. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING

from gis_grids.levels import Level

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gis_grids.selectors import TreeRow


@dataclass(frozen=True, slots=True)
class LevelFigures:
    """How many units a level has (None: all levels), and how many posts, vacant, deputies they have."""

    level: Level | None
    units: int
    posts: int
    vacant: int
    deputies: int


@dataclass(frozen=True, slots=True)
class Bar:
    """So many of all."""

    count: int
    of: int

    @property
    def share(self) -> float | None:
        """Per cent, cut to one decimal; None when there are none."""
        return share(self.count, self.of)


def by_level(rows: Sequence[TreeRow]) -> list[LevelFigures]:
    """Return the figures of every level that has units, from the top down."""
    return [_figures(level, mine) for level in Level if (mine := [row for row in rows if row.level is level])]


def altogether(rows: Sequence[TreeRow]) -> LevelFigures:
    """Return the figures of all rows."""
    return _figures(None, rows)


def share(part: int, whole: int) -> float | None:
    """Return the part in per cent, cut to one decimal: 100 means all of it. None of nothing."""
    return floor(part * 1000 / whole) / 10 if whole else None


def _figures(level: Level | None, rows: Iterable[TreeRow]) -> LevelFigures:
    units = list(rows)
    posts = [post for row in units for post in row.posts]
    vacant = sum(post.holder_id is None for post in posts)
    return LevelFigures(level, len(units), len(posts), vacant, sum(post.is_deputy for post in posts))
