"""The border of a plan's scope: who lies along it, on whatever level, keeps one line with all the others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.contrib.gis.geos import Polygon
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from gis_grids.geometry.shared_vertices import with_vertices
from gis_grids.models import UnitVersion
from gis_grids.models.shapes import SRID, as_multipolygons, to_ewkb
from gis_grids.prepared import array_literal
from gis_grids.selectors.hierarchy import listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from shapely import MultiPolygon
    from shapely.geometry.base import BaseGeometry

    from gis_grids.drafts import Draft
    from gis_grids.drafts.zones import Shape

#: In degrees, a centimetre at most.
_HAIR: Final = 5e-8
_RESHAPE: Final = """
UPDATE gis_grids_unitversion v SET boundary = new.shape::geometry
FROM unnest(%(versions)s::bigint[], %(shapes)s::text[]) AS new (id, shape) WHERE v.id = new.id
"""


@dataclass(frozen=True, slots=True)
class Version:
    """A version that lies along the border, from outside or over it; ``is_leaf``: nothing lies under it."""

    pk: int
    is_leaf: bool
    shape: MultiPolygon


def along_border(before: Draft, scope_id: int, at: datetime) -> list[Version]:
    """Return what is in force from a time on and touches the scope's border, but for the zones inside.

    On all levels: the scope itself, all above it, and all beyond the border.
    """
    box = Polygon.from_bbox(before.ground.bounds)
    box.srid = SRID
    inside = [zone.unit_id for zone in before.zones.values() if zone.unit_id is not None]
    later = UnitVersion.objects.filter(boundary__bboverlaps=box, valid__overlap=DateTimeTZRange(at, None))
    columns = ("pk", "unit_id", "parent_id", AsWKB("boundary"))
    rows = list(later.exclude(unit__in=listed(inside)).values_list(*columns))
    shapes = shapely.from_wkb([bytes(row[-1]) for row in rows])
    parents = {scope_id, *(parent for _pk, _unit, parent, _boundary in rows)}
    return [
        Version(rows[n][0], rows[n][1] not in parents, shapes[n])
        for n in np.flatnonzero(shapely.dwithin(_border(before), shapes, _HAIR))
    ]


def aligned(draft: Draft, along: Sequence[Version]) -> tuple[Draft, dict[int, Shape]]:
    """Give a draft, and all along its border, the vertices that any leaf of both sides has there.

    Return the draft, and the shapes of the versions that get any, by id: their ground is the same.
    """
    border = _border(draft)
    at_border = {
        key: zone.shape
        for key, zone in draft.leaves.items()
        if zone.shape is not None and shapely.dwithin(border, zone.shape, _HAIR)
    }
    leaves = [*at_border.values(), *(version.shape for version in along if version.is_leaf)]
    vertices = shapely.get_coordinates(leaves)
    vertices = vertices[shapely.dwithin(border, shapely.points(vertices), _HAIR)]
    found = with_vertices([*at_border.values(), *(version.shape for version in along)], vertices)
    inside = dict(zip(at_border, found, strict=False))
    zones = {key: replace(zone, shape=inside.get(key, zone.shape)) for key, zone in draft.zones.items()}
    others = zip(along, found[len(at_border) :], strict=True)
    return (
        replace(draft, zones=zones),
        {version.pk: shape for version, shape in others if shape is not version.shape},
    )


def write_vertices(shapes: Mapping[int, Shape]) -> None:
    """Write the vertices that versions get: since their ground is the same, they stay the same versions."""
    ewkb = to_ewkb(as_multipolygons(list(shapes.values())))
    with connection.cursor() as cursor:
        cursor.execute(_RESHAPE, {"versions": list(shapes), "shapes": array_literal(ewkb)})


def _border(draft: Draft) -> BaseGeometry:
    border = shapely.boundary(draft.ground)
    shapely.prepare(border)
    return border
