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
    from collections.abc import Collection, Iterable, Iterator, Sequence
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
#: What else lies right below units.
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
    keep_outlines(drawn_outlines(bands_around(unit_ids=unit_ids, when=when)))


def bands_around(*, unit_ids: Collection[int] | None, when: datetime) -> Iterator[Band]:
    """Read what each band shows of the units and around them: the first step of `draw_outlines`."""
    units = None if unit_ids is None else list(unit_ids)
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED, {"units": units, "when": when})
        box, highest = cursor.fetchone()
    if box is None:
        return
    for band in BANDS:
        reading = _Reading(band, _depth_shown(band), when)
        if highest <= reading.depth:
            yield reading.of(box)


def drawn_outlines(bands: Iterable[Band]) -> list[tuple[int, int, Ground]]:
    """Return what looks different than it did: version, band, outline. The second step; it only computes."""
    return [(unit.version_id, band.band, shape) for band in bands for unit, shape in band.differing()]


def keep_outlines(outlines: Sequence[tuple[int, int, Ground]]) -> None:
    """Write outlines down in place of those of the same versions and bands: the last step."""
    if not outlines:
        return
    versions, bands, shapes = zip(*outlines, strict=True)
    rows = zip(versions, bands, to_ewkb(as_multipolygons(shapes), _SRID), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, {"versions": list(versions), "bands": list(bands)})
        with cursor.copy(_KEEP) as copy:
            for row in rows:
                copy.write_row(row)


@dataclass(frozen=True, slots=True)
class Band:
    """What a band shows around a change.

    ``pieces`` are the deepest units that it shows, which tile the ground: those in the box of the change
    (``is_asked``) and those around them, with their exact ``shapes``. ``above`` are all above those asked,
    from below; ``beside`` is what else lies right below these: the parent, and how it is drawn.
    """

    band: int
    pieces: list[_Unit]
    is_asked: NDArray[np.bool_]
    shapes: list[Ground]
    above: list[_Unit]
    beside: list[tuple[int, Ground]]

    def differing(self) -> list[tuple[_Unit, Ground]]:
        """Return what looks different, or isn't drawn yet: the pieces, and all above, as unions."""
        if not self.pieces:
            return []
        drawn = simplified(self.shapes, _WORLD_M / 2**self.band / _TILE_PX)
        is_new = self.is_asked & ~_same(drawn, [unit.outline for unit in self.pieces])
        pieces = list(zip(compress(self.pieces, is_new), drawn[is_new], strict=True))
        still = compress(zip(self.pieces, self.shapes, strict=True), ~is_new)
        as_kept = [(unit.parent_id, unit.outline or shape) for unit, shape in still]
        return [*pieces, *self._above(pieces, [*as_kept, *self.beside])]

    def _above(
        self, pieces: Sequence[tuple[_Unit, Ground]], still: Sequence[tuple[int | None, Ground]]
    ) -> list[tuple[_Unit, Ground]]:
        """Return what looks different above pieces: each is the union of what lies below it.

        ``still`` is what looks as it did: the parent, and the outline.
        """
        touched = {piece.parent_id for piece, _shape in pieces}
        for unit in self.above:  # from below
            if unit.outline is None or unit.unit_id in touched:
                touched |= {unit.unit_id, unit.parent_id}
        untouched = [(unit.parent_id, unit.outline) for unit in self.above if unit.unit_id not in touched]
        below: dict[int | None, list[Any]] = defaultdict(list)
        for parent, shape in [*((unit.parent_id, new) for unit, new in pieces), *still, *untouched]:
            below[parent].append(shape)
        unions = []
        touching = [unit for unit in self.above if unit.unit_id in touched]
        for unit in touching:
            unions.append(joined(below[unit.unit_id]))
            below[unit.parent_id].append(unions[-1])
        is_new = ~_same(unions, [unit.outline for unit in touching])
        return list(compress(zip(touching, unions, strict=True), is_new))


@dataclass(frozen=True, slots=True)
class _Reading:
    """A band at a time, to be read; ``depth`` is that of the deepest level that it shows."""

    band: int
    depth: int
    when: datetime

    def of(self, box: str) -> Band:
        """Return what it shows in a box and around."""
        rows = self._rows(_PIECES, box=box)
        pieces = _units((row[0], row[1], row[2], row[5]) for row in rows)
        is_asked = np.array([row[3] for row in rows], dtype=bool)
        parents = {unit.parent_id for unit in compress(pieces, is_asked)} - {None}
        above = _units(self._rows(_ABOVE, units=list(parents)))
        known = [unit.unit_id for unit in (*pieces, *above)]
        beside = self._rows(_BESIDE, units=[unit.unit_id for unit in above], drawn=known)
        grounds = _grounds([row[1] for row in beside])
        return Band(
            self.band,
            pieces,
            is_asked,
            _grounds([row[4] for row in rows]),
            above,
            [(row[0], ground) for row, ground in zip(beside, grounds, strict=True)],
        )

    def _rows(self, statement: str, **parameters: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - numbers and boxes
        asked: dict[str, Any] = {"band": self.band, "depth": self.depth, "when": self.when, **parameters}
        with connection.cursor() as cursor:
            cursor.execute(statement, asked)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _depth_shown(band: int) -> int:
    """Return the depth of the deepest level that a band shows."""
    return max(level.depth for level, first in SHOWN_FROM.items() if first <= band)


def _units(rows: Iterable[tuple[Any, ...]]) -> list[_Unit]:
    """Return units from their version, id, parent, and outline as WKB."""
    rows = list(rows)
    outlines = _grounds([row[3] for row in rows])
    return [_Unit(row[0], row[1], row[2], outline) for row, outline in zip(rows, outlines, strict=True)]


def _grounds(stored: Sequence[bytes | None]) -> list[Any]:
    wkb = [None if one is None else bytes(one) for one in stored]
    found: list[Any] = shapely.from_wkb(np.array(wkb, dtype=object)).tolist()
    return found


def _same(drawn: Any, kept: Sequence[Ground | None]) -> NDArray[np.bool_]:  # noqa: ANN401 - shapely takes arrays
    """Tell of each shape whether that is what is kept, wherever its rings begin."""
    shapes = as_multipolygons(drawn)
    return np.asarray(shapely.equals_exact(shapes, np.array(kept, dtype=object), normalize=True))
