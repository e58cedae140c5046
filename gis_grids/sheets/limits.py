"""How much of a table is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_MB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The most bytes of a file, as it comes and unpacked; the most rows, and the last one that is looked at.

    Rows without anything in them don't count as rows, but somebody must pass them.
    """

    data: int
    unpacked: int
    rows: int
    last_row: int


#: A table that is read whole, as a person edits one.
SMALL: Final = Limits(data=20 * _MB, unpacked=64 * _MB, rows=20_000, last_row=50_000)
#: A register that is read row by row.
LARGE: Final = Limits(data=64 * _MB, unpacked=512 * _MB, rows=300_000, last_row=1_048_576)
