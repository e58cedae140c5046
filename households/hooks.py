"""How the register lets the floor above take part, without knowing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    Emptied = Callable[[Collection[int]], None]

#: Called, in the transaction, with the ids of households of which nobody is known by name any more: what was
#: written about them loses its words.
on_emptied: list[Emptied] = []
