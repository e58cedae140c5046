"""The register as columns: where each household is, by which record, and what it counts for.

Half a million values without a Python object each: the database packs every row into bytes of one width,
and numpy reads them as an array of records.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from django.contrib.gis.geos import Polygon
from django.db import connection
from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from numpy.typing import NDArray

    Box = tuple[float, float, float, float]
    """West, south, east, north in degrees."""
    Rows = NDArray[np.void]
    """Rows of `HOUSEHOLD` or `BUILDING`."""

#: A household: its place (lon/lat), or else that of its building (NaN: neither); the unit of its record (0:
#: none), whether that is by record alone (by hand or by entrance), and whether by hand; its building (0:
#: none), and the unit that its part of the building belongs to (0: none).
HOUSEHOLD: Final = np.dtype(
    [
        ("id", "i8"),
        ("x", "f8"),
        ("y", "f8"),
        ("unit", "i8"),
        ("by_record", "?"),
        ("by_hand", "?"),
        ("has_place", "?"),
        ("residents", "i2"),
        ("is_party", "?"),
        ("is_hub", "?"),
        ("building", "i8"),
        ("part_unit", "i8"),
    ]
)

#: A building and a point on its footprint (lon/lat).
BUILDING: Final = np.dtype([("id", "i8"), ("x", "f8"), ("y", "f8"), ("is_residential", "?")])

_HOUSEHOLDS: Final = """
SELECT string_agg(
    int8send(h.id) || float8send(coalesce(ST_X(spot.point), 'NaN'))
    || float8send(coalesce(ST_Y(spot.point), 'NaN'))
    || int8send(coalesce(m.unit_id, 0)) || boolsend(coalesce(m.source <> 'geometry', false))
    || boolsend(coalesce(m.source = 'manual', false))
    || boolsend(h.place IS NOT NULL) || int2send(h.size) || boolsend(h.is_party_member_household)
    || boolsend(h.is_party_hub_household) || int8send(coalesce(d.building_id, 0))
    || int8send(coalesce(part.unit_id, 0)), '')
FROM {which}
LEFT JOIN households_householdunit m ON m.household_id = h.id AND m.valid @> %(at)s::timestamptz
LEFT JOIN households_dwelling d ON d.id = h.dwelling_id
LEFT JOIN households_buildingpart part ON part.building_id = d.building_id
    AND part.valid @> %(parts_at)s::timestamptz
    AND d.entrance_id IS NOT DISTINCT FROM coalesce(part.entrance_id, d.entrance_id)
    AND d.floor BETWEEN coalesce(part.lowest, d.floor) AND coalesce(part.highest, d.floor)
CROSS JOIN LATERAL (
    SELECT coalesce(h.place, (
        SELECT ST_PointOnSurface(b.footprint) FROM households_building b WHERE b.id = d.building_id
    )) AS point OFFSET 0  -- worked out once
) spot
WHERE h.ended_on IS NULL
"""

_EVERY: Final = "households_household h"
_NAMED: Final = "households_household h JOIN unnest(%(households)s::bigint[]) named (id) USING (id)"
_NEAR: Final = """(
    SELECT id FROM households_household WHERE place && %(box)s::geometry
    UNION
    SELECT m.household_id FROM households_householdunit m
    WHERE m.unit_id = ANY(%(units)s) AND m.valid @> %(at)s::timestamptz
    UNION
    SELECT unplaced.id FROM households_building b
    JOIN households_dwelling d ON d.building_id = b.id
    JOIN households_household unplaced ON unplaced.dwelling_id = d.id
    WHERE unplaced.place IS NULL AND b.footprint && %(box)s::geometry
) near (id) JOIN households_household h USING (id)"""

_FOR_EVER: Final = "infinity"
"""The time that every open record holds at, and no other one: so one index serves both questions."""

_BUILDINGS: Final = """
SELECT string_agg(
    int8send(b.id) || float8send(ST_X(spot.point)) || float8send(ST_Y(spot.point))
    || boolsend(b.use = 'residential'), '')
FROM households_building b CROSS JOIN LATERAL (SELECT ST_PointOnSurface(b.footprint) AS point) spot
WHERE b.footprint && %(box)s::geometry
"""


@dataclass(frozen=True, slots=True)
class Near:
    """The households whose place, or else whose building, is in the box, and those recorded in the units."""

    box: Box | None
    unit_ids: Collection[int]


def register(
    *,
    at: datetime | None = None,
    near: Near | None = None,
    household_ids: Collection[int] | None = None,
    parts_at: datetime | None = None,
) -> Rows:
    """Return the households (dtype `HOUSEHOLD`): those named, or those near, or all, in any order.

    None that has ended. Each with the record that is valid at `at`, or without `at` with its open one; and
    with the unit of its part of a building at `parts_at` (default: `at`, or else now).
    """
    which: str = _EVERY
    parameters: dict[str, Any] = {"at": at or _FOR_EVER, "parts_at": parts_at or at or timezone.now()}
    if household_ids is not None:
        which = _NAMED
        parameters |= {"households": list(set(household_ids))}
    elif near is not None:
        which = _NEAR
        parameters |= {"units": list(near.unit_ids), "box": near.box and _ewkt(near.box)}
    return _unpacked(_HOUSEHOLDS.format(which=which), parameters, HOUSEHOLD)


def buildings_near(box: Box) -> Rows:
    """Return the buildings whose footprint's box meets this one (dtype `BUILDING`)."""
    return _unpacked(_BUILDINGS, {"box": _ewkt(box)}, BUILDING)


def index_in(values: NDArray[np.int64], known: Sequence[int]) -> NDArray[np.int64]:
    """Return where each value is among the known ones, or -1."""
    where = {value: n for n, value in enumerate(known)}
    different, which = np.unique(values, return_inverse=True)
    return np.array([where.get(value, -1) for value in different.tolist()], dtype=np.int64)[which]


def _unpacked(statement: str, parameters: dict[str, Any], dtype: np.dtype[np.void]) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        packed = bytes(cursor.fetchone()[0] or b"")
    return np.frombuffer(packed, dtype.newbyteorder(">")).astype(dtype)


def _ewkt(box: Box) -> str:
    return f"SRID=4326;{Polygon.from_bbox(box).wkt}"
