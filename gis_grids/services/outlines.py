"""The outlines of units for maps far out: made with the boundaries, so that no map ever lacks them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from django.db import connection

from gis_grids.geometry.outlines import joined, simplified
from gis_grids.levels import BANDS, SHOWN_FROM
from gis_grids.models.shapes import as_multipolygons, to_ewkb

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import datetime

    from numpy.typing import NDArray
    from shapely import MultiPolygon, Polygon

    Ground = Polygon | MultiPolygon

_WORLD_M: Final = 40_075_016.685578488
_TILE_PX: Final = 512
_SRID: Final = 3857

#: The box around all that the units were before and are after a change, and their highest place in the tree.
_CHANGED: Final = f"""
SELECT ST_SetSRID(ST_Extent(boundary_3857)::geometry, {_SRID}), min(depth) FROM gis_grids_unitversion
WHERE (%(units)s::bigint[] IS NULL OR unit_id = ANY(%(units)s::bigint[]))
AND (valid @> %(when)s OR upper(valid) = %(when)s)
"""  # noqa: S608 - constants only
#: The deepest units that a band shows, which together tile the ground: those whose boxes meet a box, and
#: those around, which have lines in common with them.
_PIECES: Final = f"""
WITH deepest AS NOT MATERIALIZED (
    SELECT v.* FROM gis_grids_unitversion v
    WHERE v.valid @> %(when)s AND v.depth <= %(depth)s AND NOT EXISTS (
        SELECT FROM gis_grids_unitversion below
        WHERE below.parent_id = v.unit_id AND below.valid @> %(when)s AND below.depth <= %(depth)s
    )
),
around AS MATERIALIZED (
    SELECT ST_SetSRID(ST_Extent(boundary_3857)::geometry, {_SRID}) AS box FROM deepest
    WHERE boundary_3857 && %(box)s::geometry
)
SELECT v.id, v.unit_id, v.parent_id, v.boundary_3857 && %(box)s::geometry,
    ST_AsBinary(v.boundary_3857), ST_AsBinary(o.shape)
FROM deepest v JOIN around ON v.boundary_3857 && around.box
LEFT JOIN gis_grids_unitoutline o ON o.version_id = v.id AND o.band = %(band)s
"""  # noqa: S608 - constants only
_ABOVE: Final = """
WITH RECURSIVE above AS (
    SELECT id, unit_id, parent_id, depth FROM gis_grids_unitversion
    WHERE unit_id = ANY(%(units)s) AND valid @> %(when)s
    UNION
    SELECT v.id, v.unit_id, v.parent_id, v.depth FROM above
    JOIN gis_grids_unitversion v ON v.unit_id = above.parent_id AND v.valid @> %(when)s
)
SELECT id, unit_id, parent_id, (
    SELECT ST_AsBinary(shape) FROM gis_grids_unitoutline WHERE version_id = above.id AND band = %(band)s
) FROM above ORDER BY depth DESC
"""
#: What lies below units and isn't drawn anew.
_BESIDE: Final = """
SELECT v.parent_id, ST_AsBinary(coalesce(o.shape, v.boundary_3857)) FROM gis_grids_unitversion v
LEFT JOIN gis_grids_unitoutline o ON o.version_id = v.id AND o.band = %(band)s
WHERE v.parent_id = ANY(%(units)s) AND v.unit_id <> ALL(%(drawn)s) AND v.valid @> %(when)s
AND v.depth <= %(depth)s
"""
_FORGET: Final = """
DELETE FROM gis_grids_unitoutline o
USING unnest(%(versions)s::bigint[], %(bands)s::smallint[]) AS new (id, band)
WHERE o.version_id = new.id AND o.band = new.band
"""
_KEEP: Final = "COPY gis_grids_unitoutline (version_id, band, shape) FROM STDIN"


@dataclass(frozen=True, slots=True)
class _Unit:
    """A unit in force; ``outline`` is what is kept of it for a band, if anything is."""

    version_id: int
    unit_id: int
    parent_id: int | None
    outline: Ground | None


def draw_outlines(*, unit_ids: Collection[int] | None, when: datetime) -> None:
    """Make the outlines of the units (all, if None) and of what borders on them, as they are from ``when``.

    To be called in the transaction that changes the boundaries, after it. Only bands are looked at in which
    one of the units, or one above, is shown; and only what looks different than it did is written.
    """
    units = None if unit_ids is None else list(unit_ids)
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED, {"units": units, "when": when})
        box, highest = cursor.fetchone()
    if box is None:
        return
    drawn: list[tuple[int, int, Ground]] = []
    for number in BANDS:
        depth = max(level.depth for level, first in SHOWN_FROM.items() if first <= number)
        if highest <= depth:
            band = _Band(number, depth, when)
            drawn += [(unit.version_id, number, shape) for unit, shape in band.differing(box)]
    _store(drawn)


@dataclass(frozen=True, slots=True)
class _Band:
    """A band at a time; ``depth`` is that of the deepest level that it shows."""

    band: int
    depth: int
    when: datetime

    def differing(self, box: str) -> list[tuple[_Unit, Ground]]:
        """Return what looks different in a box, or isn't drawn yet: the pieces, and all above, as unions."""
        units, is_asked, shapes = self._pieces(box)
        if not units:
            return []
        drawn = simplified(shapes, _WORLD_M / 2**self.band / _TILE_PX)
        is_new = is_asked & ~_same(drawn, [unit.outline for unit in units])
        pieces = list(zip(compress(units, is_new), drawn[is_new], strict=True))
        return [*pieces, *self._above(list(compress(units, is_asked)), pieces)]

    def _above(
        self, asked: Sequence[_Unit], pieces: Sequence[tuple[_Unit, Ground]]
    ) -> list[tuple[_Unit, Ground]]:
        """Return what looks different above pieces: each is the union of what lies below it."""
        above = self._chain({unit.parent_id for unit in asked} - {None})
        below: dict[int | None, list[Any]] = defaultdict(list)
        for piece, shape in pieces:
            below[piece.parent_id].append(shape)
        touched = {*below}
        for unit in above:  # from below
            if unit.outline is None or unit.unit_id in touched:
                touched |= {unit.unit_id, unit.parent_id}
        for parent, shape in self._beside(touched, [piece.unit_id for piece, _shape in pieces]):
            below[parent].append(shape)
        unions = []
        touching = [unit for unit in above if unit.unit_id in touched]
        for unit in touching:
            unions.append(joined(below[unit.unit_id]))
            below[unit.parent_id].append(unions[-1])
        is_new = ~_same(unions, [unit.outline for unit in touching])
        return list(compress(zip(touching, unions, strict=True), is_new))

    def _pieces(self, box: str) -> tuple[list[_Unit], NDArray[np.bool_], list[Ground]]:
        """Return the pieces that meet a box and those around them, which do so, and their exact shapes."""
        rows = self._rows(_PIECES, box=box)
        shapes, outlines = _grounds([row[4] for row in rows]), _grounds([row[5] for row in rows])
        units = [_Unit(row[0], row[1], row[2], outline) for row, outline in zip(rows, outlines, strict=True)]
        return units, np.array([row[3] for row in rows], dtype=bool), shapes

    def _chain(self, unit_ids: Collection[int | None]) -> list[_Unit]:
        """Return units and all above them, from below."""
        rows = self._rows(_ABOVE, units=list(unit_ids))
        outlines = _grounds([row[3] for row in rows])
        return [_Unit(row[0], row[1], row[2], outline) for row, outline in zip(rows, outlines, strict=True)]

    def _beside(self, above: Collection[int | None], drawn: Sequence[int]) -> Iterator[tuple[int, Ground]]:
        """Yield what lies below units and stays as it is, with its parent."""
        units = [unit for unit in above if unit is not None]
        rows = self._rows(_BESIDE, units=units, drawn=[*units, *drawn])
        return zip([row[0] for row in rows], _grounds([row[1] for row in rows]), strict=True)

    def _rows(self, statement: str, **parameters: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - numbers and boxes
        asked: dict[str, Any] = {"band": self.band, "depth": self.depth, "when": self.when, **parameters}
        with connection.cursor() as cursor:
            cursor.execute(statement, asked)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _grounds(stored: Sequence[bytes | None]) -> list[Any]:
    wkb = [None if one is None else bytes(one) for one in stored]
    found: list[Any] = shapely.from_wkb(np.array(wkb, dtype=object)).tolist()
    return found


def _same(drawn: Any, kept: Sequence[Ground | None]) -> NDArray[np.bool_]:  # noqa: ANN401 - shapely takes arrays
    """Tell of each shape whether that is what is kept, wherever its rings begin."""
    shapes = as_multipolygons(drawn)
    return np.asarray(shapely.equals_exact(shapes, np.array(kept, dtype=object), normalize=True))


def _store(outlines: Sequence[tuple[int, int, Ground]]) -> None:
    if not outlines:
        return
    versions, bands, shapes = zip(*outlines, strict=True)
    rows = zip(versions, bands, to_ewkb(as_multipolygons(shapes), _SRID), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, {"versions": list(versions), "bands": list(bands)})
        with cursor.copy(_KEEP) as copy:
            for row in rows:
                copy.write_row(row)
