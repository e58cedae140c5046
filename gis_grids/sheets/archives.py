"""A workbook is a zip archive: a look at its directory before anything of it is parsed."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Final

from gis_grids.errors import BadFile

if TYPE_CHECKING:
    from gis_grids.sheets.limits import Limits

_MAX_PARTS, _MAX_RATIO = 1000, 200
_SMALL: Final = 1024 * 1024
_DECLARATIONS: Final = tuple(
    text.encode(encoding) for text in ("<!DOCTYPE", "<!ENTITY") for encoding in ("ascii", "utf-16-le")
)
_LONGEST: Final = max(map(len, _DECLARATIONS))
_MACROS: Final = "vbaproject.bin"


def check_archive(data: bytes, name: str, limits: Limits) -> None:
    """Refuse what unpacks to far more than it should, or declares what no workbook needs.

    Raises `BadFile` (``sheet.unsafe``, ``sheet.broken``).
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            bad = (
                len(parts) > _MAX_PARTS
                or sum(part.file_size for part in parts) > limits.unpacked
                or any(_is_bomb(part) for part in parts)
            )
            if bad or any(_declares(archive, part) for part in parts if _is_xml(part.filename)):
                raise BadFile.of("sheet.unsafe", file=name)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise BadFile.of("sheet.broken", file=name) from error


def has_macros(data: bytes) -> bool:
    """Return whether a workbook carries programs."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return any(each.lower().endswith(_MACROS) for each in archive.namelist())


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    return part.file_size > _SMALL and part.file_size > _MAX_RATIO * max(part.compress_size, 1)


def _is_xml(filename: str) -> bool:
    return filename.lower().endswith((".xml", ".rels", ".vml"))


def _declares(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Return whether the XML declares a document type or entities; it is looked through piece by piece."""
    with archive.open(part) as content:
        before = b""
        while piece := content.read(_SMALL):
            if any(each in before + piece for each in _DECLARATIONS):
                return True
            before = piece[-_LONGEST:]
    return False
