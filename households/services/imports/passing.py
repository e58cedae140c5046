"""A pass over all rows of a file: to say what would become of them, or to have it so."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from gis_grids.errors import Conflict
from households.models import ImportRow, ImportRun
from households.services.imports.files import MapFile, file_of
from households.services.imports.ledger import Ledger
from households.services.imports.rows import Outcome, Plan, RowReader, is_left
from households.services.imports.systems import Recognised, places_of, recognised
from households.services.imports.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from households.services.imports.kinds import Kind
    from households.services.imports.rows import ReadRow
    from households.services.imports.telling import Teller

#: So many rows are in memory at once.
BATCH: Final = 5_000


@dataclass(slots=True)
class Checked:
    """What a check found: how many rows there are, of which outcome, and what is to be asked."""

    total: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    crs: str = ""
    question: dict[str, Any] | None = None


def check_rows(run: ImportRun, kind: Kind, tell: Teller) -> Checked:
    """Say of each row what would become of it; nothing but that is written."""
    run.rows.all().delete()
    system = _system(run, kind)
    found = Checked(crs=system.crs, question=system.question)
    if system.question:
        return found
    taker = kind.taker(run, system.crs, Ledger(run))
    for batch in _batches(_rows(run, kind, system.crs)):
        plans = [*_left(batch), *taker.plan([row for row in batch if not is_left(row)])]
        found.total += len(batch)
        found.counts.update(plan.outcome.value for plan in plans)
        ImportRow.objects.bulk_create([_told(run, plan) for plan in plans if plan.is_worth_telling])
        tell(found.total)
    return found


def write_rows(run: ImportRun, kind: Kind, tell: Teller) -> Counter[str]:
    """Take in all rows that are to be; return how many were new, and how many changed something.

    Raises `Conflict` ("import.changed_meanwhile") when the rows come out otherwise than they were checked.
    """
    left_out = set(run.rows.filter(is_left_out=True).values_list("number", flat=True))
    ledger = Ledger(run)
    taker = kind.taker(run, run.crs, ledger)
    planned: Counter[str] = Counter()
    written: Counter[str] = Counter()
    done = 0
    for batch in _batches(_rows(run, kind, run.crs)):
        plans = taker.plan([row for row in batch if not is_left(row)])
        planned.update(plan.outcome.value for plan in plans)
        wanted = [plan for plan in plans if _is_wanted(plan, run) and plan.row.number not in left_out]
        taker.write(wanted)
        written.update("changed" if plan.outcome is Outcome.CHANGED else "new" for plan in wanted)
        done += len(batch)
        tell(done)
    if any(
        planned[each] != run.counts.get(each, 0) for each in (Outcome.NEW, Outcome.CHANGED, Outcome.OTHER)
    ):
        raise Conflict("import.changed_meanwhile", WORDS["import.changed_meanwhile"])
    taker.finish()
    ledger.close()
    return written


def _system(run: ImportRun, kind: Kind) -> Recognised:
    """Return in which coordinate system the file's places are."""
    if not kind.has_coordinates:
        return Recognised("")
    if kind.is_map:
        file = MapFile(run)
        return recognised(run, file.places(), file.crs)
    return recognised(run, places_of(_rows(run, kind, "")))


def _rows(run: ImportRun, kind: Kind, crs: str) -> Iterator[ReadRow]:
    reader = RowReader(kind.columns, run.places, run.layout["headings"])
    for number, cells in file_of(run, kind).lines(run.layout, crs):
        yield reader.read(number, cells)


def _batches(rows: Iterator[ReadRow]) -> Iterator[list[ReadRow]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _left(batch: list[ReadRow]) -> list[Plan]:
    return [Plan(row, Outcome.LEFT) for row in batch if is_left(row)]


def _is_wanted(plan: Plan, run: ImportRun) -> bool:
    if plan.outcome is Outcome.CHANGED:
        return run.with_changes
    if plan.outcome is Outcome.OTHER:
        return run.others == ImportRun.Others.ADD
    return plan.outcome is Outcome.NEW


def _told(run: ImportRun, plan: Plan) -> ImportRow:
    stays_out = plan.outcome in {Outcome.BAD, Outcome.OTHER, Outcome.LEFT}
    cells = [str(cell.value if cell.value is not None else cell.shown or "") for cell in plan.row.cells]
    return ImportRow(
        run=run,
        number=plan.row.number,
        outcome=plan.outcome,
        findings=[finding.as_json() for finding in plan.row.findings],
        proposal=json.dumps(plan.changes, ensure_ascii=False) if plan.changes else "",
        cells=json.dumps(cells, ensure_ascii=False) if stays_out else "",
        target=plan.target,
    )
