"""The limits of storing reports, by plain psycopg: the fewest statements, and the product's own.

A helper of `tests.bench.feed` in a process of its own, as the server is: a line of JSON is a task. Each
report is its own transaction. The fewest are: where it lies, the incident with its cycle, the job that
checks it, and the event with its number from the counter. The product's own are recorded once, and then
sent again with another report: so they cost what rights, rules and the lock of the boundaries cost, and no
Django.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from functools import cache
from uuid import uuid4

import psycopg

LOOK_UP = """
SELECT unit_id, id FROM gis_grids_unitversion
WHERE valid @> now() AND ST_Covers(boundary, ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326))
ORDER BY depth DESC LIMIT 1
"""
INCIDENT = """
WITH incident AS (
    INSERT INTO incidents_incident (
        report_id, digest, matter_id, text, place, accuracy_m, position_source, unit_id, reported_version_id,
        reporter_id, observed_at, device_sent_at, clock_skew_s, received_at, state, state_since, state_before,
        priority, escalated_to, version, cycle, device_datum
    ) VALUES (
        %(id)s, decode(repeat('00', 32), 'hex'), %(matter)s, '路灯不亮',
        ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326), 8, 'device', %(unit)s, %(version)s, %(reporter)s,
        now(), now(), 0, now(), 'reported', now(), '', 'normal', '', 1, 1, ''
    ) RETURNING id
), cycle AS (
    INSERT INTO incidents_incidentcycle (
        incident_id, number, opened_at, rule_id, feedback_warn_at, feedback_due_at, handling_warn_at,
        handling_due_at, resolve_warn_at, resolve_due_at, next_check_at
    ) SELECT id, 1, now(), %(rule)s, now(), now(), now(), now(), now(), now(), now() FROM incident
)
SELECT id FROM incident
"""
JOB = """
INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, scheduled_at)
VALUES ('bench', 'bench', '{}', 'todo', 'infinity')
"""
EVENT = """
WITH counter AS (
    UPDATE incidents_feedcounter SET position = position + 1 RETURNING position
)
INSERT INTO incidents_incidentevent (
    seq, incident_id, incident_version, action, from_state, to_state, unit_id, actor_id, at, note, details
) SELECT position, %(incident)s, 1, 'report', '', 'reported', %(unit)s, %(reporter)s, now(), '', '{}'
FROM counter
"""


def run(task):
    """Store as fast as each connection is answered; returns how many in how many seconds."""
    store = repeat(recorded(**task["row"])) if task["own"] else store_plainly
    done: list[int] = []
    barrier = threading.Barrier(task["connections"] + 1)
    times = {}

    def work():
        with psycopg.connect(**task["database"]) as connection:
            try:
                store(connection, task["row"])
            except psycopg.Error:
                barrier.abort()  # else all others wait for this one for ever
                raise
            barrier.wait()
            barrier.wait()
            while time.perf_counter() < times["end"]:
                store(connection, task["row"])
                done.append(1)

    threads = [threading.Thread(target=work) for _ in range(task["connections"])]
    for thread in threads:
        thread.start()
    barrier.wait()
    started = time.perf_counter()
    times["end"] = started + task["seconds"]
    barrier.wait()
    for thread in threads:
        thread.join()
    return {"count": len(done), "seconds": time.perf_counter() - started}


def store_plainly(connection, row):
    """One report, from the look-up to the commit."""
    row = row | {"id": uuid4()}
    row["unit"], row["version"] = connection.execute(LOOK_UP, row, prepare=True).fetchone()
    [row["incident"]] = connection.execute(INCIDENT, row, prepare=True).fetchone()
    connection.execute(JOB, prepare=True)
    connection.execute(EVENT, row, prepare=True)
    connection.commit()


@cache
def recorded(**row):
    """Return the product's statements for one report, with their parameters, as it sent them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mapui.project.settings")
    import django  # noqa: PLC0415 - for this limit alone

    django.setup()
    from django.db import connection  # noqa: PLC0415 - needs Django set up
    from django.utils import timezone  # noqa: PLC0415

    from incidents.services import NewReport, report_incidents  # noqa: PLC0415

    statements = []

    def note(execute, sql, params, many, context):
        statements.append((sql, params))
        return execute(sql, params, many, context)

    def report():
        now = timezone.now()
        place = {"lon": row["lon"], "lat": row["lat"], "accuracy_m": 8.0, "position_source": "device"}
        what = {"report_id": uuid4(), "reporter": row["reporter"], "matter": "rubbish", "text": "路灯不亮"}
        [stored] = report_incidents(reports=[NewReport(**what, **place, observed_at=now, sent_at=now)])
        return stored.incident_id

    report()  # reads the rules, which the product then has
    with connection.execute_wrapper(note):
        report()
    connection.close()
    return statements


def repeat(statements):
    """Return what sends the statements again, for a new report each time."""

    def store(connection, _row):
        incident = 0
        for sql, given in statements:
            params = dict(given) if isinstance(given, dict) else given
            if is_insertion := "report_id" in (params or ()):
                params["report_id"] = [uuid4()]
            elif "incident_id" in (params or ()):
                params["incident_id"] = [incident]
            rows = connection.execute(sql, params, prepare=True).fetchall()
            if is_insertion:
                [(_report, incident)] = rows
        connection.commit()

    return store


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), flush=True)
