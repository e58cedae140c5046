"""Every column of sealed text: sealed for the first time, and sealed anew when there is a new key.

Both go through a table in batches, each a transaction of its own: stopped and called again they go on with
what is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.apps import apps
from django.db import connection, transaction

from gis_grids.models.sealed import SealedTextField
from gis_grids.sealing import digest, is_sealed_with_first, reseal, seal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Watch = Callable[[str, int, int], None]
    """What is told how far it is: the column, rows done, rows altogether."""

_BATCH: Final = 5000

_TYPE: Final = "SELECT data_type FROM information_schema.columns WHERE table_name = %s AND column_name = %s"
_CLEAR: Final = 'SELECT "{key}", "{column}" FROM "{table}" WHERE "{column}" <> \'\' ORDER BY "{key}" LIMIT %s'
_SEAL: Final = """
UPDATE "{table}" t SET "{column}" = '', "{column}_sealed" = n.sealed {digest_too}
FROM unnest(%s::bigint[], %s::bytea[], %s::bytea[]) n (id, sealed, digest) WHERE t."{key}" = n.id
"""
_BEGIN: Final = """
ALTER TABLE "{table}" ADD COLUMN IF NOT EXISTS "{column}_sealed" bytea NOT NULL DEFAULT ''::bytea
"""
_BEGIN_DIGEST: Final = 'ALTER TABLE "{table}" ADD COLUMN IF NOT EXISTS "{column}_digest" bytea'
_END: Final = """
ALTER TABLE "{table}" DROP COLUMN "{column}";
ALTER TABLE "{table}" RENAME COLUMN "{column}_sealed" TO "{column}";
ALTER TABLE "{table}" ALTER COLUMN "{column}" DROP DEFAULT;
"""
_SEALED: Final = """
SELECT "{key}", "{column}" FROM "{table}"
WHERE "{column}" <> ''::bytea AND (%s::{key_type} IS NULL OR "{key}" > %s::{key_type})
ORDER BY "{key}" LIMIT %s
"""
_RESEAL: Final = """
UPDATE "{table}" t SET "{column}" = n.new
FROM unnest(%s::{key_type}[], %s::bytea[], %s::bytea[]) n (id, old, new)
WHERE t."{key}" = n.id AND t."{column}" = n.old
"""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of sealed text, by its table and the table's key."""

    table: str
    column: str
    key: str
    key_type: str

    def sql(self, statement: str, **more: str) -> str:
        """Return the statement about this column; the names are ours, never somebody's input."""
        names = {"table": self.table, "column": self.column, "key": self.key, "key_type": self.key_type}
        return statement.format(**names, **more)

    def __str__(self) -> str:
        return f"{self.table}.{self.column}"


def sealed_columns() -> list[Column]:
    """Return the columns of all models, in the order of their names."""
    found = [
        Column(meta.db_table, str(field.column), str(meta.pk.column), str(meta.pk.rel_db_type(connection)))
        for meta in (model._meta for model in apps.get_models())  # noqa: SLF001 - public, whatever its name
        for field in meta.local_concrete_fields
        if isinstance(field, SealedTextField)
    ]
    return sorted(found, key=str)


def rotate_keys(*, watch: Watch) -> int:
    """Seal anew, with the first key, whatever another one sealed; return how many values that were.

    What somebody changes meanwhile is sealed with the first key anyhow, and left alone. Raises `NotFound`
    (``sealed.key``) at a value that none of the keys opens; what was done until then stays.
    """
    return sum(_rotate(column, watch) for column in sealed_columns())


def _rotate(column: Column, watch: Watch) -> int:
    total, done, changed = _count(column), 0, 0
    watch(str(column), done, total)
    for rows in _batches(column):
        old = [(key, bytes(value)) for key, value in rows if not is_sealed_with_first(bytes(value))]
        if old:
            keys, values = zip(*old, strict=True)
            with connection.cursor() as cursor:
                cursor.execute(column.sql(_RESEAL), [list(keys), list(values), [reseal(v) for v in values]])
                changed += cursor.rowcount
        done += len(rows)
        watch(str(column), done, total)
    return changed


def _count(column: Column) -> int:
    with connection.cursor() as cursor:
        cursor.execute(column.sql('SELECT count(*) FROM "{table}" WHERE "{column}" <> \'\'::bytea'))
        return int(cursor.fetchone()[0])


def _batches(column: Column) -> Iterator[list[tuple[Any, bytes]]]:
    last: Any = None
    while True:
        with connection.cursor() as cursor:
            cursor.execute(column.sql(_SEALED), [last, last, _BATCH])
            rows = cursor.fetchall()
        if not rows:
            return
        yield rows
        last = rows[-1][0]


def seal_column(table: str, column: str, *, digest_for: str = "") -> None:
    """Make a text column one of sealed text: for migrations that are not atomic.

    With ``digest_for``, the purpose of the digests, a column ``<column>_digest`` comes beside it. Raises
    `Conflict` (``sealed.no_key``) if there is something to seal and no key. Each row is written anew without
    its text, so that a vacuum takes the old ones from the disk.
    """
    where = Column(table, column, "id", "bigint")
    if _type_of(where) == "bytea":
        return
    with connection.cursor() as cursor:
        cursor.execute(where.sql(_BEGIN))
        if digest_for:
            cursor.execute(where.sql(_BEGIN_DIGEST))
    while _seal_batch(where, digest_for):
        pass
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(where.sql(_END))


def _type_of(where: Column) -> str:
    with connection.cursor() as cursor:
        cursor.execute(_TYPE, [where.table, where.column])
        return str(cursor.fetchone()[0])


def _seal_batch(where: Column, digest_for: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(where.sql(_CLEAR), [_BATCH])
        rows = cursor.fetchall()
        if rows:
            keys, texts = zip(*rows, strict=True)
            digests = [digest(text, digest_for) for text in texts]
            too = where.sql(', "{column}_digest" = n.digest') if digest_for else ""
            statement = where.sql(_SEAL, digest_too=too)
            cursor.execute(statement, [list(keys), [seal(text) for text in texts], digests])
    return len(rows)
