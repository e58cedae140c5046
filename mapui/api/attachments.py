"""Files of cases over HTTP: declared, sent in pieces, asked how far they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, cast
from uuid import UUID  # noqa: TC003 - ninja reads the types at run time

from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router
from pydantic import BaseModel, ConfigDict, Field

from gis_grids.errors import BadInput
from incidents.selectors.attachments import attachment_state
from incidents.services.attachments import MAX_PIECE, declare, receive
from mapui.api.schemas import AttachmentShown
from mapui.consumers.cases import declared
from mapui.wire import AttachmentContent, DatabaseId

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest

    from incidents.selectors.attachments import AttachmentRow

router = Router()


class DeclareBody(BaseModel):
    """Files that will be sent for a case, and what they show."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    purpose: Literal["report", "result"]
    files: Annotated[list[AttachmentContent], Field(min_length=1, max_length=9)]


@router.post("/incidents/{incident_id}/attachments", response=list[AttachmentShown])
def post_attachments(
    request: HttpRequest, incident_id: DatabaseId, content: DeclareBody
) -> list[AttachmentRow]:
    """Declare files for a case; the same again gets the same answer."""
    return declare(
        actor=cast("User", request.user),
        incident_id=incident_id,
        purpose=content.purpose,
        files=declared(content.files),
    )


@router.get("/attachments/{uuid:attachment_id}", response=AttachmentShown)
def get_attachment(request: HttpRequest, attachment_id: UUID) -> AttachmentRow:
    """Say how far a file is: from the byte ``received`` on the rest is to be sent."""
    return attachment_state(cast("User", request.user), attachment_id)


@router.put("/attachments/{uuid:attachment_id}", response=AttachmentShown)
def put_attachment(
    request: HttpRequest, attachment_id: UUID, offset: Annotated[int, Query(ge=0, lt=2**40)]
) -> AttachmentRow:
    """Take in the body as a piece of the file, at most 2 MiB, from the byte ``offset`` on.

    The answer comes when the bytes are on the disk. 409 says from where to go on (``details.received``), 507
    that the disk is full: what had come is kept, and the rest can be sent later.
    """
    user = cast("User", request.user)
    return receive(attachment_id=attachment_id, offset=offset, piece=piece_of(request), actor=user)


def piece_of(request: HttpRequest) -> bytes:
    """Return the body as a piece of a file. Raises `BadInput` (``attachment.piece``) when it is too big."""
    try:
        return request.body
    except RequestDataTooBig:
        raise BadInput(
            "attachment.piece",
            _("A piece has at most %(limit)s bytes. Send smaller ones."),
            {"limit": MAX_PIECE},
        ) from None
