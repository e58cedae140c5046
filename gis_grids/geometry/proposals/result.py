"""What a proposal is: zones that tile the scope, and how good they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gis_grids.geometry.proposals.site import Shape

Kind = Literal["least_change", "balanced", "streets", "compact"]
"""What a candidate is best in: few households change their grid, even grids, whole blocks, short borders."""


@dataclass(frozen=True)
class Zone:
    """A proposed zone.

    ``key`` is today's key where the zone goes on a zone of today (``continues``), else a new number; these
    run from west to east and north to south. ``deviation`` is from the target, as a share. ``exempt`` says
    that one building or compound, which can't be divided, alone is beyond the tolerance. ``compactness`` is
    Polsby and Popper's, 1 for a circle. ``buildings`` are keys.
    """

    key: str
    continues: bool
    shape: Shape
    buildings: tuple[str, ...]
    households: int
    deviation: float
    compactness: float
    exempt: bool


@dataclass(frozen=True)
class Figures:
    """How good a candidate is; shares are of 1, lengths in metres.

    ``worst_deviation`` is the greatest from the target of a zone that isn't exempt, ``spread`` the greatest
    from the mean of all zones. ``street_share`` is of the length of borders between zones,
    ``inner_border`` the length of those that lie on no street.
    ``households_moved`` counts those whose building has another zone than today (0 where there are no zones
    today). ``exempt`` are compounds and buildings of more households than the tolerance allows.
    ``barriers_crossed`` counts zones with households on both sides of a barrier. ``off_scope`` are
    buildings that stand outside of it, and have no zone.
    """

    worst_deviation: float
    spread: float
    within_tolerance: float
    contiguous: bool
    blocks_split: int
    compounds_split: int
    buildings_cut: tuple[str, ...]
    street_share: float
    inner_border: float
    households: int
    households_moved: int
    barriers_crossed: int
    exempt: tuple[str, ...]
    off_scope: tuple[str, ...]


@dataclass(frozen=True)
class Candidate:
    """One way to divide a scope: the keys of the zones of each building, and of each unit, by their keys."""

    kind: Kind
    zones: tuple[Zone, ...]
    zone_of: Mapping[str, str]
    zone_of_unit: Mapping[str, str]
    figures: Figures
