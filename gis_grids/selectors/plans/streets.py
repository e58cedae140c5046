"""How much of a zone's border lies on streets: what everybody sees, and a worker walks along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.contrib.gis.geos import Polygon

from gis_grids.geometry.coordinates import to_metres, zone_of
from gis_grids.geometry.loose_edges import Edges
from gis_grids.models import MapFeature

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gis_grids.drafts.zones import Shape

_KIND = MapFeature.Kind
_STREETS: Final = (_KIND.ARTERIAL, _KIND.SECONDARY, _KIND.STREET, _KIND.LANE)
#: Metres beside a street's edge within which a border still lies on it.
_BESIDE_M: Final = 3.0
#: Streets are looked for as far beyond the zones as half the widest of them is wide, in degrees.
_NEAR: Final = 0.001
#: A border is looked at in pieces of at most this length, in metres.
_PIECE_M: Final = 5.0


def street_metres(shapes: Sequence[Shape]) -> list[float]:
    """Return for each lon/lat shape how many metres of its border lie on a street, or within 3 m of one.

    What several shapes have in common is looked at once.
    """
    if not shapes:
        return []
    polygons: Any = np.array(shapes, dtype=object)
    edges = Edges.of(polygons)
    start, end, which = edges.distinct()
    on_street = _on_streets(edges.places[np.stack((start, end), axis=1)], shapes[0])
    found: list[float] = np.bincount(edges.owner, on_street[which], minlength=len(shapes)).tolist()
    return found


def _on_streets(edges: NDArray[np.float64], anywhere: Shape) -> NDArray[np.float64]:
    """Return how many metres of each edge (n, 2 ends, lon/lat) lie on a street."""
    zone = zone_of(anywhere)
    lines: Any = shapely.linestrings(edges)
    places, lengths, whose = _pieces(to_metres(lines, zone))
    streets, widths = _streets(shapely.total_bounds(lines))
    is_on = np.zeros(len(places), dtype=bool)
    if len(streets):
        tree = shapely.STRtree(places)
        metric: Any = to_metres(cast("Any", streets), zone)
        is_on[tree.query(metric, predicate="dwithin", distance=widths / 2 + _BESIDE_M)[1]] = True
    return np.bincount(whose[is_on], lengths[is_on], minlength=len(edges)).astype(float)


def _pieces(lines: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.float64], NDArray[np.int64]]:
    """Return the middles of short pieces of lines (metres), their lengths, and whose they are (by number)."""
    places, of_line = shapely.get_coordinates(shapely.segmentize(lines, _PIECE_M), return_index=True)
    begins = np.flatnonzero(of_line[1:] == of_line[:-1])
    ends = begins + 1
    lengths = np.hypot(*(places[ends] - places[begins]).T)
    middles: Any = shapely.points((places[begins] + places[ends]) / 2)
    return middles, lengths, of_line[begins]


def _streets(bounds: NDArray[np.float64]) -> tuple[NDArray[Any], NDArray[np.float64]]:
    """Return the streets in a box (degrees), and their widths in metres."""
    west, south, east, north = bounds.tolist()
    box = Polygon.from_bbox((west - _NEAR, south - _NEAR, east + _NEAR, north + _NEAR))
    box.srid = 4326
    features = MapFeature.objects.filter(kind__in=_STREETS, geometry__bboverlaps=box)
    rows = list(features.annotate(shape=AsWKB("geometry")).values_list("shape", "width_m"))
    shapes = shapely.from_wkb(np.array([bytes(shape) for shape, _width in rows], dtype=object))
    return shapes, np.array([width or 0.0 for _shape, width in rows], dtype=float)
