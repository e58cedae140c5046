"""The job of an import: what is to be done in its state, in one transaction, as often as it is begun.

A worker that dies leaves nothing behind; the next one begins with what the state says.
"""

from __future__ import annotations

import json
import logging
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.utils import timezone
from psycopg.errors import ExclusionViolation, UniqueViolation

from gis_grids.errors import BadFile, LingeError
from gis_grids.services.queue import enqueue, job
from gis_grids.sheets.headings import plain
from households.models import ImportHeading, ImportRun
from households.services.imports import contents
from households.services.imports.files import file_of
from households.services.imports.kinds import KINDS
from households.services.imports.passing import check_rows, write_rows
from households.services.imports.runs import WORK
from households.services.imports.telling import Stopped, Teller
from households.services.imports.undoing import take_back

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.db.models import QuerySet

    from households.services.imports.kinds import Kind

logger = logging.getLogger(__name__)

State = ImportRun.State
#: With the number of the import the key of the lock that lets one worker work on it.
_LOCK: Final = 0x696D70
#: In place of that number the key of the turn to write: what two files say of the same home is seen when one
#: of them is in the register.
_TURN: Final = 0
_WRITING: Final = frozenset({State.IMPORTING, State.UNDOING})
_LATER: Final = timedelta(seconds=2)


def work_on(*, run_id: int) -> None:
    """Do what an import waits for; it may be done again at any time, and at the same time."""
    while True:
        run = ImportRun.objects.filter(pk=run_id).first()
        if run is None or run.state not in _PHASES:
            return
        before = run.state
        _work_once(run)
        if ImportRun.objects.get(pk=run_id).state == before:
            return


def _work_once(run: ImportRun) -> None:
    try:
        with transaction.atomic(), Teller(run) as tell:
            _lock(run.pk % 2**31)
            if run.state in _WRITING and not _is_free(_TURN):
                enqueue([job(WORK, timezone.now() + _LATER, run_id=run.pk)])
                return
            _PHASES[State(run.state)](run, tell)
    except Stopped:
        return
    except LingeError as error:
        _fail(run, error.code, error.details)
    except (OperationalError, InterfaceError):
        raise  # the database is away: the job is done again
    except IntegrityError as error:
        # Somebody has entered the same on a page, just now; anything else that is refused nobody foresaw.
        is_taken = isinstance(error.__cause__, UniqueViolation | ExclusionViolation)
        logger.error("import %s failed: %s", run.pk, type(error.__cause__).__name__)  # noqa: TRY400
        _fail(run, "import.changed_meanwhile" if is_taken else "import.broken", {})
    except Exception as error:  # noqa: BLE001 - what it says may name somebody: only its kind is logged
        logger.error("import %s failed: %s", run.pk, type(error).__name__)  # noqa: TRY400
        _fail(run, "import.broken", {})


def _lock(key: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", (_LOCK, key))


def _is_free(key: int) -> bool:
    """Take a lock if nobody has it: who waited for it would keep a worker from other jobs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", (_LOCK, key))
        return bool(cursor.fetchone()[0])


def _fail(run: ImportRun, code: str, details: Mapping[str, object]) -> None:
    """Write down why; an import that can't be undone stays as it is."""
    state = State.DONE if run.state == State.UNDOING else State.FAILED
    error = {"code": code, "details": dict(details)}
    _still(run).update(state=state, error=error, finished_at=run.finished_at or timezone.now())


def _still(run: ImportRun) -> QuerySet[ImportRun]:
    """Return the import, if nobody has stopped it."""
    return ImportRun.objects.filter(pk=run.pk, state=run.state)


def _settle(run: ImportRun, **changes: object) -> None:
    """Give the import its new state, as the last thing of the transaction. Raises `Stopped`."""
    if not _still(run).update(**changes):
        raise Stopped


def _look(run: ImportRun, _tell: Teller) -> None:
    """Find the table, and what its columns hold; ask where that is not clear."""
    kind = KINDS[run.kind]
    columns = {column.key: column.headings for column in kind.columns}
    layout = file_of(run, kind).layout(columns)
    places = _places(run, layout.headings, layout.places)
    question = _question(kind, places, layout.twice)
    _settle(
        run,
        layout={
            "sheet": layout.sheet,
            "height": layout.height,
            "headings": layout.headings,
            "notes": [asdict(note) for note in layout.notes],
        },
        sample=json.dumps(layout.sample, ensure_ascii=False),
        places=places,
        state=State.ASKING if question else State.CHECKING,
        error=question,
    )


def _places(run: ImportRun, headings: tuple[str, ...], found: Mapping[str, int]) -> dict[str, int]:
    """Return where the columns are: what the office has said of a heading counts most."""
    known = ImportHeading.objects.filter(unit=run.unit_id, kind=run.kind)
    said = dict(known.values_list("heading", "key"))
    told = {place: said[plain(heading)] for place, heading in enumerate(headings) if plain(heading) in said}
    places = {key: place for key, place in found.items() if place not in told}
    return places | {key: place for place, key in told.items() if key}


def _question(kind: Kind, places: Mapping[str, int], twice: str) -> dict[str, object] | None:
    missing = [
        str(column.label) for column in kind.columns if column.is_required and column.key not in places
    ]
    if missing or not places:
        named = missing or [str(kind.columns[0].label)]
        return {"code": "import.columns", "details": {"missing": ", ".join(named)}}
    if twice:
        return {"code": "import.heading_twice", "details": {"heading": twice}}
    return None


def _check(run: ImportRun, tell: Teller) -> None:
    """Say of each row what would become of it."""
    checked = check_rows(run, KINDS[run.kind], tell)
    if checked.total == 0 and not checked.question:
        raise BadFile("import.nothing", "", {})
    state = State.ASKING if checked.question else State.CHECKED
    _settle(
        run,
        state=state,
        crs=checked.crs,
        counts=checked.counts,
        rows_done=checked.total,
        rows_total=checked.total,
        error=checked.question,
    )


def _write(run: ImportRun, tell: Teller) -> None:
    counts = write_rows(run, KINDS[run.kind], tell)
    contents.forget(run)
    _settle(run, state=State.DONE, counts=counts, rows_done=run.rows_total or 0, finished_at=timezone.now())


def _undo(run: ImportRun, _tell: Teller) -> None:
    take_back(run)
    _settle(run, state=State.UNDONE, undone_at=timezone.now())


_PHASES: Final[dict[str, Callable[[ImportRun, Teller], None]]] = {
    State.READING: _look,
    State.CHECKING: _check,
    State.IMPORTING: _write,
    State.UNDOING: _undo,
}
