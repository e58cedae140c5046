"""Who has something open just now, a plan or a case: a hint in the cache of all processes, soon forgotten."""

from __future__ import annotations

import time
from typing import Final

from django.core.cache import cache

#: Who hasn't been seen for so long has gone.
GONE_S: Final = 4.0


def seen(what: str, person_id: int, name: str) -> list[str]:
    """Note that a person looks at something; return what the others who do are called.

    Two who are noted at the same moment may overwrite each other; both are noted again at their next look.
    """
    key, now = f"open-{what}", time.time()
    here: dict[int, tuple[str, float]] = cache.get(key) or {}
    here = {pk: (other, at) for pk, (other, at) in here.items() if now - at < GONE_S}
    here[person_id] = (name, now)
    cache.set(key, here, GONE_S)
    return sorted(other for pk, (other, _at) in here.items() if pk != person_id)


def gone(what: str, person_id: int) -> None:
    """Note that a person has closed it; who isn't told so is taken for gone soon."""
    here: dict[int, tuple[str, float]] = cache.get(f"open-{what}") or {}
    if here.pop(person_id, None):
        cache.set(f"open-{what}", here, GONE_S)
