"""Carry out what waited on somebody's phone, in that person's name, each item by itself.

Every item has the id that the phone made: what has arrived meanwhile is found again, and whoever imports a
file twice, or sends from the phone what was imported, doubles nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import ValidationError

from gis_grids.errors import BadInput, LingeError, NotFound, Refused
from gis_grids.permissions import CENTRE, GRID_LEADS, OFFICE, scope_of
from gis_grids.selectors import ancestors
from incidents.selectors.attachments import attachment_state
from incidents.services.attachments import MAX_PIECE, declare, receive
from mapui.consumers.cases import carry_out, declared, new_report
from mapui.consumers.fieldwork import (
    FollowUpContent,
    PlaceContent,
    ReadingContent,
    VisitContent,
    followed_up,
    placed,
    visited,
    was_read,
)
from mapui.live.intake import write_one
from mapui.office.queue.wire import ActionContent, FilesContent
from mapui.wire import Report

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from mapui.office.queue.reading import ExportedQueue, KeptItem

#: Who may bring in what somebody below him has written.
IMPORTERS: Final = OFFICE | GRID_LEADS | CENTRE


class Outcome(StrEnum):
    """What became of an item."""

    STORED = "stored"
    KNOWN = "known"
    PARTLY = "partly"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one item; ``sentence`` says why it was refused, or what is missing."""

    item_id: UUID
    name: str
    outcome: Outcome
    sentence: str = ""


def import_queue(*, queue: ExportedQueue, actor: User) -> list[Finding]:
    """Carry out all that is in an exported queue; return for each item, in order, what became of it.

    It is done in the name of who wrote it, with his rights. Raises `Refused` (``queue.not_yours``) unless
    the actor has a post of the office, the centre or a grid lead above a post of the writer, or is he;
    and `NotFound` (``queue.no_user``).
    """
    writer = User.objects.filter(username=queue.content.user).first()
    if writer is None:
        raise NotFound("queue.no_user", _("Nobody here has the log-in name that this queue was written by."))
    if not may_import_for(actor, writer):
        raise Refused("queue.not_yours", _("Who wrote this has no post below yours. Ask the office above."))
    return [_one(queue, item, writer) for item in queue.content.items]


def may_import_for(actor: User, writer: User) -> bool:
    """Return whether the actor may bring in what the writer has written."""
    if actor.pk == writer.pk:
        return True
    above = {unit for chain in ancestors(scope_of(writer).roots()).values() for unit in chain}
    return not above.isdisjoint(scope_of(actor).roots(IMPORTERS))


def _one(queue: ExportedQueue, item: KeptItem, writer: User) -> Finding:
    name = item.label or str(item.body.get("text") or item.body.get("matter") or item.path)[:80]
    try:
        outcome = _carry_out(item, writer)
        missing = _send_files(queue, item, writer)
    except LingeError as error:
        return Finding(item.id, name, Outcome.REFUSED, str(error))
    except ValidationError:
        return Finding(item.id, name, Outcome.REFUSED, _("It is not written as a phone writes it."))
    return (
        Finding(item.id, name, Outcome.PARTLY, " ".join(missing))
        if missing
        else Finding(item.id, name, outcome)
    )


def _carry_out(item: KeptItem, writer: User) -> Outcome:
    for (method, pattern), do in _WAYS.items():
        match = pattern.fullmatch(item.path)
        if item.method == method and match:
            return do(item, writer, match)
    raise BadInput("queue.unknown", _("This can't be imported; do it by hand."))


def _report(item: KeptItem, writer: User, _match: re.Match[str]) -> Outcome:
    # Of when it was sent a file knows nothing: the clock of the phone is not judged by it.
    content = Report.model_validate(item.body | {"kind": "report", "id": item.id, "sent_at": timezone.now()})
    done = write_one(new_report(content, report_id=item.id, reporter=writer.pk))
    return Outcome.KNOWN if done.is_repeat else Outcome.STORED


def _action(item: KeptItem, writer: User, match: re.Match[str]) -> Outcome:
    content = ActionContent.model_validate(item.body)
    carry_out(content, incident_id=int(match[1]), command_id=item.id, actor=writer)
    return Outcome.STORED


def _files(item: KeptItem, writer: User, match: re.Match[str]) -> Outcome:
    content = FilesContent.model_validate(item.body)
    declare(
        actor=writer,
        incident_id=int(match[1]),
        purpose=content.purpose,
        files=declared(content.files),
    )
    return Outcome.STORED


def _visit(item: KeptItem, writer: User, _match: re.Match[str]) -> Outcome:
    visited(VisitContent.model_validate(item.body), visit_id=item.id, visitor=writer)
    return Outcome.STORED


def _place(item: KeptItem, writer: User, _match: re.Match[str]) -> Outcome:
    placed(PlaceContent.model_validate(item.body), change_id=item.id, actor=writer)
    return Outcome.STORED


def _follow_up(item: KeptItem, writer: User, _match: re.Match[str]) -> Outcome:
    followed_up(FollowUpContent.model_validate(item.body), actor=writer)
    return Outcome.STORED


def _reading(item: KeptItem, writer: User, _match: re.Match[str]) -> Outcome:
    was_read(ReadingContent.model_validate(item.body), reader=writer)
    return Outcome.STORED


#: What a phone keeps, by method and address below the interface, and how it is done here.
_WAYS: Final[dict[tuple[str, re.Pattern[str]], Callable[[KeptItem, User, re.Match[str]], Outcome]]] = {
    ("PUT", re.compile(r"reports/[0-9a-f-]{36}")): _report,
    ("POST", re.compile(r"incidents/(\d{1,18})/actions")): _action,
    ("POST", re.compile(r"incidents/(\d{1,18})/attachments")): _files,
    ("PUT", re.compile(r"phone/visits/[0-9a-f-]{36}")): _visit,
    ("PUT", re.compile(r"phone/places/[0-9a-f-]{36}")): _place,
    ("PUT", re.compile(r"phone/follow-ups/[0-9a-f-]{36}")): _follow_up,
    ("PUT", re.compile(r"phone/readings/[0-9a-f-]{36}")): _reading,
}


def _send_files(queue: ExportedQueue, item: KeptItem, writer: User) -> list[str]:
    """Send the bytes of an item's files, from where they were cut off; return what is missing or wrong."""
    told = FilesContent.told_by(item.body)
    return [sentence for file in told for sentence in [_send_file(queue, file.id, writer)] if sentence]


def _send_file(queue: ExportedQueue, file_id: UUID, writer: User) -> str:
    state = attachment_state(writer, file_id)
    if state.completed_at:
        return ""
    if queue.size(file_id) is None:
        return _("%(name)s is not in the file.") % {"name": state.name}
    offset = state.received
    try:
        for piece in queue.pieces(file_id, offset, MAX_PIECE):
            offset = receive(attachment_id=file_id, offset=offset, piece=piece, actor=writer).received
    except LingeError as error:
        return f"{state.name}: {error}"
    done = attachment_state(writer, file_id).completed_at
    return "" if done else _("%(name)s is not whole.") % {"name": state.name}
