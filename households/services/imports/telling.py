"""How far a job has come, told past its own transaction; and whether somebody has stopped it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, Self

from django.db import DEFAULT_DB_ALIAS, connections

if TYPE_CHECKING:
    from types import TracebackType

    from households.models import ImportRun

#: So often it is told, in seconds.
_EVERY_S: Final = 0.5
_TELL: Final = "UPDATE households_importrun SET rows_done = %s WHERE id = %s RETURNING state"


class Stopped(Exception):  # noqa: N818 - not an error
    """Somebody doesn't want the import any more: what it has begun is taken back."""


class Teller:
    """Writes down how many rows are done, and raises `Stopped` when the import is not in its state any more.

    On a connection of its own: what the import does is seen by nobody before it has ended, how far it is by
    everybody. The import itself must not touch its row meanwhile.
    """

    def __init__(self, run: ImportRun) -> None:
        self._id, self._state = run.pk, run.state
        self._told = 0.0

    def __enter__(self) -> Self:
        self._connection = connections.create_connection(DEFAULT_DB_ALIAS)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def __call__(self, rows_done: int) -> None:
        """Tell it, if it wasn't told just now."""
        now = time.monotonic()
        if now - self._told < _EVERY_S:
            return
        self._told = now
        with self._connection.cursor() as cursor:
            cursor.execute(_TELL, (rows_done, self._id))
            row = cursor.fetchone()
        if row is not None and row[0] != self._state:
            raise Stopped
