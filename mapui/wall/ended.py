"""The cases that have ended lately, which the live picture lets go."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.utils import timezone
from ninja import Router

from incidents.selectors import open_grants
from incidents.selectors.ended import ended_since
from mapui.wall.reach import check_unit, roots_of
from mapui.wall.schemas import EndedShown
from mapui.wire import DatabaseId  # noqa: TC001 - ninja reads the types at run time

if TYPE_CHECKING:
    from django.http import HttpRequest

router = Router()

SPAN: Final = timedelta(hours=24)
#: So many points are told apart on a large wall.
MOST: Final = 3000


@router.get("/ended", response=EndedShown)
def get_ended(request: HttpRequest, unit: DatabaseId | None = None) -> dict[str, Any]:
    """Return the cases that have ended within 24 hours, below a unit or below all that the viewer sees.

    ``is_cut``: there are more than were given. 404 for a unit outside of what the viewer sees.
    """
    if unit is not None:
        check_unit(request, unit)
    found = ended_since(
        roots_of(request),
        timezone.now() - SPAN,
        most=MOST + 1,
        grants=open_grants(request.user),
        under=unit,
    )
    return {"cases": found[:MOST], "is_cut": len(found) > MOST}
