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
    piece = _with_crumbs(ground_of(picked_at, list(shapes), draft.ground), draft, others)
    first, *more = (
        [list(ring.coords) for ring in (part.exterior, *part.interiors)] for part in shapely.get_parts(piece)
    )
    return Transfer(kind="transfer", target=target, piece=first, more=more)


def _with_crumbs(piece: Shape, draft: Draft, others: NDArray[Any]) -> Shape:
    """Return the piece with what it would cut off of the leaves around, where no other building stands."""
    tree = STRtree(others)
    crumbs: list[BaseGeometry] = []
    shapely.prepare(piece)
    for leaf in draft.leaves.values():
        if shapely.intersects(piece, leaf.shape):
            rest = shapely.get_parts(shapely.difference(leaf.shape, piece))
            smaller = sorted(rest, key=shapely.area)[:-1]
            crumbs += [part for part in smaller if not len(tree.query(part, predicate="intersects"))]
    # Noded on the lattice: where two lines nearly meet, rounded alone they would cross.
    return to_storage(cast("Shape", shapely.union_all([piece, *crumbs], grid_size=LATTICE)))


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
