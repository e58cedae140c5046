"""The job worker as a real process, with real signals; and how jobs get into the queue.

A worker is stopped in the middle of a job by a lock that the test holds: so it stands between two
statements of its own, and the product needs no door for tests.
"""

from __future__ import annotations

import signal
import subprocess
import time
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from incidents.jobs import KEPT_HOURS
from incidents.management.worker import DEAD_AFTER
from incidents.models import Escalation, Incident, IncidentCycle, IncidentEvent
from incidents.services.jobs import CHECK_CASE, enqueue_checks, enqueue_missed_checks
from incidents.workflow import Action
from tests.incidents.own_processes import MANAGE, environment, parameters
from tests.incidents.test_escalations import old_case, with_limits
from tests.incidents.world import make_world

MINUTE = timedelta(minutes=1)
#: How long a job of a worker that was killed may take to end, in seconds.
LIMIT_S = 60

pytestmark = pytest.mark.faults


def rows(query: str, *arguments) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query, arguments)
        return cursor.fetchall()


def run(query: str, *arguments) -> None:
    with connection.cursor() as cursor:
        cursor.execute(query, arguments)


def jobs_of(incident_id: int) -> list[str]:
    """Return the states of the case's jobs that were due, oldest first."""
    return [
        status
        for (status,) in rows(
            "SELECT status FROM procrastinate_jobs WHERE args ->> 'incident_id' = %s AND task_name = %s "
            "AND (status <> 'todo' OR scheduled_at <= now()) ORDER BY id",
            str(incident_id),
            CHECK_CASE,
        )
    ]


def until(done, what: str, seconds: float = LIMIT_S) -> float:
    """Wait until it's so, and return how many seconds that took."""
    began = time.monotonic()
    while not done():
        jobs = "SELECT id, task_name, status, worker_id, attempts, scheduled_at FROM procrastinate_jobs"
        assert time.monotonic() - began < seconds, f"not after {seconds} s: {what}; {rows(jobs)}"
        time.sleep(0.05)
    return time.monotonic() - began


def long_dead(case: Incident) -> None:
    """Let time pass, but for the case's worker alone: it gave its last sign of life long ago."""
    run(
        "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - make_interval(secs => %s) "
        "WHERE id = (SELECT worker_id FROM procrastinate_jobs WHERE status = 'doing' "
        "AND args ->> 'incident_id' = %s)",
        DEAD_AFTER,
        str(case.pk),
    )


@contextmanager
def held(query: str, *arguments):
    """Hold the lock that the query takes, in a session of its own."""
    with psycopg.connect(**parameters()) as session:
        session.execute(query, arguments)
        yield


def waits_in(words: str) -> bool:
    """Return whether a session waits for a lock in a statement with these words."""
    return bool(
        rows("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ILIKE %s", f"%{words}%")
    )


class Worker:
    """``manage.py run_jobs`` on the test database."""

    def __init__(self, log: Path) -> None:
        self.log = log.open("wb")
        self.process = subprocess.Popen(
            [*MANAGE, "run_jobs"], env=environment(), stdout=self.log, stderr=subprocess.STDOUT
        )

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(40)


@pytest.fixture
def start(tmp_path):
    """Return what starts a worker; all are killed at the end."""
    workers: list[Worker] = []

    def starter() -> Worker:
        workers.append(Worker(tmp_path / f"worker{len(workers)}.log"))
        return workers[-1]

    yield starter
    for worker in workers:
        worker.kill()
        worker.log.close()
        print(Path(worker.log.name).read_text())


@pytest.fixture
def queue(transactional_db):
    """Return the world with an empty queue: what isn't Django's, Django doesn't empty."""
    run("TRUNCATE procrastinate_jobs, procrastinate_events, procrastinate_periodic_defers")
    run("TRUNCATE procrastinate_workers CASCADE")
    return with_limits(make_world())


@pytest.fixture
def case(queue):
    """Return a case that is to be warned of, once, and whose job waits."""
    return old_case(queue, 49 * MINUTE)


def effects(case: Incident) -> tuple[int, int]:
    """Return how often the warning was given: its rows, and its events."""
    events = IncidentEvent.objects.filter(incident=case, action=Action.ESCALATE)
    return Escalation.objects.filter(incident=case).count(), events.count()


COUNTER = "SELECT 1 FROM incidents_feedcounter FOR UPDATE"
JOB = "SELECT 1 FROM procrastinate_jobs WHERE args ->> 'incident_id' = %s FOR UPDATE"


def test_a_worker_killed_before_its_commit_is_replaced(case, start):
    first = start()
    with held(COUNTER):
        until(lambda: waits_in("incidents_feedcounter"), "the job stands before its last statement")
        assert jobs_of(case.pk) == ["doing"]
        second = start()
        first.kill()
    long_dead(case)
    assert until(lambda: jobs_of(case.pk) == ["succeeded"], "the job is done") < LIMIT_S
    assert effects(case) == (1, 1)
    assert second.process.poll() is None


def test_a_worker_killed_after_its_commit_has_done_it_once(case, start):
    first = start()
    with ExitStack() as until_killed:
        with held(COUNTER):
            until(lambda: waits_in("incidents_feedcounter"), "the job stands before its last statement")
            until_killed.enter_context(held(JOB, str(case.pk)))
        until(lambda: waits_in("finish_job"), "the job is done, and not yet noted as done")
        assert effects(case) == (1, 1)
        first.kill()
    long_dead(case)
    start()
    assert until(lambda: jobs_of(case.pk) == ["succeeded"], "the job is noted as done") < LIMIT_S
    assert effects(case) == (1, 1)


def test_the_job_of_a_worker_that_nobody_remembers_is_done(case, start):
    """procrastinate#1518: the dead worker's row was pruned, its job is "doing" and belongs to nobody."""
    run("UPDATE procrastinate_jobs SET status = 'doing' WHERE args ->> 'incident_id' = %s", str(case.pk))
    start()
    until(lambda: jobs_of(case.pk) == ["succeeded"], "the job is done")
    assert effects(case) == (1, 1)


def test_told_to_stop_a_worker_ends_what_it_has_begun(case, start):
    worker = start()
    with held(COUNTER):
        until(
            lambda: jobs_of(case.pk) == ["doing"] and waits_in("incidents_feedcounter"),
            "the job stands before its last statement",
        )
        worker.process.send_signal(signal.SIGTERM)
        with pytest.raises(subprocess.TimeoutExpired):
            worker.process.wait(2)
        assert effects(case) == (0, 0)
    assert worker.process.wait(40) == 0
    assert jobs_of(case.pk) == ["succeeded"]
    assert effects(case) == (1, 1)
    assert rows("SELECT count(*) FROM procrastinate_workers") == [(0,)]


def test_a_worker_outlives_a_database_that_goes_away(queue, start):
    worker = start()
    until(lambda: rows("SELECT 1 FROM procrastinate_workers"), "the worker is at work")
    name = parameters()["dbname"]
    with psycopg.connect(**parameters("postgres"), autocommit=True) as other:
        other.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        try:
            run(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            log = Path(worker.log.name)
            until(lambda: "begins anew" in log.read_text(), "the worker has noticed")
        finally:
            other.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
            # The test's own pool has learnt to wait between its tries; the next tests need a fresh one.
            connection.close()
            connection.close_pool()
    case = old_case(queue, 49 * MINUTE)
    until(lambda: jobs_of(case.pk) == ["succeeded"], "the job is done")
    assert worker.process.poll() is None
    assert effects(case) == (1, 1)


def test_a_job_that_fails_harms_no_other(queue, start):
    bad = "INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('linge', %s, %s) RETURNING id"
    [(unknown,)] = rows(bad, "incidents.no_such_task", "{}")
    [(failing,)] = rows(bad, CHECK_CASE, '{"incident_id": "not a number"}')
    case = old_case(queue, 49 * MINUTE)
    worker = start()
    until(lambda: jobs_of(case.pk) == ["succeeded"], "the good job is done")
    state = "SELECT status, attempts FROM procrastinate_jobs WHERE id = %s"
    assert rows(state, unknown) == [("failed", 1)]
    until(lambda: rows(state, failing)[0][1] >= 2, "the bad one is tried again, a little later")
    assert worker.stop() == 0
    assert "王" not in Path(worker.log.name).read_text()


def test_what_fell_due_while_nothing_ran_is_done_at_the_start(queue, start):
    cases = [old_case(queue, timedelta(hours=11)) for _ in range(3)]
    run("DELETE FROM procrastinate_jobs")
    start()
    until(lambda: Escalation.objects.count() == 18, "all steps are taken")
    for case in cases:
        assert effects(case) == (6, 6)


def test_old_jobs_are_removed(queue, start):
    make = (
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('linge', %s, %s) RETURNING id"
    )
    ended = {
        rows(make, CHECK_CASE, '{"incident_id": 0}')[0][0]: (status, age)
        for status in ("succeeded", "failed", "cancelled")
        for age in (KEPT_HOURS - 1, KEPT_HOURS + 1)
    }
    for job, (status, age) in ended.items():
        run("UPDATE procrastinate_jobs SET status = %s::procrastinate_job_status WHERE id = %s", status, job)
        run(
            "UPDATE procrastinate_events SET at = now() - make_interval(hours => %s) WHERE job_id = %s",
            age,
            job,
        )
    [(cleaning,)] = rows(make, "incidents.remove_old_jobs", '{"timestamp": 0}')
    start()
    state = "SELECT 1 FROM procrastinate_jobs WHERE id = %s AND status = 'succeeded'"
    until(lambda: rows(state, cleaning), "the old jobs are removed")
    left = {job for (job,) in rows("SELECT id FROM procrastinate_jobs")} & set(ended)
    assert left == {job for job, (_status, age) in ended.items() if age < KEPT_HOURS}


def test_a_job_is_there_only_if_its_report_is(queue):
    with transaction.atomic():
        case = queue.case()
        assert rows("SELECT count(*) FROM procrastinate_jobs") == [(1,)]
        transaction.set_rollback(True)
    assert rows("SELECT count(*) FROM procrastinate_jobs") == [(0,)]
    assert not Incident.objects.filter(pk=case.pk).exists()


def test_many_checks_are_one_statement(queue):
    at = timezone.now() + MINUTE
    with CaptureQueriesContext(connection) as captured:
        enqueue_checks([(n, at + n * MINUTE) for n in range(1, 1001)])
        enqueue_checks([])
    assert len(captured) == 1
    assert rows("SELECT count(DISTINCT scheduled_at) FROM procrastinate_jobs") == [(1000,)]


def test_a_job_for_a_later_step_hides_no_case_that_is_due(queue):
    case = old_case(queue, 49 * MINUTE)
    run("DELETE FROM procrastinate_jobs")
    with transaction.atomic():
        enqueue_checks([(case.pk, timezone.now() + 60 * MINUTE)])
    assert enqueue_missed_checks() == 1
    assert enqueue_missed_checks() == 0
    run("UPDATE procrastinate_jobs SET scheduled_at = now() + interval '8 seconds'")  # it is tried again
    assert enqueue_missed_checks() == 0


def test_the_sweep_finds_what_has_no_job(queue):
    waiting, lost, later = old_case(queue, 49 * MINUTE), old_case(queue, 49 * MINUTE), queue.case()
    run("DELETE FROM procrastinate_jobs WHERE args ->> 'incident_id' <> %s", str(waiting.pk))
    assert enqueue_missed_checks() == 1
    assert enqueue_missed_checks() == 0
    assert (jobs_of(waiting.pk), jobs_of(lost.pk), jobs_of(later.pk)) == (["todo"], ["todo"], [])
    IncidentCycle.objects.filter(incident=later).update(next_check_at=None)
    run("DELETE FROM procrastinate_jobs")
    assert enqueue_missed_checks() == 2
