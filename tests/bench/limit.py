"""The limit of the live path: the same tables, filled by plain psycopg and nothing else.

Run by `tests.bench.live` in a process of its own, as the server is; reads its task as JSON.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from uuid import uuid4

import psycopg

# One row into each of the tables that a report fills, in one round trip and one commit. No look-up of the
# unit, no rights, no gapless counter: what is left is what the database asks for storing the rows.
INSERT = """
WITH incident AS (
    INSERT INTO incidents_incident (
        report_id, digest, matter_id, text, place, accuracy_m, position_source, unit_id, reported_version_id,
        reporter_id, observed_at, device_sent_at, clock_skew_s, received_at, state, state_since, state_before,
        version, cycle
    ) VALUES (
        %(id)s, decode(repeat('00', 32), 'hex'), %(matter)s, '路灯不亮',
        ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326), 8, 'device', %(unit)s, %(version)s, %(reporter)s,
        now(), now(), 0, now(), 'reported', now(), '', 1, 1
    ) RETURNING id
), cycle AS (
    INSERT INTO incidents_incidentcycle (
        incident_id, number, opened_at, feedback_due_at, handling_due_at, resolve_due_at
    ) SELECT id, 1, now(), now(), now(), now() FROM incident
)
INSERT INTO incidents_incidentevent (
    seq, incident_id, incident_version, action, from_state, to_state, unit_id, actor_id, at, note, details
) SELECT nextval('bench_seq'), id, 1, 'report', '', 'reported', %(unit)s, %(reporter)s, now(), '', '{}'
FROM incident
"""


def run(task):
    """Insert as fast as each connection is answered, then at a rate; leaves the tables empty as they were."""
    with psycopg.connect(**task["database"], autocommit=True) as connection:
        connection.execute("CREATE SEQUENCE bench_seq")
        found = {name: measure(task, **phase) for name, phase in task["phases"].items()}
        connection.execute("DROP SEQUENCE bench_seq")
        connection.execute("TRUNCATE incidents_incident, incidents_incidentcycle, incidents_incidentevent")
    return found


def measure(task, seconds, rate):
    took: list[float] = []
    barrier = threading.Barrier(task["connections"] + 1)
    go = threading.Event()
    times = {}

    def work(n):
        with psycopg.connect(**task["database"], autocommit=True) as connection:
            insert(connection, task)
            barrier.wait()
            go.wait()
            step = 0
            while (now := time.perf_counter()) < times["end"]:
                if rate is not None:
                    due = times["start"] + (n + step * task["connections"]) / rate
                    step += 1
                    if due >= times["end"]:
                        break
                    time.sleep(max(0, due - now))
                    now = time.perf_counter()
                insert(connection, task)
                took.append(time.perf_counter() - now)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(task["connections"])]
    for thread in threads:
        thread.start()
    barrier.wait()
    times["start"] = time.perf_counter()
    times["end"] = times["start"] + seconds
    go.set()
    for thread in threads:
        thread.join()
    return {
        "count": len(took),
        "seconds": time.perf_counter() - times["start"],
        "ms": [1000 * t for t in took],
    }


def insert(connection, task):
    connection.execute(INSERT, task["row"] | {"id": uuid4()})


if __name__ == "__main__":
    print(json.dumps(run(json.load(sys.stdin))))
