"""Vector files to be read, sound and broken."""

from __future__ import annotations

import json

import numpy as np
import pyogrio
import pytest
import shapely
from shapely import box

from gis_grids.errors import BadFile
from gis_grids.vectorfiles import read_features

SQUARES = [box(116.4, 39.9, 116.41, 39.91), box(116.41, 39.9, 116.42, 39.91)]
NAMES = ["建外街道", "朝外街道"]


def write(path, geometries=SQUARES, *, crs="EPSG:4326", names=NAMES, driver=None, **options):
    columns = [np.array(names, dtype=object), np.arange(len(names)) + 7]
    kind = options.pop("geometry_type", "Polygon")
    wkb = shapely.to_wkb(np.array(geometries, dtype=object))
    pyogrio.raw.write(
        path, wkb, columns, ["名称", "代码"], crs=crs, geometry_type=kind, driver=driver, **options
    )
    return path


def geojson(path, *geometries, names=None, **members):
    names = names or [f"unit {i}" for i in range(len(geometries))]
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": geometry}
        for name, geometry in zip(names, geometries, strict=True)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **members}))
    return path


def polygon(*ring):
    return {"type": "Polygon", "coordinates": [list(map(list, ring))]}


GOOD = polygon((116.4, 39.9), (116.41, 39.9), (116.41, 39.91), (116.4, 39.9))


def refusal(path, **options):
    with pytest.raises(BadFile) as error:
        read_features(path, **options)
    assert "%(" not in str(error.value)
    return error.value.code
