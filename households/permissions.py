"""Who may know a household by name: the office of its own subtree, nobody else without asking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gis_grids.permissions import CENTRE, GRID_LEADS, OFFICE, PLANNERS

if TYPE_CHECKING:
    from gis_grids.permissions import Scope

#: The posts that work with the register: for them coverage and the lists are made.
REGISTER_READERS: Final = OFFICE | CENTRE | PLANNERS | GRID_LEADS

#: The right to see personal fields in the admin site, as Django names it.
SEE_PERSONS: Final = "households.see_persons"


def register_roots(scope: Scope) -> frozenset[int]:
    """Return the units under which the person may read the register, names masked."""
    return scope.roots(REGISTER_READERS)


def named_roots(scope: Scope) -> frozenset[int]:
    """Return the units under which the person sees names, telephone numbers and party marks as they are."""
    return scope.roots(OFFICE)
