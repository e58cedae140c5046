"""What grid proposals start from: buildings of a part of a plan with their households, streets, water."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import shapely
from django.contrib.gis.geos import Polygon
from django.db.models import Count, Q
from shapely import STRtree

from gis_grids.drafts.candidates import ground_of
from gis_grids.geometry.coordinates import geodesic_area
from gis_grids.geometry.proposals.site import Building as ProposedBuilding
from gis_grids.geometry.proposals.site import Site, Street
from gis_grids.models import Facility, MapFeature
from gis_grids.models.shapes import from_stored
from households.models import Building

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shapely import MultiPolygon
    from shapely.geometry.base import BaseGeometry

    from gis_grids.drafts import Draft, Zone
    from gis_grids.drafts.zones import Shape

_KIND = MapFeature.Kind
_BARRIERS: Final = {_KIND.ARTERIAL.value, _KIND.RAILWAY.value}
_STREETS: Final = (*_BARRIERS, _KIND.SECONDARY.value, _KIND.STREET.value, _KIND.LANE.value)

#: Where nobody has counted, a dwelling is taken to have so many m² of its building's floors, stairs included,
#: and a building of unknown height so many floors.
_M2_PER_DWELLING, _FLOORS, _FLOOR_M = 100.0, 6, 3.0


def site_of(draft: Draft, zone: str, today: Sequence[Zone], atoms: Sequence[str]) -> Site:
    """Return what a zone (`SCOPE`: the whole scope) is divided by.

    ``today`` are the zones that the proposal would replace. ``atoms`` are zones below them, the units that
    are to stay whole: each is a compound of those of its buildings that stand in no walled one. Where no
    building of the ground has a household in the register, households are estimated from floors and ground.
    """
    ground = ground_of(draft, zone)
    box = Polygon.from_bbox(ground.bounds)
    box.srid = 4326
    living = Count("dwellings__households", filter=Q(dwellings__households__ended_on=None))
    rows = Building.objects.filter(footprint__bboverlaps=box).annotate(n=living)
    shapely.prepare(ground)
    inside = [
        (row, shape)
        for row in rows.order_by("pk")
        if shapely.intersects(ground, shapely.point_on_surface(shape := from_stored(row.footprint)))
    ]
    counted = any(row.n for row, _shape in inside)
    walls = {str(f.pk): from_stored(f.geometry) for f in _compounds(box)}
    units = {atom: draft.shape_of(atom) for atom in atoms}
    shapes = [shape for _row, shape in inside]
    compound = [
        wall or unit for wall, unit in zip(_holders(shapes, walls), _holders(shapes, units), strict=True)
    ]
    features = list(MapFeature.objects.filter(geometry__bboverlaps=box))
    return Site(
        scope=ground,
        buildings=[
            ProposedBuilding(
                str(row.pk), cast("MultiPolygon", shape), row.n if counted else _estimated(row, shape), whole
            )
            for (row, shape), whole in zip(inside, compound, strict=True)
        ],
        streets=[
            Street(cast("shapely.LineString", from_stored(f.geometry)), f.kind in _BARRIERS)
            for f in features
            if f.kind in _STREETS
        ],
        water=[from_stored(f.geometry) for f in features if f.kind == _KIND.WATER],
        compounds={} if atoms else {key: cast("Shape", shape) for key, shape in walls.items()},
        today={each.key: draft.shape_of(each.key) for each in today},
        units=units,
    )


def _compounds(box: Polygon) -> list[Facility]:
    facilities = Facility.objects.in_use().filter(kind=Facility.Kind.COMPOUND, geometry__bboverlaps=box)
    return [facility for facility in facilities if "Polygon" in facility.geometry.geom_type]


def _holders(shapes: Sequence[BaseGeometry], wholes: Mapping[str, BaseGeometry]) -> list[str | None]:
    """Return for each building the key of the whole that it stands in."""
    found: list[str | None] = [None] * len(shapes)
    if not wholes or not shapes:
        return found
    tree, keys = STRtree(list(wholes.values())), list(wholes)
    places = shapely.point_on_surface(list(shapes))
    for building, whole in tree.query(places, predicate="intersects").T:
        found[building] = keys[whole]
    return found


def _estimated(row: Building, shape: BaseGeometry) -> int:
    """Return how many households a building would have, if it is one to live in."""
    if row.use != Building.Use.RESIDENTIAL:
        return 0
    floors = row.floors or (round(row.height_m / _FLOOR_M) if row.height_m else _FLOORS)
    return max(1, round(max(1, floors) * geodesic_area(shape) / _M2_PER_DWELLING))
