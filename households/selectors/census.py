"""The households of a comparison of plans: which zone each is in before, and which after."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, cast

import numpy as np
import shapely

from gis_grids.drafts import SCOPE
from gis_grids.levels import Level
from households.selectors.drafts import COUNTED, LeafCoverage, count, homes, tally, units_of
from households.selectors.register import Near, buildings_near, register

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from numpy.typing import NDArray
    from shapely import Point

    from gis_grids.drafts import Draft, Zone
    from gis_grids.drafts.comparison import Comparison, Figures
    from households.selectors.drafts import Homes
    from households.selectors.register import Box, Rows

    Counts = dict[str, NDArray[np.int64]]
    """By the keys of zones: `COUNTED`, and then the buildings."""


@dataclass(frozen=True)
class Census:
    """The register of a comparison's ground and units, and the leaf of each household before and after."""

    comparison: Comparison
    rows: Rows

    @classmethod
    def of(cls, comparison: Comparison) -> Census:
        """Take the census by the register of the comparison's time; for all who ask, `Comparison.once`."""
        units = units_of([*comparison.before.leaves.values(), *comparison.after.leaves.values()])
        return cls(comparison, register(at=comparison.at, near=Near(comparison.after.ground.bounds, units)))

    @cached_property
    def coverage_before(self) -> LeafCoverage:
        """The leaves as they were."""
        return LeafCoverage.of(self.comparison.before)

    @cached_property
    def coverage(self) -> LeafCoverage:
        """The leaves of the plan."""
        return LeafCoverage.of(self.comparison.after)

    @cached_property
    def before(self) -> Homes:
        """The leaf that each household was in."""
        return homes(self.comparison.before, self.coverage_before, self.rows, self.comparison.at)

    @cached_property
    def after(self) -> Homes:
        """The leaf of the plan that each household is in."""
        return homes(self.comparison.after, self.coverage, self.rows, self.comparison.at)

    @cached_property
    def buildings(self) -> Rows:
        """The buildings near the ground."""
        return buildings_near(self.comparison.after.ground.bounds)

    @cached_property
    def built(self) -> Homes:
        """The leaf of the plan that each of the buildings is in."""
        return self.coverage.homes(self.buildings["x"], self.buildings["y"])

    @cached_property
    def built_before(self) -> Homes:
        """The leaf that each of the buildings was in."""
        return self.coverage_before.homes(self.buildings["x"], self.buildings["y"])

    @cached_property
    def counts(self) -> Counts:
        """What every zone of the plan has."""
        return _with_those_above(self.comparison.after, _counts(self.after, self.built, self.rows))

    @cached_property
    def counts_before(self) -> Counts:
        """What every zone had before."""
        return _with_those_above(self.comparison.before, _counts(self.before, self.built_before, self.rows))

    def households(self, key: str) -> int:
        """Return how many households a zone of the plan has."""
        return int(self.counts[key][0])

    def buildings_in(self, key: str) -> int:
        """Return how many buildings a zone of the plan has."""
        return int(self.counts[key][-1])

    def groups(self) -> tuple[dict[str, Zone], Homes, Homes]:
        """Return the zones that should have a hub, and who is in them before and after.

        The building groups of the plan, or its leaves where it has none.
        """
        draft, level = self.comparison.after, Level.BUILDING_GROUP
        if level in draft.levels:
            return draft.at_level(level), *self.on_level(level)
        return draft.leaves, self.before, self.after

    def on_level(self, level: Level) -> tuple[Homes, Homes]:
        """Return the zones of a level that the households are in, before and after."""
        comparison = self.comparison
        return (
            self.before.held_by(comparison.before.on_level(level)),
            self.after.held_by(comparison.after.on_level(level)),
        )


def zone_figures(
    draft: Draft, keys: Collection[str], at: datetime, compared: Comparison | None = None
) -> Figures:
    """Tell what the register knows of these zones: a hook of the ground floor.

    `COUNTED`, of which ``unplaced`` are the households without a place of their own; and ``buildings``, which
    count where their middle lies.
    """
    if compared is None:
        counts = _counts_near(draft, keys, at)
    else:
        census = compared.once(Census.of)
        counts = census.counts if draft is compared.after else census.counts_before
    return {key: dict(zip(_FIGURES, counts[key].tolist(), strict=True)) for key in keys}


def _counts_near(draft: Draft, keys: Collection[str], at: datetime) -> Counts:
    """Return what each of these zones has, by no more of the register than concerns them."""
    leaves = {key: draft.leaves_of(key) for key in keys}
    touched = [leaf for below in leaves.values() for leaf in below]
    if not touched:
        return dict.fromkeys(keys, _NOTHING)
    box = cast("Box", tuple(shapely.total_bounds([leaf.shape for leaf in touched]).tolist()))
    coverage = LeafCoverage.of(draft)
    rows, buildings = register(at=at, near=Near(box, units_of(touched))), buildings_near(box)
    built = coverage.homes(buildings["x"], buildings["y"])
    counts = _counts(homes(draft, coverage, rows, at), built, rows)
    return {key: sum((counts[leaf.key] for leaf in below), _NOTHING) for key, below in leaves.items()}


def _counts(homes: Homes, built: Homes, rows: Rows) -> Counts:
    """Return what each leaf has."""
    size = len(homes.keys)
    numbers = np.column_stack([tally(homes.index, rows, size), count(built.index, size)])
    return dict(zip(homes.keys, numbers, strict=True))


def _with_those_above(draft: Draft, leaves: Counts) -> Counts:
    """Return what every zone of a draft has, on all levels; `SCOPE` is the whole."""
    counts = {key: _NOTHING.copy() for key in (SCOPE, *draft.zones)}
    for leaf, numbers in leaves.items():
        key = leaf
        while key != SCOPE:
            counts[key] += numbers
            key = draft.zones[key].parent
        counts[SCOPE] += numbers
    return counts


_FIGURES: Final = (*COUNTED, "buildings")
_NOTHING: Final = np.zeros(len(_FIGURES), dtype=np.int64)


def point_in(draft: Draft, key: str) -> tuple[float, float]:
    """Return a place (lon/lat) in a zone, to zoom to: in the greatest of its leaves."""
    shapes = [leaf.shape for leaf in draft.leaves_of(key) if leaf.shape is not None]
    return lonlat(max(shapes, key=lambda shape: shape.area).representative_point())


def lonlat(point: Point) -> tuple[float, float]:
    """Return the coordinates of a point."""
    return point.x, point.y
