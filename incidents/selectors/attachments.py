"""The files of cases: how far each has come, and where that lies of them which may be shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import NotFound
from incidents.models import Attachment
from incidents.permissions import LinkHolder
from incidents.selectors.access import access_incident

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.contrib.auth.models import AbstractBaseUser

#: What is shown of pictures, and of all files in lists, is of this type, whatever was sent; and of videos.
PICTURE_TYPE: Final = "image/jpeg"
VIDEO_TYPE: Final = "video/mp4"
#: So long the server keeps the beginning of a file and waits for the rest. Sent again later, it is taken.
AWAITED: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentRow:
    """A file of a case as lists show it; it can be looked at once ``completed_at`` is set. Sizes in bytes.

    ``is_missing``: it was declared so long ago that nobody waits for it any more.
    """

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
    is_missing: bool


class Size(StrEnum):
    """What may be asked for of a file."""

    FULL = "full"
    #: A small picture of it: for lists, and before a video plays.
    THUMB = "thumb"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is shown of a file: name in the storage, type, name for who keeps it, tag of its content."""

    stored: str
    media_type: str
    name: str
    etag: str


def row_of(attachment: Attachment) -> AttachmentRow:
    """Return the row of an attachment."""
    made = {"id", "is_missing"}
    return AttachmentRow(
        id=attachment.pk,
        is_missing=attachment.completed_at is None and attachment.declared_at < timezone.now() - AWAITED,
        **{name: getattr(attachment, name) for name in AttachmentRow.__slots__ if name not in made},
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


def attachment_shown(
    user: AbstractBaseUser | LinkHolder, attachment_id: UUID, size: Size = Size.FULL
) -> Shown:
    """Return what may be shown of a complete file to who may see its case, or has sent it by the case's link.

    That is a clean copy, without the place and the device that the camera wrote into it. Raises `NotFound`
    (``attachment.not_found``).
    """
    found = _visible(user, Attachment.objects.filter(pk=attachment_id, completed_at__isnull=False).first())
    digest = bytes(found.sha256)
    is_picture = size is Size.THUMB or found.media_type.startswith("image/")
    return Shown(
        stored=stored_name(digest, found.media_type, size),
        media_type=PICTURE_TYPE if is_picture else VIDEO_TYPE,
        name=f"{Path(found.name).stem}.{'jpg' if is_picture else 'mp4'}",
        etag=f'"{digest.hex()}-{size}"',
    )


def board_photo(digest: bytes, size: Size) -> Shown:
    """Return what is shown of a picture that was kept for a notice board (`blobs.keep_picture`)."""
    return Shown(
        stored=stored_name(digest, PICTURE_TYPE, size),
        media_type=PICTURE_TYPE,
        name="board.jpg",
        etag=f'"{digest.hex()}-{size}"',
    )


def partial_folder() -> Path:
    """Return where files are gathered while they arrive: on a disk, for all server processes the same."""
    return Path(settings.MEDIA_ROOT) / "partial"


def partial_path(attachment_id: UUID) -> Path:
    """Return where the bytes that have come of a file are gathered."""
    return partial_folder() / str(attachment_id)


def stored_name(digest: bytes, media_type: str, size: Size) -> str:
    """Return the name, in the storage, of a copy of the file that was sent with this SHA-256."""
    name = digest.hex()
    kind = "jpg" if media_type.startswith("image/") else "mp4"
    return f"{name[:2]}/{name}.{'thumb.jpg' if size is Size.THUMB else kind}"


def _visible(user: AbstractBaseUser | LinkHolder, attachment: Attachment | None) -> Attachment:
    if attachment is None:
        return _there(None)
    if isinstance(user, LinkHolder):
        return _there(Attachment.objects.filter(sent_by(user), pk=attachment.pk).first())
    try:
        access_incident(user, attachment.incident_id)
    except NotFound:
        return _there(None)
    return attachment


def _there(attachment: Attachment | None) -> Attachment:
    if attachment is None:
        raise NotFound("attachment.not_found", _("There is no such file, or it is not complete yet."))
    return attachment
