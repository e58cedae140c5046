"""The job worker is killed in the middle of an import: nothing is half there, and the next one ends it."""

from __future__ import annotations

from contextlib import contextmanager

import psycopg
import pytest

from households.models import Household, ImportChange, ImportRun, Resident
from households.services.imports import begin_import, confirm_import, undo_import
from incidents.management.worker import DEAD_AFTER
from tests.households.imports.making import World, workbook
from tests.incidents.own_processes import parameters
from tests.incidents.test_worker import run, start, until, waits_in  # noqa: F401 - `start` is a fixture

#: Locks that a job meets when it has gone through its rows, and holds what it makes of them uncommitted.
CHECKING = (
    (
        "INSERT INTO households_importrow (run_id, number, outcome, findings, proposal, cells, is_left_out) "
        "VALUES (%s, 18, 'bad', '[]', '', '', false)"
    ),
    "INSERT INTO%importrow",
)
IMPORTING = ("LOCK TABLE households_importchange IN SHARE MODE", "INSERT INTO households_importchange")
ROOMS = [f"阳光花园{n}号楼{e}单元{f}0{d}" for n in (1, 2) for e in (1, 2) for f in (1, 2) for d in (1, 2)]
NAMES = [f"张{first}{second}" for first in "一二三四" for second in "一二三四"]


@pytest.fixture
def office(transactional_db):
    """Return a community whose office imports, and an empty queue."""
    run("TRUNCATE procrastinate_jobs, procrastinate_events, procrastinate_periodic_defers")
    run("TRUNCATE procrastinate_workers CASCADE")
    return World()


def state_of(an_import: ImportRun) -> str:
    return ImportRun.objects.get(pk=an_import.pk).state


@contextmanager
def killed_in_the_middle(worker, lock: str, waiting: str):
    """Let the worker do what is begun within until it holds it uncommitted, and kill it there."""
    with psycopg.connect(**parameters()) as session:
        session.execute(lock)
        yield
        until(lambda: waits_in(waiting), "the job is in the middle")
        worker.kill()
        session.rollback()
    # Its last sign of life was long ago.
    run("UPDATE procrastinate_workers SET last_heartbeat = now() - make_interval(secs => %s)", DEAD_AFTER)


def counted() -> tuple[int, ...]:
    return tuple(table.objects.count() for table in (Household, Resident, ImportChange))


def begun(office: World, *rows: tuple[str, str]) -> ImportRun:
    data = workbook(["地址", "户主"], *rows)
    return begin_import(
        actor=office.clerk,
        kind="households",
        unit_id=office.unit.pk,
        name="a.xlsx",
        size=len(data),
        chunks=[data],
    )


def test_one_file_that_is_imported_twice_at_once_is_there_once(office, start):  # noqa: F811
    runs = [office.work(begun(office, *zip(ROOMS, NAMES, strict=True))) for _ in range(2)]
    for each in runs:
        confirm_import(actor=office.clerk, run_id=each.pk, with_changes=True, others="leave")
    start()
    until(lambda: {state_of(each) for each in runs} == {"done", "failed"}, "both have ended")
    assert ImportRun.objects.get(state="failed").error["code"] == "import.changed_meanwhile"
    assert counted()[:2] == (16, 16)


def test_an_import_whose_worker_is_killed_again_and_again_ends_right(office, start):  # noqa: F811
    rows = [*zip(ROOMS, NAMES, strict=True), (ROOMS[0], NAMES[0]), (ROOMS[1], "李四")]
    an_import = begun(office, *rows)
    lock, waiting = CHECKING
    with killed_in_the_middle(start(), lock % an_import.pk, waiting):
        pass
    assert (state_of(an_import), an_import.rows.count(), counted()) == ("checking", 0, (0, 0, 0))

    worker = start()
    until(lambda: state_of(an_import) == "checked", "the next worker has checked it")
    assert ImportRun.objects.get().counts == {"new": 17, "left": 1}

    with killed_in_the_middle(worker, *IMPORTING):
        confirm_import(actor=office.clerk, run_id=an_import.pk, with_changes=True, others="leave")
    assert (state_of(an_import), counted()) == ("importing", (0, 0, 0))

    start()
    until(lambda: state_of(an_import) == "done", "the next worker has imported it")
    assert counted()[:2] == (17, 17)

    undo_import(actor=office.clerk, run_id=an_import.pk)
    until(lambda: state_of(an_import) == "undone", "it is taken back")
    assert counted()[:2] == (0, 0)
