"""The households layer: how many live where, for whom, and nobody's party by himself."""

from __future__ import annotations

import pytest
import shapely
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from gis_grids.levels import Level, PostKind
from gis_grids.models.shapes import to_stored
from gis_grids.selectors import map_version
from gis_grids.services import bump_map_version
from households.models import Dwelling, Household, HouseholdCount
from mapui.tiles.layers import HOUSES_FROM
from tests.factories import LONG_AGO, TOWN_BOX, UserFactory, inside, make_town, post
from tests.households.making import building, household
from tests.mapui.tiles.reading import layers_of
from tests.mapui.tiles.test_tiles import at

pytestmark = pytest.mark.django_db
SCREENS = {
    PostKind.COMMAND_OPERATOR,
    PostKind.PLANNER,
    PostKind.OFFICE_CLERK,
    PostKind.GRID_LEADER,
    PostKind.AREA_HEAD,
}


@pytest.fixture
def town():
    town = make_town()
    bump_map_version(layer="units")
    return town


def holder(client, kind, *units):
    user = UserFactory()
    for unit in units:
        post(user, unit, kind)
    client.force_login(user)
    return client


@pytest.fixture
def centre(client, town):
    return holder(client, PostKind.COMMAND_OPERATOR, town.units[Level.CITY][0])


def block(place, code, count, *, party=0, hub=0, contact=0):
    """Make a house around a place, with so many households."""
    lon, lat = place
    house = building(shapely.box(lon - 5e-5, lat - 5e-5, lon + 5e-5, lat + 5e-5), code=code)
    for n in range(count):
        dwelling = Dwelling.objects.create(building=house, floor=1, room=str(n))
        marks = {"is_party_member_household": n < party, "is_party_hub_household": n < hub}
        marks |= {"is_party_contact_household": n < contact}
        household(place, dwelling=dwelling, **marks)
    return house


def counts(client, zoom, place, layer):
    x, y = at(zoom, *place)
    response = client.get(f"/tiles/households/{map_version('households')}/{zoom}/{x}/{y}.mvt")
    if response.status_code == 204:
        return []
    assert response.status_code == 200
    layers = layers_of(response.content)
    assert set(layers) == {layer}
    return sorted((one.properties for one in layers[layer]), key=lambda one: one["n"])


@pytest.mark.parametrize(("zoom", "layer"), [(9, "cell"), (14, "cell"), (15, "house"), (16, "house")])
def test_households_are_counted_where_they_live(centre, town, zoom, layer):
    place = inside(town.leaf)
    block(place, "A", 7, party=3, hub=1, contact=2)
    assert counts(centre, zoom, place, layer) == [{"n": 7, "n_party": 3, "n_hub": 1, "n_contact": 2}]


@pytest.mark.parametrize("zoom", [12, 16])
def test_of_few_no_party_mark_is_shown(centre, town, zoom):
    place = inside(town.leaf)
    block(place, "A", 4, party=4)
    assert counts(centre, zoom, place, "house" if zoom >= HOUSES_FROM else "cell") == [{"n": 4}]


def test_far_out_neighbours_are_one_cell_and_near_each_house_is_a_point(centre, town):
    lon, lat = inside(town.leaf)
    block((lon, lat), "A", 3)
    block((lon + 2e-4, lat), "B", 2)
    assert counts(centre, 9, (lon, lat), "cell") == [{"n": 5}]
    assert counts(centre, 16, (lon, lat), "house") == [{"n": 2}, {"n": 3}]


def test_who_has_no_building_is_shown_by_a_square_and_not_by_his_place(centre, town):
    lon, lat = inside(town.leaf)
    for n in range(3):
        household((lon + n * 1e-6, lat))
    x, y = at(16, lon, lat)
    tile = centre.get(f"/tiles/households/{map_version('households')}/16/{x}/{y}.mvt")
    [shown] = layers_of(tile.content)["house"]
    assert shown.properties == {"n": 3}
    side = 4096 / 32  # a square of zoom 21 in a tile of zoom 16
    assert shown.geometry.x % side == pytest.approx(side / 2)
    assert shown.geometry.y % side == pytest.approx(side / 2)


def test_each_sees_the_ground_of_his_posts(client, town):
    first, second = (town.units[Level.COMMUNITY][n] for n in (0, -1))
    block(inside(town.units[Level.RESIDENT_GROUP][0]), "A", 6)
    block(inside(town.units[Level.RESIDENT_GROUP][-1]), "B", 9)
    here = inside(town.leaf)
    assert counts(holder(client, PostKind.GRID_LEADER, first), 9, here, "cell")[0]["n"] == 6
    assert counts(holder(client, PostKind.GRID_LEADER, second), 9, here, "cell")[0]["n"] == 9
    both = counts(holder(client, PostKind.GRID_LEADER, first, second), 9, here, "cell")
    assert sum(one["n"] for one in both) == 15
    away = inside(town.units[Level.RESIDENT_GROUP][-1])
    assert counts(holder(client, PostKind.GRID_LEADER, first), 16, away, "house") == []


@pytest.mark.parametrize("kind", sorted(set(PostKind) - SCREENS))
def test_who_has_no_screen_gets_none(client, town, kind):
    holder(client, kind, town.leaf)
    for path in ("households/1/0/0/0.mvt", "households.json"):
        response = client.get(f"/tiles/{path}")
        assert response.status_code == 403
        assert response.json()["code"] == "tiles.no_post"


@pytest.mark.parametrize("kind", sorted(SCREENS))
def test_who_has_a_screen_gets_them(client, town, kind):
    block(inside(town.leaf), "A", 6)
    reader = holder(client, kind, town.leaf)
    assert counts(reader, 16, inside(town.leaf), "house") == [{"n": 6}]
    described = reader.get("/tiles/households.json")
    assert described.status_code == 200
    # Whoever asks fills in the places himself: braces that are encoded are none.
    assert described.json()["tiles"][0].endswith("/{z}/{x}/{y}.mvt")


def test_a_post_that_is_over_opens_nothing(client, town):
    user = UserFactory()
    over = DateTimeTZRange(LONG_AGO, timezone.now())
    post(user, town.units[Level.CITY][0], PostKind.COMMAND_OPERATOR, term=over)
    client.force_login(user)
    assert client.get("/tiles/households/0/0/0/0.mvt").status_code == 403


def test_a_browser_keeps_the_tiles_of_one_log_in_from_the_next(centre, town):
    block(inside(town.leaf), "A", 6)
    x, y = at(16, *inside(town.leaf))
    response = centre.get(f"/tiles/households/{map_version('households')}/16/{x}/{y}.mvt")
    assert "Cookie" in response.headers["Vary"]
    assert "private" in response.headers["Cache-Control"]


def test_every_change_of_households_and_places_changes_the_version_and_the_count(town):
    lon, lat = inside(town.leaf)
    house = block((lon, lat), "A", 6)
    other = block((lon + 2e-4, lat), "B", 1)

    def n_of(one):
        return list(HouseholdCount.objects.filter(building=one).values_list("n", "n_party"))

    versions = [map_version("households")]

    def has_changed():
        versions.append(map_version("households"))
        return versions[-1] > versions[-2]

    one = Household.objects.filter(dwelling__building=house).first()
    one.is_party_member_household = True
    one.save()
    assert has_changed()
    assert n_of(house) == [(6, 1)]
    Dwelling.objects.filter(pk=one.dwelling_id).update(building=other, room="moved")
    assert has_changed()
    assert (n_of(house), n_of(other)) == ([(5, 0)], [(2, 1)])
    one.delete()
    assert has_changed()
    assert n_of(other) == [(1, 0)]
    squares = HouseholdCount.objects.filter(building=None, n__gt=0)
    point = household((lon, lat))
    assert has_changed()
    assert squares.count() == 1
    point.place = to_stored(shapely.Point(lon + 3e-4, lat))
    point.save()
    assert has_changed()
    assert squares.count() == 1
    before = HouseholdCount.objects.get(building=house)
    house.footprint = to_stored(shapely.MultiPolygon([shapely.box(*TOWN_BOX)]))
    house.save()
    assert has_changed()
    after = HouseholdCount.objects.get(building=house)
    assert (after.x, after.y) != (before.x, before.y)
    point.phone = "10012345678"
    point.save()
    assert not has_changed()
