"""Making a tile, and keeping it: one prepared statement, compressed once for each way that browsers take."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final

import brotli
from django.db import connection, transaction

from gis_grids.prepared import prepared_cursor
from mapui.tiles.layers import BUFFER, EXTENT
from mapui.tiles.queries import query_of
from mapui.tiles.store import stored

if TYPE_CHECKING:
    from mapui.tiles.layers import Address

TIMEOUT_MS: Final = 3000
"""A tile that takes longer is given up: answered with 503, the map asks again."""

# Planning a query for each tile anew takes longer than the tile; and a map asks for dozens at a time, so that
# helpers for one would have to be taken from the others.
_SETTINGS: Final = """
SELECT set_config('statement_timeout', %s, true),
       set_config('plan_cache_mode', 'force_generic_plan', true),
       set_config('max_parallel_workers_per_gather', '0', true)
"""

_KEPT: Final = 4096
"""Tiles kept by each process: below 10 KB each on average, so some 40 MB."""
_LEVEL: Final = 6
"""Of both compressions: beyond it the time grows and the size hardly falls."""


@dataclass(frozen=True)
class Tile:
    """A tile as it is sent. It's kept gzipped; with brotli it is compressed when that is first asked for."""

    gzipped: bytes

    @property
    def plain(self) -> bytes:
        """The protobuf; b"" where nothing is."""
        return gzip.decompress(self.gzipped) if self.gzipped else b""

    @cached_property
    def brotli(self) -> bytes:
        """The protobuf compressed with brotli; about a tenth smaller than gzipped."""
        return brotli.compress(self.plain, quality=_LEVEL) if self.gzipped else b""


@lru_cache(maxsize=_KEPT)
def tile(address: Address, within: bytes | None = None) -> Tile:
    """Return the tile; its version must be the current one.

    ``within`` is the ground (WKB in EPSG:3857) to which households are limited, None for all of the tile's.
    Raises `django.db.OperationalError` when it takes longer than `TIMEOUT_MS`.
    """
    whole = stored(address) if within is None and address.day is None else None
    return Tile(made(address, within) if whole is None else whole)


def made(address: Address, within: bytes | None = None) -> bytes:
    """Make a tile, whether it is kept anywhere or not, and return it gzipped; b"" where nothing is."""
    content = _make(address, within) if address.is_shown else b""
    return gzip.compress(content, compresslevel=_LEVEL, mtime=0) if content else b""


def _make(address: Address, within: bytes | None) -> bytes:
    query = query_of(address, is_limited=within is not None)
    where = {"z": address.z, "x": address.x, "y": address.y, "margin": BUFFER / EXTENT, "extent": EXTENT}
    with (
        transaction.atomic(),
        prepared_cursor(binary=True) as settings,
        prepared_cursor(binary=True) as cursor,
        connection.connection.pipeline(),
    ):
        settings.execute(_SETTINGS, [str(TIMEOUT_MS)])
        cursor.execute(query.sql, {**where, "within": within, **query.told(address)})
        row = cursor.fetchone()
    return bytes(row[0]) if row and row[0] else b""
