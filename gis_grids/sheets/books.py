"""Workbooks as openpyxl writes them, row by row."""

from __future__ import annotations

import datetime as dt
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from gis_grids.sheets.cells import looks_like_formula, width, written

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

    from gis_grids.sheets.cells import Value
    from gis_grids.sheets.writing import Sheet, Target

# By how many rows the widths of the columns are judged.
_SAMPLE: Final = 200
_NARROWEST, _WIDEST = 8, 60
_FOOTER: Final = 200
_DATE, _TIME = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
_HEADING_FONT: Final = Font(bold=True)
_HEADING_FILL: Final = PatternFill("solid", fgColor="DCE6F1")
_TOP: Final = Alignment(vertical="top", wrap_text=True)


def write_book(target: Target, sheets: Iterable[Sheet], mark: str) -> None:
    """Write a workbook, as `gis_grids.sheets.write_xlsx` says."""
    book = Workbook(write_only=True)
    book.properties.description = mark or None
    for sheet in sheets:
        worksheet = book.create_sheet(_title(sheet.title))
        _write_sheet(worksheet, sheet)
        if mark:
            worksheet.append([_cell(worksheet, mark)])
            # & begins a code there, and Excel reads no more than 255 signs.
            worksheet.oddFooter.center.text = mark[:_FOOTER].replace("&", "&&")
    book.save(target)


def _write_sheet(worksheet: WriteOnlyWorksheet, sheet: Sheet) -> None:
    rows = iter(sheet.rows)
    sample = list(islice(rows, _SAMPLE))
    for number, heading in enumerate(sheet.headings, start=1):
        widest = max(width(row[number - 1]) for row in [sheet.headings, *sample])
        column = worksheet.column_dimensions[get_column_letter(number)]
        column.width = min(max(widest + 2, _NARROWEST, width(heading) + 4), _WIDEST)
    worksheet.freeze_panes = "A2"
    worksheet.append([_heading(worksheet, heading) for heading in sheet.headings])
    for row in chain(sample, rows):
        worksheet.append([_cell(worksheet, value) for value in row])
    worksheet.auto_filter.ref = f"A1:{get_column_letter(len(sheet.headings))}1"


def _heading(worksheet: WriteOnlyWorksheet, heading: str) -> Cell:
    cell = _cell(worksheet, heading)
    cell.font, cell.fill, cell.alignment = _HEADING_FONT, _HEADING_FILL, _TOP
    return cell


def _cell(worksheet: WriteOnlyWorksheet, value: Value) -> Cell:
    value = None if value == "" else written(value)
    cell = WriteOnlyCell(worksheet, value)
    if isinstance(value, str):
        # Said outright: openpyxl takes what begins with = for a formula, and "#N/A" for an error.
        cell.data_type = "s"
        cell.quotePrefix = looks_like_formula(value)
        if "\n" in value:
            cell.alignment = _TOP
    elif isinstance(value, dt.date):
        cell.number_format = _TIME if isinstance(value, dt.datetime) else _DATE
    return cell


def _title(title: str) -> str:
    """Return a name that a sheet can have: at most 31 characters, none of those that Excel refuses."""
    return "".join("-" if each in r"[]:*?/\'" else each for each in title)[:31] or "1"
