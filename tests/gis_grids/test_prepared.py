"""Statements that the database plans once."""

from __future__ import annotations

import pytest
from django.db import DataError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from gis_grids.prepared import ask as send
from gis_grids.prepared import prepared_cursor, sent_together

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


def test_what_is_sent_together_is_answered_after_the_block():
    with sent_together():
        first, second = (send(SUM, [n, 1]) for n in (1, 2))
    assert (second.fetchone(), first.fetchone()) == ((3,), (2,))


def test_of_what_is_sent_together_the_first_failure_is_raised():
    def fail():
        with transaction.atomic(), sent_together():
            send("SELECT 1 / %s::int", [0])
            send(SUM, [1, 2])

    with pytest.raises(DataError, match="division by zero"):
        fail()
    assert ask(1, 2) == 3
