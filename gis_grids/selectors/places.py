"""Where a point lies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import NotFound
from gis_grids.geometry.points import check_position
from gis_grids.selectors.hierarchy import LINK, ChainLink, chains, climb

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    LonLat = tuple[float, float]

_POINTS = """(
    SELECT n, ST_SetSRID(ST_MakePoint(lon, lat), 4326) AS place
    FROM unnest(%(numbers)s::int[], %(lons)s::float8[], %(lats)s::float8[]) AS given (n, lon, lat)
) point"""

# The index finds the few units whose box holds the point. They are tried from the deepest up, in the
# order of the tie rule, and the first that covers the point ends the search: the huge polygons of the
# upper levels are never even read. OFFSET 0 keeps the planner from testing them all first.
_COVERING = f"""
WITH RECURSIVE leaf AS (
    SELECT point.n, holder.*
    FROM {_POINTS} CROSS JOIN LATERAL (
        SELECT version_id, unit_id, parent_id, depth, name, code, level
        FROM (
            SELECT {LINK}, v.boundary
            FROM gis_grids_unitversion v JOIN gis_grids_unit u ON u.id = v.unit_id
            WHERE v.boundary && point.place AND v.valid @> %(at)s
            ORDER BY v.depth DESC, u.code COLLATE "C"
            OFFSET 0
        ) candidate
        WHERE ST_Covers(boundary, point.place)
        LIMIT 1
    ) holder
),
"""  # noqa: S608 - constants only

_IS_SMALLEST = """v.valid @> %(at)s AND NOT EXISTS (
    SELECT FROM gis_grids_unitversion child WHERE child.parent_id = v.unit_id AND child.valid @> %(at)s
)"""

# The unit nearest by degrees comes from the index. Its distance in metres then bounds, in degrees, where
# the nearest by metres can be, since no degree is shorter than at the highest latitude in reach; across
# the 180th meridian degrees say nothing.
_NEAREST = f"""
SELECT point.n, nearest.unit_id, nearest.metres
FROM {_POINTS}
CROSS JOIN LATERAL (
    SELECT ST_Distance(v.boundary::geography, point.place::geography) AS metres
    FROM gis_grids_unitversion v
    WHERE {_IS_SMALLEST}
    ORDER BY v.boundary <-> point.place
    LIMIT 1
) guess
CROSS JOIN LATERAL (SELECT abs(ST_Y(point.place)) + guess.metres / 110000 AS latitude) highest
CROSS JOIN LATERAL (
    SELECT CASE WHEN latitude < 89 THEN guess.metres / 110000 / cosd(latitude) ELSE 360 END + 1e-9 AS straight
) by_latitude
CROSS JOIN LATERAL (
    SELECT CASE WHEN abs(ST_X(point.place)) + straight < 180 THEN straight ELSE 360 END AS degrees
) reach
CROSS JOIN LATERAL (
    SELECT v.unit_id, ST_Distance(v.boundary::geography, point.place::geography) AS metres
    FROM gis_grids_unitversion v JOIN gis_grids_unit u ON u.id = v.unit_id
    WHERE ST_DWithin(v.boundary, point.place, reach.degrees) AND {_IS_SMALLEST}
    ORDER BY metres, u.code COLLATE "C"
    LIMIT 1
) nearest
"""  # noqa: S608 - constants only


@dataclass(frozen=True, slots=True)
class Located:
    """Where a point lies: the units that hold it, from the top of the tree down to the smallest.

    `outside_m` is None when the point is inside; else the chain is that of the nearest smallest unit,
    and `outside_m` says how many metres away its border is.
    """

    chain: tuple[ChainLink, ...]
    outside_m: float | None = None

    @property
    def unit_id(self) -> int:
        """Id of the smallest unit."""
        return self.chain[-1].unit_id

    @property
    def version_id(self) -> int:
        """Id of the smallest unit's version that held the point."""
        return self.chain[-1].version_id


def unit_at(lon: float, lat: float, when: datetime | None = None) -> Located:
    """Return where one point lies: see `locate`."""
    return locate([(lon, lat)], when)[0]


def locate(points: Sequence[LonLat], when: datetime | None = None) -> list[Located]:
    """Return where each point (lon, lat in degrees, WGS 84) lay at `when` (default: now).

    A border belongs to the units on both sides, so a point on it needs a rule: the deepest unit holds
    it, and among equally deep ones that whose code sorts first (byte by byte, west and north first by
    the numbering of field.md 2a). Outside every unit the nearest smallest one is given, in metres on the
    ellipsoid, and `Located.outside_m` set.

    One query for all points that lie inside, two more for those that don't. Raises `InvalidPoint` for
    a position that is not on Earth, `NotFound` ("no_units") when no unit exists at that time.
    """
    places = [check_position(lon, lat) for lon, lat in points]
    if not places:
        return []
    at = when or timezone.now()
    inside = climb(_COVERING, _parameters(places, range(len(places)), at))
    located = {n: Located(chain) for n, chain in inside.items()}
    located |= _nearest(places, [n for n in range(len(places)) if n not in inside], at)
    return [located[n] for n in range(len(places))]


def _nearest(places: Sequence[LonLat], outside: Sequence[int], at: datetime) -> dict[int, Located]:
    if not outside:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_NEAREST, _parameters(places, outside, at))
        rows = cursor.fetchall()
    if not rows:
        raise NotFound("no_units", _("There are no units yet. Import them first: manage.py import_units."))
    links = chains({unit_id for _n, unit_id, _metres in rows}, at)
    return {n: Located(links[unit_id], metres) for n, unit_id, metres in rows}


def _parameters(places: Sequence[LonLat], numbers: Sequence[int], at: datetime) -> dict[str, Any]:
    lons, lats = [places[n][0] for n in numbers], [places[n][1] for n in numbers]
    return {"numbers": list(numbers), "lons": lons, "lats": lats, "at": at}
