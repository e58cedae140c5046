"""Who is responsible here: at a place, or at an address, by the record of who belongs where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.gis.db.models.functions import PointOnSurface
from django.db.models import Q
from django.utils import timezone

from gis_grids.permissions import FIELD
from gis_grids.selectors import chains, unit_at
from gis_grids.selectors.neighbours import responsible
from households.models import Building, BuildingPart, Dwelling, Entrance, HouseholdUnit
from households.selectors.addresses import Match, address_book, find_address, find_in_building

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gis_grids.selectors import ChainLink, PostRow
    from gis_grids.selectors.neighbours import Responsible
    from households.selectors.addresses import Found


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Who is responsible, from the top of the tree down to the smallest unit; vacant posts are told as such.

    ``first`` is who is asked first: the post of the smallest unit that somebody on the ground holds, a deputy
    where there is no other; None where nobody holds one. ``lon`` and ``lat`` are the place that it is about
    (EPSG:4326). ``outside_m`` is the distance to the smallest unit where the place lies in none.
    ``is_by_record``: the record of an entrance, of floors or of the household decides, not the map.
    """

    lon: float
    lat: float
    chain: tuple[Responsible, ...]
    first: tuple[Responsible, PostRow] | None
    outside_m: float | None = None
    is_by_record: bool = False


def responsible_at(lon: float, lat: float) -> Answer:
    """Return who is responsible at a place (lon/lat, degrees).

    Raises `InvalidPoint`, and `NotFound` ("no_units").
    """
    located = unit_at(lon, lat)
    return _answer(lon, lat, located.chain, outside_m=located.outside_m)


def responsible_for(text: str, *, building_id: int | None = None) -> tuple[Found, Answer | None]:
    """Return what an address means, and who is responsible there.

    No answer where the address means no building, or several: ``candidates`` of the first then say which.
    Whoever has chosen one of them gives it as ``building_id``.
    """
    found = find_in_building(text, building_id) if building_id else find_address(text, address_book())
    return found, _of(found, found.building_id or building_id)


def _of(found: Found, building_id: int | None) -> Answer | None:
    if building_id is None:
        return None
    now = timezone.now()
    lon, lat = _place(building_id, found)
    unit = _recorded(found, now) or _by_part(found, building_id, now)
    if unit:
        return _answer(lon, lat, chains([unit], now)[unit], is_by_record=True)
    return responsible_at(lon, lat)


def _answer(
    lon: float,
    lat: float,
    links: Sequence[ChainLink],
    *,
    outside_m: float | None = None,
    is_by_record: bool = False,
) -> Answer:
    chain = tuple(responsible(links))
    held = ((unit, post) for unit in reversed(chain) for post in _in_order(unit.posts))
    return Answer(
        lon=lon,
        lat=lat,
        chain=chain,
        first=next(held, None),
        outside_m=outside_m,
        is_by_record=is_by_record,
    )


def _in_order(posts: Sequence[PostRow]) -> list[PostRow]:
    held = [post for post in posts if post.holder_id is not None and post.kind in FIELD]
    return sorted(held, key=lambda post: post.is_deputy)


def _place(building_id: int, found: Found) -> tuple[float, float]:
    door = Entrance.objects.filter(pk=found.entrance_id).first() if found.entrance_id else None
    if door is not None and door.point is not None:
        return door.point.x, door.point.y
    spot = Building.objects.annotate(spot=PointOnSurface("footprint")).get(pk=building_id).spot
    return spot.x, spot.y


def _recorded(found: Found, now: datetime) -> int | None:
    """Return the unit that the households of a dwelling are in by record; None where that isn't one alone."""
    if found.match != Match.DWELLING:
        return None
    rows = HouseholdUnit.objects.filter(household__dwelling=found.dwelling_id, valid__contains=now)
    rows = rows.exclude(source=HouseholdUnit.Source.GEOMETRY)
    units = set(rows.values_list("unit", flat=True))
    return units.pop() if len(units) == 1 else None


def _by_part(found: Found, building_id: int, now: datetime) -> int | None:
    """Return the unit of the part of the building that an address lies in; None where it is in none."""
    dwelling = Dwelling.objects.filter(pk=found.dwelling_id).first() if found.dwelling_id else None
    floor = dwelling.floor if dwelling else found.address.likely_floor
    parts = BuildingPart.objects.filter(building=building_id, valid__contains=now)
    parts = parts.filter(Q(entrance=None) | Q(entrance=found.entrance_id))
    if floor is None:
        parts = parts.filter(lowest=None, highest=None)
    else:
        parts = parts.filter(Q(lowest=None) | Q(lowest__lte=floor), Q(highest=None) | Q(highest__gte=floor))
    return parts.values_list("unit", flat=True).first()
