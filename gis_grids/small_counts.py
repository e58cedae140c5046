"""Small counts, which say too much about single people where everybody can read them. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Fewer than this are not published (field.md 2e).
LEAST: Final = 5


def is_small(count: int, least: int = LEAST) -> bool:
    """Tell whether a count is left out where everybody can read it: none at all says nothing of anybody."""
    return 0 < count < least


def hidden(counts: Sequence[int], least: int = LEAST) -> frozenset[int]:
    """Return which of the counts are left out where their total is published.

    Those below ``least``; and, as the total minus the others would tell what is missing, the next larger ones
    until what is left out comes to ``least`` in at least two.
    """
    small = {n for n, count in enumerate(counts) if is_small(count, least)}
    others = sorted((n for n, count in enumerate(counts) if count >= least), key=counts.__getitem__)
    while small and others and (len(small) < 2 or sum(counts[n] for n in small) < least):  # noqa: PLR2004
        small.add(others.pop(0))
    return frozenset(small)
