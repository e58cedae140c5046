"""Statements that the database plans once, for what is asked all the time."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
from django.db import connection
from psycopg.pq import Format

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.db.backends.utils import CursorWrapper


@contextmanager
def prepared_cursor(*, binary: bool = False) -> Iterator[CursorWrapper]:
    """Yield a cursor whose statements the connection prepares; with ``binary`` it answers in binary format.

    Planning costs as much as running (performance.md 2), and Django's own cursors write the parameters into
    the text, so that each statement is planned anew. Here the same text must come again and again, with
    parameters; they carry their types (``%s::bigint[]``) where the database can't tell. A pooled connection
    keeps what it has prepared.
    """
    with _cursor(binary=binary) as cursor:
        yield cursor


def ask(statement: str, parameters: Sequence[Any] = ()) -> CursorWrapper:
    """Execute a statement as in `prepared_cursor`; its rows are fetched from what is returned."""
    cursor = _cursor(binary=False)
    cursor.execute(statement, parameters)
    return cursor


@contextmanager
def sent_together() -> Iterator[None]:
    """Send the statements inside without waiting for their answers: all cost one trip to the database.

    They run in their order, and each sees what was committed when its turn came. The end of the block waits
    for all of them; after it their rows can be fetched. What the first that fails raises is raised there, or
    before.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


def _cursor(*, binary: bool) -> CursorWrapper:
    if connection.queries_logged and not binary:
        return connection.cursor()  # Django's log can't read what was prepared
    connection.ensure_connection()
    raw = connection.connection
    raw.prepare_threshold = raw.prepare_threshold or 1
    cursor = psycopg.Cursor(raw)
    cursor.format = Format.BINARY if binary else Format.TEXT
    return connection.make_cursor(cursor)  # type: ignore[arg-type]  # the stubs name what it returns
