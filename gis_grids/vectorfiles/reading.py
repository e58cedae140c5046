"""Reading a vector file: whichever format, always lon/lat, no feature lost for another's fault."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from gis_grids.errors import BadFile
from gis_grids.geometry.coordinates import SourceCrs, parse_crs
from gis_grids.vectorfiles.features import Feature, FeatureFile, Note, RawFeature, RawLayer
from gis_grids.vectorfiles.formats import opened
from gis_grids.vectorfiles.geojson import read_geojson
from gis_grids.vectorfiles.ogr import read_ogr

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

MOST_VERTICES: Final = 100_000
"""Of one feature. The largest of Beijing's 331 streets has 1,855, a province's outline about 50,000."""

_BESIDE_ITS_ZONE: Final = 0.5
"""Degrees: a district on the edge of a zone is often drawn in one system as a whole."""

_POLYGONS = {"Polygon", "MultiPolygon"}


def read_features(  # noqa: PLR0913 (options, all by keyword)
    path: Path,
    *,
    crs: str | None = None,
    encoding: str | None = None,
    layer: str | None = None,
    polygons_only: bool = False,
    close_rings: bool = False,
) -> FeatureFile:
    """Read a GeoJSON, GeoPackage, Shapefile (or a zip of it) or KML file.

    `crs` overrides the file's own coordinate system: "EPSG:n", "gcj02" or "bd09". `encoding` overrides
    that of a Shapefile's or GeoJSON's text. `layer` chooses one of several. Features whose geometry is
    missing, unclosed, not finite, off the Earth, too big or (with `polygons_only`) no polygon come back
    as faults, the rest as features. Unclosed rings are closed, with a note for each, where
    `close_rings` says so. Raises `BadFile` ("file.…", "crs.unknown") when the file as a whole can't be read.
    """
    source = parse_crs(crs) if crs else None
    raw = read_layer(path, encoding=encoding, layer=layer, close_rings=close_rings)
    return placed(raw, crs=source, polygons_only=polygons_only)


def read_layer(
    path: Path, *, encoding: str | None = None, layer: str | None = None, close_rings: bool = False
) -> RawLayer:
    """Read a file as `read_features` does, its features left in the file's own coordinates.

    For who must see them before it can be said in which system they are. Raises `BadFile` ("file.…").
    """
    with opened(path) as (file, kind):
        if kind == "GeoJSON":
            raw = read_geojson(file, encoding=encoding, close_rings=close_rings)
        else:
            raw = read_ogr(file, kind, layer=layer, encoding=encoding, close_rings=close_rings)
    if not raw.features:
        raise BadFile.of("file.no_features", file=path.name)
    return replace(raw, file=path.name)


def placed(raw: RawLayer, *, crs: SourceCrs | None = None, polygons_only: bool = False) -> FeatureFile:
    """Return the features of a layer in lon/lat, by `crs` or else by the system that its file names.

    Raises `BadFile` ("file.no_crs", "file.not_on_earth", "crs.unknown").
    """
    return _in_lonlat(raw, crs or _own_crs(raw), polygons_only=polygons_only)


def _own_crs(raw: RawLayer) -> SourceCrs:
    if raw.crs is None:
        raise BadFile.of("file.no_crs", file=raw.file)
    return parse_crs(raw.crs)


def _in_lonlat(raw: RawLayer, source: SourceCrs, *, polygons_only: bool) -> FeatureFile:
    checked = [_checked(feature, polygons_only=polygons_only) for feature in raw.features]
    sound = [feature for feature in checked if feature.fault is None]
    geometries = _lonlat([feature.geometry for feature in sound], source)
    on_earth = _on_earth(geometries)
    if sound and not on_earth.any():
        raise BadFile.of("file.not_on_earth", file=raw.file, crs=source.name)
    placed = list(zip(sound, geometries, on_earth, strict=True))
    off_earth = [replace(f, fault=f.faulty("feature.not_on_earth")) for f, _, fits in placed if not fits]
    faulty = sorted((*checked, *off_earth), key=lambda feature: feature.number)
    return FeatureFile(
        features=tuple(Feature(f.number, geometry, f.attributes) for f, geometry, fits in placed if fits),
        faults=tuple(feature.fault for feature in faulty if feature.fault is not None),
        notes=(*raw.notes, *_misplaced(geometries[on_earth], source)),
        driver=raw.driver,
        crs=source.name,
        encoding=raw.encoding,
        layer=raw.layer,
    )


def _misplaced(geometries: NDArray[Any], source: SourceCrs) -> tuple[Note, ...]:
    """Note features far from where their map projection is used: it may be that of another zone."""
    if source.made_for is None or not len(geometries):
        return ()
    west, south, east, north = shapely.total_bounds(geometries)
    lon, lat = (west + east) / 2, (south + north) / 2
    if shapely.box(*source.made_for).dwithin(shapely.Point(lon, lat), _BESIDE_ITS_ZONE):
        return ()
    return (Note("file.outside_crs", {"crs": source.name, "lon": round(lon, 4), "lat": round(lat, 4)}),)


def _checked(feature: RawFeature, *, polygons_only: bool) -> RawFeature:
    if feature.geometry is None:
        return feature
    vertices = int(shapely.get_num_coordinates(feature.geometry))
    fault = None
    if vertices == 0:
        fault = feature.faulty("feature.no_geometry")
    elif vertices > MOST_VERTICES:
        fault = feature.faulty("feature.too_many_vertices", n=vertices, most=MOST_VERTICES)
    elif polygons_only and feature.geometry.geom_type not in _POLYGONS:
        fault = feature.faulty("feature.not_a_polygon", type=feature.geometry.geom_type)
    elif not np.isfinite(shapely.get_coordinates(feature.geometry)).all():
        fault = feature.faulty("feature.not_finite")
    return replace(feature, fault=fault)


def _lonlat(geometries: list[BaseGeometry | None], source: SourceCrs) -> NDArray[Any]:
    flat = shapely.force_2d(np.array(geometries, dtype=object))
    return np.asarray(source.to_lonlat(flat) if len(flat) else flat)


def _on_earth(geometries: NDArray[Any]) -> NDArray[np.bool_]:
    """Tell which lon/lat geometries have all their vertices within the ranges of longitude and latitude."""
    return np.asarray((np.abs(shapely.bounds(geometries)) <= [180, 90, 180, 90]).all(axis=1))
