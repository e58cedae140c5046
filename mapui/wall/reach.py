"""How far the wall's viewer sees: the subtrees of the posts that open the wall to him."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from gis_grids.errors import NotFound, Refused
from gis_grids.permissions import scope_of
from gis_grids.selectors import ancestors
from mapui.faces import WALL

if TYPE_CHECKING:
    from django.http import HttpRequest


def roots_of(request: HttpRequest) -> frozenset[int]:
    """Return the units whose subtrees the viewer sees.

    Raises `Refused` ("wall.no_post") for who holds no post that opens the wall.
    """
    roots = scope_of(request.user).roots(WALL.kinds)
    if not roots:
        raise Refused("wall.no_post", _("Your posts don't include the wall. Ask your street office."))
    return roots


def topmost(roots: frozenset[int]) -> list[int]:
    """Return the units of ``roots`` that lie under no other of them."""
    above = ancestors(roots)
    return sorted(root for root in roots if roots.isdisjoint(above.get(root, (root,))[:-1]))


def check_unit(request: HttpRequest, unit_id: int) -> None:
    """Let pass who sees the unit.

    Raises `Refused` as `roots_of`, and `NotFound` ("unit.unknown") for a unit that isn't below his posts:
    for him there is none.
    """
    if roots_of(request).isdisjoint(ancestors([unit_id]).get(unit_id, ())):
        raise NotFound("unit.unknown", _("There is no such unit in your area."))
