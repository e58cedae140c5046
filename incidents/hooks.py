"""How the second floor lets the roof know that the feed went on, without knowing the roof."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

#: Called after the commit with the new position of the feed. A hint only: it may get lost, the feed not.
on_feed_advanced: list[Callable[[int], None]] = []
