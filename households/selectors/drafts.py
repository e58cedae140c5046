"""Which zone of a draft each household is in, and what that makes of the zones.

The rule is that of the records (`households.services.places`), told beforehand: what was set by hand or by
entrance stays while its unit is still a leaf of the draft; else the place decides. A household without a
place goes with its building, or without one stays in its unit while that is a leaf.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsWKB, PointOnSurface

from gis_grids.drafts import SCOPE
from households.geometry import first_covering
from households.selectors.leaves import leaf_versions
from households.selectors.register import Near, buildings_near, register

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime
    from typing import Any

    from numpy.typing import NDArray

    from gis_grids.drafts import Draft, Zone
    from gis_grids.drafts.comparison import Figures
    from households.selectors.register import Box, Rows

    Keys = NDArray[np.object_]
    """Keys of zones; `SCOPE` for what is in none."""


@dataclass(frozen=True, slots=True)
class LeafCoverage:
    """The leaves of a draft in the order that decides on a common border, and their shapes."""

    zones: Sequence[Zone]
    shapes: NDArray[Any]

    @classmethod
    def of(cls, draft: Draft) -> LeafCoverage:
        """Return the leaves of a draft: the deepest first, then by code, byte by byte, what is new last."""
        zones = sorted(
            draft.leaves.values(),
            key=lambda zone: (-zone.level.depth, not zone.code, zone.code.encode(), zone.key.encode()),
        )
        return cls(zones, np.array([zone.shape for zone in zones], dtype=object))

    @property
    def keys(self) -> Keys:
        """The keys of the leaves, and `SCOPE` at the end: an index of -1, in none, picks that."""
        return np.array([*(zone.key for zone in self.zones), SCOPE], dtype=object)

    def covering(self, xs: NDArray[np.float64], ys: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the index of the leaf that covers each place (lon/lat; NaN: none), or -1."""
        if np.isnan(xs).all():
            return np.full(len(xs), -1)
        west, south, east, north = shapely.bounds(self.shapes).T
        near = (west <= np.nanmax(xs)) & (east >= np.nanmin(xs))
        near &= (south <= np.nanmax(ys)) & (north >= np.nanmin(ys))
        which = np.flatnonzero(near)
        return np.append(which, -1)[first_covering(xs, ys, self.shapes[which])]


def zones_of(draft: Draft, household_ids: Collection[int], at: datetime) -> dict[int, str]:
    """Return for each household the key of the leaf that it is in, by the register of `at`.

    Who is in none isn't in the answer: he is in a unit beyond the scope, or nowhere.
    """
    rows = register(at=at, household_ids=household_ids)
    keys = homes(draft, rows, at)
    return {int(id_): key for id_, key in zip(rows["id"], keys, strict=True) if key != SCOPE}


def register_of(draft: Draft, at: datetime, unit_ids: Collection[int] = ()) -> Rows:
    """Return the households that a draft may concern: in its ground, or recorded in leaves or these units."""
    units = {*unit_ids, *_units(draft.leaves.values())}
    return register(at=at, near=Near(draft.ground.bounds, units))


def homes(draft: Draft, rows: Rows, at: datetime) -> Keys:
    """Return for each household of the register the key of the leaf that it is in, `SCOPE` for none."""
    coverage = LeafCoverage.of(draft)
    return coverage.keys[_homes(draft, coverage, rows, at)]


def zone_figures(draft: Draft, keys: Collection[str], at: datetime) -> Figures:
    """Tell what the register knows of these zones: a hook of the ground floor.

    ``households``, ``residents``, ``party_households``, ``hub_households``; ``unplaced``, those of the
    households that have no place of their own; ``buildings``, which count where their middle lies.
    """
    leaves = {key: [leaf.key for leaf in draft.leaves_of(key)] for key in keys}
    touched = [draft.leaves[leaf] for leaf in {leaf for below in leaves.values() for leaf in below}]
    if not touched:
        return {key: _named(_NOTHING) for key in keys}
    counts = _counts(draft, touched, at)
    return {key: _named(sum((counts[leaf] for leaf in below), _NOTHING)) for key, below in leaves.items()}


_COUNTED = ("households", "residents", "party_households", "hub_households", "unplaced", "buildings")
_NOTHING = np.zeros(len(_COUNTED), dtype=np.int64)


def _named(counts: NDArray[np.int64]) -> dict[str, float]:
    return dict(zip(_COUNTED, counts.tolist(), strict=True))


def _counts(draft: Draft, touched: Sequence[Zone], at: datetime) -> dict[str, NDArray[np.int64]]:
    """Return the counts of each touched leaf."""
    box = cast("Box", tuple(shapely.total_bounds([zone.shape for zone in touched]).tolist()))
    coverage = LeafCoverage.of(draft)
    rows = register(at=at, near=Near(box, _units(touched)))
    buildings = buildings_near(box)
    counts = np.column_stack(
        [
            tally(_homes(draft, coverage, rows, at), rows, len(coverage.zones)),
            _count(coverage.covering(buildings["x"], buildings["y"]), len(coverage.zones)),
        ]
    )
    return {zone.key: row for zone, row in zip(coverage.zones, counts, strict=False)}


def tally(index: NDArray[np.int64], rows: Rows, size: int) -> NDArray[np.int64]:
    """Return for each index below `size` its households, residents, party, hub, unplaced; -1 is left out."""
    columns = [
        np.ones(len(rows)),
        rows["residents"],
        rows["is_party"],
        rows["is_hub"],
        ~rows["has_place"],
    ]
    return np.column_stack([_count(index, size, column) for column in columns])


def _count(index: NDArray[np.int64], size: int, weights: NDArray[Any] | None = None) -> NDArray[np.int64]:
    return np.bincount(index + 1, weights, minlength=size + 1)[1:].astype(np.int64)


def _units(zones: Collection[Zone]) -> set[int]:
    return {zone.unit_id for zone in zones if zone.unit_id is not None}


def _homes(draft: Draft, coverage: LeafCoverage, rows: Rows, at: datetime) -> NDArray[np.int64]:
    """Return the index of each household's leaf, -1 for none."""
    leaf_of = {zone.unit_id: index for index, zone in enumerate(coverage.zones) if zone.unit_id is not None}
    units, which = np.unique(rows["unit"], return_inverse=True)
    recorded = np.array([leaf_of.get(unit, -1) for unit in units.tolist()], dtype=np.int64)[which]
    found = coverage.covering(rows["x"], rows["y"])
    stays = (recorded >= 0) & (rows["by_hand"] | np.isnan(rows["x"]))
    elsewhere = np.isin(rows["unit"], _beyond(draft, rows["unit"][(recorded < 0) & (found >= 0)], at))
    return np.where(stays, recorded, np.where(elsewhere, -1, found))


def _beyond(draft: Draft, unit_ids: NDArray[np.int64], at: datetime) -> list[int]:
    """Return those of the units that are leaves in force beyond the ground: whom they have, they keep."""
    asked = [unit for unit in np.unique(unit_ids).tolist() if unit]
    if not asked:
        return []
    inside = leaf_versions(at).filter(unit__in=asked).values_list("unit", AsWKB(PointOnSurface("boundary")))
    points = {unit: shapely.from_wkb(bytes(point)) for unit, point in inside}
    return [unit for unit, point in points.items() if not draft.ground.intersects(point)]
