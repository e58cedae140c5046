"""Cells: the ground of each building, which tile the scope; grids are unions of them.

Each street block is divided among the buildings in it (Voronoi cells of their outlines). All lines are
noded once, on the storage lattice; a cell is a set of the faces between them. Whatever is put together from
faces later tiles the scope exactly, on any level. A face within a footprint belongs to its building
wherever the lines ran: no cell cuts a building.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from shapely import STRtree

from gis_grids.geometry.frame import Frame
from gis_grids.geometry.proposals.blocks import faces_within, lines_within, street_blocks
from gis_grids.geometry.proposals.bodies import Bodies, polygonal, scope_of
from gis_grids.geometry.proposals.nearest import Seeds
from gis_grids.geometry.proposals.patches import Borders, attached, holders, pieces, without_detached
from gis_grids.geometry.proposals.site import between

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from gis_grids.geometry.proposals.blocks import Blocks
    from gis_grids.geometry.proposals.site import Progress, Shape, Site

    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

_THIN: Final = 0.25
"""Metres: a face narrower than this lies between two lines that mean the same, and goes to its neighbour."""


@dataclass(frozen=True)
class Cells:
    """The cells of a site, computed once and kept until buildings, streets or today's zones change.

    ``faces`` are lon/lat polygons on the lattice, a coverage of ``scope``; with each its cell, its block, the
    position of today's zone, and the body whose footprint it lies in, of those that lines run through
    (-1: none). A cell is the ground of a body, or ground without any: a park, water. With each goes its
    block, whether it's water, and the strip that it's a piece of (-1: none, see `blocks.Blocks`). ``bodies``
    are the footprints within the scope, joined where they overlap; ``of_body`` is the cell of each, and
    ``body_of_building`` the body of each building of the site, -1 off the scope.
    """

    site: Site
    scope: Shape
    frame: Frame
    faces: NDArray[Any]
    cell: Ints
    block: Ints
    today: Ints
    footprint: Ints
    block_of_cell: Ints
    is_water: Flags
    strip: Ints
    bodies: NDArray[Any]
    of_body: Ints
    body_of_building: Ints

    @property
    def count(self) -> int:
        """How many cells there are."""
        return len(self.block_of_cell)

    @cached_property
    def borders(self) -> Borders:
        """The common edges of the faces."""
        return Borders.of(self.faces, self.frame)

    @cached_property
    def area(self) -> NDArray[np.float64]:
        """The area of each face, m²."""
        return np.asarray(shapely.area(self.frame.into(self.faces)))

    @cached_property
    def of_building(self) -> Ints:
        """The cell of each building of the site, -1 off the scope."""
        return np.append(self.of_body, -1)[self.body_of_building]

    @cached_property
    def households(self) -> Ints:
        """The households of each cell."""
        stands = self.of_building >= 0
        own = np.array([building.households for building in self.site.buildings], dtype=np.float64)
        return np.bincount(self.of_building[stands], own[stands], minlength=self.count).astype(np.int64)

    def keys_of(self, bodies: Ints) -> tuple[str, ...]:
        """Return the keys of the buildings of some bodies."""
        of_these = np.isin(self.body_of_building, bodies).tolist()
        return tuple(b.key for b, wanted in zip(self.site.buildings, of_these, strict=True) if wanted)

    @cached_property
    def stood_on(self) -> Flags:
        """Which faces buildings stand on: those in footprints, and those that hold a whole one."""
        middle = shapely.point_on_surface(self.bodies)
        stood = self.footprint >= 0
        stood[STRtree(self.faces).query(middle, predicate="intersects")[1]] = True
        return stood

    @cached_property
    def of_unit(self) -> Ints:
        """The cell of each unit of the site that stays whole."""
        units = np.array([*self.site.units.values()], dtype=object)
        return self.cell[holders(shapely.point_on_surface(units), self.faces)]

    @cached_property
    def home(self) -> Ints:
        """The position of today's zone of each cell, by its building, else by its ground; -1: none."""
        share = np.zeros((self.count, len(self.site.today) + 1))
        weight = self.area * np.where(self.stood_on, 1e3, 1.0) * np.where(self.today < 0, 1e-6, 1.0)
        np.add.at(share, (self.cell, self.today), weight)
        return np.where(share.argmax(axis=1) == len(self.site.today), -1, share.argmax(axis=1))


def make_cells(site: Site, *, progress: Progress | None = None) -> Cells:
    """Return the cells of a site. Raises ValueError for a scope without area."""
    tell = between(progress, 0, 1)
    scope = scope_of(site)
    frame = Frame.around(np.array([scope]))
    bodies = Bodies.of(site.buildings, scope, frame)
    blocks = street_blocks(site, scope, bodies.shapes, frame)
    tell(0.2)
    today = np.array([polygonal(zone) for zone in site.today.values()], dtype=object)
    drawing = _Drawing(site, scope, frame, bodies, blocks, today)
    faces = drawing.faces()
    tell(0.7)
    cells = drawing.cells(faces)
    tell(1)
    return cells


@dataclass(frozen=True)
class _Drawing:
    """What lines are drawn from: blocks, the bodies in each, today's zones; all lon/lat."""

    site: Site
    scope: Shape
    frame: Frame
    bodies: Bodies
    blocks: Blocks
    today: NDArray[Any]

    def faces(self) -> NDArray[Any]:
        """Node all lines, with the outlines of the bodies that any of them runs through."""
        return faces_within(self.scope, [*self._lines, *shapely.boundary(self.bodies.shapes[self._crossed])])

    def cells(self, faces: NDArray[Any]) -> Cells:
        """Say of each face whose it is."""
        places = shapely.point_on_surface(faces)
        crossed = holders(places, self.bodies.shapes[self._crossed])
        block = holders(places, self.blocks.shapes)
        footprint = np.append(self._crossed, -1)[crossed]
        claims = np.where(footprint >= 0, footprint, self._claims(faces, places, block))
        label, weight = self._settled(faces, claims, footprint >= 0)
        kept, cell = np.unique(label, return_inverse=True)
        heaviest = np.lexsort((weight, cell))
        last = np.append(np.flatnonzero(np.diff(cell[heaviest])), len(cell) - 1)
        block_of_cell = block[heaviest[last]]
        return Cells(
            site=self.site,
            scope=self.scope,
            frame=self.frame,
            faces=faces,
            cell=cell,
            block=block,
            today=holders(places, self.today),
            footprint=footprint,
            block_of_cell=block_of_cell,
            is_water=self.blocks.is_water[block_of_cell] & (kept >= len(self.bodies.shapes)),
            strip=np.where(kept >= len(self.bodies.shapes), self.blocks.strip[block_of_cell], -1),
            bodies=self.bodies.shapes,
            of_body=self._cell_of_body(kept, cell, faces),
            body_of_building=self.bodies.of_building,
        )

    @cached_property
    def _seeds(self) -> dict[int, Seeds]:
        """The points that stand for the bodies of each block that has any."""
        outlines = self.frame.into(self.bodies.shapes)
        order = np.argsort(self.blocks.of_body, kind="stable")
        groups = np.split(order, np.flatnonzero(np.diff(self.blocks.of_body[order])) + 1)
        return {int(self.blocks.of_body[own[0]]): Seeds.of(outlines[own], own) for own in groups if len(own)}

    @cached_property
    def _lines(self) -> list[BaseGeometry]:
        """All lines within the scope: between blocks, between bodies of one block, between today's zones."""
        shapes = self.frame.into(self.blocks.shapes)
        halfway = [shapely.intersection(seeds.lines_halfway(), shapes[n]) for n, seeds in self._seeds.items()]
        inner = self.frame.back(np.concatenate([np.array([], dtype=object), *halfway]))
        today = lines_within(self.scope, shapely.boundary(self.today))
        return [*shapely.boundary(self.blocks.shapes), *inner[~shapely.is_empty(inner)], *today]

    @cached_property
    def _crossed(self) -> Ints:
        """The bodies that lines run through, or between, where they are in several parts."""
        lines = np.array(self._lines, dtype=object)
        through = shapely.get_num_geometries(self.bodies.shapes) > 1
        through[STRtree(self.bodies.shapes).query(lines, predicate="intersects")[1]] = True
        return np.flatnonzero(through)

    def _claims(self, faces: NDArray[Any], places: NDArray[Any], block: Ints) -> Ints:
        """Return whose each face is by its place: a body's; or, from the number of bodies up, a block's."""
        metric = self.frame.into(places)
        label = len(self.bodies.shapes) + block
        for number, seeds in self._seeds.items():
            here = np.flatnonzero(block == number)
            label[here] = seeds.nearest(metric[here])
        middle = shapely.point_on_surface(self.bodies.shapes)
        label[holders(middle, faces)] = np.arange(len(middle))
        return np.where(block < 0, -1, label)

    def _settled(
        self, faces: NDArray[Any], label: Ints, in_footprint: Flags
    ) -> tuple[Ints, NDArray[np.float64]]:
        """Return the labels with every one in one piece, and the weight of each face in its cell."""
        metric = self.frame.into(faces)
        area = shapely.area(metric)
        thin = 2 * area < _THIN * shapely.length(metric)
        label = np.where(thin & ~in_footprint, -1, label)
        weight = area * np.where(in_footprint, 1e3, 1.0)
        borders = Borders.of(faces, self.frame)
        label = without_detached(label, borders.a, borders.b, weight)
        label = attached(label, borders.a, borders.b, borders.length)
        left = label < 0  # pieces of the scope on which nobody has his main ground
        piece = pieces(len(faces), borders.a, borders.b, label)
        return np.where(left, len(self.bodies.shapes) + len(self.blocks.shapes) + piece, label), weight

    def _cell_of_body(self, kept: Ints, cell: Ints, faces: NDArray[Any]) -> Ints:
        """Return the cell of each body; one that got no face is where its middle lies."""
        bodies = np.arange(len(self.bodies.shapes))
        of_body = np.searchsorted(kept, bodies)
        lost = np.flatnonzero(~np.isin(bodies, kept))
        of_body[lost] = cell[holders(shapely.point_on_surface(self.bodies.shapes[lost]), faces)]
        return of_body
