"""Copies of a picture: its pixels alone, turned as it is to be seen, on a white ground."""

from __future__ import annotations

import struct
from io import BytesIO
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageOps

from incidents.copies.files import write
from incidents.copies.limits import (
    MAX_PIXELS,
    SHOWN_QUALITY,
    SHOWN_SIDE,
    THUMB_QUALITY,
    THUMB_SIDE,
    Unfit,
)

if TYPE_CHECKING:
    from pathlib import Path

FORMATS: Final = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}


def copy_picture(source: Path, media_type: str, shown: Path, thumb: Path) -> None:
    """Write the copy that is looked at, and the small one for lists, as JPEG.

    Raises `Unfit` (``broken``, ``too_many_pixels``) and `OSError` if there is no room.
    """
    picture = _unpack(source, media_type)
    write(shown, _packed(picture, SHOWN_QUALITY))
    write_thumb(picture, thumb)


def write_thumb(picture: Image.Image, thumb: Path) -> None:
    """Write the small copy of a picture; the picture itself becomes small. Raises `OSError`."""
    picture.thumbnail((THUMB_SIDE, THUMB_SIDE))
    write(thumb, _packed(picture, THUMB_QUALITY))


def _unpack(source: Path, media_type: str) -> Image.Image:
    try:
        with Image.open(source, formats=[FORMATS[media_type]]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise Unfit("too_many_pixels")
            picture.draft("RGB", (SHOWN_SIDE, SHOWN_SIDE))
            turned = ImageOps.exif_transpose(picture)
            turned.thumbnail((SHOWN_SIDE, SHOWN_SIDE))
            seen = turned.convert("RGBA")
    except (OSError, SyntaxError, ValueError, struct.error, Image.DecompressionBombError) as error:
        raise Unfit("broken") from error
    # On a sheet of its own: what the camera wrote beside the pixels stays behind.
    sheet = Image.new("RGB", seen.size, "white")
    sheet.paste(seen, mask=seen)
    return sheet


def _packed(picture: Image.Image, quality: int) -> bytes:
    # Pillow itself doesn't notice when the disk takes only a part of what it writes.
    content = BytesIO()
    picture.save(content, "JPEG", quality=quality, optimize=True)
    return content.getvalue()
