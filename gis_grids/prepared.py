"""Statements that the database plans once, for what is asked all the time; and their longest parameters."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg.pq import Format

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from django.db.backends.utils import CursorWrapper


def array_literal(values: Iterable[object]) -> str:
    """Return numbers, or words of letters and digits, as the database reads an array from text.

    For thousands of values: psycopg looks at each of a list, which takes ten times as long. The statement
    says the type (``%s::bigint[]``).
    """
    return f"{{{','.join(map(str, values))}}}"


@contextmanager
def prepared_cursor(*, binary: bool = False) -> Iterator[CursorWrapper]:
    """Yield a cursor whose statements the connection prepares; with ``binary`` it answers in binary format.

    Planning costs as much as running (performance.md 2), and Django's own cursors write the parameters into
    the text, so that each statement is planned anew. Here the same text must come again and again, with
    parameters; they carry their types (``%s::bigint[]``) where the database can't tell. A pooled connection
    keeps what it has prepared.
    """
    connection = connections[DEFAULT_DB_ALIAS]  # itself: the proxy looks it up at every word
    if connection.queries_logged and not binary:
        with connection.cursor() as plain:  # Django's log can't read what was prepared
            yield plain
        return
    connection.ensure_connection()
    raw = connection.connection
    if not raw.prepare_threshold:
        raw.prepare_threshold = 1
    cursor = psycopg.Cursor(raw)
    if binary:
        cursor.format = Format.BINARY
    yield connection.make_cursor(cursor)  # type: ignore[arg-type]  # the stubs name what it returns


def streamed(statement: str, parameters: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of an answer, in binary format, each as soon as it is there.

    The database works on the next ones while the last is used: who reads and computes waits for the longer
    of both. Until the end the connection does nothing else.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    connection.ensure_connection()
    with connection.wrap_database_errors:
        yield from psycopg.Cursor(connection.connection).stream(statement, parameters, binary=True)
