"""What the wall is given when it is opened; what happens comes over the socket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.gis.db.models import Extent
from django.templatetags.static import static
from django.urls import reverse

from gis_grids.levels import SHOWN_FROM, Level
from gis_grids.selectors import chains, current_versions
from incidents.models import Matter
from mapui.pages.data import case_words, extent
from mapui.tiles import Layer, tile_sources, units_of_day
from mapui.wall.rasters import raster_maps

if TYPE_CHECKING:
    from collections.abc import Collection


def page_data(roots: Collection[int]) -> dict[str, Any]:
    """Return what the page's script needs for a viewer of the subtrees below ``roots``."""
    return {
        **case_words(),
        "classes": {each.value: str(each.label) for each in Matter.Class},
        "levels": _levels(),
        "tiles": tile_sources(Layer),
        "units_of_day": units_of_day(),
        "rasters": raster_maps(),
        "sorter": static("dist/cluster-worker.js"),
        "extent": _extent_below(roots),
        "time_zone": settings.TIME_ZONE,
        "socket": "/ws/wall/",
        "api": "/api/",
        "log_in": f"{reverse('account_login')}?next={reverse('wall')}",
    }


def place_of(roots: Collection[int]) -> str:
    """Return the name of the smallest unit that all of ``roots`` lie in; empty if there is none."""
    by_level = zip(*chains(roots).values(), strict=False)
    common = [links[0].name for links in by_level if len({link.unit_id for link in links}) == 1]
    return common[-1] if common else ""


def _levels() -> list[dict[str, str | int]]:
    """Return the levels below the district that have units, from the top down.

    ``zoom`` is the first of the map that shows them: one above that of their tiles of 512 pixels.
    """
    depths = set(current_versions().order_by().values_list("depth", flat=True).distinct())
    shown = (level for level in Level if level.depth in depths and level.depth >= Level.STREET.depth)
    return [{"code": level.value, "name": str(level.label), "zoom": SHOWN_FROM[level] + 1} for level in shown]


def _extent_below(roots: Collection[int]) -> list[float]:
    """Return the box around the units: west, south, east, north in degrees (EPSG:4326)."""
    box = current_versions().filter(unit__in=roots).aggregate(box=Extent("boundary"))["box"]
    return list(box) if box else extent()
