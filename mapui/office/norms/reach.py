"""Below which units somebody sets norms, and which stand above his."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis_grids.permissions import OFFICE as CLERKS
from gis_grids.selectors import ancestors, current_versions
from gis_grids.services.norms import NORMS_SET_FROM
from households.permissions import register_roots

if TYPE_CHECKING:
    from gis_grids.permissions import Scope


def setting_roots(scope: Scope) -> frozenset[int]:
    """Return the units below which the reader sets norms."""
    high = current_versions().filter(unit__in=scope.roots(CLERKS), depth__lte=NORMS_SET_FROM.depth)
    return frozenset(high.values_list("unit_id", flat=True))


def units_above(scope: Scope) -> set[int]:
    """Return the reader's units with all that stand above them."""
    return {unit for chain in ancestors(register_roots(scope)).values() for unit in chain}
