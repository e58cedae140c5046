"""Pictures of a resident's report: sent as a worker's are, by who holds the signed link to the case."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated
from uuid import UUID  # noqa: TC003 - ninja reads the types at run time

from django.utils.translation import gettext_lazy as _
from ninja import Query, Router
from pydantic import BaseModel, ConfigDict, Field

from gis_grids.errors import RateLimited
from incidents.permissions import LinkHolder
from incidents.selectors.attachments import attachment_state
from incidents.selectors.follow import case_of_link
from incidents.services.attachments import declare, receive
from mapui.api.attachments import piece_of
from mapui.api.schemas import AttachmentShown
from mapui.consumers.cases import declared
from mapui.ratelimits import address_of
from mapui.residents.limits import piece_limit
from mapui.wire import AttachmentContent

if TYPE_CHECKING:
    from django.http import HttpRequest

    from incidents.selectors.attachments import AttachmentRow

# The token in the address is the right, not a cookie.
router = Router(auth=None)


class FilesBody(BaseModel):
    """Pictures that will be sent."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    files: Annotated[list[AttachmentContent], Field(min_length=1, max_length=9)]


@router.post("/{token}/attachments", response=list[AttachmentShown])
def post_attachments(request: HttpRequest, token: str, content: FilesBody) -> list[AttachmentRow]:
    """Declare pictures for the case of the link; the same again gets the same answer."""
    holder = _holder(request, token)
    return declare(
        actor=holder, incident_id=holder.incident_id, purpose="report", files=declared(content.files)
    )


@router.get("/{token}/attachments/{uuid:attachment_id}", response=AttachmentShown)
def get_attachment(request: HttpRequest, token: str, attachment_id: UUID) -> AttachmentRow:
    """Say how far a picture of this case is."""
    return attachment_state(_holder(request, token), attachment_id)


@router.put("/{token}/attachments/{uuid:attachment_id}", response=AttachmentShown)
def put_attachment(
    request: HttpRequest, token: str, attachment_id: UUID, offset: Annotated[int, Query(ge=0, lt=2**40)]
) -> AttachmentRow:
    """Take in a piece of a picture, as `attachments.put_attachment` does."""
    holder = _holder(request, token)
    return receive(attachment_id=attachment_id, offset=offset, piece=piece_of(request), actor=holder)


def _holder(request: HttpRequest, token: str) -> LinkHolder:
    if wait := piece_limit().take(address_of(request)):
        raise RateLimited(
            "rate_limited",
            _("Too many at once. The rest goes on in %(retry_after_s)s seconds."),
            {"retry_after_s": math.ceil(wait)},
        )
    return LinkHolder(case_of_link(token).pk)
