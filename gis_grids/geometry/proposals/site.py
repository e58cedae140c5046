"""What a proposal starts from: the ground with all that stands on it, and what the planner wishes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shapely import LineString, MultiLineString, MultiPolygon, Polygon
    from shapely.geometry.base import BaseGeometry

    Shape = Polygon | MultiPolygon

Progress = Callable[[float], None]
"""Is told the share done, 0 to 1, never falling; it may raise in order to stop the work."""


@dataclass(frozen=True)
class Building:
    """A building: its key, footprint (lon/lat), households, and the walled compound that it stands in.

    ``households`` is the weight that grids are balanced by. Where nobody has counted, the caller
    estimates it (floors times ground, say).
    """

    key: str
    footprint: Shape
    households: int
    compound: str | None = None


@dataclass(frozen=True)
class Street:
    """A street by its centre line (lon/lat); a barrier is one that no grid should reach across."""

    line: LineString | MultiLineString
    is_barrier: bool = False


@dataclass(frozen=True)
class Site:
    """The ground that is divided, all in lon/lat.

    ``water`` are lines (rivers by their centre line) or polygons, all of them barriers. ``compounds`` are
    the walls of compounds, as polygons by their key, as far as they are known; what keeps a compound
    whole are the keys of its buildings. ``today`` are today's zones by key, which need not tile. ``units``
    are by key what zones are put together from, where such tile the scope already: they stay whole.
    """

    scope: Shape
    buildings: Sequence[Building]
    streets: Sequence[Street] = ()
    water: Sequence[BaseGeometry] = ()
    compounds: Mapping[str, Shape] = field(default_factory=dict)
    today: Mapping[str, Shape] = field(default_factory=dict)
    units: Mapping[str, Shape] = field(default_factory=dict)


@dataclass(frozen=True)
class Wishes:
    """What the planner wants: households per grid, within a tolerance (a share), or a number of grids.

    With ``count``, the target is what an even division gives. Raises ValueError for what can't be meant.
    """

    target: float = 300
    tolerance: float = 0.2
    count: int | None = None
    keep_compounds: bool = True
    respect_barriers: bool = True
    least_change: bool = True

    def __post_init__(self) -> None:
        if self.target <= 0 or self.tolerance <= 0 or (self.count is not None and self.count < 1):
            message = "target, tolerance and count of grids are greater than zero"
            raise ValueError(message)


def compounds_of(site: Site) -> dict[str, int]:
    """Return the households of each compound."""
    households: dict[str, int] = {}
    for building in site.buildings:
        if building.compound is not None:
            households[building.compound] = households.get(building.compound, 0) + building.households
    return households


def between(progress: Progress | None, start: float, end: float) -> Progress:
    """Return the progress of a step that goes from one share of the whole to another."""
    if progress is None:
        return lambda _share: None
    return lambda share: progress(start + (end - start) * share)
