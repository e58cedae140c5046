"""From a division to a candidate: its zones, and the figures that tell how good it is."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import shapely
from shapely import STRtree

from gis_grids.geometry.codes import in_code_order
from gis_grids.geometry.proposals.outlines import dissolved, drawn, is_cut, least_changed
from gis_grids.geometry.proposals.patches import Borders, attached, pieces
from gis_grids.geometry.proposals.result import Candidate, Figures, Zone
from gis_grids.geometry.redraw import CRUMB_M2

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gis_grids.geometry.proposals.cells import Cells
    from gis_grids.geometry.proposals.graph import Atoms
    from gis_grids.geometry.proposals.result import Kind

    Bools = NDArray[np.bool_]
    Ints = NDArray[np.int64]

_ON_STREET: Final = 3.0
"""Metres from a street or water within which a border lies on it: as far as borders are smoothed."""


@dataclass(frozen=True)
class Division:
    """A division of the atoms of a site into parts, numbered as today's zones where they go on one."""

    cells: Cells
    atoms: Atoms
    part: Ints
    target: float
    tolerance: float

    @cached_property
    def numbers(self) -> Ints:
        """The numbers of the parts, ascending; zones are in this order."""
        return np.unique(self.part)

    @cached_property
    def of_cell(self) -> Ints:
        """The number of the part of each cell; the pieces of a strip are shared by the parts beside it.

        But not if they stay with their zone of today, or hold their part together.
        """
        part = self.part[self.atoms.of_cell]
        borders = self.cells.borders.between(self.cells.cell)
        others = np.where((self.cells.strip >= 0) & (part != self.cells.home), -1, part)
        piece = pieces(len(part), borders.a, borders.b, others)
        own = np.unique(np.column_stack((others, piece))[others >= 0], axis=0)[:, 0]
        torn = np.setdiff1d(np.unique(part), own[np.bincount(own, minlength=1)[own] == 1])
        shared = np.where(np.isin(part, torn), part, others)
        shared = attached(shared, borders.a, borders.b, borders.length)
        return np.where(shared < 0, part, shared)

    @cached_property
    def zone_of_cell(self) -> Ints:
        """The position of the zone of each cell."""
        return np.searchsorted(self.numbers, self.of_cell)

    @cached_property
    def households(self) -> Ints:
        """The households of each zone."""
        return np.bincount(self.zone_of_cell, weights=self.cells.households).astype(np.int64)

    @cached_property
    def deviation(self) -> NDArray[np.float64]:
        """How far each zone is off the target, as a share."""
        return self.households / self.target - 1

    @cached_property
    def exempt(self) -> Bools:
        """Which zones are too large for one atom alone."""
        largest = np.zeros(len(self.numbers))
        np.maximum.at(largest, np.searchsorted(self.numbers, self.part), self.atoms.graph.households)
        return largest > (1 + self.tolerance) * self.target

    def keys(self, shapes: NDArray[Any]) -> list[str]:
        """Return the keys of the zones: today's, and for the others numbers from west to east and so on."""
        today = list(self.cells.site.today)
        keys = [today[n] if n < len(today) else "" for n in self.numbers.tolist()]
        new = [position for position, key in enumerate(keys) if not key]
        free = (str(n) for n in range(1, len(today) + len(new) + 1) if str(n) not in today)
        for position in in_code_order(list(shapes[new])):
            keys[new[position]] = next(free)
        return keys


class Evenness(NamedTuple):
    """How even the zones of a candidate are: three of its `Figures`."""

    worst_deviation: float
    spread: float
    within_tolerance: float


def evenness(households: Ints, exempt: Bools, *, target: float, tolerance: float) -> Evenness:
    """Judge zones by how many households each has; for the worst those that are ``exempt`` don't count."""
    off = np.abs(households / target - 1)
    mean = households.mean() or 1.0
    return Evenness(
        worst_deviation=float(off[~exempt].max(initial=0.0)),
        spread=float(np.abs(households / mean - 1).max()),
        within_tolerance=float((off <= tolerance).mean()),
    )


def candidate_of(kind: Kind, division: Division) -> Candidate:
    """Draw the zones of a division, and measure them."""
    cells = division.cells
    if kind == "least_change" or cells.site.units:
        _numbers, zone_of_face = np.unique(
            least_changed(cells, division.of_cell, cells.home), return_inverse=True
        )
        kept = np.array([cells.scope, *cells.site.today.values(), *cells.site.units.values()], dtype=object)
        shapes = dissolved(cells.faces, zone_of_face, kept)
    else:
        zone_of_face = division.zone_of_cell[cells.cell]
        shapes = drawn(cells, division.zone_of_cell)
    holder = division.zone_of_cell[cells.of_body]
    keys = division.keys(shapes)
    zone_of = {
        building.key: keys[division.zone_of_cell[cell]]
        for building, cell in zip(cells.site.buildings, cells.of_building.tolist(), strict=True)
        if cell >= 0
    }
    of_unit = division.zone_of_cell[cells.of_unit].tolist()
    cut = np.flatnonzero(is_cut(cells.bodies, shapes[holder], cells.frame, crumb=CRUMB_M2))
    return Candidate(
        kind,
        _zones(division, shapes, keys, zone_of),
        zone_of,
        {key: keys[zone] for key, zone in zip(cells.site.units, of_unit, strict=True)},
        _figures(division, shapes, zone_of_face, cells.keys_of(cut)),
    )


def _zones(
    division: Division, shapes: NDArray[Any], keys: list[str], zone_of: dict[str, str]
) -> tuple[Zone, ...]:
    buildings: dict[str, list[str]] = defaultdict(list)
    for building, key in zone_of.items():
        buildings[key].append(building)
    metric = division.cells.frame.into(shapes)
    compactness = 4 * math.pi * shapely.area(metric) / shapely.length(metric) ** 2
    today = division.cells.site.today
    return tuple(
        Zone(
            key=key,
            continues=key in today,
            shape=shapes[n],
            buildings=tuple(buildings[key]),
            households=int(division.households[n]),
            deviation=float(division.deviation[n]),
            compactness=float(compactness[n]),
            exempt=bool(division.exempt[n]),
        )
        for n, key in enumerate(keys)
    )


def _figures(division: Division, shapes: NDArray[Any], zone_of_face: Ints, cut: tuple[str, ...]) -> Figures:
    cells = division.cells
    even = evenness(
        division.households, division.exempt, target=division.target, tolerance=division.tolerance
    )
    street_share, inner_border = _on_streets(cells, shapes)
    moved = (cells.home >= 0) & (cells.home != division.of_cell)
    return Figures(
        **even._asdict(),
        contiguous=_is_contiguous(cells, zone_of_face),
        blocks_split=_blocks_split(division),
        compounds_split=_compounds_split(division),
        buildings_cut=cut,
        street_share=street_share,
        inner_border=inner_border,
        households=int(division.households.sum()),
        households_moved=int(cells.households[moved].sum()),
        barriers_crossed=_barriers_crossed(division),
        exempt=_too_large(division),
        off_scope=cells.keys_of(np.array([-1])),
    )


def _on_streets(cells: Cells, shapes: NDArray[Any]) -> tuple[float, float]:
    """Return the share of borders between zones that lies on streets and water, and the rest in metres."""
    borders = Borders.of(shapes, cells.frame)
    lines = [
        *(street.line for street in cells.site.streets),
        *shapely.boundary(_areas(cells)),
        *_rivers(cells),
    ]
    near = np.zeros(len(borders.length), dtype=bool)
    tree = STRtree(cells.frame.into(borders.middle))
    metric = cells.frame.into(np.array(lines, dtype=object))
    near[tree.query(metric, predicate="dwithin", distance=_ON_STREET)[1]] = True
    on, total = float(borders.length[near].sum()), float(borders.length.sum())
    return (on / total if total else 1.0), total - on


def _areas(cells: Cells) -> NDArray[Any]:
    return np.array([shape for shape in cells.site.water if shapely.get_dimensions(shape) == 2], dtype=object)  # noqa: PLR2004


def _rivers(cells: Cells) -> list[Any]:
    return [shape for shape in cells.site.water if shapely.get_dimensions(shape) == 1]


def _is_contiguous(cells: Cells, zone_of_face: Ints) -> bool:
    """Tell whether each zone is in one piece on each piece of the scope."""
    borders, count = cells.borders, len(cells.faces)
    of_scope = pieces(count, borders.a, borders.b, np.zeros(count, dtype=np.int64))
    of_zone = pieces(count, borders.a, borders.b, zone_of_face)
    return len(np.unique(np.column_stack((of_scope, zone_of_face)), axis=0)) == len(np.unique(of_zone))


def _blocks_split(division: Division) -> int:
    """Count the further zones in blocks that have more than one."""
    cells = division.cells
    built = np.unique(cells.of_body)
    pairs = np.unique(np.column_stack((cells.block_of_cell[built], division.zone_of_cell[built])), axis=0)
    return len(pairs) - len(np.unique(pairs[:, 0]))


def _compounds_split(division: Division) -> int:
    zones: dict[str, set[int]] = defaultdict(set)
    for building, cell in zip(
        division.cells.site.buildings, division.cells.of_building.tolist(), strict=True
    ):
        if building.compound is not None and cell >= 0:
            zones[building.compound].add(int(division.zone_of_cell[cell]))
    return sum(len(own) > 1 for own in zones.values())


def _barriers_crossed(division: Division) -> int:
    """Count zones with households in more than one piece, if no barrier were crossed."""
    graph = division.atoms.graph
    open_pairs = ~graph.is_barrier
    piece = pieces(graph.count, graph.a[open_pairs], graph.b[open_pairs], division.part)
    built = graph.households > 0
    pairs = np.unique(np.column_stack((division.part[built], piece[built])), axis=0)
    return int((np.unique(pairs[:, 0], return_counts=True)[1] > 1).sum())


def _too_large(division: Division) -> tuple[str, ...]:
    """Return the compounds and buildings that alone have more households than the tolerance allows."""
    cells, graph = division.cells, division.atoms.graph
    large = graph.households > (1 + division.tolerance) * division.target
    names = {
        building.compound or building.key: None
        for building, cell in zip(cells.site.buildings, cells.of_building.tolist(), strict=True)
        if cell >= 0 and large[division.atoms.of_cell[cell]] and building.households
    }
    return tuple(names)
