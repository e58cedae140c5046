"""Plans that no repair can save: told apart before anything is repaired."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NoReturn

import numpy as np
import shapely
from shapely import STRtree

from gis_grids.errors import BadFile
from gis_grids.geometry.coordinates import parse_crs
from gis_grids.geometry.faults import fault_of, place_of
from gis_grids.geometry.repair.rings import is_tangled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray
    from shapely import Point
    from shapely.geometry.base import BaseGeometry

    from gis_grids.geometry.frame import Frame
    from gis_grids.geometry.repair.rings import Shape

LEAST_COVERED: Final = 0.5
"""The share of the ground that a plan must cover to be a plan of it."""
MOST_SHARED: Final = 0.5
"""The share of the smaller of two zones that may lie in the other. What is more was drawn twice."""
GOOD_FIT: Final = 0.98
"""Plans whose ground is the same to this share (intersection by union) are not displaced."""
_BETTER = 0.5
"""What is wrong with the fit must shrink to this share when a displaced plan is put right."""
_OFFSETS = ("gcj02", "bd09")


class CannotRepairError(BadFile):
    """A plan can't be repaired sensibly; the code is one of those beginning with `repair.`.

    `details` fill the sentence. `zones` are the keys of the zones in question, `where` is lon/lat.
    """

    zones: tuple[str, ...] = ()
    where: Point | None = None


def refuse(code: str, zones: Iterable[str] = (), where: Point | None = None, **details: object) -> NoReturn:
    """Raise `CannotRepairError` with its sentence; the place goes into the details too."""
    error = CannotRepairError.of(code, **details, **({} if where is None else place_of(where)))
    error.zones, error.where = tuple(zones), where
    raise error


def judge_keys(keys: Sequence[str]) -> None:
    """Refuse a plan without zones, and one in which two zones have one key."""
    if not keys:
        refuse("repair.empty")
    twice = [key for key, count in Counter(keys).items() if count > 1]
    if twice:
        refuse("repair.key_twice", twice, key=twice[0], n=len(twice))


def judge_rings(shapes: Mapping[str, Shape], names: Mapping[str, str]) -> None:
    """Refuse broken rings that no one can make sound."""
    for key, shape in shapes.items():
        if not shape.is_valid and is_tangled(shape):
            _reason, where = fault_of(shape)
            refuse("repair.tangled", [key], where, a=names[key])


def judge_ground(
    shapes: Mapping[str, Shape], ground: Shape, names: Mapping[str, str], parent: str, frame: Frame
) -> None:
    """Refuse a plan of other ground, or one that is displaced; and zones that can't be of this ground.

    `shapes` are valid. Displaced is a plan that fits much better when it is taken as GCJ-02 or BD-09, or
    is moved as a whole.
    """
    for key, shape in shapes.items():
        if shape.is_empty:
            refuse("repair.no_area", [key], a=names[key])
    whole = shapely.union_all(list(shapes.values()))
    _judge_place(whole, ground, frame)
    covered = shapely.intersection(whole, ground).area / ground.area
    if covered < LEAST_COVERED:
        refuse("repair.too_little", shapes, percent=round(100 * covered), parent=parent)
    shapely.prepare(ground)
    for key, shape in shapes.items():
        if not shapely.relate_pattern(ground, shape, "T********"):
            refuse("repair.elsewhere", [key], shape.representative_point(), a=names[key], parent=parent)
    _judge_overlaps(shapes, names, frame)


def _judge_place(whole: BaseGeometry, ground: Shape, frame: Frame) -> None:
    """Refuse a plan that fits much better elsewhere."""
    fit = _fit(whole, ground)
    if fit >= GOOD_FIT:
        return
    enough = 1 - _BETTER * (1 - fit)
    offsets = {name: parse_crs(name).to_lonlat(whole) for name in _OFFSETS}
    fits = {name: _fit(moved, ground) for name, moved in offsets.items()}
    best = max(fits, key=fits.__getitem__)
    if fits[best] > enough:
        refuse("repair.other_crs", crs=best, percent=round(100 * fit), better=round(100 * fits[best]))
    away = shapely.get_coordinates([ground.centroid, whole.centroid])
    by = away[0] - away[1]
    if _fit(shapely.transform(whole, lambda lonlat: lonlat + by), ground) > enough:
        metres = np.hypot(*np.diff(shapely.get_coordinates(frame.into(shapely.points(away))), axis=0)[0])
        refuse("repair.displaced", metres=round(float(metres)), percent=round(100 * fit))


def _fit(one: BaseGeometry, other: BaseGeometry) -> float:
    """Return the share of the ground of either that is the ground of both."""
    if not (one.is_valid and one.intersects(other)):
        return 0.0
    common = shapely.intersection(one, other).area
    return float(common / (one.area + other.area - common))


def _judge_overlaps(shapes: Mapping[str, Shape], names: Mapping[str, str], frame: Frame) -> None:
    """Refuse two zones of which one lies mostly in the other."""
    keys, polygons = list(shapes), np.array(list(shapes.values()), dtype=object)
    areas = shapely.area(polygons)
    for i, j, common in overlapping(polygons):
        if common.area > MOST_SHARED * min(areas[i], areas[j]):
            square_metres = round(frame.projected(common).area, 2)
            where = common.representative_point()
            both = [keys[i], keys[j]]
            refuse("repair.drawn_twice", both, where, a=names[both[0]], b=names[both[1]], area=square_metres)


def overlapping(polygons: NDArray[Any]) -> list[tuple[int, int, BaseGeometry]]:
    """Return the pairs of valid polygons that have ground in common, and that ground."""
    a, b = STRtree(polygons).query(polygons, predicate="intersects")
    a, b = a[a < b], b[a < b]
    shapely.prepare(polygons)
    double = shapely.relate_pattern(polygons[a], polygons[b], "T********")
    a, b = a[double], b[double]
    common = shapely.intersection(polygons[a], polygons[b])
    return list(zip(a.tolist(), b.tolist(), common, strict=True))
