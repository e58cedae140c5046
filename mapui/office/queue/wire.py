"""What of an item's body is the address's in HTTP, and files as they are declared."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID  # noqa: TC003 - pydantic reads the types at run time

from pydantic import Field

from mapui.wire import AttachmentContent, CommandContent, Message


class ActionContent(CommandContent):
    """An action on a case; ``id`` is that of the item."""

    id: UUID


class FilesContent(Message):
    """Files that are declared for a case, and what they show."""

    purpose: Literal["report", "result"]
    files: Annotated[list[AttachmentContent], Field(min_length=1, max_length=9)]

    @staticmethod
    def told_by(body: dict[str, Any]) -> list[AttachmentContent]:
        """Return the files that the body of a report or of a declaration speaks of."""
        said = body.get("attachments") or body.get("files") or []
        return [AttachmentContent.model_validate(file) for file in said]
