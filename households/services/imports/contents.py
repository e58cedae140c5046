"""The file of an import, kept sealed in the database until it has ended: any worker can read it."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Final

from households.models import ImportPart

if TYPE_CHECKING:
    from collections.abc import Iterable

    from households.models import ImportRun

_PIECE: Final = 3 * 1024 * 1024


def keep(run: ImportRun, chunks: Iterable[bytes]) -> None:
    """Keep the file's bytes. A few pieces at a time, so that no file is in memory twice."""
    for number, piece in enumerate(_pieces(chunks)):
        ImportPart.objects.create(run=run, number=number, content=base64.b64encode(piece).decode())


def kept(run: ImportRun) -> bytes:
    """Return the file's bytes; b"" when they are gone. Raises `NotFound` (``sealed.key``)."""
    parts = run.parts.order_by("number").values_list("content", flat=True)
    return b"".join(base64.b64decode(content) for content in parts.iterator(chunk_size=1))


def forget(run: ImportRun) -> None:
    """Delete the file."""
    run.parts.all().delete()


def _pieces(chunks: Iterable[bytes]) -> Iterable[bytes]:
    waiting = bytearray()
    for chunk in chunks:
        waiting += chunk
        while len(waiting) >= _PIECE:
            yield bytes(waiting[:_PIECE])
            del waiting[:_PIECE]
    if waiting:
        yield bytes(waiting)
