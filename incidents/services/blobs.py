"""Bytes of attachments on the disk: gathered, checked, kept under their hash, cleaned for showing.

Every step is safe to be cut off: what is under its hash is whole, and what is gathered is never longer than
the table says, or is shortened to it before anything is added.
"""

from __future__ import annotations

import errno
import hashlib
import os
import struct
from contextlib import contextmanager, suppress
from io import BytesIO
from typing import TYPE_CHECKING

import puremagic
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from gis_grids.errors import BadInput, Conflict, LingeError
from incidents.selectors.attachments import blob_path, clean_path, partial_path
from incidents.services.declared import is_image

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from uuid import UUID

    from incidents.models import Attachment

#: The most pixels that a picture may have: more would fill the memory when it is unpacked.
MAX_PIXELS = 50_000_000
#: The longer side of the copy that is shown, in pixels, and its quality as JPEG.
SHOWN_SIDE = 2560
SHOWN_QUALITY = 85

_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
_VIDEOS = frozenset({"video/mp4", "video/quicktime", "video/x-m4v"})
_HEAD = 4096


class DiskFull(LingeError):  # noqa: N818 (what happened, not that it is an error)
    """There is no room for the file now; nothing that had come is lost."""


class NotThere(Exception):  # noqa: N818 (what happened, not that it is an error)
    """Fewer bytes are on the disk than the table says: they were lost, and must be sent again."""


def write_piece(attachment_id: UUID, offset: int, piece: bytes) -> None:
    """Write the bytes at the offset of what is gathered; they are on the disk when this returns.

    What lies beyond the offset, from an attempt that was cut off, goes. Raises `NotThere`, `DiskFull`.
    """
    path = partial_path(attachment_id)
    with _room():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "r+b", buffering=0) as file:
            if file.seek(0, os.SEEK_END) < offset:
                raise NotThere
            file.truncate(offset)
            file.seek(offset)
            try:
                _write_all(file.fileno(), piece)
            except OSError:
                file.truncate(offset)
                raise
        _sync_folder(path.parent)


def keep(attachment: Attachment) -> None:
    """Check what was gathered and move it to its place, with the clean copy of a picture.

    Done before, and cut off before the table said so, it does nothing more. Raises `NotThere`, `Conflict`
    (``attachment.hash``), `BadInput` (``attachment.other_type``, ``attachment.broken``,
    ``attachment.too_many_pixels``) and `DiskFull`.
    """
    digest, partial = bytes(attachment.sha256), partial_path(attachment.pk)
    if not partial.exists():
        if not blob_path(digest).exists():
            raise NotThere
        return
    _check_hash(partial, digest)
    _check_type(partial, attachment.media_type)
    with _room():
        blob_path(digest).parent.mkdir(parents=True, exist_ok=True)
        if is_image(attachment.media_type):
            _clean(partial, attachment.media_type, clean_path(digest))
        partial.replace(blob_path(digest))
        _sync_folder(blob_path(digest).parent)


def drop(attachment_id: UUID) -> None:
    """Remove what was gathered: it can't become the file that was declared."""
    partial_path(attachment_id).unlink(missing_ok=True)


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise DiskFull(
                "attachment.disk_full",
                _("The server has no room for files now. What was sent is kept; send the rest later."),
            ) from error
        raise


def _write_all(descriptor: int, piece: bytes) -> None:
    rest = memoryview(piece)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
    os.fsync(descriptor)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _check_hash(path: Path, digest: bytes) -> None:
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").digest() == digest:
            return
    raise Conflict(
        "attachment.hash",
        _("What arrived is not the declared file: the SHA-256 differs. Send it again from the start."),
        {"received": 0},
    )


def _check_type(path: Path, media_type: str) -> None:
    with path.open("rb") as file:
        head = file.read(_HEAD)
    try:
        found = {match.mime_type for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        found = set()
    # HEIC and AVIF pictures come in the same container as videos.
    pictures = {each for each in found if is_image(each)}
    if found.isdisjoint({media_type} if is_image(media_type) else _VIDEOS) or pictures - {media_type}:
        raise BadInput(
            "attachment.other_type",
            _("The file is not what it was declared to be. Choose a picture or a video."),
            {"media_type": media_type},
        )


def _clean(source: Path, media_type: str, target: Path) -> None:
    """Write a copy of the picture without anything but its pixels, turned as it is to be seen."""
    # Pillow itself doesn't notice when the disk takes only a part of what it writes.
    content = BytesIO()
    _unpack(source, media_type).save(content, "JPEG", quality=SHOWN_QUALITY, optimize=True)
    fresh = source.with_suffix(".jpg")
    try:
        with fresh.open("wb", buffering=0) as file:
            _write_all(file.fileno(), content.getvalue())
        fresh.replace(target)
    except OSError:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise


def _unpack(source: Path, media_type: str) -> Image.Image:
    try:
        with Image.open(source, formats=[_FORMATS[media_type]]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise BadInput(
                    "attachment.too_many_pixels",
                    _("The picture has more than %(limit)s million pixels. Make it smaller."),
                    {"limit": MAX_PIXELS // 1_000_000},
                )
            picture.draft("RGB", (SHOWN_SIDE, SHOWN_SIDE))
            turned = ImageOps.exif_transpose(picture)
            turned.thumbnail((SHOWN_SIDE, SHOWN_SIDE))
            seen = turned.convert("RGBA")
    except (OSError, SyntaxError, ValueError, struct.error, Image.DecompressionBombError) as error:
        raise BadInput(
            "attachment.broken", _("The picture can't be read: it is broken. Take it again.")
        ) from error
    # On a sheet of its own: what the camera wrote beside the pixels stays behind.
    sheet = Image.new("RGB", seen.size, "white")
    sheet.paste(seen, mask=seen)
    return sheet
