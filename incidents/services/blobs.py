"""Bytes of attachments: gathered on the disk, checked, and what is shown of them stored under their hash.

Every step is safe to be cut off: what the storage has under a hash is whole, and what is gathered is never
longer than the table says, or is shortened to it before anything is added.
"""

from __future__ import annotations

import errno
import hashlib
import os
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import puremagic
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict, LingeError
from households.models import BoardHanging
from incidents.copies import MAX_PIXELS, MAX_SECONDS, Unfit, make_copies
from incidents.copies.files import sync, write_all
from incidents.models import Attachment
from incidents.selectors.attachments import Size, partial_folder, partial_path, stored_name
from incidents.services.declared import LIMITS, MEGABYTE, is_image
from incidents.storage import Moved, media_store

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from uuid import UUID

    from django.db.models import QuerySet
    from django_stubs_ext import StrOrPromise

    from incidents.copies import Fault
    from incidents.storage import Store

#: What is said of a file that can't be shown.
_FAULTS: Final[dict[Fault, StrOrPromise]] = {
    "broken": _("The file can't be read: it is broken. Take it again."),
    "too_many_pixels": _("The picture has more than %(megapixels)s million pixels. Make it smaller."),
    "too_many_seconds": _("The video is longer than %(minutes)s minutes. Cut it, or take shorter ones."),
    "codec": _("Not every browser can play this kind of video. Take it as H.264 with AAC sound."),
    "too_costly": _("To unpack the file takes too much memory or time. Make it smaller."),
}
_LIMITS: Final = {"megapixels": MAX_PIXELS // 1_000_000, "minutes": MAX_SECONDS // 60}

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
                write_all(file.fileno(), piece)
            except OSError:
                file.truncate(offset)
                raise
        sync(path.parent)


def keep(attachment: Attachment) -> None:
    """Check what was gathered, and store what is shown of it; what was gathered stays.

    Takes seconds, and needs no database. Done before, it does little more. Raises `NotThere`, `Conflict`
    (``attachment.hash``), `BadInput` (``attachment.other_type``, and ``attachment.`` with each
    `copies.Fault`), `DiskFull` and `StoreAway`.
    """
    digest, partial = bytes(attachment.sha256), partial_path(attachment.pk)
    try:
        _check_hash(partial, digest)
        _check_type(partial, attachment.media_type)
    except FileNotFoundError:
        raise NotThere from None
    names = [stored_name(digest, attachment.media_type, size) for size in Size]
    store = media_store()
    if not all(store.exists(name) for name in names):
        _store_copies(partial, attachment.media_type, names, store)


def keep_picture(pieces: Iterable[bytes]) -> bytes:
    """Store what is shown of a picture that came whole and is of no case; return its SHA-256.

    `stored_name` says what its copies are called. Raises `BadInput` (``attachment.type``,
    ``attachment.too_big``, and ``attachment.`` with each `copies.Fault`), `DiskFull` and `StoreAway`.
    """
    folder = partial_folder()
    with _room():
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder, prefix="picture.") as own:
            path = Path(own) / "picture"
            digest = _gathered(path, pieces)
            media_type = _picture_type(path)
            names = [stored_name(digest, media_type, size) for size in Size]
            store = media_store()
            if not all(store.exists(name) for name in names):
                _store_copies(path, media_type, names, store)
    return digest


def _gathered(path: Path, pieces: Iterable[bytes]) -> bytes:
    """Write the pieces to the disk, and return their SHA-256; no more than a picture may have."""
    seen, size, most = hashlib.sha256(), 0, LIMITS["image/jpeg"]
    with path.open("wb") as file:
        for piece in pieces:
            size += len(piece)
            if size > most:
                raise BadInput(
                    "attachment.too_big",
                    _("The file must not be empty, and not bigger than %(limit)s MB. Make it smaller."),
                    {"limit": most // MEGABYTE},
                )
            seen.update(piece)
            file.write(piece)
    return seen.digest()


def _picture_type(path: Path) -> str:
    found = sorted(kind for kind in _types(path) if kind in LIMITS and is_image(kind))
    if not found:
        raise BadInput(
            "attachment.type", _("This is no picture that every browser shows. Take JPEG, PNG or WebP.")
        )
    return found[0]


def _store_copies(partial: Path, media_type: str, names: list[str], store: Store) -> None:
    """Make what is shown, and have the storage keep it under these names: in full, and small."""
    with _room(), TemporaryDirectory(dir=partial.parent, prefix=f"{partial.name}.") as folder:
        copies = [Path(folder) / size for size in Size]
        try:
            make_copies(partial, media_type, *copies)
        except Unfit as unfit:
            raise _unfit(unfit.fault) from unfit
        for name, copy in zip(names, copies, strict=True):
            with Moved(copy) as content:
                store.save(name, content)


def _unfit(fault: Fault) -> BadInput:
    code = f"attachment.{fault}"
    return BadInput(code, _FAULTS[fault], dict(_LIMITS))


def drop(attachment_id: UUID) -> None:
    """Remove what was gathered: it can't become the file that was declared."""
    partial_path(attachment_id).unlink(missing_ok=True)


def discard(attachments: QuerySet[Attachment]) -> None:
    """Delete files with all that is stored of them, once the caller's transaction is committed.

    What another case or a notice board shows under the same hash stays.
    """
    files = [(one.pk, bytes(one.sha256), one.media_type) for one in attachments]
    attachments.delete()
    transaction.on_commit(partial(_remove, files), robust=True)


def _remove(files: Collection[tuple[UUID, bytes, str]]) -> None:
    for attachment_id, digest, media_type in files:
        drop(attachment_id)
        is_used = Attachment.objects.filter(sha256=digest).exists()
        if not is_used and not BoardHanging.objects.filter(photo=digest).exists():
            for size in Size:
                media_store().delete(stored_name(digest, media_type, size))


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
    found = _types(path)
    # HEIC and AVIF pictures come in the same container as videos.
    pictures = {each for each in found if is_image(each)}
    if found.isdisjoint({media_type} if is_image(media_type) else _VIDEOS) or pictures - {media_type}:
        raise BadInput(
            "attachment.other_type",
            _("The file is not what it was declared to be. Choose a picture or a video."),
            {"media_type": media_type},
        )


def _types(path: Path) -> set[str]:
    """Return what a file may be by how it begins."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    try:
        return {match.mime_type for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        return set()
