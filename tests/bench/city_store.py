"""The large city in the database: written straight to the tables, by COPY; its people; who lives where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from django.contrib.auth import get_user_model
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from gis_grids.levels import Level, PostKind
from gis_grids.models import MapFeature, MapVersion, Post, Unit, UnitNorm, UnitVersion
from gis_grids.models.shapes import as_multipolygon
from gis_grids.services import draw_outlines
from households.models import Building, Dwelling, Household
from households.services.copying import copy_rows, reserve_ids
from tests.factories import LONG_AGO, OPEN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.contrib.auth.models import AbstractBaseUser

    from tests.bench.city import City

_POSTS: Final = {Level.COMMUNITY: PostKind.GRID_LEADER, Level.AREA: PostKind.GRID_WORKER}
_PARTY, _HUB = 0.05, 0.01


@dataclass(frozen=True, slots=True)
class Settled:
    """The ids of the units by level, and who may draw and approve plans of all of them."""

    units: dict[Level, list[int]]
    planner: AbstractBaseUser
    clerk: AbstractBaseUser


def settle(city: City) -> Settled:
    """Write a city, all but the records of who belongs to which unit."""
    units = _units(city)
    _households(city, _buildings(city))
    features = [
        MapFeature(kind="arterial" if is_arterial else "street", width_m=20, geometry=_hex([line])[0])
        for line, is_arterial in city.streets
    ]
    MapFeature.objects.bulk_create(features)
    UnitNorm.objects.get_or_create(
        level=Level.AREA, scope=None, defaults={"households": 300, "tolerance": 0.2, "basis": "S3"}
    )
    draw_outlines(unit_ids=None, when=timezone.now())  # as whoever loads boundaries does
    MapVersion.objects.get_or_create(layer="units")
    root = units[Level.DISTRICT][0]
    planner, clerk = _people(["planner", "clerk"])
    workers = {level: _people([f"{level} {n}" for n in range(len(units[level]))]) for level in _POSTS}
    posts = [(root, PostKind.PLANNER, planner), (root, PostKind.OFFICE_CLERK, clerk)]
    for level, kind in _POSTS.items():
        posts += [(unit, kind, worker) for unit, worker in zip(units[level], workers[level], strict=True)]
    Post.objects.bulk_create(
        [Post(unit_id=unit, kind=kind, holder=holder, term=OPEN) for unit, kind, holder in posts]
    )
    return Settled(units, planner, clerk)


def _units(city: City) -> dict[Level, list[int]]:
    ids = reserve_ids(Unit, len(city.units))
    rows = [(id_, one.code, str(one.level)) for id_, one in zip(ids, city.units, strict=True)]
    copy_rows(Unit, ["id", "code", "level"], rows)
    by_code = {one.code: id_ for id_, one in zip(ids, city.units, strict=True)}
    shapes = _hex([as_multipolygon(one.shape) for one in city.units])
    valid = DateTimeTZRange(LONG_AGO, None)
    copy_rows(
        UnitVersion,
        ["unit_id", "parent_id", "name", "depth", "valid", "boundary"],
        (
            (id_, by_code.get(one.parent), f"Unit {one.code}", one.level.depth, valid, shape)
            for id_, one, shape in zip(ids, city.units, shapes, strict=True)
        ),
    )
    found: dict[Level, list[int]] = {}
    for id_, one in zip(ids, city.units, strict=True):
        found.setdefault(one.level, []).append(id_)
    return found


def _buildings(city: City) -> list[int]:
    ids = reserve_ids(Building, len(city.buildings))
    shapes = _hex([as_multipolygon(shape) for shape in city.buildings])
    columns = ["id", "code", "name", "address", "use", "floors", "floors_estimated", "footprint"]
    kept = ("", "", "residential", 6, False)
    rows = [(id_, f"B{id_}", *kept, shape) for id_, shape in zip(ids, shapes, strict=True)]
    copy_rows(Building, columns, rows)
    return ids


def _households(city: City, buildings: list[int]) -> None:
    """Write a dwelling for each household, and the household with its place."""
    count = len(city.households)
    rng = np.random.default_rng(5)
    size, party = rng.integers(1, 6, count).tolist(), rng.random(count)
    of = np.array(buildings)[city.households].tolist()
    dwellings = reserve_ids(Dwelling, count)
    rooms = [(id_, of[n], 1, str(n), False) for n, id_ in enumerate(dwellings)]
    copy_rows(Dwelling, ["id", "building_id", "floor", "room", "is_estimated"], rooms)
    columns = ["dwelling_id", "householder", "phone", "address", "place_source", "placed_on"]
    columns += ["size", "is_party_member_household", "is_party_hub_household", "place"]
    kept = ("", b"", "", "survey", LONG_AGO.date())
    own = zip(size, (party < _PARTY).tolist(), (party < _HUB).tolist(), _hex(city.places), strict=True)
    homes = ((dwelling, *kept, *values) for dwelling, values in zip(dwellings, own, strict=True))
    copy_rows(Household, columns, homes)


def _people(names: list[str]) -> list[AbstractBaseUser]:
    user = get_user_model()
    return user.objects.bulk_create([user(username=name, password="!") for name in names])


def _hex(shapes: Sequence[Any]) -> list[str]:
    lonlat = shapely.set_srid(np.array(shapes, dtype=object), 4326)
    return shapely.to_wkb(lonlat, hex=True, include_srid=True).tolist()
