"""Rolling down and up: what each viewer is told of the tree, and what is not there for him."""

from __future__ import annotations

import pytest

from gis_grids.levels import Level, PostKind
from gis_grids.selectors import rungs
from gis_grids.selectors.rollup import in_spans
from tests.factories import UserFactory, inside, make_town, post

FOREIGN = 404
FORBIDDEN = 403


@pytest.fixture
def town(db):
    return make_town()


@pytest.fixture
def viewer(client, town):
    """Return a function that logs somebody in who holds a post of the wall in each of the units."""

    def log_in(*units, kind=PostKind.COMMAND_OPERATOR):
        user = UserFactory()
        for unit in units:
            post(user, unit, kind)
        client.force_login(user)
        return client

    return log_in


def test_the_top_is_the_viewer_s_own_unit(viewer, town):
    street = town.units[Level.STREET][0]
    step = viewer(street).get("/api/wall/units").json()
    assert step["unit"]["id"] == street.pk
    assert [link["id"] for link in step["trail"]] == [street.pk]
    assert {child["level"] for child in step["children"]} == {"community"}


def test_several_units_are_shown_side_by_side_without_those_that_lie_in_another(viewer, town):
    one, other = town.units[Level.STREET]
    below = town.units[Level.COMMUNITY][0]
    step = viewer(one, other, below).get("/api/wall/units").json()
    assert step["unit"] is None
    assert [child["id"] for child in step["children"]] == [one.pk, other.pk]


def test_a_unit_tells_the_way_to_it_its_box_and_its_children(viewer, town):
    street, community = town.units[Level.STREET][0], town.units[Level.COMMUNITY][0]
    step = viewer(street).get(f"/api/wall/units/{community.pk}").json()
    assert [link["id"] for link in step["trail"]] == [street.pk, community.pk]
    assert step["unit"]["bbox"] == pytest.approx(community.versions.get().boundary.extent)
    areas = [unit for unit in town.units[Level.AREA] if unit.code.startswith(community.code)]
    assert [child["id"] for child in step["children"]] == [unit.pk for unit in areas]


def test_the_spans_of_the_children_are_all_units_below_and_no_other(town):
    for rung in rungs([unit.pk for unit in town.units[Level.COMMUNITY]]):
        held = {one for first, last in rung.spans for one in range(first, last + 1)}
        below = {
            unit.pk for level in town.units for unit in town.units[level] if unit.code.startswith(rung.code)
        }
        assert held == below


def test_ids_become_ranges():
    assert in_spans([]) == ()
    assert in_spans([3, 4, 5, 9, 11, 12]) == ((3, 5), (9, 9), (11, 12))


@pytest.mark.parametrize("level", [Level.CITY, Level.DISTRICT])
def test_what_lies_above_one_s_posts_is_not_there(viewer, town, level):
    street = town.units[Level.STREET][0]
    assert viewer(street).get(f"/api/wall/units/{town.units[level][0].pk}").status_code == FOREIGN


def test_nor_is_the_neighbour(viewer, town):
    one, other = town.units[Level.STREET]
    lon, lat = inside(other)
    client = viewer(one)
    assert client.get(f"/api/wall/units/{other.pk}").status_code == FOREIGN
    assert client.get(f"/api/wall/at?lon={lon}&lat={lat}&level=community").json() == {"unit": None}


def test_a_place_is_in_the_unit_of_the_level_that_is_asked_for(viewer, town):
    street, leaf = town.units[Level.STREET][0], town.units[Level.RESIDENT_GROUP][0]
    lon, lat = inside(leaf)
    client = viewer(street)
    for level in (Level.STREET, Level.COMMUNITY, Level.RESIDENT_GROUP):
        found = client.get(f"/api/wall/at?lon={lon}&lat={lat}&level={level}").json()["unit"]
        assert leaf.code.startswith(found["code"])
        assert found["level"] == level
    assert client.get(f"/api/wall/at?lon={lon}&lat={lat}&level=city").json() == {"unit": None}


def test_outside_of_all_units_there_is_none(viewer, town):
    assert viewer(town.units[Level.CITY][0]).get("/api/wall/at?lon=100&lat=30&level=area").json() == {
        "unit": None
    }


@pytest.mark.parametrize("kind", [PostKind.GRID_WORKER, PostKind.BUILDING_STEWARD])
def test_who_has_no_wall_is_refused(viewer, town, kind):
    street = town.units[Level.STREET][0]
    client = viewer(street, kind=kind)
    for address in ("units", f"units/{street.pk}", "at?lon=116.3&lat=39.9&level=area"):
        assert client.get(f"/api/wall/{address}").status_code == FORBIDDEN
