"""Writing vector files: exactly what is stored, so that reading them again gives it bit by bit."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
import pyogrio
import shapely
from shapely.geometry import mapping

from gis_grids.geometry.lattice import DECIMALS, to_storage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import TextIO

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Row = tuple[BaseGeometry, Mapping[str, Any]]


def write_geojson(target: Path | TextIO, features: Iterable[Row]) -> None:
    """Write (lon/lat geometry, attributes) pairs as GeoJSON, RFC 7946: WGS 84, shells anticlockwise.

    Every coordinate has exactly the nine decimals of the storage lattice. One line per feature. A file
    appears whole or not at all, and replaces an older one.
    """
    if isinstance(target, Path):
        with _replacing(target) as fresh, fresh.open("w", encoding="utf-8") as file:
            _write_geojson(file, features)
    else:
        _write_geojson(target, features)


def write_geopackage(target: Path, features: Sequence[Row], *, layer: str) -> None:
    """Write (lon/lat geometry, attributes) pairs as one layer of a new GeoPackage, EPSG:4326.

    Polygons become multi-polygons, since a layer has one type. All features have the first one's attributes.
    A file appears whole or not at all, and replaces an older one.
    """
    geometries = np.array([to_storage(geometry) for geometry, _attributes in features], dtype=object)
    names = list(features[0][1]) if features else []
    columns = [_column([attributes.get(name) for _geometry, attributes in features]) for name in names]
    with _replacing(target) as fresh:
        pyogrio.raw.write(
            fresh,
            shapely.to_wkb(geometries),
            [values for values, _missing in columns],
            names,
            field_mask=[missing for _values, missing in columns],
            layer=layer,
            driver="GPKG",
            geometry_type=_layer_type(geometries),
            promote_to_multi=True,
            crs="EPSG:4326",
        )


@contextmanager
def _replacing(target: Path) -> Iterator[Path]:
    with TemporaryDirectory(dir=target.parent, prefix=".writing-") as folder:
        fresh = Path(folder) / target.name
        yield fresh
        fresh.replace(target)


def _write_geojson(file: TextIO, features: Iterable[Row]) -> None:
    file.write('{"type": "FeatureCollection", "features": [')
    separator = "\n"
    for geometry, attributes in features:
        properties = json.dumps(dict(attributes), ensure_ascii=False, allow_nan=False, default=str)
        file.write(
            f'{separator}{{"type": "Feature", "properties": {properties}, "geometry": {_geometry(geometry)}}}'
        )
        separator = ",\n"
    file.write("\n]}\n")


def _geometry(geometry: BaseGeometry) -> str:
    stored = mapping(to_storage(geometry))
    return f'{{"type": "{stored["type"]}", "coordinates": {_numbers(stored["coordinates"])}}}'


def _numbers(value: Any) -> str:  # noqa: ANN401 (numbers nested to any depth)
    if isinstance(value, float):
        return f"{value:.{DECIMALS}f}"
    return f"[{', '.join(map(_numbers, value))}]"


def _column(values: list[Any]) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Return one attribute of all features as whole numbers, decimals or text, and where it is missing."""
    missing = np.array([value is None for value in values], dtype=bool)
    kinds = {type(value) for value in values if value is not None}
    if kinds and kinds <= {int, float}:
        numbers = [0 if value is None else value for value in values]
        return np.array(numbers, dtype=np.float64 if float in kinds else np.int64), missing
    return np.array([None if value is None else str(value) for value in values], dtype=object), missing


def _layer_type(geometries: NDArray[Any]) -> str:
    kinds = {geometry.geom_type.removeprefix("Multi") for geometry in geometries}
    return f"Multi{kinds.pop()}" if len(kinds) == 1 else "Unknown"
