"""Who has a plan open just now: a hint in the cache that all processes share, soon forgotten."""

from __future__ import annotations

import time
from typing import Final

from django.core.cache import cache

#: Who hasn't been seen for so long has gone.
GONE_S: Final = 4.0


def seen(plan_id: int, person_id: int, name: str) -> list[str]:
    """Note that a person looks at a plan; return the names of the others who do.

    Two who are noted at the same moment may overwrite each other; both are noted again at their next look.
    """
    key, now = f"plan-open-{plan_id}", time.time()
    here: dict[int, tuple[str, float]] = cache.get(key) or {}
    here = {pk: (other, at) for pk, (other, at) in here.items() if now - at < GONE_S}
    here[person_id] = (name, now)
    cache.set(key, here, GONE_S)
    return sorted(other for pk, (other, _at) in here.items() if pk != person_id)
