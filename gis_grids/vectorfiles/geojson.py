"""Reading GeoJSON (RFC 7946, and its `crs` member of old), every number exactly as written.

Not through GDAL: one broken feature must not lose the others, and must be named.
"""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Final

import shapely
from shapely.errors import ShapelyError

from gis_grids.errors import BadFile
from gis_grids.vectorfiles.encodings import chosen_encoding
from gis_grids.vectorfiles.features import Attributes, Note, RawFeature, RawLayer, heights_dropped
from gis_grids.vectorfiles.texts import storable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

Json = Any
Position = tuple[float, float]

_FEWEST_IN_RING: Final = 4
_GEOMETRY_TYPES: Final = {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"}


class _BrokenGeometryError(Exception):
    """A geometry that can't be built; the argument is the code to tell."""


def read_geojson(path: Path, *, encoding: str | None, close_rings: bool) -> RawLayer:
    """Return the features of a GeoJSON file in its own coordinates. Raises `BadFile`."""
    text, codec, notes = _text(path, encoding)
    try:
        document = json.loads(text)
    except RecursionError as error:
        raise BadFile.of("file.too_deep", file=path.name) from error
    except json.JSONDecodeError as error:
        place = {"line": error.lineno, "column": error.colno}
        raise BadFile.of("file.broken_json", file=path.name, **place) from error
    except ValueError as error:
        raise BadFile.of("file.unreadable", file=path.name, reason=str(error)[:200]) from error
    built = [_feature(n, item, close_rings=close_rings) for n, item in enumerate(_items(document, path), 1)]
    features = [feature for feature, _builder in built]
    closed = [feature.faulty("feature.ring_closed") for feature, builder in built if builder.closed]
    heights = sum(builder.heights for _feature, builder in built)
    notes = (*notes, *closed, *heights_dropped(heights))
    return RawLayer(features, "GeoJSON", _crs(document), codec, path.stem, notes)


def _text(path: Path, told: str | None) -> tuple[str, str, tuple[Note, ...]]:
    raw = path.read_bytes()
    codec = "utf-8-sig" if told is None else chosen_encoding(told)
    try:
        return raw.decode(codec), codec.removesuffix("-sig"), ()
    except UnicodeDecodeError as error:
        if told is not None:
            raise BadFile.of("file.encoding_unknown", file=path.name) from error
    try:
        return raw.decode("gb18030"), "gb18030", (Note("file.encoding_guessed", {"encoding": "gb18030"}),)
    except UnicodeDecodeError as error:
        raise BadFile.of("file.encoding_unknown", file=path.name) from error


def _items(document: Json, path: Path) -> list[Json]:
    kind = document.get("type") if isinstance(document, dict) else None
    if kind == "FeatureCollection" and isinstance(document.get("features"), list):
        return list(document["features"])
    if kind == "Feature":
        return [document]
    if kind in _GEOMETRY_TYPES:
        return [{"type": "Feature", "properties": {}, "geometry": document}]
    raise BadFile.of("file.unknown_format", file=path.name)


def _crs(document: Json) -> str:
    """Return the coordinate system: RFC 7946 knows one only, GeoJSON 2008 named it."""
    try:
        return str(document["crs"]["properties"]["name"])
    except (KeyError, TypeError):
        return "OGC:CRS84"


def _feature(number: int, item: Json, *, close_rings: bool) -> tuple[RawFeature, _Builder]:
    item = item if isinstance(item, dict) else {}
    properties = item.get("properties")
    feature = RawFeature(number, _attributes(properties) if isinstance(properties, dict) else {}, None)
    builder = _Builder(close_rings=close_rings)
    try:
        return replace(feature, geometry=builder.geometry(item.get("geometry"))), builder
    except _BrokenGeometryError as error:
        code = str(error)
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError, OverflowError, RecursionError):
        code = "feature.broken"
    return replace(feature, fault=feature.faulty(code)), _Builder(close_rings=close_rings)


def _attributes(properties: dict[str, Json]) -> Attributes:
    return {
        storable(name): storable(value) if isinstance(value, str) else value
        for name, value in properties.items()
    }


class _Builder:
    """Builds one geometry, and remembers what it changed: rings `closed`, `heights` dropped."""

    def __init__(self, *, close_rings: bool) -> None:
        self._close_rings = close_rings
        self.closed = False
        self.heights = False

    def geometry(self, geometry: Json) -> BaseGeometry:
        if geometry is None:
            raise _BrokenGeometryError("feature.no_geometry")
        if geometry["type"] == "GeometryCollection":
            return shapely.GeometryCollection([self.geometry(part) for part in geometry["geometries"]])
        build = self._PARTS.get(geometry["type"])
        if build is None:
            raise _BrokenGeometryError("feature.broken")
        if not geometry["coordinates"]:
            raise _BrokenGeometryError("feature.no_geometry")
        return build(self, geometry["coordinates"])

    def _position(self, position: Json) -> Position:
        x, y, *height = position
        if not (isinstance(x, (int, float)) and isinstance(y, (int, float))):
            raise _BrokenGeometryError("feature.not_finite")
        if not (math.isfinite(x) and math.isfinite(y)):
            raise _BrokenGeometryError("feature.not_finite")
        self.heights = self.heights or bool(height)
        return float(x), float(y)

    def _positions(self, positions: Json) -> list[Position]:
        return [self._position(position) for position in positions]

    def _ring(self, positions: Json) -> list[Position]:
        ring = self._positions(positions)
        if ring and ring[0] != ring[-1]:
            if not self._close_rings:
                raise _BrokenGeometryError("feature.ring_open")
            self.closed = True
            ring.append(ring[0])
        if len(ring) < _FEWEST_IN_RING:
            raise _BrokenGeometryError("feature.broken")
        return ring

    def _point(self, coordinates: Json) -> BaseGeometry:
        return shapely.Point(self._position(coordinates))

    def _points(self, coordinates: Json) -> BaseGeometry:
        return shapely.MultiPoint(self._positions(coordinates))

    def _line(self, coordinates: Json) -> BaseGeometry:
        return shapely.LineString(self._positions(coordinates))

    def _lines(self, coordinates: Json) -> BaseGeometry:
        return shapely.MultiLineString([self._positions(line) for line in coordinates])

    def _polygon(self, coordinates: Json) -> shapely.Polygon:
        shell, *holes = [self._ring(ring) for ring in coordinates]
        return shapely.Polygon(shell, holes)

    def _polygons(self, coordinates: Json) -> BaseGeometry:
        return shapely.MultiPolygon([self._polygon(polygon) for polygon in coordinates])

    _PARTS: ClassVar[dict[str, Callable[[_Builder, Json], BaseGeometry]]] = {
        "Point": _point,
        "MultiPoint": _points,
        "LineString": _line,
        "MultiLineString": _lines,
        "Polygon": _polygon,
        "MultiPolygon": _polygons,
    }
