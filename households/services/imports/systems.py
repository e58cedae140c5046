"""In which coordinate system the places of a table are: told by where they'd lie, or asked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from django.db import connection

from gis_grids.geometry.coordinates import parse_crs, zone_for
from gis_grids.selectors import current_versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from gis_grids.geometry.coordinates import SourceCrs
    from households.models import ImportRun
    from households.services.imports.rows import ReadRow

    Points = NDArray[np.float64]
    """Coordinates, shape (n, 2)."""

#: Behind the name of a system: its second coordinate comes first in the table.
SWAPPED: Final = " swapped"
#: So many places are looked at; of so few nothing can be told.
_SAMPLE, _FEW = 1_000, 3
#: That many must lie in the unit (and a little around it) for a system to be possible at all.
_INSIDE, _AROUND = 0.5, 0.02
#: That many must lie on buildings for it to be believed, and so many times as many as by the next one.
_ON_BUILDINGS, _TIMES = 0.35, 1.5
_DEGREES: Final = ("EPSG:4326", "gcj02", "bd09")
_SHOWN: Final = {"gcj02": "GCJ-02", "bd09": "BD-09"}
#: CGCS2000 3-degree zones: those without the zone's number before the easting, and those with it.
_ZONES: Final = tuple(f"EPSG:{number}" for number in (*range(4534, 4555), *range(4513, 4534), 3857))

_HITS: Final = """
SELECT count(*) FROM unnest(%s::float8[], %s::float8[]) AS place (x, y)
WHERE EXISTS (
    SELECT FROM households_building b
    WHERE ST_DWithin(b.footprint, ST_SetSRID(ST_MakePoint(place.x, place.y), 4326), 0.00004)
)
"""


@dataclass(frozen=True, slots=True)
class Recognised:
    """The coordinate system of a table, or what to ask: a code of `words` with its details."""

    crs: str
    question: dict[str, Any] | None = None


def recognised(run: ImportRun, places: Iterable[tuple[float, float]], named: str = "") -> Recognised:
    """Return what somebody said, else what the file names, else what the places themselves tell; or ask.

    A system is believed when most of the places lie in the unit by it, and far more of them on buildings
    than by any other: GCJ-02 and BD-09 are some 500 m off. ``named`` is the system that a map file names; it
    is doubted where by another one the places are clearly better off. "" is returned for it, and where
    there are no places.
    """
    if run.crs:
        return Recognised(run.crs)
    points = np.array(list(islice(places, _SAMPLE)), dtype=np.float64).reshape(-1, 2)
    if not len(points):
        return Recognised("")
    area = _area(run.unit_id)
    possible = [name for name in _systems(area) if _inside(name, points, area) >= _INSIDE]
    shares = sorted(((_hits(in_lonlat(name, points)) / len(points), name) for name in possible), reverse=True)
    best, is_clear = _clearest(shares, len(points))
    if named:
        return _as_named(named, points, area, shares)
    if is_clear and not best.endswith(SWAPPED):
        return Recognised(best)
    if is_clear or (shares and len(points) >= _FEW and all(name.endswith(SWAPPED) for name in possible)):
        return Recognised("", _question("import.crs_swapped", best))
    return Recognised("", _question("import.crs", best))


def _clearest(shares: list[tuple[float, str]], count: int) -> tuple[str, bool]:
    """Return the system by which most places lie on buildings ("": none), and whether that is proof."""
    if not shares:
        return "", False
    share, best = shares[0]
    if count < _FEW:
        return best, False
    is_alone = len(shares) == 1 and best not in _DEGREES
    is_ahead = share >= _ON_BUILDINGS and (len(shares) == 1 or share >= _TIMES * shares[1][0])
    return best, is_alone or is_ahead


def _as_named(named: str, points: Points, area: BaseGeometry, shares: list[tuple[float, str]]) -> Recognised:
    """Believe what a map file says of itself, unless its places lie clearly better by another system."""
    if not shares:
        return Recognised("")
    share, best = shares[0]
    ours = in_lonlat(named, points)
    is_possible = _share_inside(ours, area) > 0
    least = max(_ON_BUILDINGS, _TIMES * _hits(ours) / len(points))
    if is_possible and (len(points) < _FEW or share < least):
        return Recognised("")
    if best.endswith(SWAPPED):
        return Recognised("", _question("import.crs_swapped", best))
    return Recognised(
        "", {**_question("import.crs_doubt", best), "details": {"better": _SHOWN.get(best, best)}}
    )


def in_lonlat(name: str, points: Points) -> Points:
    """Return coordinates of a system, by its name with or without `SWAPPED`, as lon/lat (EPSG:4326).

    What lies nowhere on Earth comes out infinite. Raises `BadFile` ("crs.unknown").
    """
    if name.endswith(SWAPPED):
        points = points[:, ::-1]
    shapes = _system(name.removesuffix(SWAPPED)).to_lonlat(shapely.points(points))
    return np.asarray(shapely.get_coordinates(shapes), dtype=np.float64)


@lru_cache(maxsize=64)
def _system(name: str) -> SourceCrs:
    return parse_crs(name)


def places_of(rows: Iterable[ReadRow]) -> Iterator[tuple[float, float]]:
    """Yield the coordinates that rows give, as they stand there."""
    for row in rows:
        x, y = row.values.get("lon"), row.values.get("lat")
        if x and y:
            yield x, y


def _systems(area: BaseGeometry) -> list[str]:
    centre = area.centroid
    names = [*_DEGREES, *_ZONES, f"EPSG:{zone_for(centre.x, centre.y)}"]
    return [*dict.fromkeys(names), *dict.fromkeys(name + SWAPPED for name in names)]


def _area(unit_id: int) -> BaseGeometry:
    boundary = current_versions().filter(unit=unit_id).values_list("boundary", flat=True).get()
    return shapely.from_wkb(bytes(boundary.wkb)).buffer(_AROUND)


def _inside(name: str, points: Points, area: BaseGeometry) -> float:
    is_degrees = bool((np.abs(points).max(axis=0) <= [180, 180]).all())
    if is_degrees != (name.removesuffix(SWAPPED) in _DEGREES):
        return 0.0
    return _share_inside(in_lonlat(name, points), area)


def _share_inside(lonlat: Points, area: BaseGeometry) -> float:
    finite = lonlat[np.isfinite(lonlat).all(axis=1)]
    return float(shapely.contains_xy(area, finite[:, 0], finite[:, 1]).sum()) / len(lonlat)


def _hits(lonlat: Points) -> int:
    finite = lonlat[np.isfinite(lonlat).all(axis=1)]
    with connection.cursor() as cursor:
        cursor.execute(_HITS, [finite[:, 0].tolist(), finite[:, 1].tolist()])
        return int(cursor.fetchone()[0])


def _question(code: str, best: str, **details: str) -> dict[str, Any]:
    return {"code": code, "details": details, "best": best}
