"""What went wrong, as the answer a client gets: a code for programs and a sentence for people."""

from __future__ import annotations

import logging
import secrets
from typing import TYPE_CHECKING, Final

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, LingeError

if TYPE_CHECKING:
    from collections.abc import Sequence

log = logging.getLogger(__name__)

#: What Django raises when the database can't be used, and the same again later will do.
OUTAGES: Final = (OperationalError, InterfaceError)

#: What pydantic and ninja put before a field's name.
_PREFIXES: Final = frozenset({"hello", "ping", "report", "command", "body", "path", "query", "content"})

_FIELD_FAULTS: Final = {
    "extra_forbidden": ("message.unknown_field", _("“%(field)s” is not a field of this message.")),
    "missing": ("message.missing_field", _("The field “%(field)s” is missing.")),
}


class UnavailableError(LingeError):
    """The database can't be used now; the same again later will do."""


class ServerError(LingeError):
    """A fault of ours; ``details["reference"]`` finds it in the log."""


def fault_of(error: Exception) -> LingeError:
    """Return the error as one that may be told; what is not meant for people goes to the log."""
    if isinstance(error, LingeError):
        return error
    if isinstance(error, OUTAGES):
        log.warning("The database can't be used (%s)", type(error).__name__)
        return UnavailableError(
            "unavailable", _("The server can't store anything just now. Try again in a moment.")
        )
    reference = secrets.token_hex(4)
    log.error("Fault %s", reference, exc_info=error)
    return ServerError(
        "server_error",
        _("Something went wrong on our side. If you ask for help, name this reference: %(reference)s."),
        {"reference": reference},
    )


def fault_of_field(kind: str, path: Sequence[int | str]) -> LingeError:
    """Return a fault that pydantic found as one that may be told, by its type and location alone.

    The input is never repeated: it may be long, and somebody's.
    """
    field = ".".join(str(part) for part in path if part not in _PREFIXES)[:60]
    if kind == "json_invalid":
        return BadInput("message.not_json", _("This is not JSON."))
    if not field:
        return BadInput("message.unknown_kind", _("A message of this kind is not known here."))
    if kind == "finite_number" and field in {"lon", "lat"}:
        return BadInput.of("point.not_a_number", axis=field)
    code, sentence = _FIELD_FAULTS.get(kind, ("message.bad_field", _("The field “%(field)s” is not right.")))
    return BadInput(code, sentence, {"field": field, "reason": kind})
