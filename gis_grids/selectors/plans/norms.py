"""The norms of size that hold in a scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis_grids.drafts.comparison import Norm, Norms
from gis_grids.levels import Level
from gis_grids.models import UnitNorm
from gis_grids.selectors.hierarchy import ancestors

if TYPE_CHECKING:
    from collections.abc import Mapping


def norms_of(scope_id: int) -> Norms:
    """Return the norm of each level that has one: the district's own, else the one that holds everywhere."""
    return {level: as_norm(row) for level, row in unit_norms_of(scope_id).items()}


def as_norm(row: UnitNorm) -> Norm:
    """Return what a row says, as plans read it."""
    return Norm(row.households, row.tolerance, row.basis, "W21" if row.is_compound else "W20")


def unit_norms_of(scope_id: int) -> Mapping[Level, UnitNorm]:
    """Return the row that says so for each level that has a norm: the nearest above the unit holds."""
    chain = ancestors([scope_id]).get(scope_id, ())
    rows = UnitNorm.objects.filter(scope=None) | UnitNorm.objects.filter(scope__in=chain)
    nearest = sorted(rows, key=lambda row: chain.index(row.scope_id) if row.scope_id else -1)
    return {Level(row.level): row for row in nearest}
