"""Buildings under a plan: what lines snap to, and the ground that goes with buildings that are picked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsWKB, Distance
from django.contrib.gis.geos import Point, Polygon
from django.db.models import Count
from django.utils.translation import gettext_lazy as _
from shapely import STRtree

from gis_grids.drafts.requests import Transfer
from gis_grids.errors import BadInput
from gis_grids.geometry.building_ground import ground_of
from gis_grids.geometry.lattice import LATTICE, to_storage
from gis_grids.geometry.redraw import is_crumb
from gis_grids.models import MapFeature
from gis_grids.models.shapes import from_stored
from gis_grids.selectors.plans import draft_of
from households.models import Building

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from gis_grids.drafts import Draft
    from gis_grids.drafts.zones import Shape
    from gis_grids.models import Plan

MOST: Final = 3000
_LON, _LAT = 180, 90
_ROADS: Final = (
    MapFeature.Kind.ARTERIAL,
    MapFeature.Kind.SECONDARY,
    MapFeature.Kind.STREET,
    MapFeature.Kind.LANE,
    MapFeature.Kind.RAILWAY,
)


def guides(bbox: str) -> dict[str, Any]:
    """Return the roads and the buildings in a box ("west,south,east,north" in degrees).

    Raises `BadInput` ("bbox").
    """
    box = _box(bbox)
    middle = Point((box.extent[0] + box.extent[2]) / 2, (box.extent[1] + box.extent[3]) / 2, srid=4326)
    roads = MapFeature.objects.filter(geometry__bboverlaps=box, kind__in=_ROADS)[:MOST]
    near = Building.objects.filter(footprint__bboverlaps=box).annotate(far=Distance("footprint", middle))
    rows = near.annotate(n=Count("dwellings__households")).order_by("far")[:MOST]
    buildings = [
        {
            "id": row.pk,
            "name": row.name or row.address or row.code,
            "households": row.n,
            "rings": [ring for polygon in row.footprint.coords for ring in polygon],
        }
        for row in rows
    ]
    lines = [
        shapely.get_coordinates(line).tolist()
        for road in roads
        for line in shapely.get_parts(from_stored(road.geometry))
    ]
    return {"roads": lines, "buildings": buildings}


def piece_of(plan: Plan, target: str, building_ids: Collection[int]) -> Transfer:
    """Return the transfer of the ground that goes with buildings: theirs, up to halfway to the next ones.

    Raises `BadInput` ("plan.no_buildings") if none of them is in the scope.
    """
    draft = draft_of(plan)
    picked = Building.objects.filter(pk__in=building_ids)
    box = Polygon.from_bbox(draft.ground.bounds)
    box.srid = 4326
    near = Building.objects.filter(footprint__bboverlaps=box)
    rows = dict(near.annotate(shape=AsWKB("footprint")).values_list("pk", "shape"))
    wanted = [pk for pk in picked.values_list("pk", flat=True) if pk in rows]
    if not wanted:
        raise BadInput("plan.no_buildings", _("None of these buildings lies in the plan's scope."))
    ids = list(rows)
    shapes = shapely.from_wkb([bytes(shape) for shape in rows.values()])
    picked_at = [ids.index(pk) for pk in wanted]
    others = shapely.point_on_surface(np.delete(shapes, picked_at))
    ground = ground_of(picked_at, list(shapes), draft.ground)
    piece = _by_leaves(ground, shapes[picked_at], draft, others)
    first, *more = (
        [list(ring.coords) for ring in (part.exterior, *part.interiors)] for part in shapely.get_parts(piece)
    )
    return Transfer(kind="transfer", target=target, piece=first, more=more)


def _by_leaves(ground: Shape, picked: NDArray[Any], draft: Draft, others: NDArray[Any]) -> Shape:
    """Return the ground as far as it lies in leaves on which the buildings picked stand.

    A leaf that has no building but those goes whole: nobody would live on the rest. Else there goes with the
    ground what it would cut off, where no other building stands.
    """
    tree, spots = STRtree(others), shapely.point_on_surface(picked)
    walls = shapely.union_all(picked)
    parts: list[BaseGeometry] = []
    shapely.prepare(walls)
    for leaf in draft.leaves.values():
        shape = cast("Shape", leaf.shape)
        if not shapely.intersects(walls, shape) or is_crumb(shapely.intersection(walls, shape)):
            continue
        rest = sorted(shapely.get_parts(shapely.difference(shape, ground)), key=shapely.area)
        has_others = [bool(len(tree.query(part, predicate="intersects"))) for part in rest]
        if not any(has_others) and shapely.intersects(spots, shape).any():
            parts.append(shape)
            continue
        kept = [part for part, has in zip(rest, has_others, strict=True) if has or part is rest[-1]]
        parts.append(shapely.difference(shape, shapely.union_all(kept)))
    # Noded on the lattice: where two lines nearly meet, rounded alone they would cross.
    return to_storage(cast("Shape", shapely.set_precision(shapely.union_all(parts), LATTICE)))


def _box(text: str) -> Polygon:
    try:
        west, south, east, north = (float(side) for side in text.split(","))
    except ValueError:
        west = south = east = north = float("nan")
    if not (-_LON <= west < east <= _LON and -_LAT <= south < north <= _LAT):
        raise BadInput("bbox", _("The box is not west,south,east,north in degrees."))
    box = Polygon.from_bbox((west, south, east, north))
    box.srid = 4326
    return box
