"""Units as features: GeoJSON with nine decimals, and the rows of an export.

Nine decimals are the storage lattice: nothing is lost, and a tiling stays one (fewer than eight break it).
"""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING, Any

from gis_grids.models.shapes import from_stored
from gis_grids.vectorfiles import write_geojson

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shapely.geometry.base import BaseGeometry

    from gis_grids.models import UnitVersion


def unit_rows(versions: Iterable[UnitVersion]) -> list[tuple[BaseGeometry, dict[str, Any]]]:
    """Return (lon/lat geometry, attributes) of versions: code, name, level, parent's code, valid_from."""
    return [(from_stored(version.boundary), unit_attributes(version)) for version in versions]


def unit_attributes(version: UnitVersion) -> dict[str, Any]:
    """Return what a file or a map says of a unit; `valid_from` is ISO 8601 in UTC, None for ever."""
    begin = version.valid.lower
    return {
        "code": version.unit.code,
        "name": version.name,
        "level": version.unit.level,
        "parent": version.parent.code if version.parent else None,
        "valid_from": begin.isoformat() if begin else None,
    }


def unit_collection(versions: Iterable[UnitVersion]) -> str:
    """Return the versions as a GeoJSON FeatureCollection (RFC 7946)."""
    text = StringIO()
    write_geojson(text, unit_rows(versions))
    return text.getvalue()
