"""Workbooks and CSV files for people: no cell is ever a formula, whatever somebody wrote into the data."""

from __future__ import annotations

import csv
import datetime as dt
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypeAlias

from gis_grids.sheets.cells import guarded, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from contextlib import AbstractContextManager

    from gis_grids.sheets.cells import Value

#: A file's path, or whatever takes bytes: a buffer, or Django's response.
Target: TypeAlias = str | Path | IO[bytes]


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
    from gis_grids.sheets.books import write_book  # noqa: PLC0415 - brings openpyxl

    write_book(target, sheets, mark)


def write_csv(target: Target, sheet: Sheet, *, mark: str = "") -> None:
    """Write a CSV file in UTF-8, with the BOM by which Excel knows it.

    A text like a formula gets an apostrophe before it. ``mark`` says whose file it is, in the last line.
    """
    with _opened(target) as file:
        file.write(b"\xef\xbb\xbf")
        lines = csv.writer(_Utf8(file), quoting=csv.QUOTE_NONNUMERIC)
        for row in chain([sheet.headings], sheet.rows, [[mark]] if mark else []):
            lines.writerow([_plain(value) for value in row])


def _plain(value: Value) -> Value:
    value = written(value)
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "minutes")
    return value


def _opened(target: Target) -> AbstractContextManager[IO[bytes]]:
    return Path(target).open("wb") if isinstance(target, str | Path) else nullcontext(target)


class _Utf8:
    """What the csv module writes to: text goes on as bytes."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def write(self, text: str) -> None:
        self._file.write(text.encode())
