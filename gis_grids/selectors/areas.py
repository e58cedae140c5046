"""Which units a drawn area touches, and which one holds all of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import shapely
from django.utils import timezone

from gis_grids.errors import BadInput
from gis_grids.geometry.areas import area_within
from gis_grids.geometry.lattice import to_storage
from gis_grids.models.shapes import as_multipolygon, from_stored, to_boundary
from gis_grids.selectors.hierarchy import chains, descendant_ids
from gis_grids.selectors.maps import current_versions
from gis_grids.selectors.spots import smallest_units

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.contrib.gis.geos import MultiPolygon as BoundaryValue
    from shapely import MultiPolygon

    from gis_grids.selectors.hierarchy import ChainLink

#: Interiors meet: a border in common is no ground in common (DE-9IM).
_SHARES_GROUND = "T********"
#: More corners than that nobody needs who is told of an area.
MAX_STORED: Final = 5000
#: By how much an outline may be off then, in degrees: about 0.1 m, 1 m, 10 m.
_COARSER: Final = (1e-6, 1e-5, 1e-4)


@dataclass(frozen=True, slots=True)
class Area:
    """The part of a drawn area that lies in the subtrees of somebody's units.

    ``shape`` is lon/lat (EPSG:4326). ``chain`` leads from the top of the tree down to the smallest unit that
    holds all of it; ``unit_ids`` are all units that have ground in the area, also those that hold all of it.
    ``is_cut`` when something drawn lies elsewhere and doesn't count.
    """

    shape: MultiPolygon
    chain: tuple[ChainLink, ...]
    unit_ids: frozenset[int]
    is_cut: bool

    @property
    def unit_id(self) -> int:
        """Id of the smallest unit that holds the area."""
        return self.chain[-1].unit_id

    @property
    def stored(self) -> BoundaryValue:
        """The shape for a geometry column, or a query on one."""
        return to_boundary(self.shape)


def _simple_enough(shape: MultiPolygon) -> MultiPolygon:
    """Return the shape with fewer corners where a border that it follows has more than a table takes."""
    for tolerance in _COARSER:
        if shapely.get_num_coordinates(shape) <= MAX_STORED:
            break
        shape = as_multipolygon(to_storage(shapely.simplify(shape, tolerance)))
    return shape


def area_in(drawn: MultiPolygon, roots: Collection[int]) -> Area:
    """Return what of a drawn area lies under ``roots``, by the boundaries in force now. Four queries.

    Raises `BadInput` ("area.elsewhere") when nothing of it does.
    """
    now = timezone.now()
    near = current_versions(when=now).filter(unit__in=roots, boundary__bboverlaps=to_boundary(drawn))
    grounds = [from_stored(boundary) for boundary in near.values_list("boundary", flat=True)]
    shape = area_within(drawn, shapely.union_all(grounds))
    if shape is None:
        raise BadInput.of("area.elsewhere")
    shape = _simple_enough(as_multipolygon(shape))
    below = smallest_units().filter(unit__in=descendant_ids(roots, now))
    leaves = below.filter(boundary__relate=(to_boundary(shape), _SHARES_GROUND))
    links = list(chains(leaves.order_by().values_list("unit", flat=True), now).values())
    if not links:
        raise BadInput.of("area.elsewhere")
    common = tuple(
        level[0] for level in zip(*links, strict=False) if len({each.unit_id for each in level}) == 1
    )
    held = {link.unit_id for chain in links for link in chain}
    is_cut = shapely.area(shape) < shapely.area(drawn) * (1 - 1e-6)
    return Area(shape, common, frozenset(held), bool(is_cut))
