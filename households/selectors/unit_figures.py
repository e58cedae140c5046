"""What units have, as norms ask for it: people, staff, buildings, premises, funds."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from django.db import connection
from django.utils import timezone

from gis_grids.levels import Level, PostKind
from gis_grids.models import Facility, Post, UnitFunds
from gis_grids.selectors import ancestors, chains, leaf_versions
from households.selectors.leaves import NOWHERE, units_covering

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

#: Who works for a community; stewards and group leaders are residents, paid for lost time at most (S1).
WORKERS: Final = frozenset({PostKind.AREA_HEAD, PostKind.GRID_LEADER, PostKind.GRID_WORKER})
STEWARDS: Final = frozenset({PostKind.BUILDING_STEWARD})
#: A community's own rooms (办公和服务用房); a school's are not.
PREMISES: Final = frozenset({Facility.Kind.SERVICE_STATION, Facility.Kind.ACTIVITY_ROOM})
#: Premises built from then on are those of a new community (威政办发[2008]51号).
NEW_FROM: Final = 2009

_PEOPLE: Final = """
WITH RECURSIVE below (unit_id, group_id) AS (
    SELECT id, id FROM unnest(%(units)s::bigint[]) AS asked (id)
    UNION
    SELECT v.unit_id, below.group_id
    FROM below JOIN gis_grids_unitversion v ON v.parent_id = below.unit_id AND v.valid @> %(at)s
)
SELECT below.group_id, count(*), coalesce(sum(h.size), 0)
FROM below
JOIN households_householdunit member ON member.unit_id = below.unit_id AND member.valid @> %(at)s
JOIN households_household h ON h.id = member.household_id
GROUP BY below.group_id
"""

# Everything that counts where it stands: kind, place (lon/lat), and two numbers of it.
_THINGS: Final = """
WITH ground AS (
    SELECT ST_SetSRID(ST_Extent(boundary)::geometry, 4326) AS box
    FROM gis_grids_unitversion WHERE unit_id = ANY(%(units)s) AND valid @> %(at)s
)
SELECT 'building', ST_X(spot), ST_Y(spot), 0::float8, 0::float8
FROM ground JOIN households_building b ON b.footprint && ground.box AND b.use = 'residential'
CROSS JOIN LATERAL (SELECT ST_Transform(b.spot_3857, 4326) AS spot) there
UNION ALL
SELECT 'compound', ST_X(spot), ST_Y(spot), 0, coalesce((
    SELECT sum(c.n) FROM households_building b JOIN households_householdcount c ON c.building_id = b.id
    WHERE ST_Covers(ST_Transform(f.geometry, 3857), b.spot_3857)
), 0)
FROM ground JOIN gis_grids_facility f ON f.geometry && ground.box AND f.kind = 'compound'
    AND (f.closed_on IS NULL OR f.closed_on > %(day)s)
CROSS JOIN LATERAL (SELECT ST_PointOnSurface(f.geometry) AS spot) there
UNION ALL
SELECT CASE WHEN f.built_year >= %(new_from)s THEN 'new_premises' ELSE 'premises' END,
       ST_X(spot), ST_Y(spot), f.area_m2, f.activity_m2
FROM ground JOIN gis_grids_facility f ON f.geometry && ground.box AND f.kind = ANY(%(premises)s)
    AND (f.closed_on IS NULL OR f.closed_on > %(day)s)
CROSS JOIN LATERAL (SELECT ST_PointOnSurface(f.geometry) AS spot) there
"""


@dataclass(slots=True)
class Funds:
    """What units got in a year, in yuan, all together, and how many households these units have."""

    year: int
    service: Decimal = Decimal(0)
    office: Decimal = Decimal(0)
    benefit: Decimal = Decimal(0)
    households: int = 0


@dataclass(slots=True)
class UnitFigures:
    """What a unit, with all below it, has. Areas in m²; ``communities`` counts the unit itself if it is one.

    ``unmeasured`` are premises whose floor space isn't known, ``unshared`` those of which it isn't known how
    much is open to residents.
    """

    level: Level
    households: int = 0
    residents: int = 0
    communities: int = 0
    buildings: int = 0
    compounds: int = 0
    in_compounds: int = 0
    premises: int = 0
    premises_m2: float = 0.0
    unmeasured: int = 0
    activity_m2: float = 0.0
    unshared: int = 0
    is_new: bool = False
    workers: set[int] = field(default_factory=set)
    stewards: set[int] = field(default_factory=set)
    funds: Funds | None = None

    def add(self, kind: str, first: float | None, second: float | None) -> None:
        """Count a thing that stands in the unit."""
        if kind == "building":
            self.buildings += 1
        elif kind == "compound":
            self.compounds += 1
            self.in_compounds += int(second or 0)
        else:
            self.premises += 1
            self.premises_m2 += first or 0
            self.unmeasured += first is None
            self.activity_m2 += second or 0
            self.unshared += second is None
            self.is_new = self.is_new or kind == "new_premises"


def figures_of(unit_ids: Collection[int], when: datetime | None = None) -> dict[int, UnitFigures]:
    """Return what each unit has at `when` (default: now), by its id. Some ten queries, however many."""
    at = when or timezone.now()
    found = {unit: UnitFigures(chain[-1].level) for unit, chain in chains(unit_ids, at).items()}
    asked: dict[str, Any] = {
        "units": sorted(found),
        "at": at,
        "day": timezone.localdate(at),
        "new_from": NEW_FROM,
        "premises": sorted(PREMISES),
    }
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, asked)
        for unit, households, residents in cursor.fetchall():
            found[unit].households, found[unit].residents = households, int(residents)
        cursor.execute(_THINGS, asked)
        _count_things(found, cursor.fetchall(), at)
    _count_units(found, at)
    _count_posts(found, at)
    _add_funds(found, at)
    return found


def _count_things(
    found: Mapping[int, UnitFigures],
    things: list[tuple[str, float, float, float | None, float | None]],
    at: datetime,
) -> None:
    places = np.array([(x, y) for _kind, x, y, *_numbers in things], dtype=np.float64).reshape(-1, 2)
    leaves = units_covering(places[:, 0], places[:, 1], leaf_versions(at)).tolist()
    above = ancestors({leaf for leaf in leaves if leaf != NOWHERE}, at)
    for leaf, (kind, _x, _y, first, second) in zip(leaves, things, strict=True):
        for unit in above.get(leaf, ()):
            if unit in found:
                found[unit].add(kind, first, second)


def _count_units(found: Mapping[int, UnitFigures], at: datetime) -> None:
    communities = leaf_versions(at).model.objects.filter(depth=Level.COMMUNITY.depth, valid__contains=at)
    for chain in ancestors(communities.values_list("unit", flat=True), at).values():
        for unit in _asked(chain, found):
            found[unit].communities += 1


def _count_posts(found: Mapping[int, UnitFigures], at: datetime) -> None:
    """Count who holds a post, once, however many he holds."""
    posts = Post.objects.filter(kind__in=WORKERS | STEWARDS, term__contains=at, holder__isnull=False)
    rows = list(posts.values_list("unit", "kind", "holder"))
    above = ancestors({unit for unit, _kind, _holder in rows}, at)
    for post_unit, kind, holder in rows:
        for unit in _asked(above.get(post_unit, ()), found):
            people = found[unit].workers if kind in WORKERS else found[unit].stewards
            people.add(holder)


def _add_funds(found: Mapping[int, UnitFigures], at: datetime) -> None:
    """Add the funds of the last year for which any were noted in or below each unit."""
    rows = list(UnitFunds.objects.filter(year__lte=timezone.localdate(at).year))
    above = ancestors({row.unit_id for row in rows}, at)
    households = _households({row.unit_id for row in rows}, at)
    for row in sorted(rows, key=lambda row: row.year):
        for unit in _asked(above.get(row.unit_id, ()), found):
            funds = found[unit].funds
            if funds is None or funds.year < row.year:
                funds = found[unit].funds = Funds(row.year)
            funds.service += row.service_yuan
            funds.office += row.office_yuan
            funds.benefit += row.benefit_yuan
            funds.households += households.get(row.unit_id, 0)


def _households(unit_ids: Collection[int], at: datetime) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, {"units": sorted(unit_ids), "at": at})
        return {unit: households for unit, households, _residents in cursor.fetchall()}


def _asked(chain: Iterable[int], found: Mapping[int, UnitFigures]) -> list[int]:
    return [unit for unit in chain if unit in found]
