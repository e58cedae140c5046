"""Reading vector tiles in tests, through GDAL's MVT driver."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyogrio
import shapely


@dataclass
class Feature:
    """One feature: geometry in the tile's own lattice, properties without those that it hasn't."""

    geometry: shapely.Geometry
    properties: dict[str, Any]


def layers_of(tile: bytes) -> dict[str, list[Feature]]:
    """Return the features of a tile by layer."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "tile.mvt"
        path.write_bytes(tile)
        return {str(name): _features(path, str(name)) for name, _kind in pyogrio.list_layers(path)}


def _features(path: Path, layer: str) -> list[Feature]:
    meta, _ids, shapes, columns = pyogrio.raw.read(path, layer=layer)
    fields = [str(field) for field in meta["fields"]]
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return [
        Feature(shapely.from_wkb(shape), {field: value for field, value in pairs if _is_set(value)})
        for shape, pairs in zip(shapes, (zip(fields, row, strict=True) for row in rows), strict=True)
    ]


def _is_set(value: Any) -> bool:
    return value is not None and value == value  # noqa: PLR0124 - NaN is not
