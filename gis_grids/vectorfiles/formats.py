"""Which file is it? Told by its first bytes, never by its name, from a short list of formats.

GDAL opens far more, among it formats that fetch other files or addresses (VRT, /vsicurl/); nothing
reaches it that is not on this list (reliability.md 2.5).
"""

from __future__ import annotations

import re
import tempfile
import zipfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from gis_grids.errors import BadFile

if TYPE_CHECKING:
    from collections.abc import Iterator

Format = Literal["GeoJSON", "GPKG", "ESRI Shapefile", "KML"]

MOST_BYTES: Final = 256 * 1024 * 1024
_MOST_MEMBERS: Final = 1_000
_MAIN: Final = {".shp", ".geojson", ".json", ".gpkg", ".kml"}
_COMPANIONS: Final = {".shx", ".dbf", ".prj", ".cpg"}
_KML_ROOT = re.compile(rb"\s*(<\?.*?\?>\s*)?(<!--.*?-->\s*)*<(\w+:)?kml[\s>]", re.DOTALL)
_BOM = b"\xef\xbb\xbf"


@contextmanager
def opened(path: Path) -> Iterator[tuple[Path, Format]]:
    """Give the file to read and its format; a zip archive of one file is unpacked for as long as that.

    Raises `BadFile` for a file that is missing, empty, too big or of no known format.
    """
    _check_size(path)
    if not zipfile.is_zipfile(path):
        yield path, _format_of(path)
        return
    with tempfile.TemporaryDirectory() as folder:
        inner = _unpack(path, Path(folder))
        _check_size(inner)
        yield inner, _format_of(inner)


def _check_size(path: Path) -> None:
    if path.is_dir():
        raise BadFile.of("file.is_folder", file=path.name)
    if not path.is_file():
        raise BadFile.of("file.not_found", file=path.name)
    size = path.stat().st_size
    if size == 0:
        raise BadFile.of("file.empty", file=path.name)
    if size > MOST_BYTES:
        raise _too_big(path)


def _too_big(path: Path) -> BadFile:
    return BadFile.of("file.too_big", file=path.name, most=MOST_BYTES // 1024**2)


def _format_of(path: Path) -> Format:
    try:
        with path.open("rb") as file:
            head = file.read(4096).removeprefix(_BOM)
    except OSError as error:
        raise BadFile.of("file.unreadable", file=path.name, reason=error.strerror or "–") from error
    if head.startswith(b"SQLite format 3\0"):
        return "GPKG"
    if head.startswith(b"\x00\x00\x27\x0a"):
        return "ESRI Shapefile"
    if head.lstrip().startswith(b"{"):
        return "GeoJSON"
    if _KML_ROOT.match(head):
        _refuse_entities(path)
        return "KML"
    raise BadFile.of("file.unknown_format", file=path.name)


def _refuse_entities(path: Path) -> None:
    """Refuse XML that defines entities (XML bombs). Encodings that hide the words don't pass as KML."""
    text = path.read_bytes()
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise BadFile.of("file.entities", file=path.name)


def _unpack(path: Path, folder: Path) -> Path:
    """Unpack the members that belong to a vector file, by their bare names; return the main one."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [info for info in archive.infolist() if _wanted(info)]
            mains = [Path(info.filename).name for info in members if _suffix(info) in _MAIN]
            if len(mains) != 1 or len(members) > _MOST_MEMBERS:
                raise BadFile.of("file.zip_contents", file=path.name, found=", ".join(mains[:9]) or "–")
            if sum(info.file_size for info in members) > MOST_BYTES:
                raise _too_big(path)
            for info in members:
                (folder / Path(info.filename).name).write_bytes(archive.read(info))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError) as error:
        raise BadFile.of("file.unreadable", file=path.name, reason=str(error)[:200]) from error
    return folder / mains[0]


def _suffix(info: zipfile.ZipInfo) -> str:
    return Path(info.filename).suffix.lower()


def _wanted(info: zipfile.ZipInfo) -> bool:
    ours = not info.is_dir() and not info.filename.startswith("__MACOSX/")
    return ours and _suffix(info) in _MAIN | _COMPANIONS
