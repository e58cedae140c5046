"""Files of cases: declared, taken in by pieces, complete only when every byte is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict, LingeError, NotFound, Refused, Stale
from incidents import workflow
from incidents.models import Attachment, Incident
from incidents.permissions import LinkHolder
from incidents.selectors.access import access_incident
from incidents.selectors.attachments import AttachmentRow, row_of, sent_by
from incidents.services import blobs
from incidents.services.actions import act
from incidents.services.declared import MAX_OF_CASE, read_declared
from incidents.services.report_parts import lock_files, new_attachment, other_content
from incidents.workflow import Action, Actor, State

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from django.contrib.auth.models import AbstractBaseUser

    from incidents.selectors.access import Access
    from incidents.services.declared import Declared

#: The most bytes of a piece.
MAX_PIECE = 2 * 1024 * 1024

#: Who may say what was done, and show it.
_HANDLERS = frozenset({Actor.ASSIGNEE, Actor.GRID_LEAD, Actor.OPERATOR})


@transaction.atomic
def declare(
    *, actor: AbstractBaseUser | LinkHolder, incident_id: int, purpose: str, files: Sequence[Declared]
) -> list[AttachmentRow]:
    """Declare files for an open case: its reporter what he reports, who handles it also what was done.

    The same again gets the same answer. Raises `NotFound` (``incident.not_found``), `Refused`
    (``action.not_yours``), `Conflict` (``attachment.case_ended``, ``attachment.other_content``,
    ``attachment.case_full``), `BadInput` (``attachment.*``, ``text.*``).
    """
    declared = read_declared(files)
    lock_files(file.id for file in declared)
    # What ends the case waits until this is through, or was before.
    Incident.objects.select_for_update(no_key=True).filter(pk=incident_id).first()
    access = access_incident(actor, incident_id)
    _check_may_declare(access, purpose)
    there = Attachment.objects.in_bulk([file.id for file in declared])
    for file in declared:
        if file.id in there and not _is_same(there[file.id], file, access.incident, actor, purpose):
            raise other_content()
    new = [file for file in declared if file.id not in there]
    if access.incident.attachments.count() + len(new) > MAX_OF_CASE:
        raise Conflict(
            "attachment.case_full",
            _("A case can have at most %(limit)s files, and this one would have more."),
            {"limit": MAX_OF_CASE},
        )
    kind, now = Attachment.Purpose(purpose), timezone.now()
    created = Attachment.objects.bulk_create(
        new_attachment(file, incident_id, _sender_id(actor), kind, now) for file in new
    )
    rows = there | {attachment.pk: attachment for attachment in created}
    return [row_of(rows[file.id]) for file in declared]


def receive(
    *, attachment_id: UUID, offset: int, piece: bytes, actor: AbstractBaseUser | LinkHolder
) -> AttachmentRow:
    """Take in a piece of a file, from the byte ``offset`` on; the last one completes it.

    When this returns, the bytes are on the disk and counted. A complete file answers every further piece with
    its state. A file that has all its bytes, and was not completed because the disk was full, is when an
    empty piece is sent for its end.

    Raises `NotFound` (``attachment.not_found``, for everybody but the sender), `Conflict`
    (``attachment.offset``: the details say from which byte to go on; ``attachment.hash``: all must be sent
    again), `BadInput` (``attachment.piece``, ``attachment.too_long``, and what `blobs.keep` finds),
    `blobs.DiskFull` (``attachment.disk_full``), `StoreAway` (``attachment.store_away``).
    """
    if len(piece) > MAX_PIECE:
        raise BadInput(
            "attachment.piece",
            _("A piece has at most %(limit)s bytes. Send smaller ones."),
            {"limit": MAX_PIECE},
        )
    attachment, fault = _append(attachment_id, offset, piece, actor)
    if fault is None and attachment.completed_at is None and attachment.received == attachment.size:
        attachment, fault = _finish(attachment, actor)
    if fault:
        raise fault
    return row_of(attachment)


def _check_may_declare(access: Access, purpose: str) -> None:
    if purpose not in Attachment.Purpose.values:
        choices = ", ".join(Attachment.Purpose.values)
        raise BadInput("attachment.purpose", _("Say what the file shows: %(choices)s."), {"choices": choices})
    state = State(access.incident.state)
    if state in workflow.ENDED:
        raise Conflict("attachment.case_ended", _("The case has ended; no files can be added to it."))
    is_result = purpose == Attachment.Purpose.RESULT
    row = workflow.find(Action.ATTACH, state, access.actors)
    if row is None or (is_result and access.actors.isdisjoint(_HANDLERS)):
        raise Refused("attachment.not_yours", _("To add this file to the case is not for you."))


def _is_same(
    stored: Attachment, file: Declared, incident: Incident, actor: AbstractBaseUser | LinkHolder, purpose: str
) -> bool:
    return (
        stored.origin_id,
        stored.sender_id,
        stored.purpose,
        stored.name,
        stored.media_type,
        stored.size,
        bytes(stored.sha256),
    ) == (incident.pk, _sender_id(actor), purpose, file.name, file.media_type, file.size, file.digest)


def _sender_id(actor: AbstractBaseUser | LinkHolder) -> int | None:
    return None if isinstance(actor, LinkHolder) else actor.pk


def _locked(attachment_id: UUID, actor: AbstractBaseUser | LinkHolder) -> Attachment:
    """Return the attachment; nobody else works on its bytes before this transaction ends.

    Its row is not locked: an action that moves it from case to case, and holds the cases, can't wait for us
    while we wait for the case.
    """
    lock_files([attachment_id])
    attachment = Attachment.objects.filter(sent_by(actor), pk=attachment_id).first()
    if attachment is None:
        raise NotFound("attachment.not_found", _("There is no such file, or it is not complete yet."))
    return attachment


@transaction.atomic
def _append(
    attachment_id: UUID, offset: int, piece: bytes, actor: AbstractBaseUser | LinkHolder
) -> tuple[Attachment, LingeError | None]:
    attachment = _locked(attachment_id, actor)
    if attachment.completed_at:
        return attachment, None
    if offset != attachment.received:
        return attachment, _wrong_offset(attachment)
    if offset + len(piece) > attachment.size:
        return attachment, BadInput(
            "attachment.too_long",
            _("The file was declared with %(size)s bytes, and this is more."),
            {"size": attachment.size, "received": attachment.received},
        )
    if piece:
        try:
            blobs.write_piece(attachment_id, offset, piece)
        except blobs.NotThere:
            _count(attachment, 0)
            return attachment, _wrong_offset(attachment)
        _count(attachment, offset + len(piece))
    return attachment, None


def _finish(
    attachment: Attachment, actor: AbstractBaseUser | LinkHolder
) -> tuple[Attachment, LingeError | None]:
    """Check and keep the bytes, then say so in the table and the feed: a row never points to nothing."""
    if not connection.in_atomic_block:
        # While others wait for the database, nobody holds on to it who unpacks a video.
        connection.close()
    try:
        blobs.keep(attachment)
    except blobs.NotThere:
        return _begin_anew(attachment.pk, actor, None)
    except (BadInput, Conflict) as fault:
        return _begin_anew(attachment.pk, actor, fault)
    return _complete(attachment.pk, actor)


@transaction.atomic
def _complete(
    attachment_id: UUID, actor: AbstractBaseUser | LinkHolder
) -> tuple[Attachment, LingeError | None]:
    attachment = _locked(attachment_id, actor)
    if attachment.completed_at:
        return attachment, None
    if attachment.received < attachment.size:
        return attachment, _wrong_offset(attachment)
    _tell(attachment)
    transaction.on_commit(lambda: blobs.drop(attachment_id))
    return attachment, None


@transaction.atomic
def _begin_anew(
    attachment_id: UUID, actor: AbstractBaseUser | LinkHolder, fault: LingeError | None
) -> tuple[Attachment, LingeError | None]:
    """Throw away what was gathered, unless another request has completed the file meanwhile."""
    attachment = _locked(attachment_id, actor)
    if attachment.completed_at:
        return attachment, None
    _count(attachment, 0)
    transaction.on_commit(lambda: blobs.drop(attachment_id))
    return attachment, fault or _wrong_offset(attachment)


def _tell(attachment: Attachment) -> None:
    case = Incident.objects.select_for_update(no_key=True).get(pk=attachment.incident_id)
    attachment.completed_at = timezone.now()
    own = Attachment.objects.filter(pk=attachment.pk, incident=case)
    if not own.update(completed_at=attachment.completed_at):
        raise Stale("attachment.moved", _("The case was merged with another meanwhile. Send the rest again."))
    files = Attachment.objects.filter(incident=case)
    act(
        incident_id=case.pk,
        action=Action.ATTACH,
        actor=None,
        expected_version=case.version,
        extra={
            "attachment": str(attachment.pk),
            "purpose": attachment.purpose,
            "complete": files.filter(completed_at__isnull=False).count(),
            "declared": files.count(),
        },
    )


def _count(attachment: Attachment, received: int) -> None:
    attachment.received = received
    Attachment.objects.filter(pk=attachment.pk).update(received=received)


def _wrong_offset(attachment: Attachment) -> Conflict:
    return Conflict(
        "attachment.offset",
        _("%(received)s bytes have arrived. Go on from there."),
        {"received": attachment.received},
    )
