"""What a household's row says of its people, kept in step with who lives there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import connection
from django.utils import timezone

from households.services.party.marks import follow_marks

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_KEEP: Final = """
UPDATE households_household h
SET householder = CASE WHEN had.head THEN coalesce(head.name, '') ELSE h.householder END,
    phone = CASE WHEN had.head THEN coalesce(head.phone, '') ELSE h.phone END,
    phone_digest = CASE WHEN had.head THEN head.phone_digest ELSE h.phone_digest END,
    size = greatest(living.n, h.size + changed.by)
FROM unnest(%(households)s::bigint[], %(by)s::int[]) AS changed (id, by)
CROSS JOIN LATERAL (
    SELECT count(*) AS n FROM households_residence
    WHERE household_id = changed.id AND days @> %(today)s::date
) living
CROSS JOIN LATERAL (
    SELECT EXISTS (
        SELECT FROM households_residence WHERE household_id = changed.id AND relation = 'head'
    ) AS head
) had
LEFT JOIN LATERAL (
    SELECT resident.name, resident.phone, resident.phone_digest
    FROM households_residence residence JOIN households_resident resident ON resident.id = resident_id
    WHERE household_id = changed.id AND relation = 'head' AND days @> %(today)s::date
) head ON true
WHERE h.id = changed.id
"""


def keep_in_step(*, household_ids: Collection[int], size_by: Mapping[int, int] | None = None) -> None:
    """Set householder, telephone and size of the households by who lives there today, in one statement.

    Householder and telephone are those of the head, as soon as there is or has been one; of a household that
    never had a head they stay as they were typed. ``size_by`` says by how many people a household has
    grown or shrunk; no size is less than the residents who are known by name, and none of those who were
    counted and not named is lost. The party marks follow as well (`services.party.marks`). To be called, in
    the same transaction, by whatever writes residences.
    """
    by = size_by or {}
    households = sorted(set(household_ids) | by.keys())
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP,
            {
                "households": households,
                "by": [by.get(household, 0) for household in households],
                "today": timezone.localdate(),
            },
        )
    follow_marks(household_ids=households)
