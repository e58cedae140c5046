"""The dossier: the registration form (登记表), the figures, and two maps that move together, in one file.

It opens where there is no Internet: folium draws the maps, and what it would load from elsewhere is put
into the file instead: Leaflet and the plugin that moves both maps, from our own bundle.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import folium
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.loader import render_to_string
from django.utils import timezone
from folium.plugins import DualMap
from folium.utilities import JsCode

from mapui.pages.ground import BUILDING, ground_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mapui.pages.ground import Ground
    from mapui.planner.report.reading import Report
    from mapui.planner.sides import SideZone

    Style = dict[str, Any]

#: What the file carries in itself: our bundle of Leaflet, and the style sheets.
_SCRIPT: Final = "dist/dossier.js"
_STYLES: Final = ("leaflet/leaflet.css", "dist/dossier.css")

#: The colours of picture.css, for maps that are styled one by one.
_ZONES: Final = ("#4e79a7", "#f28e2b", "#59a14f", "#b07aa1", "#76b7b2", "#e15759", "#edc948", "#9c755f")
_GROUND: Final[dict[str, Style]] = {
    "green": {"stroke": False, "fillColor": "#d5e8cd", "fillOpacity": 1},
    "water": {"stroke": False, "fillColor": "#b7d7ea", "fillOpacity": 1},
    "lane": {"color": "#ffffff", "weight": 1.5, "opacity": 1, "fill": False},
    "street": {"color": "#ffffff", "weight": 2, "opacity": 1, "fill": False},
    "road": {"color": "#ffffff", "weight": 4, "opacity": 1, "fill": False},
    "main_road": {"color": "#f6dfae", "weight": 6, "opacity": 1, "fill": False},
    "railway": {"color": "#9aa3ab", "weight": 1.5, "dashArray": "6 4", "fill": False},
    BUILDING: {"color": "#b9b2a6", "weight": 0.5, "fillColor": "#d9d4cb", "fillOpacity": 1},
}
#: The name is put in as text, whatever somebody has called his grid.
_NAME: Final = """(feature, layer) => {
    const name = document.createElement("span");
    name.textContent = feature.properties.name;
    const isNamed = feature.properties.colour !== null;
    const place = { permanent: isNamed, sticky: !isNamed, direction: "center" };
    layer.bindTooltip(name, { ...place, className: "zone-name" });
}"""
_BORDER: Final[Style] = {"color": "#c0160c", "weight": 3.5, "opacity": 1, "fill": False}


def dossier_of(report: Report, tables: dict[str, Any]) -> str:
    """Return the document; ``tables`` are those of the report's page."""
    figure = _maps(report)
    context = tables | {
        "plan": report.plan,
        "printed_at": timezone.now(),
        "script": _text(_SCRIPT),
        "styles": [_text(name) for name in _STYLES],
        "maps_head": figure.header.render(),
        "maps_body": figure.html.render(),
        "maps_script": figure.script.render(),
    }
    return render_to_string("planner/report/dossier.html", context)


def _maps(report: Report) -> Any:  # noqa: ANN401 - folium's Figure
    """Return the two maps, rendered into their figure."""
    sides = report.sides
    west, south, east, north = sides.bounds
    both = DualMap(
        location=((south + north) / 2, (west + east) / 2),
        tiles=None,
        zoom_snap=0.25,
        attribution_control=False,
    )
    for each in (both, both.m1, both.m2):
        # Nothing is loaded: not from folium's addresses, not from any other.
        each.default_js, each.default_css = [], []
    ground = ground_in(sides.bounds)
    for own, zones, lines, dashes in (
        (both.m1, sides.before, sides.gone, "7 5"),
        (both.m2, sides.after, sides.new, None),
    ):
        _draw_ground(own, ground)
        _draw_zones(own, zones)
        if not lines.is_empty:
            folium.GeoJson(
                _feature(lines), style_function=_always(_BORDER | {"dashArray": dashes}), interactive=False
            ).add_to(own)
        own.fit_bounds([[south, west], [north, east]])
    figure: Any = both.get_root()
    figure.render()
    for own in (both.m1, both.m2):
        # Folium's own scale would show feet.
        scale = f"L.control.scale({{imperial: false}}).addTo({own.get_name()});"
        figure.script.add_child(folium.Element(scale))
    return figure


def _draw_ground(own: folium.Map, ground: Ground) -> None:
    for feature in ground.features():
        style = _GROUND[feature["properties"]["layer"]]
        folium.GeoJson(feature, style_function=_always(style), interactive=False).add_to(own)


def _draw_zones(own: folium.Map, zones: Iterable[SideZone]) -> None:
    features = [zone.feature() for zone in zones]
    if features:
        collection = {"type": "FeatureCollection", "features": features}
        folium.GeoJson(collection, style_function=_style_of, on_each_feature=JsCode(_NAME)).add_to(own)


def _style_of(feature: dict[str, Any]) -> Style:
    colour = feature["properties"]["colour"]
    if colour is None:
        return {"color": "#5b6b78", "weight": 1, "fillColor": "#5b6b78", "fillOpacity": 0.05}
    return {"color": "#24323e", "weight": 1.4, "fillColor": _ZONES[colour], "fillOpacity": 0.42}


def _always(style: Style) -> Callable[[object], Style]:
    return lambda _feature: style


def _feature(shape: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever has the geo interface
    return {"type": "Feature", "properties": {}, "geometry": shape.__geo_interface__}


def _text(name: str) -> str:
    with staticfiles_storage.open(name) as file:
        return file.read().decode()
