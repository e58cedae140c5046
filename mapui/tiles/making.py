"""Making a tile, and keeping it: one prepared statement, compressed once."""

from __future__ import annotations

import gzip
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from django.db import connection, transaction

from gis_grids.prepared import prepared_cursor
from mapui.tiles.layers import BUFFER, EXTENT, QUERIES, Layer

if TYPE_CHECKING:
    from mapui.tiles.layers import Address

TIMEOUT_MS: Final = 3000
"""A tile that takes longer is given up: answered with 503, the map asks again."""

_KEPT: Final = 4096
"""Tiles kept by each process: below 10 KB each on average, so some 40 MB."""


@lru_cache(maxsize=_KEPT)
def tile(address: Address) -> bytes:
    """Return the tile, gzipped, or b"" where nothing is; its version must be the current one.

    Raises `django.db.OperationalError` when it takes longer than `TIMEOUT_MS`.
    """
    made = _make(address)
    return gzip.compress(made, compresslevel=6, mtime=0) if made else b""


def _make(address: Address) -> bytes:
    query = QUERIES[Layer(address.layer)]
    where = {"z": address.z, "x": address.x, "y": address.y, "margin": BUFFER / EXTENT, "extent": EXTENT}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(TIMEOUT_MS)])
        with prepared_cursor(binary=True) as preparing:
            preparing.execute(query.sql, {**where, **query.at_zoom(address.z)})
            row = preparing.fetchone()
    return bytes(row[0]) if row and row[0] else b""
