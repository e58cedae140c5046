"""How many households lie below units, without a word about any of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection
from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

_COUNTS = """
WITH RECURSIVE below (unit_id, group_id) AS (
    SELECT id, id FROM unnest(%(groups)s::bigint[]) AS asked (id)
    UNION
    SELECT v.unit_id, below.group_id
    FROM below JOIN gis_grids_unitversion v ON v.parent_id = below.unit_id AND v.valid @> %(at)s
)
SELECT below.group_id, count(*)
FROM below JOIN households_householdunit member ON member.unit_id = below.unit_id
WHERE member.valid @> %(at)s
GROUP BY below.group_id
"""


def households_below(unit_ids: Collection[int], when: datetime | None = None) -> dict[int, int]:
    """Return how many households belong to each unit or to one below it, at `when` (default: now).

    A unit that has none is counted as 0. One query; on a million households it takes a second, so ask seldom.
    """
    counts = dict.fromkeys(unit_ids, 0)
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"groups": sorted(counts), "at": when or timezone.now()})
        counts.update(cursor.fetchall())
    return counts
