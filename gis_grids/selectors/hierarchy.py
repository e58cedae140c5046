"""Who lies under whom: chains up to the city, and everything below a unit.

At any time a unit counts with the version then in force; a unit that is retired at that time (or not
yet made) with its last version. So what happened in a unit keeps its place in the tree for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models.expressions import RawSQL
from django.utils import timezone

from gis_grids.levels import Level
from gis_grids.prepared import prepared_cursor

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

LINK = "v.id AS version_id, v.unit_id, v.parent_id, v.depth, v.name, u.code, u.level"
"""What the queries below carry of each version ``v`` and its unit ``u``."""

_CLIMB = f"""
chain AS (
    SELECT * FROM leaf
    UNION ALL
    SELECT chain.n, up.*
    FROM chain CROSS JOIN LATERAL (
        SELECT {LINK}
        FROM gis_grids_unitversion v JOIN gis_grids_unit u ON u.id = v.unit_id
        WHERE v.unit_id = chain.parent_id AND v.depth < chain.depth
        ORDER BY v.valid @> %(at)s DESC, lower(v.valid) DESC NULLS LAST
        LIMIT 1
    ) up
)
SELECT n, unit_id, version_id, code, level, name FROM chain ORDER BY n, depth
"""  # noqa: S608 - constants only

_LEAF = f"""
WITH RECURSIVE leaf AS (
    SELECT asked.unit_id AS n, own.*
    FROM unnest(%(units)s::bigint[]) AS asked (unit_id)
    CROSS JOIN LATERAL (
        SELECT {LINK}
        FROM gis_grids_unitversion v JOIN gis_grids_unit u ON u.id = v.unit_id
        WHERE v.unit_id = asked.unit_id
        ORDER BY v.valid @> %(at)s DESC, lower(v.valid) DESC NULLS LAST
        LIMIT 1
    ) own
)
"""  # noqa: S608 - constants only
_LEAVES = f"{_LEAF},"
_NAMES = f"{_LEAF} SELECT n, name FROM leaf"  # noqa: S608 - constants only

_BELOW = """
WITH RECURSIVE below (unit_id) AS (
    SELECT unnest(%s::bigint[])
    UNION
    SELECT v.unit_id
    FROM below JOIN gis_grids_unitversion v ON v.parent_id = below.unit_id
    WHERE v.valid @> %s OR NOT EXISTS (
        SELECT FROM gis_grids_unitversion other
        WHERE other.unit_id = v.unit_id AND (other.valid @> %s OR other.valid >> v.valid)
    )
)
SELECT unit_id FROM below
"""


@dataclass(frozen=True, slots=True)
class ChainLink:
    """One unit on the way from the top of the tree down to a place, named as it was then."""

    unit_id: int
    version_id: int
    code: str
    level: Level
    name: str


def chains(unit_ids: Iterable[int], when: datetime | None = None) -> dict[int, tuple[ChainLink, ...]]:
    """Return each unit's chain from the top of its tree down to itself, at `when` (default: now).

    One query, however many units. An id that no unit has is not in the answer.
    """
    asked = sorted(set(unit_ids))
    return climb(_LEAVES, {"units": asked, "at": when or timezone.now()}) if asked else {}


def ancestors(unit_ids: Iterable[int], when: datetime | None = None) -> dict[int, tuple[int, ...]]:
    """Return for each unit the ids from the top of its tree down to itself, at `when` (default: now).

    One query, however many units. An id that no unit has is not in the answer.
    """
    return {unit: tuple(link.unit_id for link in chain) for unit, chain in chains(unit_ids, when).items()}


def unit_names(unit_ids: Iterable[int], when: datetime | None = None) -> dict[int, str]:
    """Return what each unit is called at `when` (default: now), without a climb."""
    asked = sorted(set(unit_ids))
    if not asked:
        return {}
    with prepared_cursor() as cursor:
        cursor.execute(_NAMES, {"units": asked, "at": when or timezone.now()})
        return dict(cursor.fetchall())


def descendant_ids(unit_ids: Collection[int], when: datetime | None = None) -> RawSQL:
    """Return the ids of the units and of everything below them, at `when` (default: now).

    The answer is a subquery, for ``filter(unit__in=descendant_ids(scope.roots()))``.
    """
    at = when or timezone.now()
    return RawSQL(_BELOW, (sorted(unit_ids), at, at))  # noqa: S611 - the text is a constant


def listed(unit_ids: Iterable[int]) -> RawSQL:
    """Return ids as a subquery, for ``filter(unit__in=listed(ids))`` where they may be thousands.

    As a single parameter: one for each id takes Django and the database longer than the answer.
    """
    return RawSQL("SELECT unnest(%s::bigint[])", (sorted(unit_ids),))


def climb(leaves: str, parameters: Mapping[str, Any]) -> dict[int, tuple[ChainLink, ...]]:
    """Return the chain of each ``n`` in the relation ``leaf``, by the versions of ``%(at)s``.

    `leaves` begins the query: it makes ``leaf``, whose columns are ``n`` and those of `LINK`. The climb ends
    even if parents ran in a circle, since the depth must fall.
    """
    found: dict[int, list[ChainLink]] = {}
    with prepared_cursor() as cursor:
        cursor.execute(leaves + _CLIMB, parameters)
        for n, unit_id, version_id, code, level, name in cursor.fetchall():
            found.setdefault(n, []).append(ChainLink(unit_id, version_id, code, Level(level), name))
    return {n: tuple(links) for n, links in found.items()}
