"""Which zone of a draft each household is in, and what that makes of the zones.

The rule is that of the records (`households.services.places`), told beforehand: what was set by hand or by
entrance stays while its unit is still a leaf of the draft; else the place decides. A household without a
place goes with its building, or without one stays in its unit while that is a leaf.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsWKB, PointOnSurface

from gis_grids.drafts import SCOPE
from gis_grids.selectors import leaf_versions
from households.geometry import first_covering
from households.selectors.register import index_in, register

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from numpy.typing import NDArray

    from gis_grids.drafts import Draft, Zone
    from households.selectors.register import Rows


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
    def keys(self) -> list[str]:
        """The keys of the leaves."""
        return [zone.key for zone in self.zones]

    def covering(self, xs: NDArray[np.float64], ys: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the index of the leaf that covers each place (lon/lat; NaN: none), or -1."""
        if np.isnan(xs).all():
            return np.full(len(xs), -1)
        west, south, east, north = shapely.bounds(self.shapes).T
        near = (west <= np.nanmax(xs)) & (east >= np.nanmin(xs))
        near &= (south <= np.nanmax(ys)) & (north >= np.nanmin(ys))
        which = np.flatnonzero(near)
        return np.append(which, -1)[first_covering(xs, ys, self.shapes[which])]

    def homes(self, xs: NDArray[np.float64], ys: NDArray[np.float64]) -> Homes:
        """Return the same as keys."""
        return Homes(self.keys, self.covering(xs, ys))


@dataclass(frozen=True, slots=True)
class Homes:
    """The zone of each household of a register: an index into the keys, -1 for none."""

    keys: Sequence[str]
    index: NDArray[np.int64]

    def zones(self, which: NDArray[Any] | slice = slice(None)) -> list[str]:
        """Return the key of the zone of each household, or of those picked; `SCOPE` for none."""
        keys = [*self.keys, SCOPE]
        return [keys[n] for n in self.index[which].tolist()]

    def held_by(self, holders: Mapping[str, str]) -> Homes:
        """Return the same by the zones that hold these, as `Draft.on_level` tells them."""
        keys = list(dict.fromkeys(holders.values()))
        number = {key: n for n, key in enumerate(keys)}
        above = [number.get(holders.get(key, SCOPE), -1) for key in self.keys]
        return Homes(keys, np.array([*above, -1])[self.index])

    def tally(self, rows: Rows) -> dict[str, NDArray[np.int64]]:
        """Return what each zone has by `COUNTED`."""
        return dict(zip(self.keys, tally(self.index, rows, len(self.keys)), strict=True))


def zones_of(draft: Draft, household_ids: Collection[int], at: datetime) -> dict[int, str]:
    """Return for each household the key of the leaf that it is in, by the register of `at`.

    Who is in none isn't in the answer: he is in a unit beyond the scope, or nowhere.
    """
    rows = register(at=at, household_ids=household_ids)
    zones = homes(draft, LeafCoverage.of(draft), rows, at).zones()
    return {int(id_): key for id_, key in zip(rows["id"], zones, strict=True) if key != SCOPE}


def homes(draft: Draft, coverage: LeafCoverage, rows: Rows, at: datetime) -> Homes:
    """Return the leaf that each household of the register is in; ``coverage`` is the draft's.

    A place exactly on the scope's border counts as inside, unless its household is recorded beyond; that a
    unit beyond may come first in the order of codes is not looked at.
    """
    recorded = index_in(rows["unit"], [zone.unit_id or -1 for zone in coverage.zones])
    found = coverage.covering(rows["x"], rows["y"])
    stays = (recorded >= 0) & (rows["by_record"] | np.isnan(rows["x"]))
    elsewhere = np.isin(rows["unit"], _beyond(draft, rows["unit"][(recorded < 0) & (found >= 0)], at))
    return Homes(coverage.keys, np.where(stays, recorded, np.where(elsewhere, -1, found)))


def tally(index: NDArray[np.int64], rows: Rows, size: int) -> NDArray[np.int64]:
    """Return what each index below `size` has by `COUNTED`; -1 is left out."""
    columns = [np.ones(len(rows)), rows["residents"], rows["is_party"], rows["is_hub"], ~rows["has_place"]]
    return np.column_stack([count(index, size, column) for column in columns])


COUNTED: Final = ("households", "residents", "party_households", "hub_households", "unplaced")


def count(index: NDArray[np.int64], size: int, weights: NDArray[Any] | None = None) -> NDArray[np.int64]:
    """Return how often (or with what weight) each index below `size` occurs; -1 is left out."""
    return np.bincount(index + 1, weights, minlength=size + 1)[1:].astype(np.int64)


def units_of(zones: Iterable[Zone]) -> set[int]:
    """Return the ids of the units that zones are."""
    return {zone.unit_id for zone in zones if zone.unit_id is not None}


def _beyond(draft: Draft, unit_ids: NDArray[np.int64], at: datetime) -> list[int]:
    """Return those of the units that are leaves in force beyond the ground: whom they have, they keep."""
    asked = [unit for unit in np.unique(unit_ids).tolist() if unit]
    if not asked:
        return []
    inside = leaf_versions(at).filter(unit__in=asked).values_list("unit", AsWKB(PointOnSurface("boundary")))
    points = {unit: shapely.from_wkb(bytes(point)) for unit, point in inside}
    return [unit for unit, point in points.items() if not draft.ground.intersects(point)]
