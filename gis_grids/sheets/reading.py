"""Tables that people filled in: a workbook or a CSV file, read row by row by its headings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gis_grids.errors import BadFile
from gis_grids.sheets.headings import Headings, find_headings, missing_columns
from gis_grids.sheets.limits import SMALL
from gis_grids.sheets.lines import Cell, Fault
from gis_grids.sheets.sources import open_book

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from gis_grids.sheets.cells import Value
    from gis_grids.sheets.lines import Line

#: So many rows are looked through for headings.
TOP: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row under the headings; ``number`` as the spreadsheet counts. Empty cells are None."""

    number: int
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What was read: rows by the keys of the columns asked for, and the headings as they stand.

    ``faults`` are cells that can't be taken; ``notes`` say what was left out or guessed.
    """

    headings: Mapping[str, str]
    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]
    notes: tuple[Fault, ...]


def read_table(
    data: bytes, *, name: str, columns: Mapping[str, Collection[str]], required: Collection[str]
) -> Table:
    """Read the first visible sheet of a workbook (.xlsx, .xls), or a CSV file, that has the headings.

    ``columns`` gives for each key the headings by which its column is known, in any language; case, blanks
    and punctuation don't matter. ``required`` are the keys without which it's not the table. Headings may
    stand in two rows, the upper one over several columns, with up to ten rows above. Empty rows don't count;
    a formula is a fault, never its result of yesterday.

    Raises `BadFile` as `gis_grids.sheets.sources.open_book`, ``sheet.no_headings``, ``sheet.heading_twice``.
    """
    book = open_book(data, name=name, limits=SMALL)
    missing: Collection[str] = [next(iter(columns[key])) for key in required]
    for _title, sheet in book.sheets:
        top, rest = split_top(sheet)
        found = find_headings(top, columns)
        if found and found.twice:
            raise BadFile.of("sheet.heading_twice", heading=found.twice)
        lacking = missing_columns(found, columns, required)
        if found and not lacking:
            return _table(found, [*top[found.height :], *rest], name, [*book.notes])
        missing = min(missing, lacking, key=len)
    raise BadFile.of("sheet.no_headings", file=name, missing=", ".join(missing))


def split_top(lines: Iterable[Line]) -> tuple[list[Line], Iterator[Line]]:
    """Return the first rows, among which the headings are, and the others."""
    rest = iter(lines)
    top = [line for _n, line in zip(range(TOP), rest, strict=False)]
    return top, rest


def _table(headings: Headings, lines: Iterable[Line], name: str, notes: list[Fault]) -> Table:
    rows, faults = [], []
    for number, cells in lines:
        values: dict[str, Value] = {}
        for key, place in headings.places.items():
            cell = cells[place] if place < len(cells) else Cell(None)
            values[key] = cell.value
            if cell.fault:
                details = {"value": str(cell.shown)}
                faults.append(Fault(row=number, column=headings.shown[key], code=cell.fault, details=details))
        if any(value is not None for value in values.values()) or (faults and faults[-1].row == number):
            rows.append(Row(number=number, values=values))
        if len(rows) > SMALL.rows:
            raise BadFile.of("sheet.too_many_rows", file=name, most=SMALL.rows)
    notes += [
        Fault(row=headings.row, column=each, code="sheet.unknown_column", details={"heading": each})
        for each in headings.unknown
    ]
    return Table(headings=headings.shown, rows=tuple(rows), faults=tuple(faults), notes=tuple(notes))
