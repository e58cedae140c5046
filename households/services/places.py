"""Which unit each household belongs to: the boundary proposes, the record decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from django.contrib.gis.db.models import Extent
from django.contrib.gis.geos import Polygon
from django.db import connection, transaction
from django.utils import timezone

from gis_grids.models import UnitVersion
from households.selectors.leaves import NOWHERE, leaf_versions, units_covering

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from numpy.typing import NDArray

_LOCK: Final = 0x68_6F_6D_65
"""Key of the advisory lock that lets one homing run at a time."""

# Columns come as packed big-endian bytes, one value per column: half a million numbers without a
# Python object each. Households with a record made by hand or by entrance are left out: it stays.
_CANDIDATES: Final = """
SELECT string_agg(int8send(id), ''), string_agg(float8send(x), ''),
       string_agg(float8send(y), ''), string_agg(int8send(unit_id), '')
FROM (
    SELECT h.id, coalesce(ST_X(h.place), 'NaN') AS x, coalesce(ST_Y(h.place), 'NaN') AS y,
           coalesce(m.unit_id, 0) AS unit_id
    FROM households_household h
    LEFT JOIN households_householdunit m ON m.household_id = h.id AND upper_inf(m.valid)
    WHERE (m.id IS NULL OR m.source = 'geometry') AND ({which})
) candidate
"""

_EVERY: Final = "true"
_NAMED: Final = "h.id = ANY(%(households)s)"
_NEAR_UNITS: Final = """h.id IN (
    SELECT id FROM households_household WHERE place && %(box)s::geometry
    UNION
    SELECT household_id FROM households_householdunit WHERE unit_id = ANY(%(units)s) AND upper_inf(valid)
)"""

_CLOSE: Final = """
WITH moved AS (SELECT unnest(%(households)s::bigint[]) AS household_id),
unmade AS (
    DELETE FROM households_householdunit m USING moved
    WHERE m.household_id = moved.household_id AND upper_inf(m.valid) AND lower(m.valid) >= %(when)s
)
UPDATE households_householdunit m SET valid = tstzrange(lower(m.valid), %(when)s) FROM moved
WHERE m.household_id = moved.household_id AND upper_inf(m.valid) AND lower(m.valid) < %(when)s
"""

# A change dated back never overlaps what the record already says of a later time.
_OPEN: Final = """
WITH later AS MATERIALIZED (
    SELECT household_id, max(upper(valid)) AS free_from FROM households_householdunit
    WHERE household_id = ANY(%(households)s) AND upper(valid) > %(when)s
    GROUP BY household_id
)
INSERT INTO households_householdunit (household_id, unit_id, source, valid)
SELECT new.household_id, new.unit_id, 'geometry', tstzrange(coalesce(later.free_from, %(when)s), NULL)
FROM unnest(%(households)s::bigint[], %(units)s::bigint[]) AS new (household_id, unit_id)
LEFT JOIN later USING (household_id)
"""


@dataclass(frozen=True, slots=True)
class Homed:
    """What a homing did: households looked at, moved or settled, and left without a unit."""

    examined: int
    settled: int
    unsettled: int


@transaction.atomic
def home_households(
    *,
    household_ids: Collection[int] | None = None,
    unit_ids: Collection[int] | None = None,
    when: datetime | None = None,
) -> Homed:
    """Give each household the leaf unit that covers its place, from `when` (default: now) on.

    Examined are the households named; or those in, near and recorded under the units named and their
    parents; or, with neither, all. Only rows that differ are closed and opened; rows set by hand or by
    entrance stay. A place on a common border goes by the rule of `gis_grids.selectors.locate`: the
    deepest unit, and among equals the code that sorts first. A place that no leaf covers leaves the
    household without a unit, on the list of `households.selectors.coverage`.
    """
    at = when or timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
    households, xs, ys, recorded = _candidates(household_ids, unit_ids, at)
    proposed = units_covering(xs, ys, leaf_versions(at))
    differs = proposed != recorded
    _record(households[differs], proposed[differs], at)
    return Homed(
        examined=len(households),
        settled=int(np.count_nonzero(differs & (proposed != NOWHERE))),
        unsettled=int(np.count_nonzero(proposed == NOWHERE)),
    )


def rehome_for_boundaries(unit_ids: Collection[int], when: datetime) -> None:
    """Home the households that a change of these boundaries may concern (a hook of the ground floor)."""
    home_households(unit_ids=unit_ids, when=when)


def _candidates(
    household_ids: Collection[int] | None, unit_ids: Collection[int] | None, at: datetime
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    which: str = _EVERY
    parameters: dict[str, list[int] | str | None] = {}
    if household_ids is not None:
        which, parameters = _NAMED, {"households": list(household_ids)}
    elif unit_ids is not None:
        which, parameters = _NEAR_UNITS, _surroundings(unit_ids, at)
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES.format(which=which), parameters)
        packed = [bytes(column or b"") for column in cursor.fetchone()]
    ids, xs, ys, units = (
        np.frombuffer(column, kind) for column, kind in zip(packed, (">i8", ">f8", ">f8", ">i8"), strict=True)
    )
    return ids.astype(np.int64), xs.astype(np.float64), ys.astype(np.float64), units.astype(np.int64)


def _surroundings(unit_ids: Collection[int], at: datetime) -> dict[str, list[int] | str | None]:
    """Return the units with their parents, and the box around all of them.

    The parents too: a unit stops being a leaf, or becomes one again, by what happens below it.
    """
    now = UnitVersion.objects.filter(valid__contains=at)
    versions = UnitVersion.objects.filter(unit__in=unit_ids)
    units = {*unit_ids, *versions.exclude(parent=None).values_list("parent", flat=True).distinct()}
    box = now.filter(unit__in=units).aggregate(box=Extent("boundary"))["box"]
    return {"units": list(units), "box": f"SRID=4326;{Polygon.from_bbox(box).wkt}" if box else None}


def _record(households: NDArray[np.int64], units: NDArray[np.int64], at: datetime) -> None:
    if not households.size:
        return
    homed = units != NOWHERE
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE, {"households": households.tolist(), "when": at})
        cursor.execute(
            _OPEN,
            {"households": households[homed].tolist(), "units": units[homed].tolist(), "when": at},
        )
