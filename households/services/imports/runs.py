"""What people do with an import: begin it, answer what it asks, confirm, cancel and undo it.

Each is one short transaction that leaves a job behind; `households.services.imports.working` does the work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadFile, BadInput, Conflict, NotFound
from gis_grids.geometry.coordinates import parse_crs
from gis_grids.models import Unit
from gis_grids.permissions import scope_of
from gis_grids.sealing import can_seal
from gis_grids.selectors import descendant_ids
from gis_grids.services.queue import enqueue, job
from gis_grids.sheets.headings import plain
from gis_grids.sheets.limits import LARGE
from households.models import ImportHeading, ImportRun
from households.permissions import named_roots
from households.selectors.imports import access_import, undoable_until
from households.services.imports import contents
from households.services.imports.kinds import KINDS
from households.services.imports.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from django.contrib.auth.models import AbstractBaseUser

#: The name of the task that works on an import (`households.jobs`).
WORK: Final = "households.import"

State = ImportRun.State
_ANSWERABLE: Final = (State.ASKING, State.CHECKED, State.FAILED)
#: An import can be given up in these states.
CANCELLABLE: Final = (State.READING, State.ASKING, State.CHECKING, State.CHECKED, State.IMPORTING)
_LONGEST_HEADING: Final = 100


@transaction.atomic
def begin_import(  # noqa: PLR0913 - what an import is
    *, actor: AbstractBaseUser, kind: str, unit_id: int, name: str, size: int, chunks: Iterable[bytes]
) -> ImportRun:
    """Keep a file and have it read and checked; nothing is written into the register.

    ``unit_id`` is the unit whose office imports it: what lies outside of it is refused row by row. Raises
    `NotFound` ("import.not_yours"), `BadInput` ("import.kind"), `BadFile` ("file.empty", "file.too_big"),
    `Conflict` ("import.no_key").
    """
    if kind not in KINDS:
        raise BadInput("import.kind", _("That can't be imported. Choose what the file holds."))
    if not _answers_for(actor, unit_id):
        raise NotFound("import.not_yours", _("There is no such unit whose office you are."))
    if not can_seal():
        raise Conflict("import.no_key", WORDS["import.no_key"])
    if size == 0:
        raise BadFile.of("file.empty", file=name)
    if size > LARGE.data:
        raise BadFile.of("file.too_big", file=name, most=LARGE.data // 1024 // 1024)
    run = ImportRun.objects.create(
        kind=kind, unit_id=unit_id, author_id=actor.pk, file_name=name[-200:], file_size=size
    )
    contents.keep(run, chunks)
    _work(run)
    return run


@transaction.atomic
def answer_columns(*, actor: AbstractBaseUser, run_id: int, keys: Mapping[int, str], crs: str) -> ImportRun:
    """Say which columns hold what (by their places from 0; "": not wanted), and have the file checked anew.

    What was said of headings is known to the office from then on. ``crs`` is a coordinate system as
    `gis_grids.geometry.coordinates.parse_crs` reads it, "" to have it recognised; " swapped" behind it says
    that latitude comes first. Raises `NotFound`, `Conflict` ("import.not_now"), `BadInput`
    ("import.columns", "import.column_twice") and `BadFile` ("crs.unknown").
    """
    run = _locked(actor, run_id, _ANSWERABLE)
    if not run.layout:
        raise _not_now()
    if crs:
        parse_crs(crs.removesuffix(" swapped"))
    columns = {column.key: column for column in KINDS[run.kind].columns}
    wanted = {place: key for place, key in keys.items() if key in columns}
    if len(set(wanted.values())) < len(wanted):
        raise BadInput("import.column_twice", _("Two columns can't hold the same. Choose one of them."))
    run.places = {key: place for place, key in wanted.items()}
    missing = [
        str(column.label) for key, column in columns.items() if column.is_required and key not in run.places
    ]
    if missing:
        raise BadInput("import.columns", WORDS["import.columns"], {"missing": ", ".join(missing)})
    _remember(run, keys)
    run.crs, run.state, run.error, run.rows_done = crs, State.CHECKING, None, 0
    run.save(update_fields=["places", "crs", "state", "error", "rows_done"])
    _work(run)
    return run


@transaction.atomic
def leave_out(*, actor: AbstractBaseUser, run_id: int, numbers: Collection[int], is_left_out: bool) -> int:
    """Leave single rows out of a checked import, or take them in again; return how many changed."""
    run = _locked(actor, run_id, (State.CHECKED,))
    return run.rows.filter(number__in=numbers).update(is_left_out=is_left_out)


@transaction.atomic
def confirm_import(*, actor: AbstractBaseUser, run_id: int, with_changes: bool, others: str) -> ImportRun:
    """Have a checked file imported: all rows that can be, in one transaction.

    ``with_changes`` takes the proposed changes over, ``others`` says what becomes of rows whose dwelling has
    somebody else's household (`ImportRun.Others`). Raises `NotFound`, `Conflict` ("import.not_now").
    """
    run = _locked(actor, run_id, (State.CHECKED,))
    run.with_changes, run.others = with_changes, ImportRun.Others(others)
    run.state, run.rows_done, run.error = State.IMPORTING, 0, None
    run.save(update_fields=["with_changes", "others", "state", "rows_done", "error"])
    _work(run)
    return run


@transaction.atomic
def cancel_import(*, actor: AbstractBaseUser, run_id: int) -> ImportRun:
    """Give an import up that isn't done: nothing of it is written, whatever its job has begun.

    Raises `NotFound`, `Conflict` ("import.not_now").
    """
    run = _locked(actor, run_id, CANCELLABLE)
    run.state, run.finished_at = State.CANCELLED, timezone.now()
    run.save(update_fields=["state", "finished_at"])
    contents.forget(run)
    run.rows.all().delete()
    return run


@transaction.atomic
def undo_import(*, actor: AbstractBaseUser, run_id: int) -> ImportRun:
    """Have a whole import taken back, while nothing rests on it, and its account is kept (`undoable_until`).

    Raises `NotFound`, `Conflict` ("import.not_now").
    """
    run = _locked(actor, run_id, (State.DONE,))
    if undoable_until(run) is None:
        raise _not_now()
    run.state, run.undone_by_id, run.error = State.UNDOING, actor.pk, None
    run.save(update_fields=["state", "undone_by", "error"])
    _work(run)
    return run


def _answers_for(actor: AbstractBaseUser, unit_id: int) -> bool:
    roots = named_roots(scope_of(actor))
    return Unit.objects.filter(pk=unit_id).filter(pk__in=descendant_ids(roots)).exists()


def _locked(actor: AbstractBaseUser, run_id: int, states: Collection[str]) -> ImportRun:
    """Return the import for a change. Raises `NotFound`, `Conflict` ("import.not_now")."""
    access_import(actor, run_id)
    # Only as far as needed: rows that a job writes for it hold its key.
    run = ImportRun.objects.select_for_update(no_key=True).get(pk=run_id)
    if run.state not in states:
        raise _not_now()
    return run


def _not_now() -> Conflict:
    return Conflict("import.not_now", _("That can't be done now: look at the import as it is."))


def _remember(run: ImportRun, keys: Mapping[int, str]) -> None:
    headings = run.layout["headings"]
    said = {
        plain(headings[place])[:_LONGEST_HEADING]: key
        for place, key in keys.items()
        if place < len(headings) and plain(headings[place])
    }
    ImportHeading.objects.bulk_create(
        [
            ImportHeading(unit_id=run.unit_id, kind=run.kind, heading=heading, key=key)
            for heading, key in said.items()
        ],
        update_conflicts=True,
        unique_fields=["unit", "kind", "heading"],
        update_fields=["key"],
    )


def _work(run: ImportRun) -> None:
    enqueue([job(WORK, timezone.now(), run_id=run.pk)])
