"""Cells of a site whose zones are put together from units that stay whole: each unit is a cell.

Who borders on whom is what the units' own borders say, for a zone is the union of its units: the cells of
buildings (`cells`) may touch where the units around them don't.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from gis_grids.geometry.frame import Frame
from gis_grids.geometry.proposals.blocks import faces_within, street_blocks
from gis_grids.geometry.proposals.bodies import polygonal, scope_of
from gis_grids.geometry.proposals.cells import Cells
from gis_grids.geometry.proposals.patches import Borders, attached, holders, pieces
from gis_grids.geometry.proposals.site import between

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gis_grids.geometry.proposals.site import Progress, Site

    Ints = NDArray[np.int64]


def make_unit_cells(site: Site, *, progress: Progress | None = None) -> Cells:
    """Return the units of a site as cells; ground that is no unit's goes to the one beside it.

    Raises ValueError for a scope without area.
    """
    tell = between(progress, 0, 1)
    scope = scope_of(site)
    frame = Frame.around(np.array([scope]))
    units = np.array([polygonal(unit) for unit in site.units.values()], dtype=object)
    faces = faces_within(scope, shapely.boundary(units))
    places = shapely.point_on_surface(faces)
    label = _label(faces, holders(places, units), frame)
    _kept, cell = np.unique(label, return_inverse=True)
    tell(0.5)
    bodies, body_of_building = _bodies(site, faces)
    of_body = cell[holders(shapely.point_on_surface(bodies), faces)]
    blocks = street_blocks(site, scope, bodies, frame)
    block = holders(places, blocks.shapes)
    largest = np.lexsort((shapely.area(faces), cell))
    block_of_cell = block[largest[np.append(np.flatnonzero(np.diff(cell[largest])), len(cell) - 1)]]
    is_built = np.isin(np.arange(len(block_of_cell)), of_body)
    tell(1)
    return Cells(
        site=site,
        scope=scope,
        frame=frame,
        faces=faces,
        cell=cell,
        block=block,
        today=holders(places, np.array([polygonal(zone) for zone in site.today.values()], dtype=object)),
        footprint=np.full(len(faces), -1, dtype=np.int64),
        block_of_cell=block_of_cell,
        is_water=blocks.is_water[block_of_cell] & ~is_built,
        strip=np.full(len(block_of_cell), -1, dtype=np.int64),
        bodies=bodies,
        of_body=of_body,
        body_of_building=body_of_building,
    )


def _label(faces: NDArray[Any], unit: Ints, frame: Frame) -> Ints:
    """Return whose each face is, by its unit (-1: in a gap): a unit's, or from their number up its own."""
    borders = Borders.of(faces, frame)
    label = attached(unit, borders.a, borders.b, borders.length)
    piece = pieces(len(faces), borders.a, borders.b, label)
    return np.where(label < 0, int(unit.max(initial=-1)) + 1 + piece, label)


def _bodies(site: Site, faces: NDArray[Any]) -> tuple[NDArray[Any], Ints]:
    """Return the footprints that stand on the faces, and for each building the number of its own (or -1)."""
    shapes = np.array([polygonal(building.footprint) for building in site.buildings], dtype=object)
    stands = holders(shapely.point_on_surface(shapes), faces) >= 0
    return shapes[stands], np.where(stands, np.cumsum(stands) - 1, -1)
