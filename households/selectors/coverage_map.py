"""Coverage unit by unit: how many households are placed, in exactly one unit, and visited."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from gis_grids.selectors import ancestors, descendant_ids
from households.models import HouseholdUnit, Visit
from households.permissions import register_roots
from households.selectors.coverage import unit_counts

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from gis_grids.permissions import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """The households in and below a unit: how many are placed, settled (`coverage`), and were visited."""

    households: int = 0
    placed: int = 0
    settled: int = 0
    visited: int = 0


def covered_counts(scope: Scope, since: datetime, when: datetime | None = None) -> dict[int, Covered]:
    """Return the figures of every unit that has households and lies in the scope, by the unit's id.

    Visited is where somebody was met, or asked not to be, from ``since`` to `when` (default: now). The
    figures of a unit include those of all units below it.
    """
    at = when or timezone.now()
    found = {
        unit: Covered(households=count.households, placed=count.households, settled=count.settled)
        for unit, count in unit_counts(scope, at).items()
    }
    rows = _by_record(register_roots(scope), since, at)
    for unit, chain in ancestors(rows, at).items():
        unplaced, visited = rows[unit]
        for above in chain:
            if above in found:
                so_far = found[above]
                found[above] = replace(
                    so_far, placed=so_far.placed - unplaced, visited=so_far.visited + visited
                )
    return found


def _by_record(roots: Collection[int], since: datetime, at: datetime) -> dict[int, tuple[int, int]]:
    """Return for each unit below the roots how many households have no place, and how many were visited."""
    visits = Visit.objects.filter(household=OuterRef("household"), at__range=(since, at))
    met = visits.exclude(result=Visit.Result.NOT_AT_HOME)
    current = HouseholdUnit.objects.filter(valid__contains=at, household__ended_on=None)
    rows = current.filter(unit__in=descendant_ids(roots, at)).values("unit").order_by()
    counted = rows.annotate(
        unplaced=Count("pk", filter=Q(household__place=None)), visited=Count("pk", filter=Q(Exists(met)))
    )
    return {
        unit: (unplaced, visited)
        for unit, *(unplaced, visited) in counted.values_list("unit", "unplaced", "visited")
    }
