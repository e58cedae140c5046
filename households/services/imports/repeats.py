"""Rows of one file that are about the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable

    from households.services.imports.rows import ReadRow


class Repeats:
    """Remembers of each row what it is about and what it says, by nothing but numbers."""

    def __init__(self) -> None:
        self._rows: dict[int, tuple[int, int]] = {}
        self._homes: dict[int, int] = {}

    def take(self, row: ReadRow, about: Hashable, home: Hashable = None) -> bool:
        """Tell whether the row is the first about its thing; what repeats another is told, or refused.

        A row that says something else about the same home is only remarked on: two households can share it.
        """
        said = hash(tuple(sorted((key, str(value)) for key, value in row.values.items())))
        first, first_said = self._rows.setdefault(hash(about), (row.number, said))
        if first != row.number:
            if first_said == said:
                row.remark("row.repeated", row=first)
            else:
                row.refuse("row.contradicts", row=first)
            return False
        if home is not None and (other := self._homes.setdefault(hash(home), row.number)) != row.number:
            row.remark("household.shared", row=other)
        return True
