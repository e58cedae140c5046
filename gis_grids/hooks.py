"""How the ground floor lets higher floors take part, without knowing them.

A hook runs inside the transaction of the service that calls it: if it raises, nothing is written.
Higher floors register in their ``AppConfig.ready``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    BoundariesChanged = Callable[[Collection[int], datetime], None]

#: Called with the ids of the units whose boundary was made, changed or ended, and from when on.
on_boundaries_changed: list[BoundariesChanged] = []
