"""Which norms of service hold for a unit: its own district's, else those that hold everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from gis_grids.models import ServiceNorm
from gis_grids.norms import NormKind
from gis_grids.selectors.hierarchy import ancestors

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    Norms = dict[NormKind, ServiceNorm]


def norms_for(unit_ids: Iterable[int], when: datetime | None = None) -> dict[int, Norms]:
    """Return the norms that hold for each unit at `when` (default: now), by their kind. Two queries.

    Of several that a unit lies under the nearest one holds. A kind that nobody has set isn't there.
    """
    at = when or timezone.now()
    chains = ancestors(unit_ids, at)
    scopes = {unit for chain in chains.values() for unit in chain}
    rows = ServiceNorm.objects.filter(Q(scope=None) | Q(scope__in=scopes), valid__contains=at)
    by_scope: dict[int | None, Norms] = {}
    for row in rows:
        by_scope.setdefault(row.scope_id, {})[NormKind(row.kind)] = row
    found: dict[int, Norms] = {}
    for unit, chain in chains.items():
        found[unit] = dict(by_scope.get(None, {}))
        for above in chain:  # from the top down: the nearest has the last word
            found[unit] |= by_scope.get(above, {})
    return found
