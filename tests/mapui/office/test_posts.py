"""The office's pages of posts: appointing, handing over, ending; by whom, and where not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone, translation
from procrastinate.contrib.django.models import ProcrastinateJob
from shapely import box

from gis_grids.levels import Level, PostKind
from gis_grids.models import Post, PostAct
from gis_grids.people import name_of
from households.models import Dwelling
from incidents.jobs import pass_cases_on
from incidents.models import Incident
from incidents.services.jobs import HAND_OVER
from incidents.workflow import Action, Actor
from tests.factories import UserFactory, inside, post
from tests.households.making import building
from tests.incidents.world import make_world

pytestmark = pytest.mark.django_db
STEWARD = PostKind.BUILDING_STEWARD


@pytest.fixture(autouse=True)
def _in_english(client):
    client.cookies["django_language"] = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def group(world):
    return world.town.units[Level.BUILDING_GROUP][0]


@pytest.fixture
def office(client, world):
    """Return the client of a clerk of the first community."""
    user = UserFactory()
    post(user, world.town.units[Level.COMMUNITY][0], PostKind.OFFICE_CLERK)
    client.force_login(user)
    client.user = user
    return client


def today():
    return timezone.localdate().isoformat()


def test_somebody_new_is_appointed_and_named(office, group):
    address = f"/office/posts/units/{group.code}/"
    told = {"kind": "building_steward", "person": "王小明", "since": today(), "contact": "100-7"}
    asked = office.post(address, told)
    assert asked.status_code == 422
    assert "A new person with this name" in asked.content.decode()
    assert office.post(address, told | {"chosen": "new"}).status_code == 302
    page = office.get(address).content.decode()
    assert "王小明" in page
    assert "100-7" in page
    assert name_of(Post.objects.get(unit=group, kind=STEWARD).holder) == "王小明"


def test_who_is_known_by_that_name_is_taken_and_of_two_one_is_chosen(office, group, world):
    first = UserFactory(last_name="李", first_name="一")
    post(first, world.town.leaf, PostKind.RESIDENT_GROUP_LEADER)
    address = f"/office/posts/units/{group.code}/"
    told = {"kind": "building_steward", "person": "李一", "since": today()}
    assert office.post(address, told).status_code == 302
    assert Post.objects.get(unit=group, kind=STEWARD).holder == first
    second = UserFactory(last_name="李", first_name="一")
    told["kind"] = "entrance_steward"
    assert office.post(address, told).status_code == 422
    assert office.post(address, told | {"chosen": str(second.pk)}).status_code == 302
    assert Post.objects.get(unit=group, kind=PostKind.ENTRANCE_STEWARD).holder == second


def test_a_post_is_noted_as_vacant_and_stands_among_the_gaps(office, group):
    office.post(f"/office/posts/units/{group.code}/", {"kind": "building_steward", "since": today()})
    assert "vacant" in office.get("/office/posts/?standing=vacant").content.decode()
    assert group.code in office.get("/office/posts/gaps/").content.decode()


def test_what_was_typed_stays_when_it_is_refused(office, group):
    told = {"kind": "building_steward", "since": today(), "until": "2020-01-01", "note": "kept words"}
    answer = office.post(f"/office/posts/units/{group.code}/", told)
    assert answer.status_code == 422
    assert "kept words" in answer.content.decode()
    assert not PostAct.objects.exists()


def test_desk_posts_are_not_offered_to_the_office_of_the_unit_itself(office, world):
    page = office.get(f"/office/posts/units/{world.town.units[Level.COMMUNITY][0].code}/").content.decode()
    assert 'value="grid_leader"' in page
    assert 'value="office_clerk"' not in page
    assert 'value="planner"' not in page


def test_a_post_is_handed_over_with_its_open_cases(office, world, group):
    """One act: the term ends, the next begins, and what was to be done goes along."""
    old, successor = UserFactory(), UserFactory(last_name="赵", first_name="新")
    held = post(old, group, STEWARD)
    case = world.case()
    world.act(case.pk, Action.ASSIGN, Actor.GRID_LEAD, assignee_id=old.pk)
    page = office.get(f"/office/posts/{held.pk}/").content.decode()
    assert "1 open case comes with this post." in page
    told = {"person": "赵新", "chosen": str(successor.pk), "on": today(), "with_tasks": "on"}
    answer = office.post(f"/office/posts/{held.pk}/hand-over/", told)
    assert answer.status_code == 302
    new = Post.objects.get(holder=successor)
    assert answer["Location"] == f"/office/posts/{new.pk}/"
    assert PostAct.objects.get().details == {"tasks": 1}
    job = ProcrastinateJob.objects.get(task_name=HAND_OVER)
    pass_cases_on(**job.args)
    pass_cases_on(**job.args)
    assert Incident.objects.get(pk=case.pk).assignee == successor
    page = office.get(f"/office/posts/{new.pk}/").content.decode()
    assert "Handed over" in page
    assert "1 open case went along" in page


def test_cases_of_another_post_of_his_stay_with_him(world, office, group):
    person, successor = UserFactory(), UserFactory(last_name="赵", first_name="新")
    held = post(person, group, STEWARD)
    post(person, world.town.leaf, PostKind.RESIDENT_GROUP_LEADER)
    case = world.case()
    world.act(case.pk, Action.ASSIGN, Actor.GRID_LEAD, assignee_id=person.pk)
    told = {"person": "赵新", "chosen": str(successor.pk), "on": today(), "with_tasks": "on"}
    office.post(f"/office/posts/{held.pk}/hand-over/", told)
    pass_cases_on(**ProcrastinateJob.objects.get(task_name=HAND_OVER).args)
    assert Incident.objects.get(pk=case.pk).assignee == person


def test_a_term_is_ended_and_put_right(office, group):
    held = post(UserFactory(), group, STEWARD)
    until = (timezone.localdate() + timedelta(days=9)).isoformat()
    assert (
        office.post(f"/office/posts/{held.pk}/correct/", {"contact": "100-8", "until": until}).status_code
        == 302
    )
    assert until in office.get(f"/office/posts/{held.pk}/").content.decode()
    assert (
        office.post(f"/office/posts/{held.pk}/end/", {"on": today(), "leaves_vacancy": "on"}).status_code
        == 302
    )
    assert Post.objects.filter(unit=group, kind=STEWARD, holder=None).exists()
    assert office.post(f"/office/posts/{held.pk}/end/", {"on": today()}).status_code == 422


def test_a_steward_is_given_buildings(office, world, group):
    lon, lat = inside(world.town.leaf)
    house = building(box(lon, lat, lon + 1e-4, lat + 1e-4), code="b1", name="3号楼")
    Dwelling.objects.create(building=house, floor=1, room="101")
    held = post(UserFactory(), group, STEWARD)
    address = f"/office/posts/{held.pk}/"
    assert "3号楼" in office.get(address).content.decode()
    assert office.post(f"{address}buildings/", {"buildings": [house.pk]}).status_code == 302
    assert held.cares.get().building == house
    assert office.post(f"{address}buildings/", {"buildings": [10**9]}).status_code == 422


def test_a_name_that_is_looked_for_stands_in_no_address(office, group):
    post(UserFactory(last_name="王", first_name="小明"), group, STEWARD)
    post(UserFactory(last_name="李", first_name="大海"), group, PostKind.ENTRANCE_STEWARD)
    answer = office.post("/office/posts/", {"person": "王小明"}, follow=True)
    page = answer.content.decode()
    assert "王" not in str(answer.redirect_chain)
    assert "李大海" not in page
    assert "王小明" in page


def test_posts_of_others_are_not_there(office, world):
    other = world.town.units[Level.COMMUNITY][1]
    foreign = post(UserFactory(), other, PostKind.GRID_LEADER)
    for address in (
        f"/office/posts/units/{other.code}/",
        f"/office/posts/{foreign.pk}/",
        f"/office/posts/people/{foreign.holder_id}/",
    ):
        assert office.get(address).status_code == 404
    assert office.post(f"/office/posts/{foreign.pk}/end/", {"on": today()}).status_code == 404


@pytest.mark.parametrize("kind", [PostKind.GRID_LEADER, PostKind.AREA_HEAD, PostKind.COMMAND_OPERATOR])
def test_who_only_reads_changes_nothing(client, world, group, kind):
    reader = UserFactory()
    post(reader, world.town.units[Level.COMMUNITY][0], kind)
    held = post(UserFactory(), group, STEWARD)
    client.force_login(reader)
    assert "<form" in client.get("/office/posts/").content.decode()
    assert "Hand over" not in client.get(f"/office/posts/{held.pk}/").content.decode()
    told = {"kind": "building_steward", "since": today()}
    assert client.post(f"/office/posts/units/{group.code}/", told).status_code == 422
    for deed in ("hand-over", "end", "correct", "buildings"):
        told = {"person": "赵", "on": today()}
        assert client.post(f"/office/posts/{held.pk}/{deed}/", told).status_code == 403, deed
    assert not PostAct.objects.exists()
