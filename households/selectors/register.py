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
from django.db import connection
from django.utils import timezone

from gis_grids.prepared import array_literal, streamed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
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

#: As the database packs it: the place as WKB, which begins with ``head``; in ``said`` a bit for each of
#: `_MARKS`, the residents, the dwelling. Every call that puts something more to a row costs a tenth of all.
_PACKED: Final = np.dtype([("id", ">i8"), ("head", "V5"), ("x", ">f8"), ("y", ">f8"), ("said", ">i8")])
_MARKS: Final = ("has_place", "is_party", "is_hub")

#: The unit of a household: by its record, with a bit each for by record alone and by hand; by its part.
_OF_UNIT: Final = np.dtype([("household", ">i8"), ("said", ">i8")])

#: A building and a point on its footprint (lon/lat).
BUILDING: Final = np.dtype([("id", "i8"), ("x", "f8"), ("y", "f8"), ("is_residential", "?")])

#: A dwelling, and the building that it is in.
DWELLING: Final = np.dtype([("id", "i8"), ("building", "i8")])

_HOUSEHOLDS: Final = """
SELECT string_agg(
    int8send(h.id) || coalesce(ST_AsBinary(coalesce(h.place, (
        SELECT ST_PointOnSurface(b.footprint) FROM households_dwelling d
        JOIN households_building b ON b.id = d.building_id WHERE d.id = h.dwelling_id
    )), 'XDR'), %(nowhere)s::bytea) || int8send(
        (coalesce(h.dwelling_id, 0) << 19) + (h.size::bigint << 3) + (h.place IS NOT NULL)::int
        + (h.is_party_member_household::int << 1) + (h.is_party_hub_household::int << 2)
    ), '')
FROM households_household h WHERE h.ended_on IS NULL AND {which}
"""
_NOWHERE: Final = shapely.to_wkb(shapely.Point(np.nan, np.nan), byte_order=0)

_RECORDS: Final = """
SELECT string_agg(int8send(household_id) || int8send(
    (unit_id << 2) + CASE source WHEN 'geometry' THEN 0 WHEN 'manual' THEN 3 ELSE 1 END
), '')
FROM households_householdunit WHERE valid @> %(at)s::timestamptz AND {which}
"""

_PARTS: Final = """
SELECT string_agg(int8send(h.id) || int8send(part.unit_id), '') FROM households_buildingpart part
JOIN households_dwelling d ON d.building_id = part.building_id
    AND d.entrance_id IS NOT DISTINCT FROM coalesce(part.entrance_id, d.entrance_id)
    AND d.floor BETWEEN coalesce(part.lowest, d.floor) AND coalesce(part.highest, d.floor)
JOIN households_household h ON h.dwelling_id = d.id
WHERE part.valid @> %(parts_at)s::timestamptz AND {which}
"""

#: Those without a place, whose building is in the box.
_UNPLACED: Final = """
SELECT string_agg(int8send(h.id), '') FROM households_building b
JOIN households_dwelling d ON d.building_id = b.id
JOIN households_household h ON h.dwelling_id = d.id
WHERE h.place IS NULL AND b.footprint && %(box)s::geometry
"""

#: A row for each portion of ids.
_PORTIONS: Final = f"""
SELECT ({_HOUSEHOLDS.format(which="h.id BETWEEN first AND first + %(size)s - 1")}),
    ({_RECORDS.format(which="household_id BETWEEN first AND first + %(size)s - 1")})
FROM (SELECT coalesce(min(id), 1) AS lowest, coalesce(max(id), 1) AS highest FROM households_household) ids
CROSS JOIN LATERAL generate_series(lowest, highest, %(size)s) first
"""  # noqa: S608 - constants only
_PORTION: Final = 25_000
_RECORDS_NAMED: Final = _RECORDS.format(which="household_id = ANY(%(households)s::bigint[])")
_NAMED: Final = f"""
SELECT ({_HOUSEHOLDS.format(which="h.id = ANY(%(households)s::bigint[])")}), ({_RECORDS_NAMED}),
    ({_PARTS.format(which="h.id = ANY(%(households)s::bigint[])")})
"""
_NEAR: Final = f"""
SELECT ({_HOUSEHOLDS.format(which="h.place && %(box)s::geometry")}),
    ({_RECORDS.format(which="unit_id = ANY(%(units)s::bigint[])")}),
    ({_PARTS.format(which="h.place && %(box)s::geometry")}), ({_UNPLACED})
"""

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
    same = {"at": at or _FOR_EVER, "parts_at": parts_at or at or timezone.now(), "nowhere": _NOWHERE}
    if household_ids is not None:
        return _named(household_ids, same)
    if near is not None:
        return _near(near, same)
    return np.concatenate([*_portions(same)])


def register_in_portions() -> Iterator[Rows]:
    """Yield all households as `register` does, with their open records, in the order of their ids.

    The database reads the next portion while the last is looked at; until the end it does nothing else.
    """
    yield from _portions({"at": _FOR_EVER, "parts_at": timezone.now(), "nowhere": _NOWHERE})


def _portions(same: dict[str, Any]) -> Iterator[Rows]:
    [parts] = _row(_PARTS.format(which="true"), same)
    for households, records in streamed(_PORTIONS, same | {"size": _PORTION}):
        yield _joined(_numbers(households, _PACKED), _numbers(records, _OF_UNIT), _numbers(parts, _OF_UNIT))


def _named(household_ids: Collection[int], same: dict[str, Any]) -> Rows:
    found = _row(_NAMED, same | {"households": array_literal(set(household_ids))})
    return _joined(*map(_numbers, found, (_PACKED, _OF_UNIT, _OF_UNIT)))


def _near(near: Near, same: dict[str, Any]) -> Rows:
    """Return who is placed near, and who is recorded in the units.

    Most are both; the records of the others are asked for by name, and so is who is placed elsewhere.
    """
    found = _row(_NEAR, same | {"units": array_literal(near.unit_ids), "box": near.box and _ewkt(near.box)})
    placed, records, parts, unplaced = map(_numbers, found, (_PACKED, _OF_UNIT, _OF_UNIT, np.dtype(">i8")))
    beyond = np.setdiff1d(placed["id"], records["household"])
    if beyond.size:
        [more] = _row(_RECORDS_NAMED, same | {"households": array_literal(beyond.tolist())})
        records = np.concatenate([records, _numbers(more, _OF_UNIT)])
    rows = _joined(placed, records, parts)
    elsewhere = np.setdiff1d(np.concatenate([records["household"], unplaced]), placed["id"])
    return np.concatenate([rows, _named(elsewhere.tolist(), same)]) if elsewhere.size else rows


def _joined(packed: Rows, records: Rows, parts: Rows) -> Rows:
    """Return households with the units of their records and parts, if they have them."""
    rows = np.zeros(len(packed), dtype=HOUSEHOLD)
    for name in ("id", "x", "y"):
        rows[name] = packed[name]
    said = packed["said"].astype(np.int64)
    rows["dwelling"], rows["residents"] = said >> 19, said >> 3 & 0xFFFF
    for bit, name in enumerate(_MARKS):
        rows[name] = said >> bit & 1
    record = _said_of(rows, records)
    rows["unit"], rows["by_record"], rows["by_hand"] = record >> 2, record & 1, record >> 1 & 1
    rows["part_unit"] = _said_of(rows, parts)
    return rows


def _said_of(rows: Rows, of_units: Rows) -> NDArray[np.int64]:
    """Return what is said of each household, or 0."""
    where = index_in(rows["id"], of_units["household"])
    return np.append(of_units["said"].astype(np.int64), 0)[where]


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
    [packed] = _row(statement, parameters)
    return _numbers(packed, dtype.newbyteorder(">"))


def _row(statement: str, parameters: dict[str, Any]) -> tuple[bytes | None, ...]:
    # Planned each time, for a millisecond: a plan for any box and any number of units is ten times slower.
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        row: tuple[bytes | None, ...] = cursor.fetchone()
    return row


def _numbers(packed: bytes | None, dtype: np.dtype[Any]) -> Rows:
    return np.frombuffer(packed or b"", dtype)


def _ewkt(box: Box) -> str:
    return f"SRID=4326;{Polygon.from_bbox(box).wkt}"
