"""The register as columns: where each household is, by which record, and what it counts for.

Half a million values without a Python object each: the database packs every row into bytes of one width,
and numpy reads them as an array of records.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from django.contrib.gis.geos import Polygon
from django.utils import timezone

from gis_grids.prepared import prepared_cursor

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from numpy.typing import ArrayLike, NDArray

    Box = tuple[float, float, float, float]
    """West, south, east, north in degrees."""
    Rows = NDArray[np.void]
    """Rows of `HOUSEHOLD` or `BUILDING`."""

#: A household: its place (lon/lat), or that of its building (NaN: neither); the unit of its record (0: none),
#: whether that is by record alone (by hand or by entrance), and whether by hand; its dwelling (0: none),
#: and the unit that its part of the building belongs to (0: none).
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
        ("dwelling", "i8"),
        ("part_unit", "i8"),
    ]
)

_MARKS: Final = ("by_record", "by_hand", "has_place", "is_party", "is_hub")
#: As the database packs it: the place as WKB, which begins with ``head``; in ``said`` the residents, and then
#: a bit for each of `_MARKS`. Every call that puts something more to a row costs a tenth of all.
_PACKED: Final = np.dtype(
    [
        ("id", ">i8"),
        ("head", "V5"),
        ("x", ">f8"),
        ("y", ">f8"),
        ("unit", ">i8"),
        ("dwelling", ">i8"),
        ("part_unit", ">i8"),
        ("said", ">i4"),
    ]
)

#: A building and a point on its footprint (lon/lat).
BUILDING: Final = np.dtype([("id", "i8"), ("x", "f8"), ("y", "f8"), ("is_residential", "?")])

#: A dwelling, and the building that it is in.
DWELLING: Final = np.dtype([("id", "i8"), ("building", "i8")])

_HOUSEHOLDS: Final = """
SELECT string_agg(
    int8send(h.id) || coalesce(ST_AsBinary(coalesce(h.place, (
        SELECT ST_PointOnSurface(b.footprint) FROM households_dwelling d
        JOIN households_building b ON b.id = d.building_id WHERE d.id = h.dwelling_id
    )), 'XDR'), %(nowhere)s::bytea)
    || int8send(coalesce(h.unit_id, 0)) || int8send(coalesce(h.dwelling_id, 0))
    || int8send(coalesce(part.unit_id, 0)) || int4send(
        h.size + (coalesce(h.source <> 'geometry', false)::int << 16)
        + (coalesce(h.source = 'manual', false)::int << 17) + ((h.place IS NOT NULL)::int << 18)
        + (h.is_party_member_household::int << 19) + (h.is_party_hub_household::int << 20)
    ), '')
FROM ({which}) h
LEFT JOIN (
    SELECT d.id, part.unit_id FROM households_buildingpart part
    JOIN households_dwelling d ON d.building_id = part.building_id
        AND d.entrance_id IS NOT DISTINCT FROM coalesce(part.entrance_id, d.entrance_id)
        AND d.floor BETWEEN coalesce(part.lowest, d.floor) AND coalesce(part.highest, d.floor)
    WHERE part.valid @> %(parts_at)s::timestamptz
) part ON part.id = h.dwelling_id
WHERE h.ended_on IS NULL
"""
_NOWHERE: Final = shapely.to_wkb(shapely.Point(np.nan, np.nan), byte_order=0)

_EVERY: Final = """
SELECT h.*, m.unit_id, m.source FROM households_household h
LEFT JOIN households_householdunit m ON m.household_id = h.id AND m.valid @> %(at)s::timestamptz
"""
_NAMED: Final = f"{_EVERY} WHERE h.id = ANY(%(households)s::bigint[])"
_WANTED: Final = "id, place, dwelling_id, size, is_party_member_household, is_party_hub_household, ended_on"
# Most of those near are of the units: their records are found by those, and only the rest by household.
_NEAR: Final = f"""
WITH placed AS MATERIALIZED (
    SELECT {_WANTED} FROM households_household WHERE place && %(box)s::geometry
),
recorded AS MATERIALIZED (
    SELECT household_id, unit_id, source FROM households_householdunit
    WHERE unit_id = ANY(%(units)s::bigint[]) AND valid @> %(at)s::timestamptz
),
elsewhere (id) AS MATERIALIZED (
    SELECT household_id FROM recorded WHERE household_id NOT IN (SELECT id FROM placed)
    UNION
    SELECT unplaced.id FROM households_building b
    JOIN households_dwelling d ON d.building_id = b.id
    JOIN households_household unplaced ON unplaced.dwelling_id = d.id
    WHERE unplaced.place IS NULL AND b.footprint && %(box)s::geometry
),
near AS (
    SELECT * FROM placed
    UNION ALL
    SELECT {_WANTED} FROM households_household WHERE id = ANY(ARRAY(SELECT id FROM elsewhere))
),
records AS (
    SELECT * FROM recorded
    UNION ALL
    SELECT household_id, unit_id, source FROM households_householdunit
    WHERE household_id = ANY(ARRAY(
        SELECT id FROM (SELECT id FROM placed UNION ALL SELECT id FROM elsewhere) near
        WHERE id NOT IN (SELECT household_id FROM recorded)
    )) AND valid @> %(at)s::timestamptz
)
SELECT near.*, m.unit_id, m.source FROM near LEFT JOIN records m ON m.household_id = near.id
"""  # noqa: S608 - constants only

_FOR_EVER: Final = "infinity"
"""The time that every open record holds at, and no other one: so one index serves both questions."""

_BUILDINGS: Final = """
SELECT string_agg(
    int8send(b.id) || float8send(ST_X(spot.point)) || float8send(ST_Y(spot.point))
    || boolsend(b.use = 'residential'), '')
FROM households_building b CROSS JOIN LATERAL (SELECT ST_PointOnSurface(b.footprint) AS point) spot
WHERE b.footprint && %(box)s::geometry
"""

_DWELLINGS: Final = """
SELECT string_agg(int8send(id) || int8send(building_id), '') FROM households_dwelling
WHERE building_id = ANY(%(buildings)s::bigint[])
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
    parameters["nowhere"] = _NOWHERE
    if household_ids is not None:
        which = _NAMED
        parameters |= {"households": list(set(household_ids))}
    elif near is not None:
        which = _NEAR
        parameters |= {"units": list(near.unit_ids), "box": near.box and _ewkt(near.box)}
    packed = _unpacked(_HOUSEHOLDS.format(which=which), parameters, _PACKED)
    rows = np.empty(len(packed), dtype=HOUSEHOLD)
    for name in ("id", "x", "y", "unit", "dwelling", "part_unit"):
        rows[name] = packed[name]
    rows["residents"] = packed["said"] & 0xFFFF
    for bit, name in enumerate(_MARKS, start=16):
        rows[name] = packed["said"] >> bit & 1
    return rows


def buildings_near(box: Box) -> Rows:
    """Return the buildings whose footprint's box meets this one (dtype `BUILDING`)."""
    return _unpacked(_BUILDINGS, {"box": _ewkt(box)}, BUILDING)


def dwelling_in(rows: Rows, building_ids: Sequence[int]) -> NDArray[np.int64]:
    """Return where the building of each household's dwelling is among these, or -1."""
    dwellings = _unpacked(_DWELLINGS, {"buildings": list(building_ids)}, DWELLING)
    of = np.append(index_in(dwellings["building"], building_ids), -1)
    return of[index_in(rows["dwelling"], dwellings["id"])]


def index_in(values: NDArray[np.int64], known: ArrayLike) -> NDArray[np.int64]:
    """Return where each value is among the known ones, or -1."""
    numbers = np.asarray(known, dtype=np.int64)
    if not numbers.size:
        return np.full(len(values), -1)
    order = np.argsort(numbers, kind="stable")
    where = order[np.searchsorted(numbers, values, "right", sorter=order) - 1]
    return np.where(numbers[where] == values, where, -1)


def _unpacked(statement: str, parameters: dict[str, Any], dtype: np.dtype[np.void]) -> Rows:
    with prepared_cursor() as cursor:
        cursor.execute(statement, parameters)
        packed = bytes(cursor.fetchone()[0] or b"")
    return np.frombuffer(packed, dtype.newbyteorder(">"))


def _ewkt(box: Box) -> str:
    return f"SRID=4326;{Polygon.from_bbox(box).wkt}"
