"""Statements that the database plans once."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection
from django.test.utils import CaptureQueriesContext

from gis_grids.prepared import prepared_cursor

pytestmark = pytest.mark.django_db
SUM = "SELECT %s::int + %s::int AS prepared_sum"


def ask(*numbers):
    with prepared_cursor() as cursor:
        cursor.execute(SUM, numbers)
        return cursor.fetchone()[0]


def test_what_is_asked_again_is_planned_once():
    assert [ask(n, 1) for n in range(4)] == [1, 2, 3, 4]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%prepared_sum%'")
        assert cursor.fetchone() == (1,)


def test_binary_answers():
    with prepared_cursor(binary=True) as cursor:
        cursor.execute("SELECT %s::bytea", [b"\0\xff"])
        assert cursor.fetchone() == (b"\0\xff",)


def test_it_counts_as_a_query_and_fails_as_one():
    with CaptureQueriesContext(connection) as queries:
        ask(1, 2)
    assert len(queries) == 1
    with pytest.raises(ProgrammingError), prepared_cursor() as cursor:
        cursor.execute("SELECT nothing.at_all")
