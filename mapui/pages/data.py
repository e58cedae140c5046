"""What the map pages are given to start with: plain values, handed to the script as JSON."""

from __future__ import annotations

from typing import Any

from gis_grids import selectors as grids
from gis_grids.levels import Level, PostKind
from incidents.models import ACTION_LABELS, ACTOR_LABELS, PRIORITY_LABELS, STATE_LABELS
from incidents.selectors import current_matters

#: Shown while no unit has been loaded: China.
NOTHING_LOADED = grids.Extent(73.0, 18.0, 135.0, 53.5)


def matters() -> list[dict[str, Any]]:
    """Return the matters that can be reported, named in the reader's language."""
    return [
        {
            "code": matter.code,
            "name": matter.name,
            "icon": matter.icon,
            "colour": matter.colour,
            "is_errand": matter.is_errand,
            "needs_photo": matter.needs_photo,
        }
        for matter in current_matters()
    ]


def states() -> dict[str, str]:
    """Return what each state is called."""
    return {state.value: str(label) for state, label in STATE_LABELS.items()}


def case_words() -> dict[str, Any]:
    """Return what the scripts of cases call things, from matters to priorities, in the reader's language."""
    return {
        "matters": matters(),
        "states": states(),
        "actions": {action.value: str(label) for action, label in ACTION_LABELS.items()},
        "roles": {actor.value: str(label) for actor, label in ACTOR_LABELS.items()},
        "posts": {kind.value: str(kind.label) for kind in PostKind},
        "unit_levels": {level.value: str(level.label) for level in Level},
        "priorities": {priority.value: str(label) for priority, label in PRIORITY_LABELS.items()},
    }


def extent() -> list[float]:
    """Return west, south, east, north of everything loaded, in degrees (EPSG:4326)."""
    return list(grids.extent() or NOTHING_LOADED)
