"""What lies under the zones on a page's own map: water, green, roads and buildings, without any tile."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.contrib.gis.geos import Polygon
from django.db.models import Count

from gis_grids.models import MapFeature
from households.models import Building

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shapely.geometry.base import BaseGeometry

    Box = tuple[float, float, float, float]

#: More buildings than this would be dots, and the page too heavy for a telephone.
MOST_BUILDINGS: Final = 3000
MOST_FEATURES: Final = 5000
_Kind = MapFeature.Kind
#: How each kind is drawn; what is not here is left out.
LAYERS: Final = {
    _Kind.GREEN: "green",
    _Kind.WATER: "water",
    _Kind.LANE: "lane",
    _Kind.STREET: "street",
    _Kind.SECONDARY: "road",
    _Kind.ARTERIAL: "main_road",
    _Kind.RAILWAY: "railway",
}
#: What is drawn first where there is too much for all of it.
IMPORTANCE: Final = (
    _Kind.WATER,
    _Kind.ARTERIAL,
    _Kind.RAILWAY,
    _Kind.GREEN,
    _Kind.SECONDARY,
    _Kind.STREET,
    _Kind.LANE,
)
BUILDING: Final = "building"
#: How much longer than the longer side of what a frame shows the frame itself may be.
_ROOM: Final = 2.3
#: Of degrees, for what is only looked at: a decimetre.
_DECIMALS: Final = 6
#: From the bottom up.
ORDER: Final = ("green", "water", "lane", "street", "road", "main_road", "railway", BUILDING)


@dataclass(frozen=True)
class Ground:
    """Shapes (lon/lat) by the name of their layer, in the order in which they are drawn."""

    layers: dict[str, list[BaseGeometry]] = field(default_factory=dict)

    def features(self) -> list[dict[str, Any]]:
        """Return a GeoJSON feature for each layer: all of it as one geometry collection."""
        return [
            {
                "type": "Feature",
                "properties": {"layer": name},
                "geometry": dict(shapely.geometry.mapping(_rounded(shapely.geometrycollections(shapes)))),
            }
            for name, shapes in self.layers.items()
        ]


def ground_in(bounds: Box) -> Ground:
    """Return what lies in a box (west, south, east, north in degrees), cut off at its sides."""
    box = Polygon.from_bbox(bounds)
    box.srid = 4326
    frame = shapely.box(*bounds)
    found: dict[str, list[BaseGeometry]] = {name: [] for name in ORDER}
    features = MapFeature.objects.filter(geometry__bboverlaps=box)
    counts = dict(features.order_by().values_list("kind").annotate(Count("pk")))
    features = features.filter(kind__in=_drawn({_Kind(kind): count for kind, count in counts.items()}))
    rows = features.annotate(shape=AsWKB("geometry")).values_list("kind", "shape")
    for kind, shape in rows:
        found[LAYERS[_Kind(kind)]].append(shapely.from_wkb(bytes(shape)))
    footprints = Building.objects.filter(footprint__bboverlaps=box).annotate(shape=AsWKB("footprint"))
    buildings = list(footprints.values_list("shape", flat=True)[: MOST_BUILDINGS + 1])
    if len(buildings) <= MOST_BUILDINGS:
        found[BUILDING] = [shapely.from_wkb(bytes(shape)) for shape in buildings]
    cut = {name: [_cut(shape, frame) for shape in shapes] for name, shapes in found.items()}
    return Ground({name: [s for s in shapes if not s.is_empty] for name, shapes in cut.items() if shapes})


def _drawn(counts: Mapping[MapFeature.Kind, int]) -> list[MapFeature.Kind]:
    """Return the kinds for which there is room, the most important first: a city isn't told by its lanes."""
    kinds, room = [], MOST_FEATURES
    for kind in IMPORTANCE:
        room -= counts.get(kind, 0)
        if room < 0:
            break
        kinds.append(kind)
    return kinds


def around(bounds: Box, share: float) -> Box:
    """Return a box with a margin on all sides, by the share of its larger side."""
    west, south, east, north = bounds
    margin = max(east - west, north - south) * share
    return (west - margin, south - margin, east + margin, north + margin)


def filling(bounds: Box) -> Box:
    """Return a box within which any frame lies that shows all of this one: square in metres, with a margin.

    A frame has a shape of its own, and its map the next smaller scale: without that the ground ends in it.
    """
    west, south, east, north = bounds
    shrink = math.cos(math.radians((south + north) / 2))
    side = max((east - west) * shrink, north - south) * _ROOM
    wide, high = (side / shrink - (east - west)) / 2, (side - (north - south)) / 2
    return (west - wide, south - high, east + wide, north + high)


def _rounded(shape: BaseGeometry) -> BaseGeometry:
    return shapely.transform(shape, lambda points: points.round(_DECIMALS))


def _cut(shape: BaseGeometry, frame: BaseGeometry) -> BaseGeometry:
    return shape if shapely.contains_properly(frame, shape) else shapely.intersection(shape, frame)
