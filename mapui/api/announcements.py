"""What is announced to who holds the phone, and that he has read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from uuid import UUID  # noqa: TC003 - ninja reads the types at run time

from ninja import Router

from incidents.selectors.announcements import announcements_for
from mapui.api.kept import kept
from mapui.api.schemas import ReadingShown
from mapui.consumers.fieldwork import ReadingContent, was_read

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest, HttpResponse

router = Router()


@router.get("/announcements")
def get_announcements(request: HttpRequest) -> HttpResponse:
    """Return what counts now for who asks, the latest first, and when he has read it."""
    return kept(request, announcements_for(cast("User", request.user)))


@router.put("/readings/{uuid:call_id}", response=ReadingShown)
def put_reading(request: HttpRequest, call_id: UUID, content: ReadingContent) -> dict[str, Any]:
    """Note that who asks has read an announcement; the first time counts."""
    reading = was_read(content, reader=cast("User", request.user))
    return {"id": call_id, "announcement": reading.announcement_id, "at": reading.at}
