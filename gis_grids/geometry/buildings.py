"""Footprints of buildings: mended where nothing can be mistaken, refused with a reason elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon

from gis_grids.errors import BadInput
from gis_grids.geometry.coordinates import to_degrees, to_metres, zone_of
from gis_grids.geometry.faults import fault_of, place_of
from gis_grids.geometry.lattice import to_storage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from shapely.geometry.base import BaseGeometry

MOST_VERTICES: Final = 5_000
MOST_VERTICES_TO_UNTANGLE: Final = 500
"""Untangling costs the square of the vertices and more: 0.3 s at worst for so many (reliability.md 0)."""
LEAST_AREA: Final = 1.0
"""m²; smaller ones are mistakes of digitising (the smallest real one seen in 5,438 has 6 m²)."""
MOST_CHANGE: Final = 0.01
"""The share of the area that untangling may change. A true bow-tie changes far more, and is refused."""


@dataclass(frozen=True)
class Repair:
    """What was done to a footprint; `gis_grids.errors.describe` turns it into a sentence."""

    code: str
    details: Mapping[str, object]


@dataclass(frozen=True)
class Footprint:
    """A footprint as it is stored (valid, on the lattice, lon/lat), and all that was done to it."""

    outline: MultiPolygon
    repairs: tuple[Repair, ...]


def mend_footprint(geometry: BaseGeometry) -> Footprint:
    """Return a footprint (lon/lat) fit for storage, with the list of its repairs.

    Repaired are: heights of vertices, vertices given twice, and an outline that touches itself without
    crossing (its area stays). Raises `BadInput` ("footprint.…") for everything else.
    """
    if not isinstance(geometry, (Polygon, MultiPolygon)) or geometry.is_empty:
        raise BadInput.of("footprint.not_a_polygon")
    _refuse_more_vertices_than(MOST_VERTICES, geometry)
    if not np.isfinite(shapely.get_coordinates(geometry)).all():
        raise BadInput.of("footprint.not_finite")
    flat = to_storage(geometry)
    single = shapely.remove_repeated_points(flat)
    sound, untangled = _untangled(single)
    area = to_metres(sound, zone_of(sound)).area
    if area < LEAST_AREA:
        raise BadInput.of("footprint.no_area", area=round(area, 2))
    repairs = (*_flattened(geometry), *_duplicates_removed(flat, single), *untangled)
    outline = sound if isinstance(sound, MultiPolygon) else MultiPolygon([sound])
    return Footprint(outline, repairs)


def _refuse_more_vertices_than(most: int, geometry: BaseGeometry) -> None:
    count = int(shapely.get_num_coordinates(geometry))
    if count > most:
        raise BadInput.of("footprint.too_many_vertices", n=count, most=most)


def _flattened(geometry: BaseGeometry) -> Iterator[Repair]:
    if geometry.has_z:
        yield Repair("footprint.flattened", {})


def _duplicates_removed(before: BaseGeometry, after: BaseGeometry) -> Iterator[Repair]:
    removed = int(shapely.get_num_coordinates(before) - shapely.get_num_coordinates(after))
    if removed:
        yield Repair("footprint.duplicates_removed", {"n": removed})


def _untangled(outline: Polygon | MultiPolygon) -> tuple[Polygon | MultiPolygon, tuple[Repair, ...]]:
    """Divide an outline where it touches itself; refuse it where that changes its area."""
    if outline.is_valid:
        return outline, ()
    _refuse_more_vertices_than(MOST_VERTICES_TO_UNTANGLE, outline)
    _reason, where = fault_of(outline)
    zone = zone_of(outline)
    tangled = to_metres(outline, zone)
    mended = to_storage(to_degrees(tangled.buffer(0), zone))
    change = abs(to_metres(mended, zone).area - tangled.area)
    if mended.is_empty or not mended.is_valid or change > MOST_CHANGE * tangled.area:
        raise BadInput.of("footprint.broken", **place_of(where))
    parts = int(shapely.get_num_geometries(mended))
    repair = Repair("footprint.untangled", {"n": parts, "area": round(change, 2), **place_of(where)})
    return mended, (repair,)
