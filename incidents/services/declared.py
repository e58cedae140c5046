"""Files that are declared before they are sent: what is taken, and how big it may be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 - a field's type

from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput
from gis_grids.services.texts import clean_text

if TYPE_CHECKING:
    from collections.abc import Sequence

MEGABYTE = 1024 * 1024

#: What is taken, and the most bytes of each. Every browser shows these: HEIC, which only Apple's do, is
#: refused; a telephone turns it into JPEG when the page asks for JPEG.
LIMITS: dict[str, int] = {
    "image/jpeg": 20 * MEGABYTE,
    "image/png": 20 * MEGABYTE,
    "image/webp": 20 * MEGABYTE,
    "video/mp4": 200 * MEGABYTE,
    "video/quicktime": 200 * MEGABYTE,
}
#: How many files come with a report, or are declared at once, and how many a case can have.
MAX_AT_ONCE = 9
MAX_OF_CASE = 50
MAX_NAME = 120

_IN_A_PATH = re.compile(r"[\\/\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A file that will be sent: its id, made by who sends it, and what it must turn out to be.

    ``size`` in bytes, ``sha256`` in hexadecimal digits.
    """

    id: UUID
    name: str
    media_type: str
    size: int
    sha256: str

    @property
    def digest(self) -> bytes:
        """The hash as it is stored."""
        return bytes.fromhex(self.sha256)


def is_image(media_type: str) -> bool:
    """Return whether it is a picture, of which a clean copy is shown."""
    return media_type.startswith("image/")


def read_declared(files: Sequence[Declared]) -> tuple[Declared, ...]:
    """Return the files as they are stored: their names without folders.

    Raises `BadInput` (``attachment.too_many``, ``attachment.twice``, ``attachment.type``,
    ``attachment.too_big``, ``attachment.hash_form``, ``text.*``).
    """
    if len(files) > MAX_AT_ONCE:
        raise BadInput(
            "attachment.too_many",
            _("At most %(limit)s files at once. Leave some out."),
            {"limit": MAX_AT_ONCE},
        )
    if len({file.id for file in files}) < len(files):
        raise BadInput("attachment.twice", _("Two of the files have the same id. Give each its own."))
    return tuple(_read(file) for file in files)


def _read(file: Declared) -> Declared:
    limit = LIMITS.get(file.media_type)
    if limit is None:
        raise BadInput(
            "attachment.type",
            _("Files of this type are not taken. Choose a picture (JPEG, PNG, WebP) or a video (MP4, MOV)."),
            {"media_type": file.media_type, "choices": sorted(LIMITS)},
        )
    if not 0 < file.size <= limit:
        raise BadInput(
            "attachment.too_big",
            _("The file must not be empty, and not bigger than %(limit)s MB. Make it smaller."),
            {"limit": limit // MEGABYTE, "size": file.size},
        )
    if not re.fullmatch(r"[0-9a-f]{64}", file.sha256):
        raise BadInput("attachment.hash_form", _("The SHA-256 of a file is 64 hexadecimal digits."))
    name = _IN_A_PATH.split(clean_text(file.name, limit=MAX_NAME))[-1].strip(". ")
    return Declared(
        id=file.id, name=name or str(file.id), media_type=file.media_type, size=file.size, sha256=file.sha256
    )
