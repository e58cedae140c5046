"""Bodies: footprints as they are divided, each of one or more buildings that stand in one another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from shapely import STRtree

from gis_grids.geometry.lattice import to_storage
from gis_grids.geometry.proposals.patches import pieces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gis_grids.geometry.frame import Frame
    from gis_grids.geometry.proposals.site import Building, Shape, Site

    Ints = NDArray[np.int64]

MOST_OVERLAP: Final = 1.0
"""m² that two footprints may share by bad drawing; with more, or with a tenth of one, they are one body."""
_TENTH: Final = 0.1


@dataclass(frozen=True)
class Bodies:
    """The bodies on a scope: ``shapes`` (lon/lat, valid, within the scope) and the body of each building.

    A building that isn't on the scope has body -1.
    """

    shapes: NDArray[Any]
    of_building: Ints

    @classmethod
    def of(cls, buildings: Sequence[Building], scope: Shape, frame: Frame) -> Bodies:
        """Join what overlaps, and cut off what lies outside of the scope."""
        footprints = np.array([polygonal(building.footprint) for building in buildings], dtype=object)
        within = np.array([polygonal(part) for part in shapely.intersection(footprints, scope)], dtype=object)
        stands = np.flatnonzero(shapely.area(frame.into(within)) > 0) if len(within) else np.array([], int)
        cluster = _clusters(frame.into(footprints[stands]))
        of_building = np.full(len(buildings), -1, dtype=np.int64)
        of_building[stands] = cluster
        members = np.split(within[stands[np.argsort(cluster, kind="stable")]], _ends(cluster))
        shapes = [own[0] if len(own) == 1 else polygonal(shapely.union_all(own)) for own in members]
        return cls(np.array(shapes[: cluster.max(initial=-1) + 1], dtype=object), of_building)


def polygonal(shape: Any) -> Any:  # noqa: ANN401 (any geometry comes in)
    """Return what is polygon of a shape, valid: broken rings are mended, lines and points left out."""
    flat = to_storage(shape)
    sound = flat if shapely.is_valid(flat) else shapely.make_valid(flat, method="structure")
    if sound.geom_type in {"Polygon", "MultiPolygon"}:
        return sound
    return shapely.union_all(
        [part for part in shapely.get_parts(sound) if part.geom_type.endswith("Polygon")]
    )


def scope_of(site: Site) -> Any:  # noqa: ANN401 (a polygon or several)
    """Return the ground of a site, valid. Raises ValueError for a scope without area."""
    scope = polygonal(site.scope)
    if scope.is_empty:
        message = "the scope of a proposal is a polygon that is not empty"
        raise ValueError(message)
    return scope


def _clusters(footprints: NDArray[Any]) -> Ints:
    """Return the number of the cluster of each footprint (in metres)."""
    a, b = STRtree(footprints).query(footprints, predicate="intersects")
    a, b = a[a < b], b[a < b]
    area = shapely.area(footprints)
    common = shapely.area(shapely.intersection(footprints[a], footprints[b]))
    one = (common > MOST_OVERLAP) | (common > _TENTH * np.minimum(area[a], area[b]))
    return pieces(len(footprints), a[one], b[one], np.zeros(len(footprints), dtype=np.int64))


def _ends(cluster: Ints) -> Ints:
    """Return where each cluster ends in the order of clusters, but for the last."""
    return np.cumsum(np.bincount(cluster))[:-1]
