"""Workbooks of the old kind (.xls, also WPS .et), which hold at most 65,536 rows; read whole."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Final

import xlrd
from xlrd.biffh import error_text_from_code

from gis_grids.errors import BadFile
from gis_grids.sheets.lines import Cell, read_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gis_grids.sheets.lines import Lines

_VISIBLE: Final = 0
_EMPTY: Final = Cell(None)


def is_old_workbook(data: bytes) -> bool:
    """Return whether the bytes are an .xls, or an .xlsx with a password: the same container."""
    return data.startswith(b"\xd0\xcf\x11\xe0")


def old_workbook_sheets(data: bytes, name: str, columns: int) -> Iterator[tuple[str, Lines]]:
    """Yield the visible sheets by their names. Raises `BadFile` (``sheet.locked``)."""
    try:
        book = xlrd.open_workbook(file_contents=data, on_demand=True, ragged_rows=True, logfile=io.StringIO())
        for number in range(book.nsheets):
            sheet = book.sheet_by_index(number)
            if sheet.visibility == _VISIBLE:
                yield sheet.name, _lines(sheet, book.datemode, columns)
            book.unload_sheet(number)
    except Exception as error:  # xlrd raises whatever comes of what it can't read
        raise BadFile.of("sheet.locked", file=name) from error


def _lines(sheet: xlrd.sheet.Sheet, datemode: int, columns: int) -> Lines:
    for number in range(sheet.nrows):
        cells = [_cell(cell, datemode) for cell in sheet.row_slice(number, 0, columns)]
        yield number + 1, cells if any(cell is not _EMPTY for cell in cells) else []


def _cell(cell: xlrd.sheet.Cell, datemode: int) -> Cell:
    value = cell.value
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return Cell(None, "sheet.error_value", error_text_from_code.get(value, "#?"))
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return Cell(bool(value))
    if cell.ctype == xlrd.XL_CELL_DATE:
        return _date(value, datemode)
    if cell.ctype in {xlrd.XL_CELL_TEXT, xlrd.XL_CELL_NUMBER} and value != "":
        return read_value(value)
    return _EMPTY


def _date(value: float, datemode: int) -> Cell:
    if int(value) == 0:
        return read_value(dt.timedelta(days=value))
    try:
        return read_value(xlrd.xldate_as_datetime(value, datemode))
    except (ValueError, OverflowError):
        return Cell(None, "sheet.error_value", str(value))
