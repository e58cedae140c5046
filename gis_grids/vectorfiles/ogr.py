"""Reading GeoPackage, Shapefile and KML through GDAL (pyogrio)."""

from __future__ import annotations

import math
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from gis_grids.errors import BadFile
from gis_grids.vectorfiles.encodings import LOSSLESS, companion, decoded, shapefile_encoding
from gis_grids.vectorfiles.features import Attributes, Note, RawFeature, RawLayer, heights_dropped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

_DRIVERS = {"GPKG": {"GPKG"}, "ESRI Shapefile": {"ESRI Shapefile"}, "KML": {"KML", "LIBKML"}}


def read_ogr(
    path: Path, expected: str, *, layer: str | None, encoding: str | None, close_rings: bool
) -> RawLayer:
    """Return a layer of a GeoPackage, Shapefile or KML file in its own coordinates.

    `expected` is the format told from the first bytes: another driver is refused. Raises `BadFile`.
    """
    is_shapefile = expected == "ESRI Shapefile"
    if is_shapefile:
        _check_parts(path)
    try:
        name, (meta, _fids, shapes, columns) = _read(path, expected, layer)
    except (DataSourceError, DataLayerError, UnicodeDecodeError) as error:
        raise BadFile.of("file.unreadable", file=path.name, reason=str(error)[:200]) from error
    if shapes is None:
        raise BadFile.of("file.no_features", file=path.name)
    codec = "utf-8"
    notes: tuple[Note, ...] = ()
    if is_shapefile:
        codec, notes = shapefile_encoding(path, list(_texts(meta, columns)), told=encoding)
    decode = _decoder(codec) if is_shapefile else None
    rows = _rows(meta, columns, len(shapes), decode or str)
    features, closed = _features(shapes, rows, close_rings=close_rings)
    return RawLayer(features, expected, meta["crs"], codec, name, (*notes, *closed))


def _check_parts(path: Path) -> None:
    """Ask for the files without which a Shapefile has no features, or no attributes."""
    for suffix in (".shx", ".dbf"):
        if companion(path, suffix) is None:
            raise BadFile.of("file.part_missing", file=path.name, part=suffix)


def _layer_name(path: Path, wanted: str | None) -> str:
    names = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
    if wanted is not None and wanted not in names:
        raise BadFile.of("file.no_such_layer", layer=wanted[:60], layers=", ".join(names))
    if wanted is None and len(names) > 1:
        raise BadFile.of("file.several_layers", file=path.name, layers=", ".join(names))
    if not names:
        raise BadFile.of("file.no_features", file=path.name)
    return wanted or names[0]


def _read(path: Path, expected: str, layer: str | None) -> tuple[str, Any]:
    text = {"encoding": LOSSLESS} if expected == "ESRI Shapefile" else {}
    with warnings.catch_warnings():
        # GDAL's warnings name no feature; what they are about is found, by number, in what it returns.
        warnings.simplefilter("ignore", RuntimeWarning)
        name = _layer_name(path, layer)
        if pyogrio.read_info(path, layer=name, **text)["driver"] not in _DRIVERS[expected]:
            raise BadFile.of("file.unknown_format", file=path.name)
        return name, pyogrio.raw.read(path, layer=name, datetime_as_string=True, **text)


def _texts(meta: Mapping[str, Any], columns: list[NDArray[Any]]) -> Iterator[str]:
    yield from meta["fields"]
    for column in columns:
        if column.dtype == object:
            yield from (value for value in column if isinstance(value, str))


def _decoder(codec: str) -> Callable[[str], str]:
    return lambda text: decoded(text, codec)


def _rows(
    meta: Mapping[str, Any], columns: list[NDArray[Any]], count: int, decode: Callable[[str], str]
) -> list[Attributes]:
    names = [decode(name) for name in meta["fields"]]
    whole = [kind.startswith("OFTInteger") for kind in meta["ogr_types"]]
    return [
        {
            name: _plain(column[row], decode, whole=is_whole)
            for name, column, is_whole in zip(names, columns, whole, strict=True)
        }
        for row in range(count)
    ]


def _plain(value: Any, decode: Callable[[str], str], *, whole: bool) -> Any:  # noqa: ANN401
    """Return a plain Python value; whole numbers beside an empty cell come as floats from GDAL."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, str):
        return decode(value)
    if isinstance(value, float) and math.isnan(value):
        return None
    return int(value) if whole and isinstance(value, float) else value


def _features(
    shapes: NDArray[Any], rows: list[Attributes], *, close_rings: bool
) -> tuple[list[RawFeature], tuple[Note, ...]]:
    """Return the features, and notes on rings closed and heights dropped."""
    geometries = shapely.from_wkb(shapes, on_invalid="ignore")
    closed = shapely.from_wkb(shapes, on_invalid="fix")
    features, notes = [], []
    for i, attributes in enumerate(rows):
        feature = RawFeature(i + 1, attributes, geometries[i])
        if feature.geometry is None and close_rings and closed[i] is not None:
            feature = replace(feature, geometry=closed[i])
            notes.append(feature.faulty("feature.ring_closed"))
        if feature.geometry is None:
            feature = replace(feature, fault=feature.faulty(_fault(shapes[i], closed[i])))
        features.append(feature)
    return features, (*notes, *heights_dropped(int(shapely.has_z(geometries).sum())))


def _fault(shape: bytes | None, closed: BaseGeometry | None) -> str:
    if shape is None:
        return "feature.no_geometry"
    return "feature.broken" if closed is None else "feature.ring_open"
