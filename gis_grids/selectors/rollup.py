"""One unit and what lies directly under it: the steps of rolling down and up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from django.contrib.gis.db.models import Extent as ExtentOf
from django.db import connection
from django.utils import timezone

from gis_grids.models import UnitVersion
from gis_grids.selectors.hierarchy import ChainLink, chains
from gis_grids.selectors.maps import Extent

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from gis_grids.levels import Level

Spans: TypeAlias = tuple[tuple[int, int], ...]
"""Ids of units as closed ranges in rising order; every unit in a range is meant."""

# A retired unit counts where it was last, as everywhere: what happened in it keeps its place.
_BELOW = """
WITH RECURSIVE below (unit_id, group_id) AS (
    SELECT id, id FROM unnest(%(groups)s::bigint[]) AS asked (id)
    UNION
    SELECT v.unit_id, below.group_id
    FROM below JOIN gis_grids_unitversion v ON v.parent_id = below.unit_id
    WHERE v.valid @> %(at)s OR NOT EXISTS (
        SELECT FROM gis_grids_unitversion other
        WHERE other.unit_id = v.unit_id AND (other.valid @> %(at)s OR other.valid >> v.valid)
    )
)
SELECT group_id, unit_id FROM below ORDER BY group_id, unit_id
"""


@dataclass(frozen=True, slots=True)
class Rung:
    """A unit in force: how it is called, the box around it, and the ids of all units in its subtree.

    ``bbox`` is in degrees (EPSG:4326).
    """

    id: int
    code: str
    level: Level
    name: str
    bbox: Extent
    spans: Spans


@dataclass(frozen=True, slots=True)
class Step:
    """Where somebody stands in the tree: the way down to it, its box, and what he can go to from there."""

    chain: tuple[ChainLink, ...]
    bbox: Extent | None
    children: tuple[Rung, ...]


def step_at(unit_id: int, when: datetime | None = None) -> Step:
    """Return the unit with its children at `when` (default: now); no box where it isn't in force.

    An id that no unit has gives an empty chain. Six queries.
    """
    at = when or timezone.now()
    children = UnitVersion.objects.filter(parent=unit_id, valid__contains=at)
    boxes = _boxes([unit_id], at)
    return Step(
        chains([unit_id], at).get(unit_id, ()),
        boxes.get(unit_id),
        rungs(list(children.values_list("unit", flat=True)), at),
    )


def rungs(unit_ids: Collection[int], when: datetime | None = None) -> tuple[Rung, ...]:
    """Return the units that are in force at `when` (default: now), by code. Three queries, however many."""
    if not unit_ids:
        return ()
    at = when or timezone.now()
    boxes, spans = _boxes(unit_ids, at), spans_below(unit_ids, at)
    links = [chain[-1] for chain in chains(boxes, at).values()]
    return tuple(
        Rung(link.unit_id, link.code, link.level, link.name, boxes[link.unit_id], spans[link.unit_id])
        for link in sorted(links, key=lambda link: link.code)
    )


def in_spans(ids: Iterable[int]) -> Spans:
    """Return rising ids as ranges: what was made together has neighbouring ids, so there are few."""
    spans: list[tuple[int, int]] = []
    for one in ids:
        if spans and spans[-1][1] == one - 1:
            spans[-1] = (spans[-1][0], one)
        else:
            spans.append((one, one))
    return tuple(spans)


def _boxes(unit_ids: Collection[int], at: datetime) -> dict[int, Extent]:
    drawn = UnitVersion.objects.filter(unit__in=list(unit_ids), valid__contains=at)
    boxes = drawn.order_by().values_list("unit").annotate(box=ExtentOf("boundary"))
    return {unit: Extent(*box) for unit, box in boxes if box}


def spans_below(unit_ids: Collection[int], when: datetime | None = None) -> dict[int, Spans]:
    """Return the ids of all units in the subtree of each, at `when` (default: now). One query."""
    at = when or timezone.now()
    below: dict[int, list[int]] = {unit: [] for unit in unit_ids}
    with connection.cursor() as cursor:
        cursor.execute(_BELOW, {"groups": sorted(unit_ids), "at": at})
        for group, unit in cursor.fetchall():
            below[group].append(unit)
    return {group: in_spans(units) for group, units in below.items()}
