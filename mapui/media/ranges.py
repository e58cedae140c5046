"""A part of a file, as a video player asks for it (RFC 9110, 14)."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

_ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)
_AT_ONCE = 256 * 1024


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


async def read_part(path: Path, part: Part) -> AsyncIterator[bytes]:
    """Yield the bytes of the part, read beside the event loop."""
    file = await asyncio.to_thread(path.open, "rb")
    try:
        await asyncio.to_thread(file.seek, part.start)
        left = part.end - part.start
        while left and (content := await asyncio.to_thread(file.read, min(left, _AT_ONCE))):
            left -= len(content)
            yield content
    finally:
        file.close()
