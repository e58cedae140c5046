"""The norms that hold in a scope."""

from __future__ import annotations

from gis_grids.drafts.comparison import Norm, Norms
from gis_grids.levels import Level
from gis_grids.models import UnitNorm
from gis_grids.selectors.hierarchy import ancestors


def norms_of(scope_id: int) -> Norms:
    """Return the norm of each level that has one: the district's own, else the one that holds everywhere."""
    chain = ancestors([scope_id]).get(scope_id, ())
    rows = UnitNorm.objects.filter(scope=None) | UnitNorm.objects.filter(scope__in=chain)
    nearest = sorted(rows, key=lambda row: chain.index(row.scope_id) if row.scope_id else -1)
    return {
        Level(row.level): Norm(row.households, row.tolerance, row.basis, "W21" if row.is_compound else "W20")
        for row in nearest
    }
