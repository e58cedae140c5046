"""The two maps of a report, that move together: cases per 1,000 households, and what was resolved in time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mapui.office.statistics.asked import MEASURE_LABELS, Measure
from mapui.office.statistics.regions import regions_of
from mapui.pages.ground import filling, ground_in
from mapui.pages.papermaps import draw_ground, draw_zones, drawn_figure, fit, side_by_side

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from mapui.office.statistics.lines import Line
    from mapui.office.statistics.regions import Regions
    from mapui.pages.papermaps import Style

MEASURES: Final = (Measure.PER_1000, Measure.IN_TIME)


def shown_maps(lines: Sequence[Line], when: dt.datetime | None) -> list[tuple[str, Regions]]:
    """Return what each map shows and its units, by the boundaries of a time; none for less than two."""
    found = [(str(MEASURE_LABELS[measure]), regions_of(lines, measure, when)) for measure in MEASURES]
    return [(title, regions) for title, regions in found if regions and len(regions.regions) > 1]


def moving_maps(maps: Sequence[tuple[str, Regions]]) -> dict[str, Any]:
    """Return folium's maps as parts of a document that needs no network; nothing where there is no map."""
    if len(maps) != len(MEASURES):
        return {}
    bounds = maps[0][1].bounds
    both = side_by_side(bounds)
    ground = ground_in(filling(bounds))
    for own, (_title, regions) in zip((both.m1, both.m2), maps, strict=True):
        draw_ground(own, ground)
        draw_zones(own, [_named(region.feature(), region.text) for region in regions.regions], _style_of)
        fit(own, bounds)
    return drawn_figure(both, [both.m1, both.m2])


def _named(feature: dict[str, Any], text: str) -> dict[str, Any]:
    """Return the feature with its value in its name, which is written on it even where there is none."""
    properties = feature["properties"]
    shown = {"name": f"{properties['name']} {text}", "colour": properties["colour"] or 0}
    return feature | {"properties": properties | shown}


def _style_of(feature: dict[str, Any]) -> Style:
    return {
        "color": "#24323e",
        "weight": 1.4,
        "fillColor": feature["properties"]["fill"],
        "fillOpacity": 0.72,
    }
