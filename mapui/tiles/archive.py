"""The map around somebody's posts in one file (PMTiles), for where there is no network.

The tiles that everybody may see go into one: vector tiles are lists of layers, so a tile of each, put
together, is a tile.
"""

from __future__ import annotations

import gzip
import io
import math
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from django.contrib.gis.db.models import Extent
from django.utils import timezone
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from gis_grids.models import UnitVersion
from gis_grids.selectors import map_version
from mapui.tiles.layers import MAX_ZOOM, OPEN, Address, Layer, levels_of
from mapui.tiles.making import tile

if TYPE_CHECKING:
    from collections.abc import Collection

    Box = tuple[float, float, float, float]
    """West, south, east, north in degrees."""

#: Raised when an archive of the same map is made otherwise than before.
FORMAT: Final = 2
#: More tiles would take too long to make, and too much of a telephone: the deepest zooms are left out then.
MOST_TILES: Final = 800
FIRST_ZOOM: Final = 9
#: How far the map goes on beyond the grids: this part of their size, and so many metres at least.
_MARGIN, _LEAST_MARGIN_M = 0.25, 400.0
_METRES_PER_DEGREE: Final = 111_320.0
_HIGHEST_LATITUDE: Final = 85.0
#: Archives kept by each process; of a few hundred kilobytes to some megabytes.
_KEPT: Final = 4


@dataclass(frozen=True, slots=True)
class Ground:
    """What an archive shows: the boxes around the units of posts, in versions of the sets of tiles."""

    boxes: tuple[Box, ...]
    versions: tuple[tuple[Layer, int], ...]

    @property
    def etag(self) -> str:
        """Name the content, without making it."""
        return f'"{sha256(repr((FORMAT, self.boxes, self.versions)).encode()).hexdigest()[:32]}"'


def ground_of(roots: Collection[int]) -> Ground:
    """Return the ground around units, by their ids, as it is now; without boxes if none is in force."""
    versions = UnitVersion.objects.filter(unit__in=roots, valid__contains=timezone.now())
    boxes = versions.annotate(box=Extent("boundary")).values_list("box", flat=True)
    return Ground(
        boxes=tuple(sorted(_with_margin(box) for box in boxes)),
        versions=tuple((layer, map_version(layer.value)) for layer in OPEN),
    )


@lru_cache(maxsize=_KEPT)
def archive(ground: Ground) -> bytes:
    """Return the tiles of the ground, from `FIRST_ZOOM` on as deep as `MOST_TILES` allow.

    b"" where nothing is drawn: the format knows no archive without tiles. Raises
    `django.db.OperationalError` as `tile` does.
    """
    file = io.BytesIO()
    writer = Writer(file)
    for tile_id, z, x, y in sorted((zxy_to_tileid(*zxy), *zxy) for zxy in _tiles(ground.boxes)):
        content = b"".join(
            tile(Address(layer, version, z, x, y, level)).plain
            for layer, version in ground.versions
            for level in levels_of(layer)
        )
        if content:
            writer.write_tile(tile_id, gzip.compress(content, compresslevel=6, mtime=0))
    if not writer.tile_entries:
        return b""
    writer.finalize(_header(ground.boxes), {"name": "Linge"})
    return file.getvalue()


def _with_margin(box: Box) -> Box:
    west, south, east, north = box
    latitude = min(_HIGHEST_LATITUDE, max(abs(south), abs(north)))
    least = _LEAST_MARGIN_M / _METRES_PER_DEGREE
    dx = max(_MARGIN * (east - west), least / math.cos(math.radians(latitude)))
    dy = max(_MARGIN * (north - south), least)
    return west - dx, south - dy, east + dx, north + dy


def _tiles(boxes: Collection[Box]) -> set[tuple[int, int, int]]:
    """Return zoom, column and row of the tiles that the boxes touch, whole zooms at a time."""
    found: set[tuple[int, int, int]] = set()
    for zoom in range(FIRST_ZOOM, MAX_ZOOM + 1):
        ranges = [tile_range(box, zoom) for box in boxes]
        if sum(len(xs) * len(ys) for xs, ys in ranges) + len(found) > MOST_TILES:
            break
        found.update((zoom, x, y) for xs, ys in ranges for x in xs for y in ys)
    return found


def tile_range(box: Box, zoom: int) -> tuple[range, range]:
    """Return the columns and the rows of the tiles that a box touches at a zoom."""
    west, south, east, north = box
    (left, top), (right, bottom) = _column_row(west, north, zoom), _column_row(east, south, zoom)
    return range(left, right + 1), range(top, bottom + 1)


def _column_row(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    side = 2**zoom
    bounded = max(-_HIGHEST_LATITUDE, min(_HIGHEST_LATITUDE, lat))
    row = (1 - math.asinh(math.tan(math.radians(bounded))) / math.pi) / 2 * side
    return _on_map((lon + 180) / 360 * side, side), _on_map(row, side)


def _on_map(at: float, side: int) -> int:
    return max(0, min(side - 1, int(at)))


def _header(boxes: Collection[Box]) -> dict[str, object]:
    wests, souths, easts, norths = zip(*boxes, strict=True)
    west, south, east, north = min(wests), min(souths), max(easts), max(norths)
    degrees = {"min_lon": west, "min_lat": south, "max_lon": east, "max_lat": north}
    degrees |= {"center_lon": (west + east) / 2, "center_lat": (south + north) / 2}
    return {
        "tile_type": TileType.MVT,
        "tile_compression": Compression.GZIP,
        "center_zoom": FIRST_ZOOM,
        **{f"{name}_e7": round(value * 10_000_000) for name, value in degrees.items()},
    }
