"""The catalogue as a table: exported, edited in a spreadsheet, and imported whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, describe
from gis_grids.sheets import Sheet, read_table, write_xlsx
from incidents.models import TimeLimit
from incidents.selectors.matters import (
    CASES_OF_LIMITS,
    Limits,
    MatterFields,
    changed_fields,
    current_matters,
    fields_of,
    latest_matters,
)
from incidents.services.catalogue_columns import CODE, COLUMNS, PLAIN, VERSION, Kind
from incidents.services.matter_checks import checked
from incidents.services.matters import check_may_edit, lock_matter, save_matter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.contrib.auth.models import AbstractBaseUser

    from gis_grids.sheets import Row, Table, Value
    from gis_grids.sheets.writing import Target
    from incidents.models import Matter
    from incidents.services.catalogue_columns import Column

#: An empty cell of such a column says nothing: what is there stays.
_KEPT_WHEN_EMPTY = frozenset({Kind.NUMBER, Kind.CHOICE})
_LIMIT_NAMES = tuple(each.name for each in fields(Limits))
_NO_LIMITS = Limits(
    feedback_minutes=0, handling_minutes=0, resolve_minutes=0, calendar=TimeLimit.Calendar.ALWAYS
)
# What a new matter is like before anything is said about it.
_BLANK = MatterFields(name_zh="", name_en="", matter_class="", bearer="", icon="", colour="", limits={})


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What keeps a row from being imported: where, what, why and how to mend it.

    ``row`` as the spreadsheet counts it, ``column`` its heading, "" for the whole row.
    """

    row: int
    column: str
    code: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRow:
    """What an import does with a row: a new matter, a new version, or nothing (``changed`` empty)."""

    row: int
    code: str
    name: str
    is_new: bool
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueImport:
    """What an import did, or with findings or as a dry run would do. ``notes`` say what was left out."""

    rows: tuple[PlannedRow, ...]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    is_written: bool


def catalogue_sheet() -> Sheet:
    """Return the matters that can be reported now as a table, in the language now active."""
    return Sheet(
        title=str(_("Catalogue of matters")),
        headings=[column.heading for column in COLUMNS],
        rows=[_cells(matter) for matter in current_matters()],
    )


def export_catalogue(target: Target) -> None:
    """Write the catalogue as a workbook; importing it again unchanged changes nothing."""
    write_xlsx(target, [catalogue_sheet()])


@transaction.atomic
def import_catalogue(
    *, actor: AbstractBaseUser, data: bytes, name: str, is_dry_run: bool = False
) -> CatalogueImport:
    """Take over a table of matters: all rows, or none if there is a finding in any of them.

    A row makes a new matter, or a new version of one if it changes something. Matters that the table doesn't
    have stay as they are, and so does what it has no column for, or an empty cell where a number or a word
    is to stand. Where the table gives versions, a matter
    that somebody has changed since the export is a finding, and nothing of his is lost.

    Raises `Refused` (``catalogue.not_yours``), and `BadFile` for a file that is no such table
    (`gis_grids.sheets.read_table`).
    """
    check_may_edit(actor)
    names = {column.key: (column.zh, column.en) for column in COLUMNS}
    table = read_table(data, name=name, columns=names, required=(CODE.key, "name_zh"))
    drafts = [_read(row, table) for row in table.rows]
    codes = {draft.code for draft in drafts}
    for code in sorted(codes):
        lock_matter(code)
    last = {matter.code: matter for matter in latest_matters().filter(code__in=codes)}
    _find_repeats(drafts)
    for draft in drafts:
        _judge(draft, last.get(draft.code))
    findings = tuple(finding for draft in drafts for finding in draft.findings)
    is_written = not findings and not is_dry_run
    if is_written:
        _write(actor, drafts, last)
    return CatalogueImport(
        rows=tuple(_planned(draft, last.get(draft.code)) for draft in drafts),
        findings=findings,
        notes=tuple(describe(note) for note in table.notes),
        is_written=is_written,
    )


def _write(actor: AbstractBaseUser, drafts: Sequence[_Draft], last: Mapping[str, Matter]) -> None:
    for draft in drafts:
        before = last.get(draft.code)
        if before is None or draft.fields != fields_of(before):
            expected = before.version if before else 0
            save_matter(actor=actor, code=draft.code, fields=draft.fields, expected_version=expected)


@dataclass(slots=True, kw_only=True)
class _Draft:
    """A row while it's judged: what its cells say by the columns' keys, and what speaks against it.

    ``fields`` are set when it is known what the matter is like now.
    """

    row: Row
    headings: Mapping[str, str]
    said: dict[str, Any] = field(default_factory=dict)
    fields: MatterFields = _BLANK
    findings: list[Finding] = field(default_factory=list)
    faulty: set[str] = field(default_factory=set)

    @property
    def code(self) -> str:
        """The code of the matter."""
        return str(self.said.get(CODE.key, ""))

    def add(self, key: str, code: str, sentence: object) -> None:
        """Note what speaks against the cell of a column, or the row ("")."""
        self.faulty.add(key)
        column = self.headings.get(key, "")
        self.findings.append(Finding(row=self.row.number, column=column, code=code, sentence=str(sentence)))


def _read(row: Row, table: Table) -> _Draft:
    draft = _Draft(row=row, headings=table.headings)
    for fault in table.faults:
        if fault.row == row.number:
            key = next(key for key, heading in table.headings.items() if heading == fault.column)
            draft.add(key, fault.code, describe(fault))
    for column in COLUMNS:
        if column.key in row.values and column.key not in draft.faulty:
            _read_cell(draft, column, row.values[column.key])
    return draft


def _read_cell(draft: _Draft, column: Column, cell: Value) -> None:
    if cell is None and column.kind in _KEPT_WHEN_EMPTY:
        return
    try:
        draft.said[column.key] = column.read(cell)
    except BadInput as error:
        draft.add(column.key, error.code, error)


def _find_repeats(drafts: Sequence[_Draft]) -> None:
    first: dict[str, int] = {}
    for draft in drafts:
        if draft.code and first.setdefault(draft.code, draft.row.number) != draft.row.number:
            sentence = _("Row %(row)s has the same code. Delete one of the two rows.")
            draft.add(CODE.key, "row.repeated", sentence % {"row": first[draft.code]})


def _judge(draft: _Draft, last: Matter | None) -> None:
    """Put together what the row makes of the matter, and find what speaks against it."""
    before = fields_of(last) if last else _BLANK
    draft.fields, findings = checked(draft.code, _merged(before, draft.said))
    for finding in findings:
        key = str(finding.details["field"])
        key = key if key in draft.headings else f"{key}.feedback_minutes"
        if key not in draft.faulty:
            draft.add(key, finding.code, finding)
    if last is None or draft.fields == before:
        return
    if not last.is_current:
        draft.add(
            "", "matter.withdrawn", _("This matter was withdrawn. Restore it first, or delete the row.")
        )
    elif draft.said.get(VERSION.key, last.version) != last.version:
        sentence = _(
            "This matter was changed after the file was exported: its version is %(version)s now. Export it "
            "again, and repeat your changes there."
        )
        draft.add(VERSION.key, "matter.stale", sentence % {"version": last.version})


def _merged(before: MatterFields, said: Mapping[str, Any]) -> MatterFields:
    """Return the fields with what the row says put into them."""
    plain = {column.key: said[column.key] for column in PLAIN if column.key in said}
    limits = dict(before.limits)
    for case in CASES_OF_LIMITS:
        priority, mode = case
        words = {name: said.get(f"limits.{priority}.{mode}.{name}") for name in _LIMIT_NAMES}
        given = {name: value for name, value in words.items() if value is not None}
        if given:
            limits[case] = replace(limits.get(case, _NO_LIMITS), **given)
    return replace(before, **plain, limits=limits)


def _planned(draft: _Draft, last: Matter | None) -> PlannedRow:
    changed = changed_fields(fields_of(last), draft.fields) if last else ()
    return PlannedRow(
        row=draft.row.number,
        code=draft.code,
        name=draft.fields.name_zh,
        is_new=last is None,
        changed=changed,
    )


def _cells(matter: Matter) -> list[Value]:
    fields = fields_of(matter)
    values: dict[str, Any] = {CODE.key: matter.code, VERSION.key: matter.version}
    values |= {column.key: getattr(fields, column.key) for column in PLAIN}
    for (priority, mode), limits in fields.limits.items():
        values |= {f"limits.{priority}.{mode}.{name}": getattr(limits, name) for name in _LIMIT_NAMES}
    return [column.write(values[column.key]) for column in COLUMNS]
