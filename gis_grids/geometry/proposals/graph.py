"""The graph that is divided: atoms, each of one or more cells, and what it costs to cut between two."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from shapely import STRtree

from gis_grids.geometry.proposals.patches import Borders, pieces

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from gis_grids.geometry.proposals.cells import Cells

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

IN_BLOCK: Final = 4.0
"""How many metres along a street a metre of border inside of a block is worth."""
ON_BARRIER: Final = 0.2
"""The same for a metre along a barrier."""
_NEAR: Final = 1.0
"""Metres from a barrier within which a border counts as lying on it."""
_BRIDGE: Final = 1.0
"""Metres of border that a link to the nearest atom across a gap in the scope counts for."""


@dataclass(frozen=True)
class Graph:
    """Atoms 0 to n - 1 with households and area (m²), and the pairs (a, b) that border on each other.

    ``cost`` of a pair is what a cut there costs, in metres of border along a street. ``block`` has a row
    (atom, block) for each block in which an atom has buildings.
    """

    households: Ints
    area: Floats
    a: Ints
    b: Ints
    cost: Floats
    is_barrier: Flags
    block: Ints

    @property
    def count(self) -> int:
        """How many atoms there are."""
        return len(self.households)

    @cached_property
    def neighbours(self) -> list[dict[int, float]]:
        """For each atom its neighbours, with the cost of a cut."""
        found: list[dict[int, float]] = [{} for _ in range(self.count)]
        for a, b, cost in zip(self.a.tolist(), self.b.tolist(), self.cost.tolist(), strict=True):
            found[a][b] = found[b][a] = cost
        return found

    @cached_property
    def blocks(self) -> list[list[int]]:
        """For each atom the blocks in which it has buildings."""
        found: list[list[int]] = [[] for _ in range(self.count)]
        for atom, block in self.block.tolist():
            found[atom].append(block)
        return found

    def pieces(self, labels: Ints) -> Ints:
        """Return for each atom the number of the connected piece of its label in which it lies."""
        return pieces(self.count, self.a, self.b, labels)

    def part(self, atoms: Ints) -> Graph:
        """Return the graph of some of the atoms, which are numbered anew in the order given."""
        number = np.full(self.count, -1, dtype=np.int64)
        number[atoms] = np.arange(len(atoms))
        inner = (number[self.a] >= 0) & (number[self.b] >= 0)
        block = self.block[number[self.block[:, 0]] >= 0]
        return Graph(
            self.households[atoms],
            self.area[atoms],
            number[self.a[inner]],
            number[self.b[inner]],
            self.cost[inner],
            self.is_barrier[inner],
            np.column_stack((number[block[:, 0]], block[:, 1])),
        )


@dataclass(frozen=True)
class Atoms:
    """The graph of the cells of a site, and the atom of each cell."""

    graph: Graph
    of_cell: Ints

    @classmethod
    def of(cls, cells: Cells, *, whole: Collection[str] = ()) -> Atoms:
        """Return the graph of cells; those of a compound kept ``whole`` are one if they hang together."""
        borders = cells.borders.between(cells.cell)
        a, b, _row = borders.pairs()
        atom = pieces(cells.count, a, b, _compounds(cells, whole))
        lifted = cells.borders.between(atom[cells.cell])
        la, lb, row = lifted.pairs()
        in_block = _in_block(cells, atom)
        cost = np.bincount(row, weights=lifted.length * np.where(in_block, IN_BLOCK, 1.0), minlength=len(la))
        is_barrier = _on_barriers(cells, lifted, row, len(la)) | _wet(cells, atom, la, lb)
        graph = Graph(
            households=np.bincount(atom, weights=cells.households).astype(np.int64),
            area=np.bincount(atom[cells.cell], cells.area).astype(np.float64),
            a=la,
            b=lb,
            cost=np.where(is_barrier, ON_BARRIER, 1.0) * cost,
            is_barrier=is_barrier,
            block=_blocks(cells, atom),
        )
        return cls(_bridged(graph, cells, atom), atom)


def _compounds(cells: Cells, whole: Collection[str]) -> Ints:
    """Return a number for each cell that it has in common with those of its compound, if kept whole."""
    first: dict[str, int] = {}
    members = [*_built_in(cells), *_empty_in(cells)]
    joins = [(first.setdefault(key, cell), cell) for key, cell in members if key in whole]
    pairs = np.array(joins, dtype=np.int64).reshape(-1, 2)
    ends = np.concatenate((pairs, _on_one_footprint(cells), _of_one_strip(cells)))
    return pieces(cells.count, ends[:, 0], ends[:, 1], np.zeros(cells.count, dtype=np.int64))


def _on_one_footprint(cells: Cells) -> Ints:
    """Return pairs of cells, where one holds a part of the other's building: those are of two parts."""
    faces = np.flatnonzero(cells.footprint >= 0)
    pairs = np.column_stack((cells.cell[faces], cells.of_body[cells.footprint[faces]]))
    return np.asarray(pairs[pairs[:, 0] != pairs[:, 1]])


def _of_one_strip(cells: Cells) -> Ints:
    """Return pairs of cells that are pieces of one strip: those are shared out when all else is divided."""
    pieces_of_strips = np.flatnonzero(cells.strip >= 0)
    first = np.unique(cells.strip[pieces_of_strips], return_index=True, return_inverse=True)
    return np.column_stack((pieces_of_strips, pieces_of_strips[first[1]][first[2]]))


def _built_in(cells: Cells) -> Iterator[tuple[str, int]]:
    """Yield compounds with each cell of their buildings."""
    for building, cell in zip(cells.site.buildings, cells.of_building.tolist(), strict=True):
        if building.compound is not None and cell >= 0:
            yield building.compound, cell


def _empty_in(cells: Cells) -> Iterator[tuple[str, int]]:
    """Yield compounds with each cell without buildings that lies within their walls."""
    built = np.isin(cells.cell, cells.of_body)
    places = shapely.point_on_surface(cells.faces[~built])
    walls = np.array([*cells.site.compounds.values()], dtype=object)
    keys = list(cells.site.compounds)
    compound, place = STRtree(places).query(walls, predicate="contains")
    for n, cell in zip(compound.tolist(), cells.cell[~built][place].tolist(), strict=True):
        yield keys[n], cell


def _blocks(cells: Cells, atom: Ints) -> Ints:
    built = np.unique(cells.of_building[cells.of_building >= 0])
    return np.unique(np.column_stack((atom[built], cells.block_of_cell[built])), axis=0)


def _in_block(cells: Cells, atom: Ints) -> Flags:
    """Return for each edge between atoms whether it lies inside of a block."""
    apart = atom[cells.cell[cells.borders.a]] != atom[cells.cell[cells.borders.b]]
    return np.asarray((cells.block[cells.borders.a] == cells.block[cells.borders.b])[apart])


def _on_barriers(cells: Cells, borders: Borders, row: Ints, count: int) -> Flags:
    """Return for each pair whether most of its border lies on a barrier."""
    lines: list[BaseGeometry] = [street.line for street in cells.site.streets if street.is_barrier]
    lines += [shape for shape in cells.site.water if shapely.get_dimensions(shape) == 1]
    metric = cells.frame.into(np.array(lines, dtype=object))
    near = np.zeros(len(borders.length), dtype=bool)
    tree = STRtree(cells.frame.into(borders.middle))
    near[tree.query(metric, predicate="dwithin", distance=_NEAR)[1]] = True
    on = np.bincount(row, weights=borders.length * near, minlength=count)
    return np.asarray(on > np.bincount(row, weights=borders.length, minlength=count) / 2)


def _wet(cells: Cells, atom: Ints, a: Ints, b: Ints) -> Flags:
    """Return for each pair whether one side is water."""
    wet = np.zeros(atom.max() + 1, dtype=bool)
    wet[atom[cells.is_water]] = True
    return np.asarray(wet[a] | wet[b])


def _bridged(graph: Graph, cells: Cells, atom: Ints) -> Graph:
    """Link each piece of the scope without households to the nearest atom of those with."""
    piece = graph.pieces(np.zeros(graph.count, dtype=np.int64))
    households = np.bincount(piece, weights=graph.households)
    built = households > 0
    built[0] |= not built.any()
    of_face, metric = atom[cells.cell], cells.frame.into(cells.faces)
    there = np.flatnonzero(built[piece[of_face]])
    tree = STRtree(metric[there])
    links = []
    for empty in np.flatnonzero(~built):
        here = np.flatnonzero(piece[of_face] == empty)
        (own, other), distance = tree.query_nearest(metric[here], return_distance=True, all_matches=False)
        best = distance.argmin()
        links.append((of_face[here[own[best]]], of_face[there[other[best]]]))
    low, high = np.array(links, dtype=np.int64).reshape(-1, 2).T
    return replace(
        graph,
        a=np.concatenate((graph.a, low)),
        b=np.concatenate((graph.b, high)),
        cost=np.concatenate((graph.cost, np.full(len(low), _BRIDGE))),
        is_barrier=np.concatenate((graph.is_barrier, np.zeros(len(low), dtype=bool))),
    )
