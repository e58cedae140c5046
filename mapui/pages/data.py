"""What several pages are given by the server: the catalogue, the words of the workflow, the extent."""

from __future__ import annotations

from typing import TypedDict

from gis_grids.selectors import extent as extent_of_all
from incidents.models import STATE_LABELS
from incidents.selectors import current_matters

#: Shown while there are no units yet: China, in degrees (west, south, east, north).
CHINA = [73.5, 18.1, 134.8, 53.6]


class MatterData(TypedDict):
    """A matter as pages show it; its name is in the reader's language."""

    code: str
    name: str
    icon: str
    colour: str


def matters() -> list[MatterData]:
    """Return the matters that can be reported now, in the order of the catalogue."""
    return [
        {"code": matter.code, "name": matter.name, "icon": matter.icon, "colour": matter.colour}
        for matter in current_matters()
    ]


def states() -> dict[str, str]:
    """Return what people read for the states of a case, in the reader's language."""
    return {state.value: str(label) for state, label in STATE_LABELS.items()}


def extent() -> list[float]:
    """Return the box around all units: west, south, east, north in degrees (EPSG:4326)."""
    return list(extent_of_all() or CHINA)
