"""An import as its page shows it: sentences for codes, labels for columns."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from gis_grids.models import Facility
from households.models import ImportRow, ImportRun, OrganisationKind, PartyMember, Residence, Resident, Tenure
from households.services.imports.files import GEOMETRY
from households.services.imports.kinds import KINDS
from households.services.imports.kinds.shapes import GEOMETRY_COLUMN
from households.services.imports.words import sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Outcome = ImportRow.Outcome

#: The outcomes in the order in which somebody looks at them.
ORDER: Final = (Outcome.BAD, Outcome.OTHER, Outcome.CHANGED, Outcome.NEW, Outcome.LEFT, Outcome.SAME)
#: Those that one may leave out.
LEAVABLE: Final = frozenset({Outcome.CHANGED, Outcome.NEW, Outcome.OTHER})


#: Whose codes stand in a proposal, by the column's key; "kind" is by the kind of the import.
_CODES: Final = {
    "relation": Residence.Relation,
    "registration": Residence.Registration,
    "gender": Resident.Gender,
    "tenure": Tenure,
    "attendance": PartyMember.Attendance,
}
_KINDS: Final = {ImportRun.Kind.ORGANISATIONS: OrganisationKind, ImportRun.Kind.FACILITIES: Facility.Kind}


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a cell or a row."""

    column: str
    sentence: str
    is_error: bool


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row with what was found in it; ``changes`` are a column's label, what was there, what comes."""

    row: ImportRow
    findings: list[Said]
    changes: list[tuple[str, str, str]]

    @property
    def can_be_left(self) -> bool:
        """Whether leaving it out would change anything."""
        return self.row.outcome in LEAVABLE


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows come out so."""

    outcome: Outcome
    label: str
    number: int


def shown_rows(run: ImportRun, rows: Iterable[ImportRow]) -> list[ShownRow]:
    """Return the rows as they are shown."""
    labels = {column.key: str(column.label) for column in KINDS[run.kind].columns}
    labels |= {key: str(label) for key, label in KINDS[run.kind].other_labels.items()}
    words = {key: dict(codes.choices) for key, codes in _CODES.items()}
    if run.kind in _KINDS:
        words["kind"] = dict(_KINDS[ImportRun.Kind(run.kind)].choices)
    words["is_representative"] = {"True": _("yes"), "False": _("no")}
    return [_shown(row, labels, words) for row in rows]


def said_of(findings: Iterable[Mapping[str, Any]]) -> list[Said]:
    """Return findings as they are stored, in the language now active."""
    return [
        Said(heading(each["column"]), sentence(each["code"], each["details"]), each.get("error", False))
        for each in findings
    ]


def counts_of(run: ImportRun) -> list[Count]:
    """Return how many rows come out how, those of nothing left out."""
    return [Count(each, str(each.label), run.counts[each]) for each in ORDER if run.counts.get(each)]


def error_of(run: ImportRun) -> str:
    """Return why it failed, or what it asks; "" when neither is so."""
    return sentence(run.error["code"], run.error["details"]) if run.error else ""


def heading(name: str) -> str:
    """Return what a column of the file is called; shapes have no heading there."""
    return str(GEOMETRY_COLUMN.label) if name == GEOMETRY else name


def _shown(row: ImportRow, labels: Mapping[str, str], words: Mapping[str, Mapping[str, Any]]) -> ShownRow:
    changes = json.loads(row.proposal) if row.proposal else {}
    told = [
        (labels.get(key, key), *(str(words.get(key, {}).get(value, value)) for value in pair))
        for key, pair in changes.items()
    ]
    return ShownRow(row, said_of(row.findings), told)
