"""From a frame to a message, or to what is wrong with it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, TypeVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from gis_grids.errors import BadInput
from mapui.consumers.faults import fault_of_field

if TYPE_CHECKING:
    from pydantic import TypeAdapter

T = TypeVar("T")

#: The server closes the socket (1009) beyond this; in front of another server, we refuse.
MAX_CHARACTERS: Final = 262_144


def parse(adapter: TypeAdapter[T], text: str | None) -> T:
    """Return the message in a frame; ``text`` is None for a binary one.

    Raises `BadInput` (``message.*``, ``point.not_a_number``). JSON that is nested too deeply is none.
    """
    if text is None:
        raise BadInput("message.binary", _("Only text is understood here, not binary data."))
    if len(text) > MAX_CHARACTERS:
        raise BadInput(
            "message.too_long",
            _("The message is too long: at most %(limit)s characters are possible."),
            {"limit": MAX_CHARACTERS},
        )
    try:
        return adapter.validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        raise fault_of_field(first["type"], first["loc"]) from None


def id_in(text: str | None) -> UUID | None:
    """Return the id that a refused message carries, if it can be found, so that the error can name it."""
    if text is None or len(text) > MAX_CHARACTERS:
        return None
    try:
        content = json.loads(text)
        return UUID(content["id"])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
