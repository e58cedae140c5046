"""The outlines of units for maps far out: made with the boundaries, so that no map ever lacks them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

import shapely
from django.db import connection

from gis_grids.geometry.outlines import joined, simplified
from gis_grids.levels import BANDS, SHOWN_FROM
from gis_grids.models.shapes import as_multipolygons

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from shapely import MultiPolygon, Polygon

    Ground = Polygon | MultiPolygon

_WORLD_M: Final = 40_075_016.685578488
_TILE_PX: Final = 512
_SRID: Final = 3857

#: The box around all that the units were before and are after a change, and their highest place in the tree.
_CHANGED: Final = """
SELECT ST_Extent(boundary_3857)::geometry, min(depth) FROM gis_grids_unitversion
WHERE (%(units)s::bigint[] IS NULL OR unit_id = ANY(%(units)s::bigint[]))
AND (valid @> %(when)s OR upper(valid) = %(when)s)
"""
#: The deepest units that a band shows, where their boxes meet a box: together they tile the ground.
_PIECES: Final = """
SELECT v.id, v.unit_id, v.parent_id, ST_AsBinary(v.boundary_3857) FROM gis_grids_unitversion v
WHERE v.boundary_3857 && ST_SetSRID(ST_GeomFromWKB(%(box)s), 3857) AND v.valid @> %(when)s
AND v.depth <= %(depth)s AND NOT EXISTS (
    SELECT FROM gis_grids_unitversion below
    WHERE below.parent_id = v.unit_id AND below.valid @> %(when)s AND below.depth <= %(depth)s
)
"""
_ABOVE: Final = """
WITH RECURSIVE above AS (
    SELECT id, unit_id, parent_id, depth FROM gis_grids_unitversion
    WHERE unit_id = ANY(%(units)s) AND valid @> %(when)s
    UNION
    SELECT v.id, v.unit_id, v.parent_id, v.depth FROM above
    JOIN gis_grids_unitversion v ON v.unit_id = above.parent_id AND v.valid @> %(when)s
)
SELECT id, unit_id, parent_id FROM above ORDER BY depth DESC
"""
#: What lies below units and isn't drawn anew.
_BESIDE: Final = """
SELECT v.parent_id, ST_AsBinary(coalesce(o.shape, v.boundary_3857)) FROM gis_grids_unitversion v
LEFT JOIN gis_grids_unitoutline o ON o.version_id = v.id AND o.band = %(band)s
WHERE v.parent_id = ANY(%(units)s) AND v.unit_id <> ALL(%(drawn)s) AND v.valid @> %(when)s
AND v.depth <= %(depth)s
"""


@dataclass(frozen=True, slots=True)
class _Piece:
    version_id: int
    unit_id: int
    parent_id: int | None
    shape: Ground


def draw_outlines(*, unit_ids: Collection[int] | None, when: datetime) -> None:
    """Make the outlines of the units (all, if None) and of what borders on them, as they are from ``when``.

    To be called in the transaction that changes the boundaries, after it. Only bands are drawn anew in which
    one of the units, or one above, is shown.
    """
    units = None if unit_ids is None else list(unit_ids)
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED, {"units": units, "when": when})
        box, highest = cursor.fetchone()
    if box is None:
        return
    for band in BANDS:
        depth = max(level.depth for level, first in SHOWN_FROM.items() if first <= band)
        if highest <= depth:
            _draw_band(band, depth, bytes(shapely.to_wkb(shapely.from_wkb(box))), when)


def _draw_band(band: int, depth: int, box: bytes, when: datetime) -> None:
    """Draw the pieces in the box, beside those around, which stay as they are; then all above, as unions."""
    pieces = _pieces(depth, box, when)
    if not pieces:
        return
    around = shapely.box(*shapely.total_bounds([piece.shape for piece in pieces]))
    context = _pieces(depth, shapely.to_wkb(around), when)
    shapes = simplified([piece.shape for piece in context], _WORLD_M / 2**band / _TILE_PX)
    drawn = {piece.unit_id: shape for piece, shape in zip(context, shapes, strict=True)}
    outlines = [(piece.version_id, drawn[piece.unit_id]) for piece in pieces]
    below = _Below()
    for piece in pieces:
        below.add(piece.parent_id, drawn[piece.unit_id])
    outlines += _above(band, depth, pieces, below, when)
    _store(band, outlines)


class _Below:
    """The outlines of what lies below each unit."""

    def __init__(self) -> None:
        self._shapes: dict[int | None, list[Ground]] = {}

    def add(self, parent_id: int | None, shape: Ground) -> None:
        """Put a shape below a unit."""
        self._shapes.setdefault(parent_id, []).append(shape)

    def union(self, unit_id: int) -> Ground:
        """Return the ground of all that lies below a unit."""
        return joined(self._shapes[unit_id])


def _grounds(stored: Sequence[bytes]) -> list[Ground]:
    return cast("list[Ground]", shapely.from_wkb([bytes(wkb) for wkb in stored]).tolist())


def _pieces(depth: int, box: bytes, when: datetime) -> list[_Piece]:
    with connection.cursor() as cursor:
        cursor.execute(_PIECES, {"box": box, "when": when, "depth": depth})
        rows = cursor.fetchall()
    shapes = _grounds([row[-1] for row in rows])
    return [
        _Piece(version_id, unit_id, parent_id, shape)
        for (version_id, unit_id, parent_id, _wkb), shape in zip(rows, shapes, strict=True)
    ]


def _above(
    band: int, depth: int, pieces: Sequence[_Piece], below: _Below, when: datetime
) -> list[tuple[int, Ground]]:
    """Return the outlines of all above the pieces, by version: each is the union of what lies below it."""
    parents = list({piece.parent_id for piece in pieces if piece.parent_id is not None})
    found = []
    with connection.cursor() as cursor:
        cursor.execute(_ABOVE, {"units": parents, "when": when})
        above = cursor.fetchall()
        units = [unit_id for _version, unit_id, _parent in above]
        drawn = [*units, *(piece.unit_id for piece in pieces)]
        cursor.execute(_BESIDE, {"units": units, "drawn": drawn, "when": when, "band": band, "depth": depth})
        beside = cursor.fetchall()
    for (parent_id, _wkb), shape in zip(beside, _grounds([wkb for _parent, wkb in beside]), strict=True):
        below.add(parent_id, shape)
    for version_id, unit_id, parent_id in above:
        shape = below.union(unit_id)
        below.add(parent_id, shape)
        found.append((version_id, shape))
    return found


def _store(band: int, outlines: Sequence[tuple[int, Ground]]) -> None:
    shapes = shapely.set_srid(as_multipolygons([shape for _version, shape in outlines]), _SRID)
    wkb = shapely.to_wkb(shapes, hex=True, include_srid=True)
    with connection.cursor() as cursor:
        versions = [version for version, _shape in outlines]
        cursor.execute(
            "DELETE FROM gis_grids_unitoutline WHERE band = %s AND version_id = ANY(%s)", [band, versions]
        )
        with cursor.copy("COPY gis_grids_unitoutline (version_id, band, shape) FROM STDIN") as copy:
            for version, shape in zip(versions, wkb, strict=True):
                copy.write_row((version, band, shape))
