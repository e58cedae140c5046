"""How the register lets the floors above take part, without knowing them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    Emptied = Callable[[Collection[int]], None]
    #: Sheets (`BoardSheet`) in their order, the address of the site, the language; their pages as PDF.
    SetSheets = Callable[[Sequence[Any], str, str], bytes]

#: Called, in the transaction, with the ids of households of which nobody is known by name any more: what was
#: written about them loses its words.
on_emptied: list[Emptied] = []

#: What sets sheets of notice boards, a page for each: one, once the roof is there.
sheet_setters: list[SetSheets] = []
