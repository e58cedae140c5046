"""The last gate is the database: whatever writes to it, these rows are refused."""

from __future__ import annotations

import math
import struct
from datetime import UTC, datetime

import numpy as np
import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db import DatabaseError, IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.utils import DataError, InternalError
from shapely import MultiPolygon, Point, Polygon, box

from gis_grids.levels import Level, PostKind
from gis_grids.models import Facility, MapFeature, Post, Unit, UnitVersion
from gis_grids.models.shapes import as_multipolygon, from_stored, to_stored
from tests.factories import (
    LONG_AGO,
    OPEN,
    TOWN_BOX,
    UnitFactory,
    UnitVersionFactory,
    UserFactory,
    make_unit,
    post,
)

pytestmark = pytest.mark.django_db
CHANGE = datetime(2024, 1, 1, tzinfo=UTC)


def refused(constraint, make):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make()


def raw_polygon(*corners) -> GEOSGeometry:
    """Return a multipolygon of one ring from any numbers, without anything looking at them."""
    ring = b"".join(struct.pack("<2d", *corner) for corner in corners)
    polygon = struct.pack("<BIII", 1, 3, 1, len(corners)) + ring
    return GEOSGeometry(memoryview(struct.pack("<BII", 1, 6, 1) + polygon), srid=4326)


BOW_TIE = ((116, 39), (117, 40), (117, 39), (116, 40), (116, 39))


@pytest.mark.parametrize(
    "corners",
    [
        ((116, 39), (117, 39), (117, math.nan), (116, 39)),
        ((116, 39), (math.inf, 39), (117, 40), (116, 39)),
        ((116, 39), (117, -math.inf), (117, 40), (116, 39)),
        ((500, 39), (501, 39), (501, 40), (500, 39)),
        ((116, 89), (117, 89), (117, 91), (116, 89)),
        BOW_TIE,
    ],
)
def test_a_boundary_is_finite_on_the_globe_and_valid(corners):
    """PROJ, which makes the tiles' column, stumbles over some of these before the constraint sees them."""
    boundary = raw_polygon(*corners)
    reason = r"unitversion_boundary_sound|transform"
    with pytest.raises((IntegrityError, InternalError), match=reason), transaction.atomic():
        UnitVersionFactory(boundary=boundary)
    assert not UnitVersion.objects.exists()


def test_a_boundary_is_not_empty():
    empty = GEOSGeometry("MULTIPOLYGON EMPTY", srid=4326)
    refused("unitversion_boundary_sound", lambda: UnitVersionFactory(boundary=empty))


def test_a_boundary_has_at_most_half_a_million_vertices():
    turn = np.linspace(0, 2 * np.pi, 500_001)
    circle = Polygon(np.column_stack((116 + np.cos(turn), 39 + np.sin(turn))))
    boundary = to_stored(as_multipolygon(circle))
    refused("unitversion_boundary_sound", lambda: UnitVersionFactory(boundary=boundary))


def test_a_line_is_no_boundary():
    line = GEOSGeometry("LINESTRING(116 39, 117 40)", srid=4326)
    with pytest.raises((DataError, InternalError, TypeError)), transaction.atomic():
        UnitVersionFactory(boundary=line)


def test_two_versions_of_a_unit_never_overlap_in_time():
    unit = make_unit(box(*TOWN_BOX))
    late = DateTimeTZRange(CHANGE, None)
    refused("unitversion_no_overlap", lambda: UnitVersionFactory(unit=unit, valid=late))
    unit.versions.update(valid=DateTimeTZRange(LONG_AGO, CHANGE))
    UnitVersionFactory(unit=unit, valid=late)
    assert unit.versions.count() == 2


def test_a_version_is_in_force_for_some_time():
    never = DateTimeTZRange(empty=True)
    refused("unitversion_valid_not_empty", lambda: UnitVersionFactory(valid=never))


def test_a_unit_is_not_its_own_parent():
    unit = UnitFactory()
    refused("unitversion_not_own_parent", lambda: UnitVersionFactory(unit=unit, parent=unit))


def test_a_code_is_given_once():
    UnitFactory(code="110105001")
    refused("code", lambda: UnitFactory(code="110105001"))


@pytest.mark.parametrize("code", ["", "a b", "朝阳", "a/b", "a\n", "ａ"])
def test_a_code_is_plain(code):
    refused("unit_code_plain", lambda: UnitFactory(code=code))


def test_a_level_is_one_of_the_seven():
    refused("unit_level_known", lambda: UnitFactory(level="province"))


def test_a_person_holds_the_same_post_once_at_a_time():
    user, unit = UserFactory(), UnitFactory()
    post(user, unit, PostKind.GRID_WORKER, term=DateTimeTZRange(LONG_AGO, CHANGE))
    refused("post_held_once", lambda: post(user, unit, PostKind.GRID_WORKER))
    post(user, unit, PostKind.GRID_WORKER, term=DateTimeTZRange(CHANGE, None))
    post(user, unit, PostKind.GRID_LEADER)
    post(UserFactory(), unit, PostKind.GRID_WORKER)
    assert Post.objects.count() == 4


def test_a_post_is_of_a_known_kind_and_lasts_some_time():
    refused("post_kind_known", lambda: post(None, UnitFactory(), "king"))
    refused("post_term_not_empty", lambda: post(None, UnitFactory(), term=DateTimeTZRange(empty=True)))


@pytest.mark.parametrize("place", [(), (200, 39), (math.nan, math.nan), (116, math.inf)])
def test_places_and_map_features_are_sound_too(place):
    geometry = to_stored(Point(*place))
    refused(
        "facility_geometry_sound", lambda: Facility.objects.create(kind="park", name="x", geometry=geometry)
    )
    refused("mapfeature_geometry_sound", lambda: MapFeature.objects.create(kind="lane", geometry=geometry))


def test_a_road_has_a_positive_width():
    line = to_stored(shapely.LineString([(116, 39), (117, 40)]))
    refused("width_positive", lambda: MapFeature.objects.create(kind="lane", width_m=0, geometry=line))


def test_what_is_stored_comes_back_bit_by_bit():
    shape = as_multipolygon(
        Polygon([(116, 39), (117, 39.123456789), (117, 40)], [[(116.8, 39.3), (116.9, 39.4), (116.9, 39.3)]])
    )
    version = UnitVersionFactory(boundary=to_stored(shape), valid=OPEN)
    stored = UnitVersion.objects.get(pk=version.pk)
    assert shapely.to_wkb(from_stored(stored.boundary)) == shapely.to_wkb(shape)
    assert stored.boundary_3857.srid == 3857
    assert stored.boundary_3857.num_coords == shape.geoms[0].exterior.coords.__len__() + 4
    assert isinstance(from_stored(stored.boundary), MultiPolygon)
    assert Level(version.unit.level).depth == version.depth


def test_a_depth_that_is_not_that_of_the_level_is_refused():
    street = make_unit(box(*TOWN_BOX), code="S1", level=Level.STREET)
    refused("depth 3 is not that", lambda: UnitVersion.objects.filter(unit=street).update(depth=3))
    other = UnitFactory(code="C1", level=Level.COMMUNITY)
    refused("depth 2 is not that", lambda: UnitVersionFactory(unit=other, depth=2))


@pytest.mark.parametrize("change", [{"code": "S2"}, {"level": Level.COMMUNITY}])
def test_what_a_unit_is_never_changes(change):
    street = make_unit(box(*TOWN_BOX), code="S1", level=Level.STREET)
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Unit.objects.filter(pk=street.pk).update(**change)
