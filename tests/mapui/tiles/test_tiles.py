"""Tiles: what is in them, who gets them, and how long they may be kept."""

from __future__ import annotations

import gzip
import math
from datetime import timedelta

import brotli
import numpy as np
import pytest
import shapely
from django.core.management import call_command
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from gis_grids.geometry.lattice import round_coordinates
from gis_grids.levels import SHOWN_FROM, Level, PostKind
from gis_grids.models import Facility, MapFeature, UnitOutline, UnitVersion
from gis_grids.models.shapes import as_multipolygon, from_stored, to_stored
from gis_grids.services import bump_map_version, draw_outlines
from mapui.tiles import making, tile_sources
from mapui.tiles.layers import MAX_ZOOM
from mapui.tiles.queries import TileQuery
from tests.factories import LONG_AGO, TOWN_BOX, UserFactory, inside, make_town, make_unit, post
from tests.households.making import building, household
from tests.mapui.tiles.reading import layers_of

pytestmark = pytest.mark.django_db
WEST, SOUTH, EAST, NORTH = TOWN_BOX
MIDDLE = ((WEST + EAST) / 2 + 0.0003, (SOUTH + NORTH) / 2 + 0.0003)
SETS = ("base", *(f"units/{level}" for level in Level.values), "households")


def at(zoom, lon=MIDDLE[0], lat=MIDDLE[1]):
    """Return the column and the row of the tile that holds the position."""
    row = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**zoom
    return int((lon + 180) / 360 * 2**zoom), int(row)


def holder_of(client, kind, unit):
    """Log somebody in who holds a post."""
    user = UserFactory()
    post(user, unit, kind)
    client.force_login(user)
    return client


def address(tiles, zoom=14, version=None, x=None, y=None):
    """Return the address of a tile of a set: a layer, or "units/" and a level."""
    column, row = at(zoom)
    current = version if version is not None else bump_map_version(layer=tiles.partition("/")[0])
    return f"/tiles/{tiles}/{current}/{zoom}/{column if x is None else x}/{row if y is None else y}.mvt"


def read(response):
    assert response.status_code == 200
    return layers_of(response.content)


def halves(box):
    """Return the western and the eastern half of a box."""
    west, south, east, north = box
    middle = (west + east) / 2
    return shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)


def make_wavy_town():
    """Make the tree of `make_town`, with every line bent so that it has many vertices."""
    town = make_town()
    for version in UnitVersion.objects.all():
        dense = shapely.segmentize(from_stored(version.boundary), 0.0001)
        bent = shapely.transform(
            dense, lambda xy: round_coordinates(xy + 0.00002 * np.sin(xy[:, ::-1] * 40_000)), include_z=False
        )
        version.boundary = to_stored(as_multipolygon(bent))
        version.save()
    return town


def feature(kind, shape, **values):
    return MapFeature.objects.create(kind=kind, geometry=to_stored(shape), **values)


# --- units -------------------------------------------------------------------------------------------


def test_a_level_has_its_units_with_ids_and_their_points_with_codes_and_names(reader):
    town = make_town()
    x, y = at(15, *inside(town.leaf))
    for level in Level:
        layers = read(reader.get(address(f"units/{level}", 15, x=x, y=y)))
        assert set(layers) <= {level.value, f"{level}_name"}
        assert set(layers[level.value][0].properties) == {"mvt_id"}
    assert town.leaf.pk in {one.properties["mvt_id"] for one in layers["resident_group"]}
    assert "resident_group_name" not in layers, "there is no room for names yet"
    x, y = at(16, *inside(town.leaf))
    near = read(reader.get(address("units/resident_group", 16, x=x, y=y)))
    names = {one.properties["code"]: one.properties for one in near["resident_group_name"]}
    name = town.leaf.versions.get().name
    assert names[town.leaf.code] == {"mvt_id": town.leaf.pk, "code": town.leaf.code, "name": name}


@pytest.mark.parametrize("zoom", range(5, MAX_ZOOM + 1))
def test_levels_come_in_as_the_map_comes_closer(reader, zoom):
    town = make_town()
    x, y = at(zoom, *inside(town.leaf))
    for level, first in SHOWN_FROM.items():
        answer = reader.get(address(f"units/{level}", zoom, x=x, y=y))
        assert answer.status_code == (200 if zoom >= first else 204)


def test_only_the_versions_in_force_are_shown(reader):
    now = timezone.now()
    ended = DateTimeTZRange(LONG_AGO, now - timedelta(days=1))
    coming = DateTimeTZRange(now + timedelta(days=1), None)
    for valid in (ended, coming):
        make_unit(shapely.box(*TOWN_BOX), valid=valid)
    assert reader.get(address("units/street")).status_code == 204


def test_a_name_is_in_one_tile_only(reader):
    unit = make_unit(shapely.box(*TOWN_BOX), name="解放街道")
    west, north = at(15, WEST, NORTH)
    east, south = at(15, EAST, SOUTH)
    version = bump_map_version(layer="units")
    answers = [
        reader.get(address("units/street", 15, version, x, y))
        for x in range(west, east + 1)
        for y in range(north, south + 1)
    ]
    layers = [read(answer) for answer in answers if answer.status_code == 200]
    assert sum("street" in one for one in layers) > 1
    names = [name.properties for one in layers for name in one.get("street_name", [])]
    assert names == [{"mvt_id": unit.pk, "code": unit.code, "name": "解放街道"}]


@pytest.mark.parametrize("zoom", [10, 12, 14, 16])
def test_neighbours_keep_the_same_line(reader, zoom):
    """The border of two units, drawn with many vertices, is the same line of the lattice in both."""
    border = [
        ((WEST + EAST) / 2 + 0.0004 * math.sin(i), SOUTH + i * (NORTH - SOUTH) / 400) for i in range(401)
    ]
    left = shapely.Polygon([*border, (WEST, NORTH), (WEST, SOUTH)])
    right = shapely.Polygon([*border, (EAST, NORTH), (EAST, SOUTH)])
    for shape in (left, right):
        make_unit(shape)
    first, second = read(reader.get(address("units/street", zoom)))["street"]
    assert first.geometry.intersection(second.geometry).area == 0
    assert first.geometry.union(second.geometry).area == pytest.approx(
        first.geometry.area + second.geometry.area
    )


@pytest.mark.parametrize("zoom", [9, 11, 12, 13, 14])
def test_far_out_lines_lose_vertices_and_stay_shared(reader, zoom):
    """Wavy borders within and between levels: simplified, each is the same line in all who have it."""
    town = make_wavy_town()
    draw_outlines(unit_ids=None, when=timezone.now())
    x, y = at(zoom, *inside(town.leaf))
    level = [one.value for one, first in SHOWN_FROM.items() if zoom >= first][-1]
    shapes, [above] = (
        [feature.geometry for feature in read(reader.get(address(f"units/{one}", zoom, x=x, y=y)))[one]]
        for one in (level, "city")
    )
    union, clip = shapely.union_all(shapes), shapely.box(0, 0, 4096, 4096)
    assert sum(shape.area for shape in shapes) == pytest.approx(union.area)
    assert union.symmetric_difference(above).intersection(clip).area <= 0.002 * union.area
    drawn = UnitOutline.objects.filter(version__unit__level=level).values_list("shape", "version__boundary")
    assert drawn
    assert sum(shape.num_coords for shape, _exact in drawn) < sum(exact.num_coords for _shape, exact in drawn)


def test_without_outlines_the_exact_line_is_drawn_until_they_are(reader):
    make_wavy_town()
    x, y = at(14, *MIDDLE)
    old = address("units/area", 14, x=x, y=y)
    [exact, *_others] = read(reader.get(old))["area"]
    call_command("draw_outlines")
    [drawn, *_others] = read(reader.get(old, follow=True))["area"]
    assert drawn.geometry.area == pytest.approx(exact.geometry.area, rel=0.05)
    assert shapely.get_num_coordinates(drawn.geometry) < shapely.get_num_coordinates(exact.geometry)


# --- the base map ------------------------------------------------------------------------------------


def test_the_base_map_has_its_layers_and_properties(reader):
    ground = shapely.box(*TOWN_BOX)
    line = shapely.LineString([(WEST, MIDDLE[1]), (EAST, MIDDLE[1])])
    for kind in ("water", "green", "ground"):
        feature(kind, ground, name="" if kind == "ground" else "清河")
    for kind in ("arterial", "secondary", "street", "lane", "railway"):
        feature(kind, line, name="解放路", width_m=12.0)
    tower = shapely.box(MIDDLE[0], MIDDLE[1], MIDDLE[0] + 0.0003, MIDDLE[1] + 0.0003)
    building(tower, code="T1", floors=18)
    Facility.objects.create(kind="school", name="实验小学", geometry=to_stored(tower))
    layers = read(reader.get(address("base", 15)))
    assert set(layers) == {"water", "green", "ground", "road", "building", "place"}
    assert layers["water"][0].properties == {"kind": "water", "name": "清河"}
    assert layers["ground"][0].properties == {"kind": "ground"}
    assert {road.properties["kind"] for road in layers["road"]} == {
        "arterial",
        "secondary",
        "street",
        "lane",
        "railway",
    }
    assert layers["road"][0].properties["width_m"] == 12.0
    assert layers["building"][0].properties == {"use": "residential", "floors": 18}
    assert layers["place"][0].properties == {"kind": "school", "name": "实验小学"}
    assert layers["place"][0].geometry.geom_type == "Point"


@pytest.mark.parametrize(
    ("zoom", "kinds"), [(8, {"water"}), (10, {"water", "arterial"}), (13, {"water", "arterial"})]
)
def test_far_out_the_base_map_shows_less(reader, zoom, kinds):
    for kind in ("water", "lane", "arterial"):
        feature(kind, shapely.box(*TOWN_BOX).boundary if kind != "water" else shapely.box(*TOWN_BOX))
    layers = read(reader.get(address("base", zoom)))
    assert {one.properties["kind"] for layer in layers.values() for one in layer} == kinds


def test_no_person_and_no_household_is_in_any_tile(reader):
    town = make_town()
    holder_of(reader, PostKind.COMMAND_OPERATOR, town.units[Level.CITY][0])
    for unit in town.units[Level.RESIDENT_GROUP]:
        household(inside(unit), householder="欧阳娜娜", phone="13812341234", address="解放路 8 号")
    building(shapely.box(*TOWN_BOX), code="T1", name="一号楼")
    for tiles in SETS:
        for zoom in range(MAX_ZOOM + 1):
            content = reader.get(address(tiles, zoom)).content
            for secret in ("欧阳", "138", "解放路"):
                assert secret.encode() not in content


# --- over HTTP ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("tiles", ["base", "units/street", "households"])
def test_without_log_in_it_is_401_in_json(client, tiles):
    response = client.get(address(tiles))
    assert response.status_code == 401
    assert response.json()["code"] == "login_required"


def test_who_is_no_longer_active_is_refused(client):
    user = UserFactory()
    client.force_login(user)
    user.is_active = False
    user.save()
    assert client.get(address("units/street")).status_code == 401


@pytest.mark.parametrize("tiles", ["base", "units/street"])
def test_nothing_there_is_204_and_may_be_kept_too(reader, tiles):
    response = reader.get(address(tiles))
    assert (response.status_code, response.content) == (204, b"")
    assert "immutable" in response.headers["Cache-Control"]


def test_a_tile_may_be_kept_for_ever_and_comes_compressed(reader):
    make_unit(shapely.box(*TOWN_BOX))
    where = address("units/street")
    plain = reader.get(where)
    packed = reader.get(where, headers={"accept-encoding": "br, gzip"})
    assert packed.headers["Content-Encoding"] == "br"
    assert brotli.decompress(packed.content) == plain.content
    gzipped = reader.get(where, headers={"accept-encoding": "gzip, br;q=0"})
    assert gzipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(gzipped.content) == plain.content
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Type"] == "application/vnd.mapbox-vector-tile"
    assert packed.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_a_tile_that_is_known_is_304(reader):
    make_unit(shapely.box(*TOWN_BOX))
    where = address("units/street")
    etag = reader.get(where).headers["ETag"]
    again = reader.get(where, headers={"if-none-match": etag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    assert reader.get(where, headers={"if-none-match": '"other"'}).status_code == 200


def test_a_tile_is_made_once(reader, django_assert_num_queries):
    make_unit(shapely.box(*TOWN_BOX))
    where = address("units/street")
    reader.get(where)
    assert making.tile.cache_info().misses == 1
    with django_assert_num_queries(3):  # session, user, version
        reader.get(where)
    assert making.tile.cache_info().hits == 1


def test_after_a_change_the_old_address_leads_to_the_new_tile(reader):
    make_unit(shapely.box(*TOWN_BOX))
    old = address("units/street")
    assert len(read(reader.get(old))["street"]) == 1
    make_unit(shapely.box(*TOWN_BOX))
    new = address("units/street")
    moved = reader.get(old)
    assert (moved.status_code, moved.headers["Location"]) == (302, new)
    assert moved.headers["Cache-Control"] == "no-store"
    assert len(read(reader.get(moved.headers["Location"]))["street"]) == 2


@pytest.mark.parametrize(
    "path",
    [
        "units/street/{next}/14/0/0",
        "units/street/9999999999/14/0/0",
        "units/street/{now}/17/0/0",
        "units/street/{now}/3/8/0",
        "units/street/{now}/3/0/8",
        "units/street/{now}/9999999999/0/0",
        "units/street/{now}/3/99999999999999999999/0",
        "units/street/{now}/3/-1/0",
        "units/street/{now}/3/x/0",
        "people/{now}/3/0/0",
        "units/street/2026-02-30/3/0/0",
        "units/street/2026-02-03/17/0/0",
        "units/{now}/3/0/0",
        "units/village/{now}/3/0/0",
        "base/street/0/3/0/0",
    ],
)
def test_what_is_not_on_the_map_is_404_in_json(reader, path):
    now = bump_map_version(layer="units")
    response = reader.get(f"/tiles/{path.format(now=now, next=now + 1)}.mvt")
    assert response.status_code == 404
    assert response.json()["code"] == "not_found"


def test_tiles_are_only_read(reader):
    assert reader.post(address("units/street")).status_code == 405


def test_a_tile_that_takes_too_long_is_given_up(monkeypatch, client):
    slow = TileQuery("SELECT pg_sleep(60)::text::bytea", lambda _address: {})
    monkeypatch.setattr(making, "query_of", lambda _address, **_limits: slow)
    monkeypatch.setattr(making, "TIMEOUT_MS", 50)
    client.force_login(UserFactory())
    where = address("units/street")
    client.raise_request_exception = False
    with transaction.atomic():  # the test's own transaction must outlive the broken one
        response = client.get(where)
        transaction.set_rollback(True)
    assert response.status_code == 503
    assert response.json()["code"] == "unavailable"
    assert response.headers["Retry-After"]


def test_the_statement_is_prepared_once(reader):
    make_unit(shapely.box(*TOWN_BOX))
    version = bump_map_version(layer="units")
    for zoom in (12, 13, 14, 15):
        reader.get(address("units/street", zoom, version))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%ST_TileEnvelope%'")
        assert cursor.fetchone()[0] >= 1


# --- for the pages -----------------------------------------------------------------------------------


def test_the_sources_name_the_current_version_the_zooms_and_the_bounds():
    make_unit(shapely.box(*TOWN_BOX))
    version = bump_map_version(layer="units")
    sources = tile_sources()
    assert sources["units"]["url"] == f"/tiles/units/{{level}}/{version}/{{z}}/{{x}}/{{y}}.mvt"
    assert sources["base"]["url"] == "/tiles/base/0/{z}/{x}/{y}.mvt"
    assert (sources["base"]["minzoom"], sources["base"]["maxzoom"]) == (0, MAX_ZOOM)
    assert sources["base"]["bounds"] == pytest.approx(list(TOWN_BOX))


def test_before_anything_is_loaded_there_are_no_bounds():
    assert tile_sources()["units"]["bounds"] is None
