"""Units coloured by a figure: the classes and their colours, a still picture, and the shapes themselves."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.utils.translation import gettext as _

from gis_grids.selectors import current_versions
from gis_grids.selectors.hierarchy import listed
from mapui.office.statistics.asked import Measure
from mapui.pages.ground import around
from mapui.pages.pictures import WIDTH, Frame
from mapui.pages.spans import number, per_cent

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    from mapui.office.statistics.lines import Line
    from mapui.pages.ground import Box
    from mapui.pages.pictures import Drawn

#: Lightness alone tells them apart, so that everybody, and a printer in grey, sees which is more. Warm where
#: more is worse, cold where more is better.
_WARM: Final = ("#ffffd4", "#fed98e", "#fe9929", "#d95f0e", "#993404")
_COLD: Final = ("#ffffcc", "#a1dab4", "#41b6c4", "#2c7fb8", "#253494")
NOTHING: Final = "#e3e7ea"
_MARGIN: Final = 0.05
_MORE_IS_BETTER: Final = frozenset({Measure.IN_TIME, Measure.SATISFACTION})
_SHARES: Final = frozenset({Measure.IN_TIME, Measure.REOPENED})


@dataclass(frozen=True, slots=True)
class Region:
    """A unit on the map: its shape (lon/lat), its value (None: nothing to show), the colour of its class."""

    name: str
    shape: BaseGeometry
    value: float | None
    colour: int | None
    fill: str
    text: str

    def feature(self) -> dict[str, Any]:
        """Return it as a GeoJSON feature."""
        properties = {"name": self.name, "colour": self.colour, "fill": self.fill}
        return {"type": "Feature", "properties": properties, "geometry": shapely.geometry.mapping(self.shape)}


@dataclass(frozen=True, slots=True)
class Key:
    """A line of the key: a colour, and the values that have it."""

    fill: str
    text: str


@dataclass(frozen=True, slots=True)
class Regions:
    """Units with their classes, and the key to these."""

    regions: list[Region]
    keys: list[Key]

    @property
    def bounds(self) -> Box:
        """The box around all of them, with a margin (degrees)."""
        west, south, east, north = shapely.total_bounds([region.shape for region in self.regions]).tolist()
        return around((west, south, east, north), _MARGIN)


@dataclass(frozen=True, slots=True)
class Picture:
    """What the template draws."""

    width: int
    height: int
    ground: Sequence[tuple[str, str]]
    zones: Sequence[tuple[Drawn, Region]]


def regions_of(lines: Sequence[Line], measure: Measure, when: dt.datetime | None = None) -> Regions | None:
    """Return the units of the lines, drawn as they were at a time (default: now); None if there is none."""
    by_unit = {line.unit_id: line for line in lines if line.unit_id is not None}
    found = current_versions(when=when).filter(unit__in=listed(by_unit)).annotate(wkb=AsWKB("boundary"))
    rows = list(found.values_list("unit", "name", "wkb"))
    shapes = _side_by_side([(by_unit[unit], name, shapely.from_wkb(bytes(wkb))) for unit, name, wkb in rows])
    values = [line.value(measure) for line, _name, _shape in shapes]
    limits = classes([value for value in values if value is not None])
    fills = _fills(measure, len(limits))
    regions = []
    for (line, name, shape), value in zip(shapes, values, strict=True):
        colour = None if value is None else bisect_left(limits, value)
        text = _("fewer than five") if line.is_hidden else shown(value, measure)
        regions.append(Region(name, shape, value, colour, NOTHING if colour is None else fills[colour], text))
    return Regions(regions, _keys(regions, limits, fills, measure)) if regions else None


def classes(values: Sequence[float], most: int = 5) -> list[float]:
    """Return the upper limits of at most so many classes that have about as many values each."""
    if not values:
        return []
    different = sorted(set(values))
    count = min(most, len(different))
    limits = np.quantile(different, [n / count for n in range(1, count + 1)], method="inverted_cdf")
    return sorted({float(limit) for limit in limits})


def picture_of(regions: Regions) -> Picture:
    """Return the still picture of the units."""
    frame = Frame(regions.bounds)
    drawn = frame.drawn(regions.regions)
    return Picture(WIDTH, frame.height, frame.ground(), list(zip(drawn, regions.regions, strict=True)))


def shown(value: float | None, measure: Measure) -> str:
    """Return a value as it is written."""
    if value is None:
        return "–"
    if measure in _SHARES:
        return per_cent(value)
    return number(value, 0 if measure is Measure.CASES else 1)


def _side_by_side(
    found: list[tuple[Line, str, BaseGeometry]],
) -> list[tuple[Line, str, BaseGeometry]]:
    """Return the units without those that others lie in: a unit's own line would cover its parts."""
    shapes = [shape for _line, _name, shape in found]
    inner = [shapely.point_on_surface(shape) for shape in shapes]
    return [
        each
        for each, shape in zip(found, shapes, strict=True)
        if not any(
            other.area < shape.area and shapely.contains(shape, point)
            for other, point in zip(shapes, inner, strict=True)
        )
    ]


def _fills(measure: Measure, count: int) -> list[str]:
    ramp = _COLD if measure in _MORE_IS_BETTER else _WARM
    if count <= 1:
        return [ramp[2]] * count
    return [ramp[round(n * (len(ramp) - 1) / (count - 1))] for n in range(count)]


def _keys(
    regions: Sequence[Region], limits: Sequence[float], fills: Sequence[str], measure: Measure
) -> list[Key]:
    keys = []
    for n, fill in enumerate(fills[: len(limits)]):
        mine = sorted(region.value for region in regions if region.colour == n and region.value is not None)
        low, high = shown(mine[0], measure), shown(mine[-1], measure)
        keys.append(Key(fill, low if low == high else f"{low} – {high}"))
    if any(region.colour is None for region in regions):
        keys.append(Key(NOTHING, _("No figure")))
    return keys
