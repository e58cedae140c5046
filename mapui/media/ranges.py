"""A part of a file, as a video player asks for it (RFC 9110, 14)."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

_ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class Part(NamedTuple):
    """The bytes from ``start`` up to, and without, ``end``."""

    start: int
    end: int


def part_of(header: str, size: int) -> Part | None:
    """Return the part that a ``Range`` header asks for of a file; None: the whole.

    What isn't one range of bytes may be ignored, and is. Raises `ValueError` for a range beyond the end.
    """
    match = _ONE_RANGE.fullmatch(header.strip())
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if first:
        part = Part(int(first), min(int(last) + 1, size) if last else size)
        if last and int(last) < int(first):
            return None
    else:
        part = Part(max(0, size - int(last)), size)
    if part.start >= part.end:
        raise ValueError(header)
    return part


async def in_threads(chunks: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Yield what the iterator does, which is read beside the event loop."""
    while content := await asyncio.to_thread(next, chunks, b""):
        yield content
