"""All units of a level, for figures by unit on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from ninja import Router

from gis_grids.levels import Level  # noqa: TC001 - ninja reads the types at run time
from gis_grids.selectors import current_versions, descendant_ids, map_version, spans_below
from households.selectors import households_below
from mapui.wall.reach import roots_of, topmost
from mapui.wall.schemas import LevelShown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest

router = Router()

#: Boundaries change by publishing, which names another version of the map; households a few each day.
_KEPT_S = 600


@router.get("/levels/{level}", response=LevelShown)
def get_level(request: HttpRequest, level: Level) -> dict[str, Any]:
    """Return the units of a level that the viewer sees, with their households and what lies below each."""
    roots = topmost(roots_of(request))
    key = f"wall-level-{level}-{map_version('units')}-{'-'.join(map(str, roots))}"
    return {"units": cache.get_or_set(key, lambda: _units(roots, level), _KEPT_S)}


def _units(roots: Sequence[int], level: Level) -> list[dict[str, Any]]:
    drawn = current_versions().filter(unit__in=descendant_ids(roots), depth=level.depth)
    units = list(drawn.order_by("unit").values_list("unit", flat=True))
    counts, spans = households_below(units), spans_below(units)
    return [{"id": unit, "households": counts[unit], "spans": spans[unit]} for unit in units]
