"""Bytes that are on the disk, all of them, or an error."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def write(path: Path, content: bytes) -> None:
    """Write a file; its bytes are on the disk when this returns. Raises `OSError`."""
    with path.open("wb", buffering=0) as file:
        write_all(file.fileno(), content)


def write_all(descriptor: int, content: bytes) -> None:
    """Write all bytes where the descriptor stands, and have the disk keep them. Raises `OSError`."""
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
    os.fsync(descriptor)


def sync(path: Path) -> None:
    """Have the disk keep what was written to a file, or which names a folder has. Raises `OSError`."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
