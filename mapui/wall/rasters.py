"""Base maps of others as pictures, where the place has them switched on: which there are, and what each is.

They are read by the server, so that no key leaves it and no other host is asked by a browser. Without
``LINGE_RASTER_MAPS`` there are none, and nothing outside is ever asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Sheet:
    """Pictures of 256 pixels in Web Mercator tiles; the address has {z}, {x}, {y} and, if needed, {key}."""

    address: str
    max_zoom: int = 18


@dataclass(frozen=True, slots=True)
class RasterMap:
    """A base map: its sheets from the bottom up.

    ``is_shifted``: drawn in GCJ-02, so that it must be laid elsewhere to fit WGS 84 (decision 25).
    """

    name: _StrPromise
    sheets: tuple[str, ...]
    attribution: str
    is_shifted: bool = False
    needs_key: bool = False


_TIANDITU: Final = (
    "{tianditu}/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}&STYLE=default"
    "&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={{key}}"
)
_AMAP_ROADS: Final = (
    "https://webrd01.is.autonavi.com/appmaptile?lang=zh_cn&size=1&scale=1&style=8&x={x}&y={y}&z={z}"
)
_AMAP_IMAGES: Final = "https://webst01.is.autonavi.com/appmaptile?style=6&x={x}&y={y}&z={z}"
_AMAP_NAMES: Final = "https://webst01.is.autonavi.com/appmaptile?style=8&x={x}&y={y}&z={z}"
_OSM: Final = "https://tile.openstreetmap.org/{z}/{x}/{y}.png"

MAPS: Final = {
    "tianditu": RasterMap(
        pgettext_lazy("base map", "Tianditu, streets"), ("tdt-vec", "tdt-cva"), "天地图", needs_key=True
    ),
    "tianditu-images": RasterMap(
        pgettext_lazy("base map", "Tianditu, aerial images"), ("tdt-img", "tdt-cia"), "天地图", needs_key=True
    ),
    "amap": RasterMap(pgettext_lazy("base map", "AMap, streets"), ("amap",), "© 高德地图", is_shifted=True),
    "amap-images": RasterMap(
        pgettext_lazy("base map", "AMap, aerial images"),
        ("amap-img", "amap-names"),
        "© 高德地图",
        is_shifted=True,
    ),
    "osm": RasterMap(pgettext_lazy("base map", "OpenStreetMap"), ("osm",), "© OpenStreetMap"),
}
"""By the names that ``LINGE_RASTER_MAPS`` takes."""


def sheet(name: str) -> Sheet | None:
    """Return a sheet of a map that is switched on, None for any other."""
    on = {one for key in settings.RASTER_MAPS for one in MAPS[key].sheets}
    return _sheets().get(name) if name in on else None


def _sheets() -> dict[str, Sheet]:
    tianditu = {
        f"tdt-{layer}": Sheet(_TIANDITU.format(tianditu=settings.TIANDITU_URL, layer=layer))
        for layer in ("vec", "cva", "img", "cia")
    }
    return tianditu | {
        "amap": Sheet(_AMAP_ROADS),
        "amap-img": Sheet(_AMAP_IMAGES),
        "amap-names": Sheet(_AMAP_NAMES),
        "osm": Sheet(_OSM, max_zoom=19),
    }


def raster_maps() -> list[dict[str, Any]]:
    """Return what the wall's page is told of the maps that are switched on; no address of others, no key."""
    sheets = _sheets()
    return [
        {
            "key": key,
            "name": str(MAPS[key].name),
            "sheets": [
                {"url": f"/wall/raster/{name}/{{z}}/{{x}}/{{y}}", "maxzoom": sheets[name].max_zoom}
                for name in MAPS[key].sheets
            ],
            "attribution": MAPS[key].attribution,
            "is_shifted": MAPS[key].is_shifted,
        }
        for key in settings.RASTER_MAPS
    ]
