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

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

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
    on_street = _on_streets(edges.places, start, end, zone_of(shapes[0]))
    found: list[float] = np.bincount(edges.owner, on_street[which], minlength=len(shapes)).tolist()
    return found


def _on_streets(places: Floats, start: Ints, end: Ints, zone: int) -> Floats:
    """Return how many metres of each edge lie on a street; its ends are among the places (lon/lat)."""
    vertices = shapely.get_coordinates(to_metres(shapely.MultiPoint(places), zone))
    middles, lengths, whose = _pieces(vertices[start], vertices[end])
    streets, widths = _streets(np.concatenate((places.min(axis=0), places.max(axis=0))))
    is_on = np.zeros(len(middles), dtype=bool)
    if len(streets):
        tree = shapely.STRtree(np.asarray(shapely.points(middles)))
        metric: Any = to_metres(cast("Any", streets), zone)
        is_on[tree.query(metric, predicate="dwithin", distance=widths / 2 + _BESIDE_M)[1]] = True
    return np.bincount(whose[is_on], lengths[is_on], minlength=len(start)).astype(float)


def _pieces(start: Floats, end: Floats) -> tuple[Floats, Floats, Ints]:
    """Return the middles of short, equal pieces of edges (metres), their lengths, and whose they are."""
    length = np.hypot(*(end - start).T)
    count = np.maximum(np.ceil(length / _PIECE_M), 1).astype(np.int64)
    whose = np.repeat(np.arange(len(count)), count)
    nth = np.arange(len(whose)) - (np.cumsum(count) - count)[whose]
    along = (nth + 0.5) / count[whose]
    middles = start[whose] + along[:, None] * (end - start)[whose]
    return middles, (length / count)[whose], whose


def _streets(bounds: Floats) -> tuple[NDArray[Any], Floats]:
    """Return the streets, as far as they lie in a box (degrees), and their widths in metres."""
    west, south, east, north = bounds.tolist()
    around = (west - _NEAR, south - _NEAR, east + _NEAR, north + _NEAR)
    box = Polygon.from_bbox(around)
    box.srid = 4326
    features = MapFeature.objects.filter(kind__in=_STREETS, geometry__bboverlaps=box)
    rows = list(features.annotate(shape=AsWKB("geometry")).values_list("shape", "width_m"))
    shapes = shapely.from_wkb(np.array([bytes(shape) for shape, _width in rows], dtype=object))
    return shapely.clip_by_rect(shapes, *around), np.array(
        [width or 0.0 for _shape, width in rows], dtype=float
    )
