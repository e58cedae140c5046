"""What the wall's map asks for: posts without persons, and the units of a level with their households."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.contrib.gis.geos import Point
from django.utils import timezone

from gis_grids.levels import Level, PostKind
from gis_grids.models import Post
from incidents.models import DayKind, Duty, Matter, MatterGrant, Shift
from incidents.selectors.ended import ended_since
from incidents.workflow import ENDED, State
from tests.factories import OPEN, UserFactory, inside, post
from tests.incidents.duty_world import published
from tests.incidents.world import make_world

FOREIGN, FORBIDDEN, WRONG = 404, 403, 422


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def centre(client, world):
    client.force_login(world.operator)
    return client


def streets(world):
    return world.town.units[Level.STREET]


def test_a_post_is_shown_inside_its_unit_without_its_holder(centre, world):
    shown = centre.get("/api/wall/posts").json()["posts"]
    assert {one["id"] for one in shown} == set(
        Post.objects.exclude(
            kind__in=[PostKind.COMMAND_OPERATOR, PostKind.PLANNER, PostKind.OFFICE_CLERK]
        ).values_list("pk", flat=True)
    )
    for one in shown:
        held = Post.objects.get(pk=one["id"])
        assert held.unit.versions.get().boundary.covers(Point(one["lon"], one["lat"], srid=4326))
        assert not {"holder", "name", "contact"} & set(one)


def test_a_vacant_post_says_so(centre, world):
    leaf = world.town.units[Level.RESIDENT_GROUP][0]
    vacant = post(None, leaf, PostKind.BUILDING_STEWARD)
    shown = {one["id"]: one for one in centre.get("/api/wall/posts").json()["posts"]}
    assert shown[vacant.pk]["is_vacant"]
    assert not shown[vacant.pk]["is_on_duty"]


def test_on_duty_is_who_has_a_turn_of_a_published_roster_now(centre, world):
    worker = UserFactory()
    held = post(worker, world.town.units[Level.COMMUNITY][0], PostKind.GRID_WORKER)
    roster = published(world, streets(world)[0])
    day = timezone.localdate()
    whole_day = Shift.objects.create(
        roster=roster, day_kind=DayKind.REST, kind=Shift.Kind.DAY, starts=time(0), ends=time(0)
    )

    def is_on_duty():
        shown = centre.get("/api/wall/posts").json()["posts"]
        return next(one for one in shown if one["id"] == held.pk)["is_on_duty"]

    Duty.objects.create(shift=whole_day, date=day - timedelta(days=1), person=worker)
    assert not is_on_duty()
    Duty.objects.create(shift=whole_day, date=day, person=worker)
    assert is_on_duty()
    roster.published_at = None
    roster.save()
    assert not is_on_duty()


def test_posts_are_those_of_the_asked_unit_and_of_the_part_of_the_map(centre, world):
    one, other = streets(world)
    mine = post(UserFactory(), world.town.units[Level.COMMUNITY][0], PostKind.GRID_WORKER)
    assert mine.unit.code.startswith(one.code)

    def ids(query):
        return {found["id"] for found in centre.get(f"/api/wall/posts?{query}").json()["posts"]}

    assert mine.pk in ids(f"unit={one.pk}")
    assert mine.pk not in ids(f"unit={other.pk}")
    west, south, east, north = other.versions.get().boundary.extent
    lon, lat = inside(mine.unit)
    assert mine.pk in ids(f"west={lon - 1e-4}&south={lat - 1e-4}&east={lon + 1e-4}&north={lat + 1e-4}")
    assert mine.pk not in ids(f"west={(west + 3 * east) / 4}&south={south}&east={east + 1}&north={north}")


def test_a_view_that_is_no_place_on_earth_is_refused(centre):
    assert centre.get("/api/wall/posts?west=200").status_code == WRONG


def test_the_units_of_a_level_tell_their_households_and_what_lies_below(centre, world):
    shown = centre.get("/api/wall/levels/community").json()["units"]
    assert [one["id"] for one in shown] == sorted(unit.pk for unit in world.town.units[Level.COMMUNITY])
    for one in shown:
        code = next(unit.code for unit in world.town.units[Level.COMMUNITY] if unit.pk == one["id"])
        leaf = next(unit for unit in world.town.units[Level.RESIDENT_GROUP] if unit.code.startswith(code))
        assert any(first <= leaf.pk <= last for first, last in one["spans"])


def test_nobody_is_told_of_what_lies_outside_his_posts(client, world):
    one, other = streets(world)
    lead = UserFactory()
    post(lead, one, PostKind.GRID_LEADER)
    client.force_login(lead)
    assert client.get(f"/api/wall/posts?unit={other.pk}").status_code == FOREIGN
    seen = {unit["id"] for unit in client.get("/api/wall/levels/community").json()["units"]}
    assert seen == {unit.pk for unit in world.town.units[Level.COMMUNITY] if unit.code.startswith(one.code)}
    elsewhere = post(UserFactory(), other, PostKind.GRID_WORKER)
    assert elsewhere.pk not in {found["id"] for found in client.get("/api/wall/posts").json()["posts"]}


def test_what_has_ended_within_a_day_is_told(centre, world):
    def told(query=""):
        return [one["id"] for one in centre.get(f"/api/wall/ended{query}").json()["cases"]]

    still_open, ended = world.case(), world.bring(State.CLOSED)
    assert told() == [ended.pk]
    one, other = sorted(streets(world), key=lambda street: not ended.unit.code.startswith(street.code))
    assert told(f"?unit={one.pk}") == [ended.pk]
    assert told(f"?unit={other.pk}") == []
    later = timezone.now() + timedelta(seconds=1)
    assert ended_since([world.town.units[Level.CITY][0].pk], later, most=5) == []
    assert still_open.state not in ENDED


def test_a_private_case_that_has_ended_is_told_with_a_grant_only(centre, world):
    ended = world.bring(State.CLOSED)
    Matter.objects.filter(pk=ended.matter_id).update(is_private=True)
    assert centre.get("/api/wall/ended").json()["cases"] == []
    MatterGrant.objects.create(
        holder=world.operator,
        unit=ended.unit,
        matter_code=ended.matter.code,
        term=OPEN,
        granted_by=world.head,
    )
    assert [one["id"] for one in centre.get("/api/wall/ended").json()["cases"]] == [ended.pk]


def test_who_has_no_wall_is_refused(client, world):
    worker = UserFactory()
    post(worker, streets(world)[0], PostKind.GRID_WORKER)
    client.force_login(worker)
    for address in ("posts", "levels/area", "ended"):
        assert client.get(f"/api/wall/{address}").status_code == FORBIDDEN
