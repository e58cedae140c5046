"""Rows of a file as an import sees them: values by column, and what is to be said of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast

from households.models import ImportRow
from households.services.imports.cells import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.utils.functional import _StrPromise

    from gis_grids.sheets import Cell
    from households.services.imports.cells import Reader

Outcome = ImportRow.Outcome

_TOTALS: Final = {"合计", "总计", "小计", "共计", "total", "sum"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a kind of import: its label, the headings by which it is known, how its cells are read.

    Of a ``required`` column every row needs a cell. ``is_free`` holds words of people: one that begins like a
    formula is remarked on.
    """

    key: str
    label: _StrPromise
    headings: tuple[str, ...]
    read: Reader
    is_required: bool = False
    is_free: bool = False


def named(headings: str) -> tuple[str, ...]:
    """Return the headings of a column, given with | between them: the Chinese one first, then the English."""
    return tuple(headings.split("|"))


@dataclass(frozen=True, slots=True)
class Finding:
    """What is to be said of a row: the heading as it stands ("" for the row), a code of `words`.

    An error keeps the row out, a remark doesn't.
    """

    column: str
    code: str
    details: Mapping[str, object] = field(default_factory=dict)
    is_error: bool = True

    def as_json(self) -> dict[str, object]:
        """Return it as it is stored."""
        return {
            "column": self.column,
            "code": self.code,
            "details": dict(self.details),
            "error": self.is_error,
        }


@dataclass(slots=True)
class ReadRow:
    """A row that was read: what its cells say by the columns' keys; an empty cell says nothing."""

    number: int
    values: dict[str, Any]
    findings: list[Finding]
    cells: Sequence[Cell] = ()

    @property
    def is_bad(self) -> bool:
        """Whether something keeps it out."""
        return any(finding.is_error for finding in self.findings)

    def refuse(self, code: str, column: str = "", /, **details: object) -> None:
        """Keep the row out."""
        self.findings.append(Finding(column, code, details))

    def drop(self, *codes: str) -> None:
        """Say something of the row no longer: it is of no matter here."""
        self.findings = [finding for finding in self.findings if finding.code not in codes]

    def remark(self, code: str, column: str = "", /, **details: object) -> None:
        """Say something of the row."""
        self.findings.append(Finding(column, code, details, is_error=False))


@dataclass(slots=True)
class Plan:
    """What becomes of a row. ``changes`` gives for the labels of fields what was there and what comes.

    ``target`` is the id of what it matches. ``payload`` is what a taker needs to write it.
    """

    row: ReadRow
    outcome: Outcome
    target: int | None = None
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)
    payload: Any = None

    @property
    def is_worth_telling(self) -> bool:
        """Whether it is kept for people to look at."""
        return self.outcome not in {Outcome.NEW, Outcome.SAME} or bool(self.row.findings)


class RowReader:
    """Reads the lines of one file."""

    def __init__(self, columns: Iterable[Column], places: Mapping[str, int], headings: Sequence[str]) -> None:
        self._columns = [
            (column, places[column.key], headings[places[column.key]])
            for column in columns
            if column.key in places
        ]

    def read(self, number: int, cells: Sequence[Cell]) -> ReadRow:
        """Return the row of a line."""
        row = ReadRow(number, {}, [], cells)
        if _is_total(cells):
            row.remark("row.total")
            return row
        for column, place, heading in self._columns:
            cell = cells[place] if place < len(cells) else None
            if cell is None or (cell.value is None and not cell.fault):
                if column.is_required:
                    row.refuse("cell.missing", heading)
                continue
            self._read_cell(row, column, cell, heading)
        return row

    @staticmethod
    def _read_cell(row: ReadRow, column: Column, cell: Cell, heading: str) -> None:
        if cell.fault:
            row.refuse(cell.fault, heading, **_details(cell))
            return
        try:
            row.values[column.key] = column.read(cell.value)
        except Unreadable as reason:
            row.refuse(reason.code, heading, **reason.details)
            return
        if column.is_free and isinstance(cell.value, str) and cell.value[0] in "=+-@＝＋－＠":
            row.remark("cell.like_formula", heading)


def _details(cell: Cell) -> Mapping[str, object]:
    """Return what the sentence of a fault needs: never what somebody wrote."""
    if cell.fault.startswith("feature."):
        return {**cast("Mapping[str, object]", cell.shown), "name": "–"}
    return {"value": str(cell.shown)[:20]} if cell.fault == "sheet.error_value" else {}


def is_left(row: ReadRow) -> bool:
    """Return whether the row is none of the table's."""
    return any(finding.code == "row.total" for finding in row.findings)


def _is_total(cells: Sequence[Cell]) -> bool:
    firsts = (cell.value for cell in cells[:3])
    return any(isinstance(value, str) and value.replace(" ", "").casefold() in _TOTALS for value in firsts)
