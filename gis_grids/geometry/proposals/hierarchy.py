"""A proposal of several nested levels at once: buildings and streets in, a hierarchy out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gis_grids.geometry.codes import in_code_order
from gis_grids.geometry.lattice import to_storage
from gis_grids.geometry.proposals.cells import make_cells
from gis_grids.geometry.proposals.divide import divided
from gis_grids.geometry.proposals.graph import Atoms
from gis_grids.geometry.proposals.outlines import drawn
from gis_grids.geometry.proposals.site import Wishes, between, compounds_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gis_grids.geometry.proposals.cells import Cells
    from gis_grids.geometry.proposals.site import Progress, Shape, Site

    Ints = NDArray[np.int64]


@dataclass(frozen=True)
class LevelWish:
    """A level of the hierarchy, by the caller's name, and the households that its units should have."""

    level: str
    target: float


@dataclass(frozen=True)
class ProposedUnit:
    """A unit of a proposed hierarchy.

    ``key`` is its path of numbers, which run from west to east and north to south below one parent:
    "2.1" is the first unit below "2". ``parent`` is None on the highest level. ``buildings`` are keys.
    """

    key: str
    level: str
    parent: str | None
    shape: Shape
    buildings: tuple[str, ...]
    households: int
    deviation: float


def propose_hierarchy(  # noqa: PLR0913 (the same as for one level)
    site: Site,
    levels: Sequence[LevelWish],
    *,
    tolerance: float = 0.2,
    keep_compounds: bool = True,
    respect_barriers: bool = True,
    seed: int = 0,
    cells: Cells | None = None,
    progress: Progress | None = None,
) -> tuple[ProposedUnit, ...]:
    """Divide a site into the levels, highest first, each unit into units of the next.

    The units of the lowest level tile the scope exactly, on the storage lattice; a unit above is the union of
    its children, vertex by vertex. A compound is divided only where it has more households than a unit of
    the level may have. Returned are all units, each after its parent. Today's zones are not looked at.
    Raises ValueError for a scope without area or no levels, and whatever ``progress`` raises.
    """
    if not levels:
        message = "a hierarchy has one level at least"
        raise ValueError(message)
    if cells is None:
        cells = make_cells(site, progress=between(progress, 0, 0.4))
    tell = between(progress, 0.4, 0.9)
    part = np.zeros(cells.count, dtype=np.int64)
    parts = []
    for n, wish in enumerate(levels):
        wishes = Wishes(wish.target, tolerance, respect_barriers=respect_barriers)
        limit = wish.target * (1 + tolerance)
        whole = {key for key, own in compounds_of(site).items() if keep_compounds and own <= limit}
        step = between(tell, n / len(levels), (n + 1) / len(levels))
        part = _below(cells, part, wishes, whole, seed, step)
        parts.append(part)
    units = _units(cells, levels, parts)
    between(progress, 0.9, 1)(1)
    return units


def _below(  # noqa: PLR0913, PLR0917 (what one level is divided by)
    cells: Cells, above: Ints, wishes: Wishes, whole: set[str], seed: int, tell: Progress
) -> Ints:
    """Divide each part of the level above; return the part of each cell."""
    atoms = Atoms.of(cells, whole=whole)
    above_of_atom = np.zeros(atoms.graph.count, dtype=np.int64)
    above_of_atom[atoms.of_cell] = above
    below = np.zeros(atoms.graph.count, dtype=np.int64)
    offset, done = 0, 0
    for parent in range(int(above.max()) + 1):
        members = np.flatnonzero(above_of_atom == parent)
        part = divided(atoms.graph.part(members), wishes, seed=seed)
        below[members] = offset + part
        offset += int(part.max()) + 1
        done += len(members)
        tell(done / atoms.graph.count)
    return below[atoms.of_cell]


def _units(cells: Cells, levels: Sequence[LevelWish], parts: Sequence[Ints]) -> tuple[ProposedUnit, ...]:
    """Draw the lowest level, join it upwards, and number all units."""
    shapes = [drawn(cells, parts[-1])]
    for upper, lower in zip(parts[-2::-1], parts[:0:-1], strict=True):
        parent = np.zeros(len(shapes[0]), dtype=np.int64)
        parent[lower] = upper
        groups = [shapes[0][parent == n] for n in range(int(upper.max()) + 1)]
        joined = [to_storage(shapely.coverage_union_all(own)) for own in groups]
        shapes.insert(0, np.array(joined, dtype=object))
    units: list[ProposedUnit] = []
    above: list[str] = [""]
    above_of_cell = np.zeros(cells.count, dtype=np.int64)
    for wish, part, own in zip(levels, parts, shapes, strict=True):
        households = np.bincount(part, weights=cells.households)
        buildings = _buildings(cells, part)
        parent = np.zeros(len(own), dtype=np.int64)
        parent[part] = above_of_cell
        keys = _keys(own, parent, above)
        units += [
            ProposedUnit(
                key=keys[n],
                level=wish.level,
                parent=above[parent[n]] or None,
                shape=own[n],
                buildings=tuple(buildings[n]),
                households=int(households[n]),
                deviation=float(households[n] / wish.target - 1),
            )
            for n in sorted(range(len(own)), key=lambda n: [int(number) for number in keys[n].split(".")])
        ]
        above, above_of_cell = keys, part
    return tuple(units)


def _buildings(cells: Cells, part: Ints) -> list[list[str]]:
    """Return the keys of the buildings of each part."""
    found: list[list[str]] = [[] for _ in range(int(part.max()) + 1)]
    for building, cell in zip(cells.site.buildings, cells.of_building.tolist(), strict=True):
        if cell >= 0:
            found[part[cell]].append(building.key)
    return found


def _keys(shapes: NDArray[np.object_], parent: Ints, above: Sequence[str]) -> list[str]:
    """Number the units below each parent."""
    keys = [""] * len(shapes)
    for n, prefix in enumerate(above):
        members = np.flatnonzero(parent == n)
        for number, position in enumerate(in_code_order(list(shapes[members])), start=1):
            keys[members[position]] = f"{prefix}.{number}".removeprefix(".")
    return keys
