"""What the office's pages read beyond the selectors of the floors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from gis_grids.selectors import chains, current_versions, descendant_ids
from households.selectors import Why
from mapui.faces import OFFICE

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from gis_grids.models import UnitVersion
    from gis_grids.permissions import Scope
    from gis_grids.selectors import ChainLink

REASONS: Final = {
    Why.NO_PLACE: _("No place known"),
    Why.OUTSIDE: _("Outside all units"),
    Why.GAP: _("In a gap between units"),
    Why.UNIT_ENDED: _("Its unit has ended"),
    Why.UNIT_DIVIDED: _("Its unit was divided"),
}
ADVICE: Final = {
    Why.NO_PLACE: _("Visit, and record the place."),
    Why.OUTSIDE: _("Check the place, or extend the nearest unit."),
    Why.GAP: _("Have the planner close the gap."),
    Why.UNIT_ENDED: _("Assign it to a unit in force."),
    Why.UNIT_DIVIDED: _("Assign it to one of the smaller units."),
}

_SHARE_A_LINE: Final = "****1****"
"""Of the nine intersections (DE-9IM): the borders have a line in common, not only a corner."""


def unit_in_scope(scope: Scope, code: str) -> tuple[UnitVersion, tuple[ChainLink, ...]]:
    """Return the unit now in force with its chain, or answer 404 if it isn't there or in another's scope."""
    version = current_versions().filter(unit__code=code).defer("boundary_3857").first()
    if version is None:
        raise Http404
    chain = chains([version.unit_id])[version.unit_id]
    if scope.roots(OFFICE.kinds).isdisjoint(link.unit_id for link in chain):
        raise Http404
    return version, chain


def neighbours(version: UnitVersion, scope: Scope) -> QuerySet[UnitVersion]:
    """Return the units of the same level in the scope that share a piece of border with this one."""
    return (
        current_versions()
        .filter(depth=version.depth, boundary__bboverlaps=version.boundary)
        .filter(boundary__relate=(version.boundary, _SHARE_A_LINE))
        .filter(unit__in=descendant_ids(scope.roots(OFFICE.kinds)))
        .exclude(unit=version.unit_id)
        .defer("boundary", "boundary_3857")
    )


def scope_names(scope: Scope) -> list[str]:
    """Return the names of the units whose subtrees the scope opens, from the top down."""
    roots = current_versions().filter(unit__in=scope.roots(OFFICE.kinds))
    return list(roots.values_list("name", flat=True))
