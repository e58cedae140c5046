"""The limits of the first catalogue, moved to their own table: on a database that was in use before."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg import sql

from tests.incidents.own_processes import MANAGE, environment, parameters

OPENED = datetime(2026, 11, 1, 8, tzinfo=UTC)


# By the migrations that squashed ones replace, which a new database wouldn't take by itself.
MIGRATE = """
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

executor = MigrationExecutor(connection)
executor.loader.replace_migrations = False
executor.loader.build_graph()
executor.migrate([("incidents", "{to}")])
"""


def migrate(name: str, to: str) -> None:
    command = [*MANAGE, "shell", "--no-imports", "--command", MIGRATE.format(to=to)]
    subprocess.run(command, env=environment(name), check=True)


@pytest.fixture
def old_database(db):
    """Return a session in a database of its own that stands where the limits were columns of a matter."""
    name = f"{parameters()['dbname']}_limits"
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    with psycopg.connect(**parameters("postgres"), autocommit=True) as home:
        home.execute(drop)
        home.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            migrate(name, "0001_initial")
            with psycopg.connect(**parameters(name), autocommit=True) as session:
                yield session
        finally:
            home.execute(drop)


def insert(database, table: str, **values) -> None:
    """Insert a row without what it refers to: the migration looks at nothing else."""
    columns = sql.SQL(", ").join(map(sql.Identifier, values))
    query = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(table), columns, sql.SQL(", ").join(sql.Placeholder() * len(values))
    )
    database.execute("SET session_replication_role = replica")
    database.execute(query, list(values.values()))


def matter(database, pk: int, minutes: tuple[int, int, int]) -> None:
    names = ("feedback_minutes", "handling_minutes", "resolve_minutes")
    words = {
        "name_zh": "垃圾",
        "name_en": "Rubbish",
        "matter_class": "must",
        "bearer": "community",
        "icon": "trash",
    }
    fixed = {"version": 1, "is_current": True, "order": 0, "colour": "#888888", "is_errand": False}
    insert(
        database,
        "incidents_matter",
        id=pk,
        code=f"matter-{pk}",
        **words,
        **fixed,
        **dict(zip(names, minutes, strict=True)),
    )


def case(database, pk: int, state: str, *, cycle: int = 1, **clocks) -> None:
    """Store a case of matter 1 with a cycle of 1, 2 and 10 hours."""
    references = {"matter_id": 1, "unit_id": 1, "reported_version_id": 1, "reporter_id": 1}
    times = dict.fromkeys(("state_since", "observed_at", "received_at"), OPENED)
    insert(
        database,
        "incidents_incident",
        id=pk,
        report_id=f"00000000-0000-7000-8000-{pk:012}",
        digest=b"",
        text="",
        place="SRID=4326;POINT(116.3 39.9)",
        position_source="device",
        state=state,
        state_before="",
        version=1,
        cycle=cycle,
        **references,
        **times,
    )
    due = {"feedback_due_at": 1, "handling_due_at": 2, "resolve_due_at": 10}
    moments = {column: OPENED + timedelta(hours=hours) for column, hours in due.items()}
    insert(
        database,
        "incidents_incidentcycle",
        incident_id=pk,
        number=1,
        opened_at=OPENED,
        **moments,
        **clocks,
    )


def test_what_was_there_keeps_its_deadlines_and_gets_its_rule(old_database):
    matter(old_database, 1, (60, 120, 600))
    matter(old_database, 2, (1, 3, 5))
    case(old_database, 1, "reported")
    case(old_database, 2, "in_progress", first_feedback_at=OPENED, first_handling_at=OPENED)
    case(old_database, 3, "need_info", first_feedback_at=OPENED)
    case(old_database, 4, "closed", first_feedback_at=OPENED)
    case(old_database, 5, "reopened", cycle=2)
    migrate(old_database.info.dbname, "0004_limits_moved")
    rules = old_database.execute(
        "SELECT matter_id, priority, mode, feedback_minutes, handling_minutes, resolve_minutes "
        "FROM incidents_timelimit WHERE calendar = 'always'"
    )
    limits = {tuple(row[:3]): row[3:] for row in rules}
    stored = old_database.execute(
        "SELECT incident_id, next_check_at, paused_since, feedback_warn_at, handling_due_at, rule_id = ("
        "  SELECT id FROM incidents_timelimit"
        "  WHERE matter_id = 1 AND priority = 'normal' AND mode = 'normal') "
        "FROM incidents_incidentcycle"
    )
    cycles = {row[0]: row[1:] for row in stored}
    assert len(limits) == 2 * 3 * 2
    assert limits[1, "normal", "normal"] == (60, 120, 600)
    assert limits[1, "critical", "emergency"] == (7, 15, 75)
    assert limits[2, "critical", "emergency"] == (1, 1, 1)
    checks = {pk: row[:2] for pk, row in cycles.items()}
    assert checks == {
        1: (OPENED + timedelta(minutes=48), None),
        2: (OPENED + timedelta(hours=8), None),
        3: (None, OPENED),
        4: (None, None),
        5: (None, None),
    }
    kept = (OPENED + timedelta(minutes=48), OPENED + timedelta(hours=2), True)
    assert {row[2:] for row in cycles.values()} == {kept}
