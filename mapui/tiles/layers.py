"""The address of a tile, and what it shows at which zoom, as SQL.

Zooms are those of the data: a map that draws tiles of 512 pixels (protomaps-leaflet) asks for the tiles of
the zoom above the one it shows. Each query makes all MVT layers of its tile at once: they are grouped out
of one relation whose first column is the layer's name, and in which what a layer doesn't have is NULL.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from gis_grids.levels import Level
from gis_grids.models import MapFeature

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Parameters = Mapping[str, int | float | list[str]]

MIN_ZOOM: Final = 0
MAX_ZOOM: Final = 16
"""Deeper zooms enlarge these tiles, whose lattice is then 15 cm at the equator."""

EXTENT: Final = 4096
BUFFER: Final = 160
WORLD_M: Final = 40_075_016.685578488
"""The side of the square of Web Mercator (EPSG:3857), which zoom 0 shows whole."""

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
_BUILDINGS_FROM, _PLACES_FROM, _SIMPLIFIED_BELOW = 13, 14, 14

LEVELS_FROM: Final = {
    Level.CITY: 0,
    Level.DISTRICT: 4,
    Level.STREET: 7,
    Level.COMMUNITY: 9,
    Level.AREA: 11,
    Level.BUILDING_GROUP: 13,
    Level.RESIDENT_GROUP: 14,
}

_BOX: Final = """
WITH tile AS (
    SELECT ST_TileEnvelope(%(z)s, %(x)s, %(y)s) AS box,
           ST_TileEnvelope(%(z)s, %(x)s, %(y)s, margin => %(margin)s) AS around
),
feature AS MATERIALIZED (
"""
_LAYERS: Final = """
)
SELECT string_agg(mvt, '') FROM (
    SELECT ST_AsMVT(shown, layer, %(extent)s, 'geom') AS mvt
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
    SELECT 'building', NULL, nullif(b.name, ''), NULL, b.use, b.floors,
           ST_AsMVTGeom(b.footprint_3857, tile.box, {EXTENT}, {BUFFER})
    FROM tile JOIN households_building b ON b.footprint_3857 && tile.around
    WHERE %(z)s >= {_BUILDINGS_FROM}
    UNION ALL
    SELECT 'place', p.kind, p.name, NULL, NULL, NULL,
           ST_AsMVTGeom(ST_Transform(ST_PointOnSurface(p.geometry), 3857), tile.box, {EXTENT}, 0)
    FROM tile JOIN gis_grids_facility p ON p.geometry && ST_Transform(tile.box, 4326)
    WHERE %(z)s >= {_PLACES_FROM}
{_LAYERS.format(columns="kind, name, width_m, use, floors")}"""  # noqa: S608 - constants only

# Borders that units share must stay the same line in both, so they aren't simplified: snapping to the
# tile's lattice treats equal vertices equally. A name is given once, in the tile that holds its point.
_UNITS: Final = f"""{_BOX}
    SELECT u.level AS layer, NULL::text AS level, u.id, u.code, v.name,
           ST_AsMVTGeom(v.boundary_3857, tile.box, {EXTENT}, {BUFFER}) AS geom
    FROM tile
    JOIN gis_grids_unitversion v ON v.boundary_3857 && tile.around
    JOIN gis_grids_unit u ON u.id = v.unit_id
    WHERE v.valid @> now() AND u.level = ANY(%(levels)s)
    UNION ALL
    SELECT 'unit_name', u.level, u.id, u.code, v.name,
           ST_AsMVTGeom(ST_PointOnSurface(v.boundary_3857), tile.box, {EXTENT}, 0)
    FROM tile
    JOIN gis_grids_unitversion v ON v.boundary_3857 && tile.box
    JOIN gis_grids_unit u ON u.id = v.unit_id
    WHERE v.valid @> now() AND u.level = ANY(%(levels)s)
{_LAYERS.format(columns="id, code, name, level")}"""  # noqa: S608 - constants only


class Layer(StrEnum):
    """The two sets of tiles; each has a version of its own in `gis_grids.models.MapVersion`."""

    BASE = "base"
    UNITS = "units"


@dataclass(frozen=True, slots=True)
class Address:
    """Which tile: zoom, column from the west, row from the north (XYZ), in a version of a layer."""

    layer: str
    version: int
    z: int
    x: int
    y: int

    @property
    def is_on_the_map(self) -> bool:
        """Whether the zoom is served and has such a column and row."""
        return self.z <= MAX_ZOOM and max(self.x, self.y) < 2**self.z


@dataclass(frozen=True, slots=True)
class TileQuery:
    """The statement for a tile of a layer, and what it is told beside the tile's address."""

    sql: str
    at_zoom: Callable[[int], Parameters]


def _base_at(zoom: int) -> Parameters:
    """Return the kinds shown, and how far a line may be moved: half a lattice step of the zooms far out."""
    tolerance = WORLD_M / 2**zoom / EXTENT if zoom < _SIMPLIFIED_BELOW else 0.0
    return {
        "kinds": [kind.value for kind, first in _KINDS_FROM.items() if zoom >= first],
        "tolerance": tolerance,
    }


def _units_at(zoom: int) -> Parameters:
    return {"levels": [level.value for level, first in LEVELS_FROM.items() if zoom >= first]}


QUERIES: Final[Mapping[Layer, TileQuery]] = {
    Layer.BASE: TileQuery(_BASE, _base_at),
    Layer.UNITS: TileQuery(_UNITS, _units_at),
}
