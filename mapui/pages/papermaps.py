"""Maps that a file carries in itself: folium draws them, and what it would load from elsewhere is put in.

The file opens where there is no Internet: Leaflet, the plugin that moves two maps together and the style
sheets come from our own bundle, the ground from the database. There are no tiles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib.staticfiles.storage import staticfiles_storage

from mapui.pages.ground import BUILDING

if TYPE_CHECKING:
    from collections.abc import Callable

    import folium
    from folium.plugins import DualMap

    from mapui.pages.ground import Box, Ground

    Style = dict[str, Any]

#: Our bundle of Leaflet, and the style sheets.
_SCRIPT: Final = "dist/dossier.js"
_STYLES: Final = ("leaflet/leaflet.css", "dist/dossier.css")
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
#: What writes the name of a zone on it: as text, whatever somebody has called his grid.
_NAME: Final = """(feature, layer) => {
    const name = document.createElement("span");
    name.textContent = feature.properties.name;
    const isNamed = feature.properties.colour !== null;
    const place = { permanent: isNamed, sticky: !isNamed, direction: "center" };
    layer.bindTooltip(name, { ...place, className: "zone-name" });
}"""


def carried() -> dict[str, Any]:
    """Return the script and the style sheets as texts, for the head of the file."""
    return {"script": built(_SCRIPT), "styles": [built(name) for name in _STYLES]}


def side_by_side(bounds: Box) -> DualMap:
    """Return two maps that move together. They load nothing: not from folium's addresses, nor any other."""
    from folium.plugins import DualMap  # noqa: PLC0415 - folium is seldom needed, and slow to load

    west, south, east, north = bounds
    both = DualMap(
        location=((south + north) / 2, (west + east) / 2),
        tiles=None,
        zoom_snap=0.25,
        attribution_control=False,
    )
    for each in (both, both.m1, both.m2):
        each.default_js, each.default_css = [], []
    return both


def draw(own: folium.Map, shapes: dict[str, Any], style_of: Callable[[Any], Style], **how: Any) -> None:  # noqa: ANN401
    """Draw GeoJSON; ``how`` are options of folium's `GeoJson`."""
    from folium import GeoJson  # noqa: PLC0415 - as above

    GeoJson(shapes, style_function=style_of, **how).add_to(own)


def draw_ground(own: folium.Map, ground: Ground) -> None:
    """Draw water, green, roads and buildings below what comes next."""
    for feature in ground.features():
        style = _GROUND[feature["properties"]["layer"]]
        draw(own, feature, always(style), interactive=False)


def draw_zones(own: folium.Map, features: list[dict[str, Any]], style_of: Callable[[Any], Style]) -> None:
    """Draw zones with their names; their properties ``name``, and ``colour`` (null: only around)."""
    from folium.utilities import JsCode  # noqa: PLC0415 - as above

    if features:
        collection = {"type": "FeatureCollection", "features": features}
        draw(own, collection, style_of, on_each_feature=JsCode(_NAME))


def fit(own: folium.Map, bounds: Box) -> None:
    """Show the whole box (degrees)."""
    west, south, east, north = bounds
    own.fit_bounds([[south, west], [north, east]])


def drawn_figure(own: Any, maps: list[folium.Map]) -> dict[str, str]:  # noqa: ANN401 - folium's classes
    """Return the parts of the document: its head, its body and its script, each with a scale in metres."""
    from folium import Element  # noqa: PLC0415 - as above

    figure: Any = own.get_root()
    figure.render()
    for each in maps:
        # Folium's own scale would show feet.
        scale = f"L.control.scale({{imperial: false}}).addTo({each.get_name()});"
        figure.script.add_child(Element(scale))
    return {
        "maps_head": figure.header.render(),
        "maps_body": figure.html.render(),
        "maps_script": figure.script.render(),
    }


def always(style: Style) -> Callable[[object], Style]:
    """Return a style for whatever is drawn."""
    return lambda _feature: style


def built(name: str) -> str:
    """Return a file of the front end as text, for a document that fetches nothing."""
    with staticfiles_storage.open(name) as file:
        return file.read().decode()
