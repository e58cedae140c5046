"""The files of cases: how far each has come, and where the bytes of those lie that may be shown."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import NotFound
from incidents.models import Attachment
from incidents.permissions import LinkHolder
from incidents.selectors.access import access_incident

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.contrib.auth.models import AbstractBaseUser

#: The clean copies that are shown of pictures are of this type, whatever was sent.
CLEAN_TYPE = "image/jpeg"


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentRow:
    """A file of a case as lists show it; it can be looked at once ``completed_at`` is set. Sizes in bytes."""

    id: UUID
    incident_id: int
    purpose: str
    name: str
    media_type: str
    size: int
    received: int
    declared_at: datetime
    completed_at: datetime | None
    sender_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is shown of a file: its bytes, their type, a name for who keeps it, and the tag of its content."""

    path: Path
    media_type: str
    name: str
    etag: str


def row_of(attachment: Attachment) -> AttachmentRow:
    """Return the row of an attachment."""
    return AttachmentRow(
        id=attachment.pk,
        **{name: getattr(attachment, name) for name in AttachmentRow.__slots__ if name != "id"},
    )


def attachments_of(incident_id: int) -> list[AttachmentRow]:
    """Return the files of a case that the reader may see, in the order in which they were declared."""
    return [row_of(each) for each in Attachment.objects.filter(incident=incident_id)]


def attachment_state(user: AbstractBaseUser | LinkHolder, attachment_id: UUID) -> AttachmentRow:
    """Return how far a file has come, for who sends it and for who may see its case.

    Who holds a link to a case is told of the files alone that he sends for it. Raises `NotFound`
    (``attachment.not_found``).
    """
    own = Attachment.objects.filter(sent_by(user), pk=attachment_id).first()
    if own or isinstance(user, LinkHolder):
        return row_of(_there(own))
    return row_of(_visible(user, Attachment.objects.filter(pk=attachment_id).first()))


def sent_by(user: AbstractBaseUser | LinkHolder) -> Q:
    """Return the condition that a file is sent by this user, or by who reported the case of this link."""
    if isinstance(user, LinkHolder):
        return Q(sender=None, origin=user.incident_id)
    return Q(sender=user.pk) if user.is_active else Q(pk=None)


def attachment_shown(user: AbstractBaseUser, attachment_id: UUID) -> Shown:
    """Return what may be shown of a complete file to who may see its case.

    Of a picture that is a clean copy, without the place and the device that the camera wrote into it.
    Raises `NotFound` (``attachment.not_found``).
    """
    found = _visible(user, Attachment.objects.filter(pk=attachment_id, completed_at__isnull=False).first())
    digest = bytes(found.sha256)
    if found.media_type.startswith("image/"):
        name = f"{Path(found.name).stem}.jpg"
        return Shown(path=clean_path(digest), media_type=CLEAN_TYPE, name=name, etag=f'"{digest.hex()}-jpg"')
    return Shown(
        path=blob_path(digest), media_type=found.media_type, name=found.name, etag=f'"{digest.hex()}"'
    )


def partial_path(attachment_id: UUID) -> Path:
    """Return where the bytes that have come of a file are gathered."""
    return Path(settings.MEDIA_ROOT) / "partial" / str(attachment_id)


def blob_path(digest: bytes) -> Path:
    """Return where the bytes with this SHA-256 lie once they are complete."""
    name = digest.hex()
    return Path(settings.MEDIA_ROOT) / name[:2] / name


def clean_path(digest: bytes) -> Path:
    """Return where the clean copy of the picture with this SHA-256 lies."""
    return blob_path(digest).with_suffix(".jpg")


def _visible(user: AbstractBaseUser, attachment: Attachment | None) -> Attachment:
    if attachment is not None:
        try:
            access_incident(user, attachment.incident_id)
        except NotFound:
            attachment = None
    return _there(attachment)


def _there(attachment: Attachment | None) -> Attachment:
    if attachment is None:
        raise NotFound("attachment.not_found", _("There is no such file, or it is not complete yet."))
    return attachment
