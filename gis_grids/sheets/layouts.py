"""Where a great table stands in its file, so that it can be read again and again, row by row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gis_grids.errors import BadFile
from gis_grids.sheets.headings import find_headings, plain_headings
from gis_grids.sheets.limits import LARGE
from gis_grids.sheets.reading import split_top
from gis_grids.sheets.sources import open_book

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from gis_grids.sheets.headings import Headings
    from gis_grids.sheets.lines import Fault, Line

#: So many rows below the headings are shown to who says what the columns are.
SAMPLE: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A table in a file: its sheet by name ("" in CSV), and the rows at the top that are not of it.

    ``headings`` are the texts above the columns by their places; ``places`` says for the keys that were known
    where their columns are. ``sample`` are the first rows as texts; ``notes`` are about the file.
    """

    sheet: str
    height: int
    headings: tuple[str, ...]
    places: Mapping[str, int]
    twice: str
    sample: tuple[tuple[str, ...], ...]
    notes: tuple[Fault, ...]


def find_layout(data: bytes, *, name: str, columns: Mapping[str, Collection[str]]) -> Layout:
    """Return the table of a workbook or CSV file: that of the visible sheet whose headings are known best.

    ``columns`` as in `read_table`. Where no heading is known, the first row with more than one text has
    them. Raises `BadFile` as `gis_grids.sheets.sources.open_book`, and ``sheet.no_table``.
    """
    book = open_book(data, name=name, limits=LARGE)
    best: Layout | None = None
    for title, lines in book.sheets:
        top, _rest = split_top(lines)
        found = find_headings(top, columns) or plain_headings(top)
        if found and (best is None or len(found.places) > len(best.places)):
            best = _layout(title, found, top, book.notes)
    if best is None:
        raise BadFile.of("sheet.no_table", file=name)
    return best


def lines_below(data: bytes, *, name: str, sheet: str, height: int, columns: int) -> Iterator[Line]:
    """Yield the filled rows of a sheet below so many, each with its number as the spreadsheet counts.

    So many columns are read.

    Raises `BadFile` as `find_layout`, and ``sheet.too_many_rows`` when there are more than `LARGE` allows.
    """
    count = 0
    for title, lines in open_book(data, name=name, limits=LARGE, columns=columns).sheets:
        if title != sheet:
            continue
        for number, cells in lines:
            if number <= height or not any(cell.value is not None or cell.fault for cell in cells):
                continue
            count += 1
            if count > LARGE.rows:
                raise BadFile.of("sheet.too_many_rows", file=name, most=LARGE.rows)
            yield number, cells
        return


def _layout(title: str, found: Headings, top: Sequence[Line], notes: tuple[Fault, ...]) -> Layout:
    below = [cells for _n, cells in top[found.height :] if cells][:SAMPLE]
    filled = [n for n, text in enumerate(found.texts, 1) if text]
    filled += [
        n for cells in below for n, cell in enumerate(cells, 1) if cell.value is not None or cell.fault
    ]
    width = max(filled)
    return Layout(
        sheet=title,
        height=found.row,
        headings=(*found.texts, *[""] * width)[:width],
        places=found.places,
        twice=found.twice,
        sample=tuple(tuple(str(cell.value or cell.shown or "") for cell in cells[:width]) for cells in below),
        notes=notes,
    )
