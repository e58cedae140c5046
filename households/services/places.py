"""Which unit each household belongs to: the boundary proposes, the record decides."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from django.contrib.gis.db.models import Extent
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from gis_grids.models import UnitVersion
from gis_grids.prepared import array_literal
from gis_grids.selectors import leaf_versions
from gis_grids.selectors.hierarchy import listed
from households.models import HouseholdUnit
from households.selectors.leaves import NOWHERE, Leaves, units_covering
from households.selectors.register import Near, register, register_in_portions

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from numpy.typing import NDArray

    from gis_grids.hooks import BoundaryChange
    from households.selectors.register import Rows

_Source = HouseholdUnit.Source
_LOCK: Final = 0x68_6F_6D_65
"""Key of the advisory lock that lets one homing run at a time."""

_CLOSE: Final = """
WITH unmade AS (
    DELETE FROM households_householdunit
    WHERE household_id = ANY(%(households)s::bigint[]) AND upper_inf(valid) AND lower(valid) >= %(when)s
)
UPDATE households_householdunit SET valid = tstzrange(lower(valid), %(when)s)
WHERE household_id = ANY(%(households)s::bigint[]) AND upper_inf(valid) AND lower(valid) < %(when)s
"""

_UNMAKE: Final = """
DELETE FROM households_householdunit m
WHERE household_id = ANY(%(households)s) AND lower(valid) = ANY(%(later)s) AND (
    source = 'geometry'
    OR NOT EXISTS (
        SELECT FROM gis_grids_unitversion v WHERE v.unit_id = m.unit_id AND v.valid @> lower(m.valid)
    )
)
RETURNING household_id, lower(valid)
"""

_REOPEN: Final = """
UPDATE households_householdunit m SET valid = tstzrange(lower(m.valid), NULL)
FROM unnest(%(households)s::bigint[], %(since)s::timestamptz[]) AS unmade (household_id, since)
WHERE m.household_id = unmade.household_id AND upper(m.valid) = unmade.since
"""

# However far back a household ended: it has been somewhere, and is found there.
_LEAVE: Final = """
WITH unmade AS (
    DELETE FROM households_householdunit
    WHERE household_id = ANY(%(households)s) AND lower(valid) > %(now)s
)
UPDATE households_householdunit
SET valid = tstzrange(lower(valid), greatest(%(when)s, lower(valid) + interval '1 microsecond'))
WHERE household_id = ANY(%(households)s) AND lower(valid) <= %(now)s
    AND (upper_inf(valid) OR upper(valid) > %(now)s)
"""

# A change dated back never overlaps what the record already says of a later time.
_OPEN: Final = """
WITH later AS MATERIALIZED (
    SELECT household_id, max(upper(valid)) AS free_from FROM households_householdunit
    WHERE household_id = ANY(%(households)s::bigint[]) AND upper(valid) > %(when)s
    GROUP BY household_id
)
INSERT INTO households_householdunit (household_id, unit_id, source, valid)
SELECT new.household_id, new.unit_id, new.source, tstzrange(coalesce(later.free_from, %(when)s), NULL)
FROM unnest(%(households)s::bigint[], %(units)s::bigint[], %(sources)s::text[])
    AS new (household_id, unit_id, source)
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
    is_released: bool = False,
) -> Homed:
    """Give each household its leaf unit, from `when` (default: now) on.

    Examined are the households named; or those in, near and recorded under the units named and their
    parents; or, with neither, all. Only rows that differ are closed and opened. Rows set by hand stay, unless
    their unit is one of those named and is no leaf any more, or they are to be released. Who lives in a
    part of a building that has a unit goes there; a record by entrance without such a part stays, as one by
    hand does. All others go by their place: to the leaf that covers it. Who has no place goes
    with his building, and without one stays where he is. A place on a common border goes by the rule of
    `gis_grids.selectors.locate`: the deepest unit, and among equals the code that sorts first. A place
    that no leaf covers leaves the household without a unit, on the list of `households.selectors.coverage`.
    Boundaries that are published for a day to come are gone by from then on; where they are taken back,
    records are as if nothing had been to come.
    """
    at = when or timezone.now()
    _lock()
    near = None if unit_ids is None else _surroundings(unit_ids, at)
    later = _later_changes(at)
    if near is None and household_ids is None and not later:
        rows, covering = _all_covered(at)
    else:
        rows = register(near=near, household_ids=household_ids)
        if later:
            _take_back(rows["id"].tolist(), later)
            rows = register(household_ids=rows["id"].tolist())
        covering = units_covering(rows["x"], rows["y"], leaf_versions(at))
    released = rows["by_record"] & is_released
    rows["by_hand"] &= ~released
    rows["by_record"] &= ~released
    homed = _home(rows, covering, at, _left_behind(near, at), released)
    for change in later:
        left = _left_behind(_surroundings(_changed_at(change), change), change)
        again = register(household_ids=rows["id"].tolist(), parts_at=change)
        covering = units_covering(again["x"], again["y"], leaf_versions(change))
        _home(again, covering, change, left, np.zeros(len(again), dtype=np.bool_))
    return homed


def _all_covered(at: datetime) -> tuple[Rows, NDArray[np.int64]]:
    """Return the whole register, and the leaf at each place: looked for while the database reads on."""
    leaves = Leaves.of(leaf_versions(at))
    with ThreadPoolExecutor(1, "linge-homing") as beside:
        portions = [
            (rows, beside.submit(leaves.covering, rows["x"], rows["y"])) for rows in register_in_portions()
        ]
    rows, covering = zip(*portions, strict=True)
    return np.concatenate(rows), np.concatenate([one.result() for one in covering])


def _home(
    rows: Rows,
    covering: NDArray[np.int64],
    at: datetime,
    left_behind: list[int],
    released: NDArray[np.bool_],
) -> Homed:
    in_part = rows["part_unit"] != NOWHERE
    stays = (rows["by_hand"] | (rows["by_record"] & ~in_part)) & ~np.isin(rows["unit"], left_behind)
    by_place = np.where(np.isnan(rows["x"]), rows["unit"], covering)
    proposed = np.where(in_part, rows["part_unit"], by_place)
    differs = ~stays & ((proposed != rows["unit"]) | (in_part & ~rows["by_record"]) | released)
    _record(rows["id"][differs], proposed[differs], in_part[differs], at)
    return Homed(
        examined=int(np.count_nonzero(~stays)),
        settled=int(np.count_nonzero(differs & (proposed != NOWHERE))),
        unsettled=int(np.count_nonzero(~stays & (proposed == NOWHERE))),
    )


def leave_units(household_ids: Collection[int], when: datetime) -> None:
    """End the households' membership at `when`, or just after it began; what was to come is taken back."""
    with connection.cursor() as cursor:
        cursor.execute(_LEAVE, {"households": list(household_ids), "when": when, "now": timezone.now()})


def rehome_for_boundaries(change: BoundaryChange) -> None:
    """Home the households that a change of boundaries may concern (a hook of the ground floor)."""
    if change.when > timezone.now():  # it may take back others that were to come just then
        rows = HouseholdUnit.objects.filter(Q(valid__startswith=change.when) | Q(valid__endswith=change.when))
        moved = rows.filter(unit__in=listed(change.unit_ids)).values_list("household", flat=True)
        _take_back(list(moved), [change.when])
    _follow(change.renumbered, change.when)
    home_households(unit_ids=change.unit_ids, when=change.when)


def _follow(renumbered: Mapping[int, int], at: datetime) -> None:
    """Take along what is in a unit by record alone when the unit gets another code."""
    rows = HouseholdUnit.objects.filter(unit__in=renumbered, valid__upper_inf=True)
    by_record = rows.filter(~Q(source=HouseholdUnit.Source.GEOMETRY) | Q(household__place=None))
    moved = list(by_record)
    _close([row.household_id for row in moved], at)
    valid = DateTimeTZRange(at, None)
    HouseholdUnit.objects.bulk_create(
        HouseholdUnit(household_id=row.household_id, unit_id=renumbered[row.unit_id], source=row.source,
                      valid=valid)
        for row in moved
    )  # fmt: skip


def _left_behind(near: Near | None, at: datetime) -> list[int]:
    """Return those of the units that are no leaves any more: who was put there by hand goes by his place."""
    if near is None:
        return []
    leaves = leaf_versions(at).filter(unit__in=listed(near.unit_ids)).values_list("unit", flat=True)
    return list(set(near.unit_ids) - set(leaves))


def _later_changes(at: datetime) -> list[datetime]:
    """Return when boundaries will change that are published already."""
    after = max(at, timezone.now())
    coming = UnitVersion.objects.filter(valid__startswith__gt=after)
    starts = coming.annotate(start=Lower("valid")).values_list("start", flat=True)
    return sorted(set(starts))


def _changed_at(when: datetime) -> set[int]:
    changed = UnitVersion.objects.filter(Q(valid__startswith=when) | Q(valid__endswith=when))
    return set(changed.values_list("unit", flat=True))


def _take_back(households: list[int], later: list[datetime]) -> None:
    """Take back what boundaries to come have done to households: it is worked out anew."""
    with connection.cursor() as cursor:
        cursor.execute(_UNMAKE, {"households": households, "later": later})
        unmade = cursor.fetchall()
        cursor.execute(
            _REOPEN, {"households": [row[0] for row in unmade], "since": [row[1] for row in unmade]}
        )


def _surroundings(unit_ids: Collection[int], at: datetime) -> Near:
    """Return the units with their parents, and the box around all of them.

    The parents too: a unit stops being a leaf, or becomes one again, by what happens below it.
    """
    now = UnitVersion.objects.filter(valid__contains=at)
    versions = UnitVersion.objects.filter(unit__in=listed(unit_ids))
    parents = versions.exclude(parent=None).values_list("parent", flat=True).distinct()
    units = {*unit_ids, *(parent for parent in parents if parent)}
    return Near(now.filter(unit__in=listed(units)).aggregate(box=Extent("boundary"))["box"], units)


@transaction.atomic
def record_by_hand(*, household_ids: Collection[int], unit_id: int, when: datetime | None = None) -> int:
    """Write down that households belong to a unit, wherever they are; return how many did not yet so.

    Only `home_households` with ``is_released`` lets them go again, or the end of the unit.
    """
    at = when or timezone.now()
    _lock()
    same = HouseholdUnit.objects.filter(unit=unit_id, source=_Source.MANUAL, valid__upper_inf=True)
    households = sorted(
        set(household_ids) - set(same.filter(household__in=household_ids).values_list("household", flat=True))
    )
    _close(households, at)
    _open(households, [unit_id] * len(households), [_Source.MANUAL] * len(households), at)
    return len(households)


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))


def _record(
    households: NDArray[np.int64], units: NDArray[np.int64], in_part: NDArray[np.bool_], at: datetime
) -> None:
    if not households.size:
        return
    homed = units != NOWHERE
    _close(households.tolist(), at)
    sources = np.where(in_part, _Source.ENTRANCE.value, _Source.GEOMETRY.value)
    _open(households[homed].tolist(), units[homed].tolist(), sources[homed].tolist(), at)


def _open(households: list[int], units: list[int], sources: list[str], at: datetime) -> None:
    columns: dict[str, list[int] | list[str]] = {"households": households, "units": units, "sources": sources}
    asked = {name: array_literal(values) for name, values in columns.items()}
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, {**asked, "when": at})


def _close(households: list[int], at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE, {"households": array_literal(households), "when": at})
