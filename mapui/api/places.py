"""Where households are, for the office that puts it right, and who is responsible at a place.

An address is sent in a body, never in the address of a request: it may be somebody's home.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, cast
from uuid import UUID  # noqa: TC003 - ninja reads the types at run time

from django.utils.translation import gettext_lazy as _
from ninja import Router
from pydantic import AwareDatetime, Field

from gis_grids.errors import BadInput
from households.models import PlaceSource
from households.selectors.misplaced import place_task
from households.selectors.responsibility import responsible_at, responsible_for
from households.services.fieldwork import set_place, undo_place
from mapui.api.kept import kept
from mapui.api.schemas import PlaceChangeShown
from mapui.wire import DatabaseId, Message

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest, HttpResponse

    from households.models import PlaceChange

router = Router()


class ClickContent(Message):
    """Where somebody at a desk has put a household (lon/lat, EPSG:4326), and when."""

    household: DatabaseId
    at: AwareDatetime
    lon: float
    lat: float


class WhereContent(Message):
    """A place, or an address as people write it."""

    lon: float | None = None
    lat: float | None = None
    address: Annotated[str, Field(max_length=200)] = ""


@router.get("/households/{household_id}")
def get_place_task(request: HttpRequest, household_id: DatabaseId) -> HttpResponse:
    """Return what is known of where a household is, and places that its address suggests."""
    return kept(request, place_task(_person(request), household_id))


@router.put("/{uuid:change_id}", response=PlaceChangeShown)
def put_click(request: HttpRequest, change_id: UUID, content: ClickContent) -> PlaceChange:
    """Set the place of a household by hand; the same again gets the same answer."""
    return set_place(
        change_id=change_id,
        household_id=content.household,
        actor=_person(request),
        place=(content.lon, content.lat),
        accuracy_m=None,
        at=content.at,
        source=PlaceSource.MANUAL,
    )


@router.post("/{uuid:change_id}/undo", response=PlaceChangeShown)
def post_undo(request: HttpRequest, change_id: UUID) -> PlaceChange:
    """Take back a place that the reader has set last; the same again changes nothing."""
    return undo_place(change_id=change_id, actor=_person(request))


@router.post("/responsible")
def post_responsible(request: HttpRequest, content: WhereContent) -> HttpResponse:
    """Return who is responsible at a place or an address: the units from the top down with their posts.

    Of an address ``found`` says what it means; where that is no building, or several, there is no ``answer``.
    """
    if content.address.strip():
        found, answer = responsible_for(content.address)
        return kept(request, {"found": found, "answer": answer})
    if content.lon is None or content.lat is None:
        raise BadInput("where.missing", _("Give a position or an address."))
    return kept(request, {"found": None, "answer": responsible_at(content.lon, content.lat)})


def _person(request: HttpRequest) -> User:
    """Return who is logged in: `SessionAuth` lets nobody else come here."""
    return cast("User", request.user)
