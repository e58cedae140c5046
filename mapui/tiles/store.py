"""Tiles made beforehand, on the disk: one MBTiles file (SQLite) for each version of a set.

`manage.py warm_tiles` writes it, every server process on the machine reads it. What isn't in it is made as
ever.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from django.conf import settings

if TYPE_CHECKING:
    from pathlib import Path

    from mapui.tiles.layers import Address

_MADE: Final = """
CREATE TABLE IF NOT EXISTS metadata (name TEXT PRIMARY KEY, value TEXT);
INSERT OR REPLACE INTO metadata VALUES ('format', 'pbf');
CREATE TABLE IF NOT EXISTS tiles (
    zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB,
    PRIMARY KEY (zoom_level, tile_column, tile_row)
);
"""
_FIND: Final = "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?"
_PUT: Final = "INSERT OR REPLACE INTO tiles VALUES (?, ?, ?, ?)"
_WAIT_S: Final = 0.2
_opened = threading.local()


def file_of(set_name: str, version: int) -> Path:
    """Return the file of a version of a set (`Address.set_name`), there or not."""
    return settings.TILES_ROOT / f"{set_name}-{version}.mbtiles"


def stored(address: Address) -> bytes | None:
    """Return a tile that was made beforehand, gzipped, b"" where nothing is; None if there is none.

    Never an error: a file that is being written or removed holds nothing.
    """
    path = file_of(address.set_name, address.version)
    known: dict[Path, sqlite3.Connection] = _opened.__dict__.setdefault("files", {})
    with suppress(sqlite3.Error):
        if path not in known:
            if not path.exists():
                return None
            while known:
                known.popitem()[1].close()
            known[path] = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=_WAIT_S)
        row = known[path].execute(_FIND, _place(address)).fetchone()
        return bytes(row[0]) if row else None
    known.pop(path, None)
    return None


class Writer:
    """Writes the file of a version of a set; what is in it already stays. Files of older versions go."""

    def __init__(self, set_name: str, version: int) -> None:
        path = file_of(set_name, version)
        path.parent.mkdir(parents=True, exist_ok=True)
        for other in path.parent.glob(f"{set_name}-*.mbtiles"):
            if other != path:
                other.unlink()
        self._file = sqlite3.connect(path)
        self._file.executescript(_MADE)

    def has(self, address: Address) -> bool:
        """Return whether a tile is in the file."""
        return self._file.execute(_FIND, _place(address)).fetchone() is not None

    def put(self, address: Address, gzipped: bytes) -> None:
        """Write a tile; from then on it is served."""
        with self._file:
            self._file.execute(_PUT, (*_place(address), gzipped))

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _place(address: Address) -> tuple[int, int, int]:
    """Return zoom, column and row as MBTiles has them: rows from the south."""
    return address.z, address.x, 2**address.z - 1 - address.y
