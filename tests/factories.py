"""Small pieces of a world for tests: people, units that tile exactly, posts.

Everything is written straight to the tables, so that a test of one floor needs no service of another.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import count
from typing import TYPE_CHECKING

import factory
import numpy as np
import shapely
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.gis.geos import GEOSGeometry
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from factory.django import DjangoModelFactory
from shapely import MultiPolygon, box

from gis_grids.geometry.lattice import to_storage
from gis_grids.levels import Level, PostKind
from gis_grids.models import Post, Unit, UnitVersion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
"""When everything made here begins."""
OPEN = DateTimeTZRange(LONG_AGO, None)

TOWN_BOX = (116.30, 39.90, 116.332, 39.908)
"""West, south, east, north of the town: about 2.7 km by 0.9 km."""

_numbers = count(1)


def boundary_of(shape: BaseGeometry) -> GEOSGeometry:
    """Return a shapely polygon or multipolygon as a boundary to be stored."""
    polygons = shapely.get_parts(to_storage(shape))
    return GEOSGeometry(memoryview(shapely.to_wkb(MultiPolygon(list(polygons)))), srid=4326)


def shape_of(unit: Unit) -> BaseGeometry:
    """Return the boundary of the unit's newest version as a shapely geometry."""
    version = unit.versions.order_by("-valid").first()
    return shapely.from_wkb(bytes(version.boundary.wkb))


def inside(unit: Unit) -> tuple[float, float]:
    """Return a position (lon, lat) well inside the unit."""
    point = to_storage(shape_of(unit).representative_point())
    return point.x, point.y


@cache
def _hashed_password() -> str:
    """Hash once: slowness is what password hashes are made for."""
    return make_password("secret-word")


class UserFactory(DjangoModelFactory):
    """A person who can log in; the password is "secret-word"."""

    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person{n}")
    password = factory.LazyFunction(_hashed_password)


class UnitFactory(DjangoModelFactory):
    """A unit as an identity; `UnitVersionFactory` gives it a place and a name."""

    class Meta:
        model = Unit

    code = factory.Sequence(lambda n: f"T{n:05}")
    level = Level.STREET


class UnitVersionFactory(DjangoModelFactory):
    """A version of a unit: by default a box in Beijing, in force since long ago, without parent."""

    class Meta:
        model = UnitVersion

    unit = factory.SubFactory(UnitFactory)
    parent = None
    name = factory.LazyAttribute(lambda version: f"Unit {version.unit.code}")
    boundary = factory.LazyFunction(lambda: boundary_of(box(*TOWN_BOX)))
    depth = factory.LazyAttribute(lambda version: Level(version.unit.level).depth)
    valid = OPEN


def make_unit(
    shape: BaseGeometry,
    *,
    level: Level = Level.STREET,
    parent: Unit | None = None,
    code: str | None = None,
    name: str | None = None,
    valid: DateTimeTZRange = OPEN,
) -> Unit:
    """Make a unit with one version of this shape (lon/lat)."""
    unit = UnitFactory(level=level, **({"code": code} if code else {}))
    UnitVersionFactory(
        unit=unit, parent=parent, boundary=boundary_of(shape), valid=valid, name=name or f"Unit {unit.code}"
    )
    return unit


def cells(rows: int, cols: int, extent: tuple[float, float, float, float] = TOWN_BOX) -> list[BaseGeometry]:
    """Return boxes that tile the extent exactly, west to east and then north to south."""
    west, south, east, north = extent
    xs, ys = np.linspace(west, east, cols + 1), np.linspace(north, south, rows + 1)
    return [box(xs[c], ys[r + 1], xs[c + 1], ys[r]) for r in range(rows) for c in range(cols)]


def make_grid(
    rows: int,
    cols: int,
    *,
    level: Level = Level.COMMUNITY,
    parent: Unit | None = None,
    extent: tuple[float, float, float, float] = TOWN_BOX,
    posts: Sequence[PostKind] = (),
) -> list[Unit]:
    """Make units that tile the extent, coded and ordered west to east, then north to south.

    Each gets a post of every kind in `posts`, held by a new person.
    """
    run = next(_numbers)
    units = []
    for number, cell in enumerate(cells(rows, cols, extent), start=1):
        unit = make_unit(cell, level=level, parent=parent, code=f"G{run:03}{number:04}")
        units.append(unit)
        for kind in posts:
            post(UserFactory(), unit, kind)
    return units


@dataclass(frozen=True)
class Town:
    """One city, one district, two streets, then each unit halved: 4, 8, 16 units and 32 resident groups."""

    units: dict[Level, list[Unit]]

    @property
    def leaf(self) -> Unit:
        """The first resident group: at the north-west corner."""
        return self.units[Level.RESIDENT_GROUP][0]

    def chain(self, unit: Unit) -> list[Unit]:
        """Return the units from the city down to this one."""
        above = [u for level in Level for u in self.units[level] if unit.code.startswith(u.code)]
        return [u for u in above if Level(u.level).depth <= Level(unit.level).depth]


def make_town() -> Town:
    """Make the whole tree, each level tiling the one above; a unit's code begins with its parent's."""
    made: dict[str, Unit] = {}
    versions = []
    units: dict[Level, list[Unit]] = {level: [] for level in Level}
    # Hundreds of tests begin with a town: it is drawn once, and stored by two statements.
    for level, code, boundary in _drawn_town():
        unit = made[code] = Unit(code=code, level=level)
        units[level].append(unit)
        versions.append(
            UnitVersion(
                unit=unit,
                parent=made.get(code[:-2]),
                name=f"Unit {code}",
                boundary=boundary,
                depth=level.depth,
                valid=OPEN,
            )
        )
    Unit.objects.bulk_create(made.values())
    UnitVersion.objects.bulk_create(versions)
    return Town(units)


@cache
def _drawn_town() -> list[tuple[Level, str, GEOSGeometry]]:
    """Draw the units of the town, a parent before its children."""
    steps = {Level.CITY: (1, 1), Level.DISTRICT: (1, 1), Level.STREET: (1, 2), Level.COMMUNITY: (1, 2)}
    steps |= {Level.AREA: (1, 2), Level.BUILDING_GROUP: (1, 2), Level.RESIDENT_GROUP: (2, 1)}
    return list(_halves("", TOWN_BOX, list(Level), steps))


def _halves(parent, extent, levels, steps):
    """Yield level, code and boundary of all units in an extent; ``parent`` is the code of the one around."""
    if not levels:
        return
    level, *deeper = levels
    for number, cell in enumerate(cells(*steps[level], extent), start=1):
        code = f"{parent}{number:02}" if parent else "99"
        yield level, code, boundary_of(_with_all_corners(cell))
        yield from _halves(code, cell.bounds, deeper, steps)


def _with_all_corners(cell: BaseGeometry) -> BaseGeometry:
    """Give the box every vertex that smaller cells may have on its border, as in a real coverage."""
    west, south, east, north = cell.bounds
    xs = [x for x in _ALL_XS if west - 1e-6 <= x <= east + 1e-6]
    ys = [y for y in _ALL_YS if south - 1e-6 <= y <= north + 1e-6]
    ring = [(x, ys[0]) for x in xs] + [(xs[-1], y) for y in ys[1:]]
    ring += [(x, ys[-1]) for x in xs[-2::-1]] + [(xs[0], y) for y in ys[-2::-1]]
    return shapely.Polygon(ring)


_ALL_XS = np.linspace(TOWN_BOX[0], TOWN_BOX[2], 17)
_ALL_YS = np.linspace(TOWN_BOX[1], TOWN_BOX[3], 3)


def post(
    user: object | None,
    unit: Unit,
    kind: PostKind = PostKind.GRID_WORKER,
    *,
    is_deputy: bool = False,
    term: DateTimeTZRange = OPEN,
) -> Post:
    """Give the person (None: vacant) a post in the unit."""
    return Post.objects.create(unit=unit, kind=kind, holder=user, is_deputy=is_deputy, term=term)
