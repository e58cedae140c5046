"""The households of a comparison of plans: which zone each is in before, and which after."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from gis_grids.drafts import SCOPE
from gis_grids.levels import Level
from households.selectors.drafts import COUNTED, LeafCoverage, homes, units_of
from households.selectors.register import Near, buildings_near, register

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely import Point

    from gis_grids.drafts import Draft, Zone
    from gis_grids.drafts.comparison import Comparison
    from households.selectors.drafts import Homes
    from households.selectors.register import Rows


@dataclass(frozen=True)
class Census:
    """The register of a comparison's ground and units, and the leaf of each household before and after."""

    comparison: Comparison
    rows: Rows
    before: Homes
    after: Homes

    @classmethod
    def of(cls, comparison: Comparison) -> Census:
        """Take the census by the register of the comparison's time."""
        before, after, at = comparison.before, comparison.after, comparison.at
        units = units_of([*before.leaves.values(), *after.leaves.values()])
        rows = register(at=at, near=Near(after.ground.bounds, units))
        return cls(comparison, rows, homes(before, rows, at), homes(after, rows, at))

    @cached_property
    def coverage(self) -> LeafCoverage:
        """The leaves of the plan."""
        return LeafCoverage.of(self.comparison.after)

    @cached_property
    def buildings(self) -> Rows:
        """The buildings near the ground."""
        return buildings_near(self.comparison.after.ground.bounds)

    @cached_property
    def built(self) -> Homes:
        """The leaf of the plan that each of the buildings is in."""
        return self.coverage.homes(self.buildings["x"], self.buildings["y"])

    @cached_property
    def counts(self) -> dict[str, NDArray[np.int64]]:
        """What every zone of the plan has, by `COUNTED`."""
        return counts_of(self.comparison.after, self.after, self.rows)

    @cached_property
    def counts_before(self) -> dict[str, NDArray[np.int64]]:
        """What every zone had before, by `COUNTED`."""
        return counts_of(self.comparison.before, self.before, self.rows)

    def households(self, key: str) -> int:
        """Return how many households a zone of the plan has."""
        return int(self.counts[key][0])

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


def counts_of(draft: Draft, homes: Homes, rows: Rows) -> dict[str, NDArray[np.int64]]:
    """Return what every zone of a draft has, on all levels, by `COUNTED`; `SCOPE` is the whole."""
    counts = {key: np.zeros(len(COUNTED), dtype=np.int64) for key in (SCOPE, *draft.zones)}
    for leaf, numbers in homes.tally(rows).items():
        key = leaf
        while key != SCOPE:
            counts[key] += numbers
            key = draft.zones[key].parent
        counts[SCOPE] += numbers
    return counts


def point_in(draft: Draft, key: str) -> tuple[float, float]:
    """Return a place (lon/lat) in a zone, to zoom to: in the greatest of its leaves."""
    shapes = [leaf.shape for leaf in draft.leaves_of(key) if leaf.shape is not None]
    return lonlat(max(shapes, key=lambda shape: shape.area).representative_point())


def lonlat(point: Point) -> tuple[float, float]:
    """Return the coordinates of a point."""
    return point.x, point.y
