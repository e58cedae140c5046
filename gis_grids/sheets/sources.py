"""Lines of cells out of the bytes of a workbook or a CSV file, after a look at what they'd unpack to."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from openpyxl import load_workbook

from gis_grids.errors import BadFile
from gis_grids.sheets.cells import unguarded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from openpyxl.cell.read_only import ReadOnlyCell

    from gis_grids.sheets.cells import Value

#: More than this many columns no table of ours has.
MAX_COLUMNS: Final = 100
#: Up to where a sheet is looked at, empty rows counted.
_LAST_ROW: Final = 50_000
_MAX_PARTS, _MAX_UNPACKED, _MAX_RATIO = 1000, 64 * 1024 * 1024, 200
_SMALL: Final = 1024 * 1024
_DECLARATIONS: Final = tuple(
    text.encode(encoding) for text in ("<!DOCTYPE", "<!ENTITY") for encoding in ("ascii", "utf-16-le")
)


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell holds; with a ``fault`` there is no value, and ``shown`` is what stands there."""

    value: Value
    fault: str = ""
    shown: object = ""


_EMPTY: Final = Cell(None)


def is_zip(data: bytes) -> bool:
    """Return whether the bytes are a zip archive, as every .xlsx is."""
    return data.startswith(b"PK")


def is_old_workbook(data: bytes) -> bool:
    """Return whether the bytes are an .xls, or an .xlsx with a password: the same container."""
    return data.startswith(b"\xd0\xcf\x11\xe0")


def workbook_sheets(data: bytes, name: str) -> Iterator[Iterator[tuple[int, list[Cell]]]]:
    """Yield the lines of each visible sheet, by their numbers.

    What the sheet says about its size is not believed. Raises `BadFile` (``sheet.unsafe``,
    ``sheet.broken``, ``sheet.too_many_rows``).
    """
    _check_archive(data, name)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible":
                sheet.reset_dimensions()
                yield _sheet_lines(sheet.iter_rows(max_col=MAX_COLUMNS), name)
    except BadFile:
        raise
    except Exception as error:  # openpyxl has no error of its own for a workbook that is broken
        raise BadFile.of("sheet.broken", file=name) from error


def _sheet_lines(rows: Iterable[Sequence[ReadOnlyCell]], name: str) -> Iterator[tuple[int, list[Cell]]]:
    for number, row in enumerate(rows, start=1):
        if number > _LAST_ROW:
            raise BadFile.of("sheet.too_many_rows", file=name, most=_LAST_ROW)
        yield number, [_cell(cell) for cell in row] if any(cell.value is not None for cell in row) else []


def _cell(cell: ReadOnlyCell) -> Cell:
    value = cell.value
    if value is None:
        return _EMPTY
    if cell.data_type == "f":
        return Cell(None, "sheet.formula", value)
    if cell.data_type == "e":
        return Cell(None, "sheet.error_value", value)
    if isinstance(value, str):
        return Cell(value.strip() or None)
    if isinstance(value, float) and value.is_integer():
        return Cell(int(value))
    return Cell(value)


def _check_archive(data: bytes, name: str) -> None:
    """Refuse, by its directory and before anything is parsed, what unpacks to far more than it should."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            bad = (
                len(parts) > _MAX_PARTS
                or sum(part.file_size for part in parts) > _MAX_UNPACKED
                or any(_is_bomb(part) for part in parts)
            )
            if bad or any(_declares(archive.read(part)) for part in parts if _is_xml(part.filename)):
                raise BadFile.of("sheet.unsafe", file=name)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise BadFile.of("sheet.broken", file=name) from error


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    return part.file_size > _SMALL and part.file_size > _MAX_RATIO * max(part.compress_size, 1)


def _is_xml(filename: str) -> bool:
    return filename.lower().endswith((".xml", ".rels", ".vml"))


def _declares(content: bytes) -> bool:
    """Return whether the XML declares a document type or entities; no workbook needs either."""
    return any(each in content for each in _DECLARATIONS)


def csv_lines(data: bytes, name: str) -> tuple[str, Iterator[tuple[int, list[Cell]]]]:
    """Return the encoding and the lines of a CSV file: UTF-8, UTF-16 with BOM, else GBK as Excel writes it.

    Raises `BadFile` (``sheet.broken``).
    """
    encoding, text = _decoded(data, name)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return encoding, _csv_lines(reader, name)


def _csv_lines(reader: Iterator[list[str]], name: str) -> Iterator[tuple[int, list[Cell]]]:
    try:
        for number, row in enumerate(reader, start=1):
            if number > _LAST_ROW:
                raise BadFile.of("sheet.too_many_rows", file=name, most=_LAST_ROW)
            yield number, [Cell(unguarded(text).strip() or None) for text in row[:MAX_COLUMNS]]
    except csv.Error as error:
        raise BadFile.of("sheet.broken", file=name) from error


def _decoded(data: bytes, name: str) -> tuple[str, str]:
    for bom, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"", "utf-8-sig")):
        if data.startswith(bom):
            try:
                return "UTF-8" if not bom else "UTF-16", data.decode(encoding)
            except UnicodeDecodeError:
                continue
    try:
        return "GBK", data.decode("gb18030")
    except UnicodeDecodeError as error:
        raise BadFile.of("sheet.broken", file=name) from error
