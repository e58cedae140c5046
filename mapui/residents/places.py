"""Where a resident's report can be: the unit of the notice board, a smaller one, a pin if wanted."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Final

from django.db.models import Value
from django.db.models.functions import Coalesce

from gis_grids.levels import Level
from gis_grids.selectors import current_versions, smallest_units, spot_in, unit_for

if TYPE_CHECKING:
    from gis_grids.models import UnitVersion
    from gis_grids.selectors import Spot

#: More units than this are no list to choose from: the page leads to smaller places first.
MOST_UNITS: Final = 80

Choice = tuple[str, str]
"""A unit's code and name."""


@dataclass(frozen=True, slots=True)
class Place:
    """The place that a page is for.

    ``unit`` None is everywhere. ``groups`` are the smallest units to choose from, each with the name of who
    is above them; ``narrower`` are the pages of smaller places, where these would be too many. Neither is
    there when the unit itself is the smallest: then nothing needs to be chosen.
    """

    unit: UnitVersion | None
    groups: list[tuple[str, list[Choice]]] = field(default_factory=list)
    narrower: list[Choice] = field(default_factory=list)

    @property
    def is_known(self) -> bool:
        """Whether the address says all that is needed."""
        return self.unit is not None and not self.groups and not self.narrower

    def spot(self) -> Spot | None:
        """Return a spot in the unit that is small enough to be shown on a map."""
        if self.unit is None or Level(self.unit.unit.level).depth < Level.COMMUNITY.depth:
            return None
        return spot_in(self.unit.unit_id)


def place_of(code: str | None) -> Place | None:
    """Return the place of a page: of a unit's code, or everywhere. None when no unit ever had the code."""
    unit = unit_for(code) if code else None
    if code and unit is None:
        return None
    under = unit.unit_id if unit else None
    found = list(smallest_units(under)[: MOST_UNITS + 1])
    if unit and [each.unit_id for each in found] == [unit.unit_id]:
        return Place(unit)
    if len(found) > MOST_UNITS:
        return Place(unit, narrower=_children(under))
    return Place(unit, groups=_grouped(found))


def spot_of(code: str) -> tuple[float, float, float] | None:
    """Return lon, lat and reach in metres of the smallest unit with this code; None if it is none."""
    unit = smallest_units().filter(unit__code=code).first()
    spot = unit and spot_in(unit.unit_id)
    return (spot.lon, spot.lat, spot.reach_m) if spot else None


def _children(under: int | None) -> list[Choice]:
    """Return the units to choose from; one that is alone is no choice, and gives way to those below it."""
    while True:
        children = list(current_versions().filter(parent=under).values_list("unit", "unit__code", "name"))
        if len(children) != 1:
            return [(code, name) for _unit, code, name in children]
        [(under, _code, _name)] = children


def _grouped(units: list[UnitVersion]) -> list[tuple[str, list[Choice]]]:
    """Return the units by who is above them."""
    above = current_versions().filter(unit__in={each.parent_id for each in units})
    names = dict(above.values_list("unit", Coalesce("name", Value(""))))
    ordered = sorted(units, key=lambda each: (names.get(each.parent_id, ""), each.unit.code))
    return [
        (name, [(each.unit.code, each.name) for each in group])
        for name, group in groupby(ordered, key=lambda each: names.get(each.parent_id, ""))
    ]
