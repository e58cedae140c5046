"""The dossier: the registration form (登记表), the figures, and two maps that move together, in one file.

It opens where there is no Internet (`mapui.pages.papermaps`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.template.loader import render_to_string
from django.utils import timezone

from mapui.pages.ground import filling, ground_in
from mapui.pages.papermaps import (
    always,
    carried,
    draw,
    draw_ground,
    draw_zones,
    drawn_figure,
    fit,
    side_by_side,
)

if TYPE_CHECKING:
    from mapui.pages.papermaps import Style
    from mapui.planner.report.reading import Report

#: The colours of picture.css, for maps that are styled one by one.
_ZONES: Final = ("#4e79a7", "#f28e2b", "#59a14f", "#b07aa1", "#76b7b2", "#e15759", "#edc948", "#9c755f")
_BORDER: Final[Style] = {"color": "#c0160c", "weight": 3.5, "opacity": 1, "fill": False}


def dossier_of(report: Report, tables: dict[str, Any]) -> str:
    """Return the document; ``tables`` are those of the report's page."""
    context = tables | {"plan": report.plan, "printed_at": timezone.now()} | carried() | _maps(report)
    return render_to_string("planner/report/dossier.html", context)


def _maps(report: Report) -> dict[str, str]:
    """Return the two maps as parts of the document."""
    sides = report.sides
    both = side_by_side(sides.bounds)
    ground = ground_in(filling(sides.bounds))
    for own, zones, lines, dashes in (
        (both.m1, sides.before, sides.gone, "7 5"),
        (both.m2, sides.after, sides.new, None),
    ):
        draw_ground(own, ground)
        draw_zones(own, [zone.feature() for zone in zones], _style_of)
        if not lines.is_empty:
            draw(own, _feature(lines), always(_BORDER | {"dashArray": dashes}), interactive=False)
        fit(own, sides.bounds)
    return drawn_figure(both, [both.m1, both.m2])


def _style_of(feature: dict[str, Any]) -> Style:
    colour = feature["properties"]["colour"]
    if colour is None:
        return {"color": "#5b6b78", "weight": 1, "fillColor": "#5b6b78", "fillOpacity": 0.05}
    return {"color": "#24323e", "weight": 1.4, "fillColor": _ZONES[colour], "fillOpacity": 0.42}


def _feature(shape: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever has the geo interface
    return {"type": "Feature", "properties": {}, "geometry": shape.__geo_interface__}
