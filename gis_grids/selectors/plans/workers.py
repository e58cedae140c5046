"""Who has posts in a scope, before and after a plan: how many zones and households are on each person."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from gis_grids.selectors.plans.figures import counted, held_posts

if TYPE_CHECKING:
    from collections.abc import Collection

    from gis_grids.drafts import Draft
    from gis_grids.drafts.comparison import Comparison


def workers(compared: Comparison) -> list[dict[str, Any]]:
    """Return those whose zones or households change: {holder: user id, before, after}, by id.

    Before and after are {zones: number, names, households}; a person who has a zone and one within it counts
    its households once.
    """
    before, after = (_loads(draft, compared) for draft in (compared.before, compared.after))
    nothing = {"zones": 0, "names": [], "households": 0}
    rows = [
        {"holder": holder, "before": before.get(holder, nothing), "after": after.get(holder, nothing)}
        for holder in sorted({*before, *after})
    ]
    return [row for row in rows if row["before"] != row["after"]]


def _loads(draft: Draft, compared: Comparison) -> dict[int, dict[str, Any]]:
    held = held_posts(draft, draft.zones, compared.at, compared)
    zones: dict[int, set[str]] = defaultdict(set)
    for key, holders in held.items():
        for holder in holders:
            zones[holder].add(key)
    counts = counted(draft, [key for key, holders in held.items() if holders], compared.at, compared)
    order = {key: n for n, key in enumerate(draft.zones)}
    return {
        holder: {
            "zones": len(keys),
            "names": [draft.zones[key].name for key in sorted(keys, key=order.__getitem__)],
            "households": sum(round(counts[key].get("households", 0)) for key in _topmost(draft, keys)),
        }
        for holder, keys in zones.items()
    }


def _topmost(draft: Draft, keys: Collection[str]) -> list[str]:
    """Return the zones that lie in no other one of them."""
    return [key for key in keys if not any(above.key in keys for above in draft.chain(key)[:-1])]
