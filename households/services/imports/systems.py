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


def recognised(run: ImportRun, rows: Iterable[ReadRow]) -> Recognised:
    """Return what somebody said, else what the places themselves tell; without places "" does.

    A system is believed when most of the places lie in the unit by it, and far more of them on buildings
    than by any other: GCJ-02 and BD-09 are some 500 m off.
    """
    if run.crs:
        return Recognised(run.crs)
    points = np.array(list(islice(_points(rows), _SAMPLE)), dtype=np.float64).reshape(-1, 2)
    if not len(points):
        return Recognised("")
    area = _area(run.unit_id)
    possible = [name for name in _systems(area) if _inside(name, points, area) >= _INSIDE]
    shares = sorted(((_hits(in_lonlat(name, points)) / len(points), name) for name in possible), reverse=True)
    if shares and len(points) >= _FEW:
        share, best = shares[0]
        is_alone = len(shares) == 1 and best not in _DEGREES
        is_clear = share >= _ON_BUILDINGS and (len(shares) == 1 or share >= _TIMES * shares[1][0])
        if (is_alone or is_clear) and not best.endswith(SWAPPED):
            return Recognised(best)
        if is_alone or is_clear or all(name.endswith(SWAPPED) for name in possible):
            return Recognised("", _question("import.crs_swapped", best))
    return Recognised("", _question("import.crs", shares[0][1] if shares else ""))


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


def _points(rows: Iterable[ReadRow]) -> Iterator[tuple[float, float]]:
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
    lonlat = in_lonlat(name, points)
    lonlat = lonlat[np.isfinite(lonlat).all(axis=1)]
    return float(shapely.contains_xy(area, lonlat[:, 0], lonlat[:, 1]).sum()) / len(points)


def _hits(points: Points) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_HITS, [points[:, 0].tolist(), points[:, 1].tolist()])
        return int(cursor.fetchone()[0])


def _question(code: str, best: str) -> dict[str, Any]:
    return {"code": code, "details": {}, "best": best}
