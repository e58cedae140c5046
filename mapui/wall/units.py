"""Rolling down and up: a unit, the way to it, what lies under it, and which one lies at a place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from ninja import Router

from gis_grids.levels import Level  # noqa: TC001 - ninja reads the types at run time
from gis_grids.selectors import map_version, rungs, step_at, unit_at
from households.selectors import households_below
from mapui.wall.reach import check_unit, roots_of, topmost
from mapui.wall.schemas import PlaceShown, StepShown
from mapui.wire import DatabaseId  # noqa: TC001 - ninja reads the types at run time

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from django.http import HttpRequest

    from gis_grids.selectors import ChainLink, Rung, Step

router = Router()

#: Boundaries change by publishing, which names another version of the map; households a few each day.
_KEPT_S = 600


@router.get("/units", response=StepShown)
def get_top(request: HttpRequest) -> dict[str, Any]:
    """Return the top of what the viewer sees: his one unit, or without a unit the several that he has."""
    roots = topmost(roots_of(request))
    if len(roots) == 1:
        return _unit(roots[0], roots)
    shown = _kept("rungs", roots, lambda: rungs(roots))
    counts = _households(roots)
    return {
        "unit": None,
        "trail": [],
        "households": sum(counts.values()),
        "children": _children(shown, counts),
    }


@router.get("/units/{unit_id}", response=StepShown)
def get_unit(request: HttpRequest, unit_id: DatabaseId) -> dict[str, Any]:
    """Return a unit, the way to it from the top of what the viewer sees, and its children."""
    check_unit(request, unit_id)
    return _unit(unit_id, roots_of(request))


@router.get("/at", response=PlaceShown)
def get_at(request: HttpRequest, lon: float, lat: float, level: Level) -> dict[str, Any]:
    """Return the unit of a level at a place (lon/lat, EPSG:4326), or null where the viewer sees none."""
    roots = roots_of(request)
    located = unit_at(lon, lat)
    seen = _from_root(located.chain, roots) if located.outside_m is None else ()
    return {"unit": next((link for link in seen if link.level == level), None)}


def _unit(unit_id: int, roots: Collection[int]) -> dict[str, Any]:
    step: Step = _kept("step", [unit_id], lambda: step_at(unit_id))
    counts = _households([unit_id, *(child.id for child in step.children)])
    link = step.chain[-1]
    return {
        "unit": {"id": link.unit_id, "code": link.code, "level": link.level, "name": link.name}
        | {"bbox": step.bbox},
        "trail": _from_root(step.chain, roots),
        "households": counts[unit_id],
        "children": _children(step.children, counts),
    }


def _children(shown: Iterable[Rung], counts: dict[int, int]) -> list[dict[str, Any]]:
    return [
        {
            "id": rung.id,
            "code": rung.code,
            "level": rung.level,
            "name": rung.name,
            "bbox": rung.bbox,
            "households": counts[rung.id],
            "spans": rung.spans,
        }
        for rung in shown
    ]


def _from_root(chain: Sequence[ChainLink], roots: Collection[int]) -> Sequence[ChainLink]:
    """Return what of the way down the viewer sees."""
    first = next((n for n, link in enumerate(chain) if link.unit_id in roots), len(chain))
    return chain[first:]


def _households(units: Collection[int]) -> dict[int, int]:
    return _kept("households", units, lambda: households_below(units))


def _kept(what: str, units: Collection[int], read: Any) -> Any:  # noqa: ANN401 - whatever is read
    """Return what was read a while ago for these units under these boundaries, or read it."""
    key = f"wall-{what}-{map_version('units')}-{'-'.join(map(str, sorted(units)))}"
    return cache.get_or_set(key, read, _KEPT_S)
