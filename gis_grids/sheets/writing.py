"""Workbooks and CSV files for people: no cell is ever a formula, whatever somebody wrote into the data."""

from __future__ import annotations

import csv
import datetime as dt
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, TypeAlias

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from gis_grids.sheets.cells import guarded, looks_like_formula, width, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from contextlib import AbstractContextManager

    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

    from gis_grids.sheets.cells import Value

#: A file's path, or whatever takes bytes: a buffer, or Django's response.
Target: TypeAlias = str | Path | IO[bytes]

# By how many rows the widths of the columns are judged.
_SAMPLE: Final = 200
_NARROWEST, _WIDEST = 8, 60
_FOOTER: Final = 200
_DATE, _TIME = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
_HEADING_FONT: Final = Font(bold=True)
_HEADING_FILL: Final = PatternFill("solid", fgColor="DCE6F1")
_TOP: Final = Alignment(vertical="top", wrap_text=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table under one row of headings; ``rows`` can be a generator, it's gone through once."""

    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Value]]


def write_xlsx(target: Target, sheets: Iterable[Sheet], *, mark: str = "") -> None:
    """Write a workbook, a sheet after the other.

    The headings stand out, stay in sight and filter; columns are as wide as what they hold; dates are
    dates. A text is a text and stays one when somebody edits its cell. ``mark`` says whose file it is: below
    each sheet, on each page that is printed, and in the properties.
    """
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


def write_csv(target: Target, sheet: Sheet, *, mark: str = "") -> None:
    """Write a CSV file in UTF-8, with the BOM by which Excel knows it.

    A text like a formula gets an apostrophe before it. ``mark`` says whose file it is, in the last line.
    """
    with _opened(target) as file:
        file.write(b"\xef\xbb\xbf")
        lines = csv.writer(_Utf8(file), quoting=csv.QUOTE_NONNUMERIC)
        for row in chain([sheet.headings], sheet.rows, [[mark]] if mark else []):
            lines.writerow([_plain(value) for value in row])


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


def _plain(value: Value) -> Value:
    value = written(value)
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "minutes")
    return value


def _title(title: str) -> str:
    """Return a name that a sheet can have: at most 31 characters, none of those that Excel refuses."""
    return "".join("-" if each in r"[]:*?/\'" else each for each in title)[:31] or "1"


def _opened(target: Target) -> AbstractContextManager[IO[bytes]]:
    return Path(target).open("wb") if isinstance(target, str | Path) else nullcontext(target)


class _Utf8:
    """What the csv module writes to: text goes on as bytes."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def write(self, text: str) -> None:
        self._file.write(text.encode())
