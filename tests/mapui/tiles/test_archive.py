"""The map in one file: what is in it, how big it may get, and who gets which."""

from __future__ import annotations

import gzip

import pytest
import shapely
from pmtiles.reader import MemorySource, Reader

from gis_grids.levels import Level, PostKind
from gis_grids.models import MapFeature
from gis_grids.models.shapes import to_stored
from gis_grids.services import bump_map_version
from mapui.tiles import archive as archives
from mapui.tiles import making
from mapui.tiles.layers import MAX_ZOOM
from tests.factories import TOWN_BOX, UserFactory, inside, make_town, post
from tests.mapui.tiles.reading import layers_of
from tests.mapui.tiles.test_tiles import at

pytestmark = pytest.mark.django_db
ADDRESS = "/tiles/around.pmtiles"


@pytest.fixture(autouse=True)
def _nothing_kept():
    for kept in (making.tile, archives.archive):
        kept.cache_clear()


@pytest.fixture
def town():
    west, south, east, north = TOWN_BOX
    road = shapely.LineString([(west, south), (east, north)])
    MapFeature.objects.create(kind="street", name="斜街", geometry=to_stored(road))
    for layer in ("base", "units"):
        bump_map_version(layer=layer)
    return make_town()


def holder(client, *units):
    user = UserFactory()
    for unit in units:
        post(user, unit, PostKind.GRID_WORKER)
    client.force_login(user)
    return client


def opened(response):
    assert response.status_code == 200
    return Reader(MemorySource(response.content))


def test_one_file_has_the_base_map_and_the_units_around_a_post(client, town):
    reader = opened(holder(client, town.leaf).get(ADDRESS))
    header, here = reader.header(), inside(town.leaf)
    assert (header["min_zoom"], header["max_zoom"]) == (archives.FIRST_ZOOM, MAX_ZOOM)
    layers = layers_of(gzip.decompress(reader.get(14, *at(14, *here))))
    assert {"road", "building_group", "community"} <= set(layers)
    neighbour = inside(town.units[Level.RESIDENT_GROUP][1])
    assert reader.get(MAX_ZOOM, *at(MAX_ZOOM, *neighbour)), "next door is on it"
    far = inside(town.units[Level.RESIDENT_GROUP][-1])
    assert reader.get(MAX_ZOOM, *at(MAX_ZOOM, *far)) is None, "the other end of the town is not"


def test_a_big_ground_goes_less_deep(client, town, monkeypatch):
    monkeypatch.setattr(archives, "MOST_TILES", 30)
    header = opened(holder(client, town.units[Level.CITY][0]).get(ADDRESS)).header()
    assert header["max_zoom"] < MAX_ZOOM
    assert header["addressed_tiles_count"] <= 30


def test_it_is_asked_for_again_and_sent_only_when_the_map_has_changed(client, town):
    worker = holder(client, town.leaf)
    first = worker.get(ADDRESS)
    again = worker.get(ADDRESS, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    bump_map_version(layer="base")
    assert worker.get(ADDRESS, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_each_post_has_a_map_of_its_own_and_nobody_without_one(client, town):
    leaf, other = town.units[Level.RESIDENT_GROUP][0], town.units[Level.RESIDENT_GROUP][-1]
    tags = {
        holder(client, *units).get(ADDRESS).headers["ETag"] for units in ((leaf,), (other,), (leaf, other))
    }
    assert len(tags) == 3
    assert holder(client).get(ADDRESS).status_code == 404


def test_no_household_is_on_it(client, town):
    response = holder(client, town.leaf).get(ADDRESS)
    for zoom in range(archives.FIRST_ZOOM, MAX_ZOOM + 1):
        packed = opened(response).get(zoom, *at(zoom, *inside(town.leaf)))
        assert "household" not in layers_of(gzip.decompress(packed))
