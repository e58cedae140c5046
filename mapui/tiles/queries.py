"""What each layer shows at which zoom, as SQL.

Each query makes all MVT layers of its tile at once: they are grouped out of one relation whose first column
is the layer's name, and in which what a layer doesn't have is NULL.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils import timezone

from gis_grids.levels import BANDS, NAMED_FROM, Level
from gis_grids.models import MapFeature
from households.models.counting import SQUARES
from mapui.tiles.layers import (
    BUFFER,
    BUILDINGS_FROM,
    EXTENT,
    HOUSES_FROM,
    PLACES_FROM,
    WORLD_M,
    Address,
    Layer,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Parameters = Mapping[str, int | float | str | list[str] | dt.datetime]

_Kind = MapFeature.Kind
_KINDS_FROM: Final = {
    _Kind.WATER: 0,
    _Kind.GREEN: 9,
    _Kind.GROUND: 9,
    _Kind.ARTERIAL: 9,
    _Kind.RAILWAY: 10,
    _Kind.SECONDARY: 11,
    _Kind.STREET: 12,
    _Kind.LANE: 14,
}
_SIMPLIFIED_BELOW: Final = 14
_BUILDING_NAMES_FROM: Final = 15

FEWEST: Final = 5
"""Of fewer households at one place no party mark is shown (k-anonymity)."""
_CELLS_PER_SIDE: Final = 64
_CELL: Final = EXTENT // _CELLS_PER_SIDE

_TILE: Final = """
WITH tile AS (
    SELECT ST_TileEnvelope(%(z)s, %(x)s, %(y)s) AS box,
           ST_TileEnvelope(%(z)s, %(x)s, %(y)s, margin => %(margin)s) AS around
)"""
_BOX: Final = f"""{_TILE},
feature AS MATERIALIZED (
"""
_LAYERS: Final = """
)
SELECT string_agg(mvt, '') FROM (
    SELECT ST_AsMVT(shown, layer, %(extent)s, 'geom'{feature_id}) AS mvt
    FROM feature CROSS JOIN LATERAL (SELECT {columns}, geom) shown
    WHERE feature.geom IS NOT NULL GROUP BY layer
) made
"""

# A road's layer is "road", whatever its rank. Water and green have no edges in common with anything,
# so they may be simplified; the lattice of the tile does the rest.
_BASE: Final = f"""{_BOX}
    SELECT CASE WHEN f.kind IN ('water', 'green', 'ground') THEN f.kind ELSE 'road' END AS layer,
           f.kind, nullif(f.name, '') AS name, f.width_m, NULL::text AS use, NULL::int AS floors,
           ST_AsMVTGeom(
               ST_Simplify(f.geometry_3857, %(tolerance)s, true), tile.box, {EXTENT}, {BUFFER}
           ) AS geom
    FROM tile JOIN gis_grids_mapfeature f ON f.geometry_3857 && tile.around
    WHERE f.kind = ANY(%(kinds)s)
    UNION ALL
    SELECT 'building', NULL, CASE WHEN %(z)s >= {_BUILDING_NAMES_FROM} THEN nullif(b.name, '') END, NULL,
           b.use, b.floors,
           ST_AsMVTGeom(b.footprint_3857, tile.box, {EXTENT}, {BUFFER})
    FROM tile JOIN households_building b ON b.footprint_3857 && tile.around
    WHERE %(z)s >= {BUILDINGS_FROM}
    UNION ALL
    SELECT 'place', p.kind, p.name, NULL, NULL, NULL,
           ST_AsMVTGeom(ST_Transform(ST_PointOnSurface(p.geometry), 3857), tile.box, {EXTENT}, 0)
    FROM tile JOIN gis_grids_facility p ON p.geometry && ST_Transform(tile.box, 4326)
    WHERE %(z)s >= {PLACES_FROM} AND p.closed_on IS NULL
{_LAYERS.format(columns="kind, name, width_m, use, floors", feature_id="")}"""  # noqa: S608 - constants only

# Borders that units share must stay the same line in both. Far out they are drawn by the outlines that are
# made together (`gis_grids.services.outlines`); near, as they are: snapping to the tile's lattice treats
# equal vertices equally. What lies in the tile is moved there as it is: `ST_AsMVTGeom` would clip it and make
# it valid again, which takes twice as long. Code and name are given once, in the tile that holds the unit's
# point, where there is room for them.
_UNITS: Final = f"""{_BOX}
    SELECT %(level)s::text AS layer, v.unit_id AS id, NULL::text AS code, NULL::text AS name,
           CASE WHEN v.boundary_3857 @ tile.around THEN
               ST_SnapToGrid(ST_TransScale(
                   ST_ForcePolygonCW(drawn.shape),
                   -ST_XMin(tile.box), -ST_YMax(tile.box), %(scale)s::float8, -%(scale)s::float8
               ), 1)
           ELSE ST_AsMVTGeom(drawn.shape, tile.box, {EXTENT}, {BUFFER}) END AS geom
    FROM tile
    JOIN gis_grids_unitversion v ON v.boundary_3857 && tile.around
    LEFT JOIN gis_grids_unitoutline o ON o.version_id = v.id AND o.band = %(band)s::smallint
    CROSS JOIN LATERAL (SELECT coalesce(o.shape, v.boundary_3857) AS shape) drawn
    WHERE v.valid @> %(at)s::timestamptz AND v.depth = %(depth)s::smallint
    UNION ALL
    SELECT %(level)s || '_name', u.id, u.code, v.name,
           ST_AsMVTGeom(v.label_3857, tile.box, {EXTENT}, 0)
    FROM tile
    JOIN gis_grids_unitversion v ON v.boundary_3857 && tile.box AND v.label_3857 && tile.box
    JOIN gis_grids_unit u ON u.id = v.unit_id
    WHERE %(is_named)s::bool AND v.valid @> %(at)s::timestamptz AND v.depth = %(depth)s::smallint
{_LAYERS.format(columns="id, code, name", feature_id=", 'id'")}"""  # noqa: S608 - constants only

_IN_SQUARES: Final = """
    c.n > 0 AND c.x BETWEEN %(x_from)s::int AND %(x_to)s::int
    AND c.y BETWEEN %(y_from)s::int AND %(y_to)s::int
"""
_COUNTED: Final = f"""
seen AS (
    SELECT c.n, c.n_party, c.n_hub, c.n_contact, c.x, c.y FROM households_householdcount c
    WHERE {_IN_SQUARES}
),
"""  # noqa: S608 - constants only
# At a building's symbol, or in the middle of a square without buildings; those that the reader may see:
# "within" is the part of his ground in the tile, NULL where that is all of it.
_PLACED: Final = f"""
own AS (
    SELECT c.n, c.n_party, c.n_hub, c.n_contact, c.x, c.y, coalesce(b.spot_3857, ST_SetSRID(ST_MakePoint(
        ((c.x + 0.5::float8) / {SQUARES} - 0.5) * {WORLD_M},
        ((c.y + 0.5::float8) / {SQUARES} - 0.5) * {WORLD_M}
    ), 3857)) AS spot
    FROM households_householdcount c LEFT JOIN households_building b ON b.id = c.building_id
    WHERE {_IN_SQUARES}
),
seen AS (
    SELECT * FROM own
    WHERE %(within)s::bytea IS NULL OR ST_Intersects(ST_GeomFromWKB(%(within)s::bytea, 3857), spot)
),
"""  # noqa: S608 - constants only
# Who belongs to the party must not show by there being few neighbours.
_PARTY: Final = f"""
    CASE WHEN n >= {FEWEST} THEN nullif(n_party, 0) END AS n_party,
    CASE WHEN n >= {FEWEST} THEN nullif(n_hub, 0) END AS n_hub,
    CASE WHEN n >= {FEWEST} THEN nullif(n_contact, 0) END AS n_contact
"""
# Squares are the cells of zoom 15, and the cells of zooms before are made of whole squares.
_INTO_CELLS: Final = f"""
feature AS MATERIALIZED (
    SELECT 'cell' AS layer, sum(n) AS n, sum(n_party) AS n_party, sum(n_hub) AS n_hub,
           sum(n_contact) AS n_contact,
           ST_MakePoint((column_ + 0.5::float8) * {_CELL}, (row_ + 0.5::float8) * {_CELL}) AS geom
    FROM seen CROSS JOIN LATERAL (
        SELECT (x - %(x_from)s::int) >> %(shift)s::int AS column_,
               (%(y_to)s::int - y) >> %(shift)s::int AS row_
    ) cell
    GROUP BY column_, row_
{_LAYERS.format(columns=f"n, {_PARTY}", feature_id="")}"""  # noqa: S608 - constants only
_CELLS: Final = f"WITH {_COUNTED}{_INTO_CELLS}"
_CELLS_WITHIN: Final = f"WITH {_PLACED}{_INTO_CELLS}"
_HOUSES: Final = f"""{_TILE}, {_PLACED}
feature AS MATERIALIZED (
    SELECT 'house' AS layer, n, n_party, n_hub, n_contact,
           ST_AsMVTGeom(spot, tile.box, {EXTENT}, {BUFFER}) AS geom
    FROM seen CROSS JOIN tile
{_LAYERS.format(columns=f"n, {_PARTY}", feature_id="")}"""  # noqa: S608 - constants only


@dataclass(frozen=True, slots=True)
class TileQuery:
    """The statement for a tile of a layer, and what it is told beside the tile's address."""

    sql: str
    told: Callable[[Address], Parameters]


def _told_base(address: Address) -> Parameters:
    """Return the kinds shown, and how far a line may be moved: a lattice step of the zooms far out."""
    zoom = address.z
    tolerance = WORLD_M / 2**zoom / EXTENT if zoom < _SIMPLIFIED_BELOW else 0.0
    return {
        "kinds": [kind.value for kind, first in _KINDS_FROM.items() if zoom >= first],
        "tolerance": tolerance,
    }


def _told_units(address: Address) -> Parameters:
    """Return the level, the band of its outlines (0 for none), the moment, and lattice steps to a metre."""
    level = Level(address.level)
    return {
        "level": level.value,
        "depth": level.depth,
        "is_named": address.z >= NAMED_FROM[level],
        "band": next((band for band in BANDS if address.z <= band), 0),
        "at": _moment(address.day),
        "scale": EXTENT * 2**address.z / WORLD_M,
    }


def _moment(day: dt.date | None) -> dt.datetime:
    """Return the last moment of a day in the district's zone, or now."""
    if day is None:
        return timezone.now()
    return dt.datetime.combine(day, dt.time.max, timezone.get_default_timezone())


def _told_households(address: Address) -> Parameters:
    """Return the squares from and to, and how often a cell halves into them; houses have a buffer around."""
    shift = SQUARES.bit_length() - 1 - address.z
    around = (1 << shift) * BUFFER // EXTENT if address.z >= HOUSES_FROM else 0
    x, y = address.x << shift, (2**address.z - 1 - address.y) << shift
    return {
        "x_from": x - around,
        "x_to": x + (1 << shift) - 1 + around,
        "y_from": y - around,
        "y_to": y + (1 << shift) - 1 + around,
        "shift": shift - (_CELLS_PER_SIDE.bit_length() - 1),
    }


_BASE_MAP: Final = TileQuery(_BASE, _told_base)
_UNITS_OF_TIME: Final = TileQuery(_UNITS, _told_units)
_ALL_CELLS: Final = TileQuery(_CELLS, _told_households)
_OWN_CELLS: Final = TileQuery(_CELLS_WITHIN, _told_households)
_OWN_HOUSES: Final = TileQuery(_HOUSES, _told_households)


def query_of(address: Address, *, is_limited: bool) -> TileQuery:
    """Return what makes a tile; limited is one of which the reader sees a part."""
    match Layer(address.layer):
        case Layer.BASE:
            return _BASE_MAP
        case Layer.UNITS:
            return _UNITS_OF_TIME
        case Layer.HOUSEHOLDS if address.z >= HOUSES_FROM:
            return _OWN_HOUSES
        case Layer.HOUSEHOLDS:
            return _OWN_CELLS if is_limited else _ALL_CELLS
