"""Lines of cells out of the bytes of a workbook or a CSV file, after a look at what they'd unpack to."""

from __future__ import annotations

import codecs
import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gis_grids.errors import BadFile
from gis_grids.sheets.archives import check_archive, has_macros
from gis_grids.sheets.cells import unguarded
from gis_grids.sheets.lines import MAX_COLUMNS, Cell, Fault, Lines, read_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from openpyxl.cell.read_only import ReadOnlyCell

    from gis_grids.sheets.limits import Limits

_CHUNK: Final = 1024 * 1024
_EMPTY: Final = Cell(None)


@dataclass(frozen=True, slots=True)
class Book:
    """What a file turned out to be: the lines of its visible sheets by their names, and what to say of it.

    A CSV file has one sheet, without a name.
    """

    sheets: Iterator[tuple[str, Lines]]
    notes: tuple[Fault, ...]


def open_book(data: bytes, *, name: str, limits: Limits, columns: int = MAX_COLUMNS) -> Book:
    """Return the sheets of a workbook (.xlsx, .xlsm, .xls) or of a CSV file, told by its first bytes.

    Of each line so many columns are read, from the first one on.

    Raises `BadFile`: ``file.empty``, ``file.too_big``, ``sheet.broken``, ``sheet.locked``, ``sheet.unsafe``,
    ``sheet.web_page``; while lines are read also ``sheet.too_many_rows``.
    """
    from gis_grids.sheets.oldbooks import is_old_workbook, old_workbook_sheets  # noqa: PLC0415 - brings xlrd

    if not data:
        raise BadFile.of("file.empty", file=name)
    if len(data) > limits.data:
        raise BadFile.of("file.too_big", file=name, most=limits.data // 1024 // 1024)
    named_csv = name.lower().endswith((".csv", ".txt"))
    disguised = (_note("sheet.is_workbook"),) if named_csv else ()
    if is_old_workbook(data):
        notes = (*disguised, _note("sheet.old_workbook"))
        return Book(old_workbook_sheets(data, name, columns), notes)
    if data.startswith(b"PK"):
        check_archive(data, name, limits)
        notes = (*disguised, *([_note("sheet.macros")] if has_macros(data) else []))
        return Book(_workbook_sheets(data, name, limits, columns), notes)
    if data[:1000].lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith((b"<html", b"<!doctype html")):
        raise BadFile.of("sheet.web_page", file=name)
    return _csv_book(data, name, limits, columns)


def _note(code: str, **details: object) -> Fault:
    return Fault(row=0, column="", code=code, details=details)


def _workbook_sheets(data: bytes, name: str, limits: Limits, columns: int) -> Iterator[tuple[str, Lines]]:
    """Yield the visible sheets. What a sheet says about its size is not believed."""
    from openpyxl import load_workbook  # noqa: PLC0415 - seldom needed, and slow to load

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible":
                sheet.reset_dimensions()
                yield sheet.title, _sheet_lines(sheet.iter_rows(max_col=columns), name, limits)
    except BadFile:
        raise
    except Exception as error:  # openpyxl has no error of its own for a workbook that is broken
        raise BadFile.of("sheet.broken", file=name) from error


def _sheet_lines(rows: Iterable[Sequence[ReadOnlyCell]], name: str, limits: Limits) -> Lines:
    for number, row in enumerate(_readable(rows, name), start=1):
        if number > limits.last_row:
            raise BadFile.of("sheet.too_many_rows", file=name, most=limits.last_row)
        yield number, [_cell(cell) for cell in row] if any(cell.value is not None for cell in row) else []


def _readable(rows: Iterable[Sequence[ReadOnlyCell]], name: str) -> Iterator[Sequence[ReadOnlyCell]]:
    try:
        yield from rows
    except Exception as error:  # as above: who reads the lines is not always who opened the book
        raise BadFile.of("sheet.broken", file=name) from error


def _cell(cell: ReadOnlyCell) -> Cell:
    value = cell.value
    if value is None:
        return _EMPTY
    if cell.data_type == "f":
        return Cell(None, "sheet.formula", value)
    if cell.data_type == "e":
        return Cell(None, "sheet.error_value", value)
    return read_value(value)


def _csv_book(data: bytes, name: str, limits: Limits, columns: int) -> Book:
    """Read UTF-8, UTF-16 with BOM, else GBK as Excel writes it."""
    shown, codec = _encoding_of(data, name)
    text = io.TextIOWrapper(io.BytesIO(data), encoding=codec, newline="")
    first = text.readline()
    text.seek(0)
    delimiter = max(",;\t", key=first.count)
    lines = _csv_lines(csv.reader(text, delimiter=delimiter), name, limits, columns)
    notes = () if shown == "UTF-8" else (_note("sheet.encoding_guessed", encoding=shown),)
    return Book(iter([("", lines)]), notes)


def _csv_lines(reader: Iterator[list[str]], name: str, limits: Limits, columns: int) -> Lines:
    try:
        for number, row in enumerate(reader, start=1):
            if number > limits.last_row:
                raise BadFile.of("sheet.too_many_rows", file=name, most=limits.last_row)
            yield number, [Cell(unguarded(text).strip() or None) for text in row[:columns]]
    except csv.Error as error:
        raise BadFile.of("sheet.broken", file=name) from error


def _encoding_of(data: bytes, name: str) -> tuple[str, str]:
    """Return what the encoding is called, and Python's codec."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) and _is_readable(data, "utf-16"):
        return "UTF-16", "utf-16"
    for shown, codec in (("UTF-8", "utf-8-sig"), ("GBK", "gb18030")):
        if _is_readable(data, codec):
            return shown, codec
    raise BadFile.of("sheet.broken", file=name)


def _is_readable(data: bytes, codec: str) -> bool:
    """Return whether the bytes are text in the encoding; none has a NUL in it, which no database takes."""
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        for start in range(0, len(data), _CHUNK):
            if "\0" in decoder.decode(data[start : start + _CHUNK]):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
