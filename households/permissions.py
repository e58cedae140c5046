"""Who may know a household by name: the office of its own subtree, nobody else without asking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gis_grids.levels import PostKind
from gis_grids.models import Post, UnitVersion
from gis_grids.permissions import CENTRE, FIELD, GRID_LEADS, OFFICE, PLANNERS
from gis_grids.selectors import ancestors

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from gis_grids.permissions import Scope

#: The posts that work with the register: for them coverage and the lists are made.
REGISTER_READERS: Final = OFFICE | CENTRE | PLANNERS | GRID_LEADS

#: The posts whose work it is to visit households (走访). The wall and the planner's desk visit nobody.
#: Nor do volunteers at a door or in a lane: they need to know no household for what they do.
VISITORS: Final = (
    frozenset(
        {
            PostKind.GRID_WORKER,
            PostKind.COMPOUND_STEWARD,
            PostKind.BUILDING_STEWARD,
            PostKind.RESIDENT_GROUP_LEADER,
        }
    )
    | GRID_LEADS
    | OFFICE
)

#: Who says what hangs at a notice board: the offices, and those on the ground who hang it.
HANGERS: Final = FIELD | OFFICE

#: The right to see personal fields in the admin site, as Django names it.
SEE_PERSONS: Final = "households.see_persons"


def register_roots(scope: Scope) -> frozenset[int]:
    """Return the units under which the person may read the register, names masked."""
    return scope.roots(REGISTER_READERS)


def visit_roots(scope: Scope) -> frozenset[int]:
    """Return the units under which the person visits households, and may say where they are."""
    return scope.roots(VISITORS)


def reveal_roots(scope: Scope) -> frozenset[int]:
    """Return the units under which the person may ask for a household's name and number, with a reason.

    Whoever visits or commands may have to call; who draws boundaries needs nobody's name.
    """
    return scope.roots(VISITORS | CENTRE)


def is_topmost(roots: Collection[int], when: datetime) -> bool:
    """Tell whether one of these units is in force at `when` and nobody reads the register above it.

    What lies in no unit at all is for the topmost readers, so that somebody has it on a list: those of
    the city, or of its districts where the city has none.
    """
    in_force = UnitVersion.objects.filter(unit__in=roots, valid__contains=when)
    chains = ancestors(in_force.values_list("unit", flat=True), when)
    above = {unit: chain[:-1] for unit, chain in chains.items()}
    overseers = Post.objects.filter(
        unit__in={unit for chain in above.values() for unit in chain},
        kind__in=REGISTER_READERS,
        term__contains=when,
        holder__is_active=True,
    )
    overseen = set(overseers.values_list("unit", flat=True))
    return any(overseen.isdisjoint(chain) for chain in above.values())


def named_roots(scope: Scope) -> frozenset[int]:
    """Return the units under which the person sees names, telephone numbers and party marks as they are."""
    return scope.roots(OFFICE)
