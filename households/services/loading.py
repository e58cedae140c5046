"""Buildings and households in bulk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput
from gis_grids.models.sealed import sealed_value
from gis_grids.sealing import phone_digest
from gis_grids.services import bump_map_version
from households.models import Building, Dwelling, Entrance, Household
from households.services.copying import copy_rows, reserve_ids
from households.services.places import home_households

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date, datetime

    from households.services.records import DwellingKey, NewBuilding, NewHousehold

_BUILDING = ("id", "code", "name", "address", "use", "footprint", "floors", "floors_estimated", "height_m")
_ENTRANCE = ("id", "building_id", "number", "point")
_DWELLING = ("building_id", "entrance_id", "floor", "room", "is_estimated")
HOUSEHOLD_COLUMNS = (
    "id",
    "dwelling_id",
    "householder",
    "phone",
    "address",
    "size",
    "is_party_member_household",
    "is_party_hub_household",
    "place",
    "place_source",
    "place_accuracy_m",
    "placed_on",
    "phone_digest",
)

_PLACE_BY_BUILDING = """
UPDATE households_household h
SET place = coalesce(e.point, ST_PointOnSurface(b.footprint)), place_source = 'building', placed_on = %(on)s
FROM households_dwelling d
JOIN households_building b ON b.id = d.building_id
LEFT JOIN households_entrance e ON e.id = d.entrance_id
WHERE h.dwelling_id = d.id AND h.place IS NULL AND h.id = ANY(%(households)s)
"""


@transaction.atomic
def load_buildings(*, buildings: Sequence[NewBuilding]) -> list[int]:
    """Store the buildings with their entrances and dwellings; return the buildings' ids in their order.

    Raises `django.db.IntegrityError` for a code that is taken or a footprint that is not sound.
    """
    ids = reserve_ids(Building, len(buildings))
    copy_rows(Building, _BUILDING, (_building_row(*pair) for pair in zip(ids, buildings, strict=True)))
    entrance_ids = _load_entrances(buildings, ids)
    copy_rows(Dwelling, _DWELLING, _dwelling_rows(buildings, ids, entrance_ids))
    bump_map_version(layer="base")
    return ids


@transaction.atomic
def load_households(*, households: Sequence[NewHousehold], when: datetime | None = None) -> list[int]:
    """Store the households and give each its place and its unit from `when` (default: now) on.

    Returns their ids in their order. Raises `BadInput` ("household.no_dwelling") for a dwelling that
    is not stored.
    """
    at = when or timezone.now()
    ids = reserve_ids(Household, len(households))
    dwellings = _dwelling_ids({new.dwelling[0] for new in households if new.dwelling})
    rows = (_household_row(id_, new, dwellings) for id_, new in zip(ids, households, strict=True))
    copy_rows(Household, HOUSEHOLD_COLUMNS, rows)
    place_by_building(household_ids=ids, when=at)
    home_households(household_ids=ids, when=at)
    return ids


@transaction.atomic
def place_by_building(*, household_ids: Collection[int], when: datetime) -> int:
    """Give those of the households without a place that of their entrance, or else of their building.

    Returns how many got one. Their place is dated with the day of `when`.
    """
    with connection.cursor() as cursor:
        parameters: dict[str, list[int] | date] = {
            "households": list(household_ids),
            "on": timezone.localdate(when),
        }
        cursor.execute(_PLACE_BY_BUILDING, parameters)
        return int(cursor.rowcount)


def _building_row(id_: int, new: NewBuilding) -> tuple[object, ...]:
    outline = shapely.MultiPolygon([new.footprint]) if new.footprint.geom_type == "Polygon" else new.footprint
    head = (id_, new.code, new.name, new.address, str(new.use))
    return (*head, _ewkb(outline), new.floors, new.floors_estimated, new.height_m)


def _load_entrances(
    buildings: Sequence[NewBuilding], ids: Sequence[int]
) -> dict[tuple[int, int | None], int]:
    entrances = [
        (building_id, entrance)
        for building_id, building in zip(ids, buildings, strict=True)
        for entrance in building.entrances
    ]
    entrance_ids = reserve_ids(Entrance, len(entrances))
    rows = (
        (id_, building_id, entrance.number, entrance.point and _ewkb(shapely.Point(entrance.point)))
        for id_, (building_id, entrance) in zip(entrance_ids, entrances, strict=True)
    )
    copy_rows(Entrance, _ENTRANCE, rows)
    return {
        (building_id, entrance.number): id_
        for id_, (building_id, entrance) in zip(entrance_ids, entrances, strict=True)
    }


def _dwelling_rows(
    buildings: Sequence[NewBuilding], ids: Sequence[int], entrances: dict[tuple[int, int | None], int]
) -> Iterator[tuple[object, ...]]:
    for building_id, building in zip(ids, buildings, strict=True):
        for new in building.dwellings:
            entrance = None if new.entrance is None else entrances[building_id, new.entrance]
            yield building_id, entrance, new.floor, new.room, new.is_estimated


def _dwelling_ids(building_codes: Collection[str]) -> dict[DwellingKey, int]:
    dwellings = Dwelling.objects.filter(building__code__in=building_codes)
    rows = dwellings.values_list("building__code", "entrance__number", "room", "id").iterator()
    return {(code, entrance, room): id_ for code, entrance, room, id_ in rows}


def _household_row(id_: int, new: NewHousehold, dwellings: dict[DwellingKey, int]) -> tuple[object, ...]:
    if new.dwelling is not None and new.dwelling not in dwellings:
        message = _("There is no dwelling %(room)s in building %(building)s. Load the buildings first.")
        building, _entrance, room = new.dwelling
        raise BadInput("household.no_dwelling", message, {"building": building, "room": room})
    return (
        id_,
        new.dwelling and dwellings[new.dwelling],
        new.householder,
        sealed_value(new.phone),
        new.address,
        new.size,
        new.is_party_member_household,
        new.is_party_hub_household,
        new.place and _ewkb(shapely.Point(new.place)),
        new.place_source or "",
        new.place_accuracy_m,
        new.placed_on,
        phone_digest(new.phone),
    )


def _ewkb(geometry: shapely.Geometry) -> str:
    return shapely.to_wkb(shapely.set_srid(geometry, 4326), hex=True, include_srid=True)
