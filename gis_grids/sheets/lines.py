"""What a line of a table is made of, whichever file it came from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gis_grids.sheets.cells import Value

#: More than this many columns no table of ours has.
MAX_COLUMNS: Final = 100


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell holds; with a ``fault`` there is no value, and ``shown`` is what stands there."""

    value: Value
    fault: str = ""
    shown: object = ""


#: A line's number as the spreadsheet counts, and its cells; a line without any is empty.
Line: TypeAlias = tuple[int, list[Cell]]
Lines: TypeAlias = Iterator[Line]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something about a file or one of its cells, for `gis_grids.errors.describe`.

    ``row`` counts from 1 as the spreadsheet does, 0 means the file; ``column`` is the heading as it stands.
    """

    row: int
    column: str
    code: str
    details: Mapping[str, object] = field(default_factory=dict)


def read_value(value: object) -> Cell:
    """Return the cell for what a library read: texts trimmed, whole numbers whole.

    A day 0 (1900-01-00), which a spreadsheet shows for a zero that looks like a date, is a fault.
    """
    if isinstance(value, str):
        return Cell(value.strip() or None)
    if isinstance(value, float) and value.is_integer():
        return Cell(int(value))
    if isinstance(value, dt.time | dt.timedelta):
        is_nothing = value in {dt.time(0), dt.timedelta(0)}
        return Cell(None, "sheet.day_zero", "1900-01-00") if is_nothing else Cell(str(value))
    if isinstance(value, dt.date | int | float):
        return Cell(value)
    return Cell(str(value))
