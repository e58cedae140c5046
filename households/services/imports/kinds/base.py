"""What can be imported, and how: the columns of its tables, and who takes the rows in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from django.utils.functional import _StrPromise

    from households.models import ImportRun
    from households.services.imports.ledger import Ledger
    from households.services.imports.rows import Column, Plan, ReadRow


class Taker(Protocol):
    """Takes the rows of one import, batch by batch, first to say what becomes of them, then to write them."""

    def plan(self, rows: Sequence[ReadRow]) -> list[Plan]:
        """Say what becomes of each row; nothing is written."""

    def write(self, plans: Sequence[Plan]) -> None:
        """Write what was planned."""

    def finish(self) -> None:
        """Do what is left when all rows are written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of import.

    ``is_map``: its files are map files, whose shapes are in the column "geometry". ``other_labels`` name what
    a row can change beside its columns.
    """

    key: str
    columns: tuple[Column, ...]
    taker: Callable[[ImportRun, str, Ledger], Taker]
    is_map: bool = False
    other_labels: Mapping[str, _StrPromise] = field(default_factory=dict)

    @property
    def has_coordinates(self) -> bool:
        """Whether a file of it can hold coordinates, whose system must be known."""
        return self.is_map or any(column.key == "lon" for column in self.columns)
