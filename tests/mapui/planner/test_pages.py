"""The planner's pages: who gets in, which plans he sees, and what a draft can be opened for."""

from __future__ import annotations

import json
import re

import pytest
from django.utils import translation
from shapely import box

from gis_grids.levels import Level, PostKind
from gis_grids.services.plans import open_plan
from tests.factories import UserFactory, make_unit, post
from tests.planning import make_world

pytestmark = pytest.mark.django_db
READERS = (PostKind.PLANNER, PostKind.OFFICE_CLERK, PostKind.COMMAND_OPERATOR)


@pytest.fixture(autouse=True)
def _in_english(client):
    client.cookies.load({"django_language": "en"})
    with translation.override("en"):
        yield


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def plan(world):
    return open_plan(scope_id=world["west"].pk, level=Level.AREA, title="A plan", actor=world["planner"])


@pytest.fixture
def visit(client):
    """Return a function that opens an address as the new holder of a post."""

    def go(unit, kind, address="/planner/"):
        user = UserFactory()
        post(user, unit, kind)
        client.force_login(user)
        return client.get(address)

    return go


@pytest.mark.parametrize("kind", PostKind.values)
def test_planners_office_and_centre_get_in(visit, world, plan, kind):
    is_reader = kind in READERS
    for address in ("/planner/", f"/planner/{plan.pk}/"):
        assert visit(world["street"], kind, address).status_code == (200 if is_reader else 403)


def test_who_is_not_logged_in_is_led_to_the_log_in(client, plan):
    answer = client.get(f"/planner/{plan.pk}/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_plans_of_others_are_neither_listed_nor_opened(visit, world, plan):
    here = visit(world["west"], PostKind.PLANNER)
    assert "A plan" in here.content.decode()
    there = visit(world["east"], PostKind.PLANNER)
    assert "A plan" not in there.content.decode()
    assert visit(world["east"], PostKind.PLANNER, f"/planner/{plan.pk}/").status_code == 404


def test_a_draft_is_opened_for_what_is_divided_below_ones_own_post(visit, world):
    page = visit(world["west"], PostKind.PLANNER).content.decode()
    assert re.findall(r'<option value="(\d+)"', page) == [str(world["west"].pk)]
    assert re.findall(r'<option value="(\w+)" data-depth', page)[1:] == [
        level.value for level in Level if level.depth > Level.COMMUNITY.depth
    ]


def test_a_city_without_grids_begins_where_nothing_is_drawn_yet(visit):
    street = make_unit(box(116.3, 39.9, 116.31, 39.91), code="110105007", name="New town")
    page = visit(street, PostKind.PLANNER).content.decode()
    assert re.findall(r'<option value="(\d+)"', page) == [str(street.pk)]


def test_who_is_no_planner_opens_none(visit, world):
    assert 'id="open"' not in visit(world["street"], PostKind.OFFICE_CLERK).content.decode()


def test_the_script_is_told_where_to_ask_and_who_reads(client, world, plan):
    client.force_login(world["planner"])
    page = client.get(f"/planner/{plan.pk}/").content.decode()
    data = json.loads(re.search(r'id="page-data" type="application/json">(.*?)</script>', page)[1])
    assert data["api"] == f"/api/plans/{plan.pk}"
    assert data["socket"] == f"/ws/plan/{plan.pk}/"
    assert data["me"] == "planner"
    assert [level["code"] for level in data["levels"]] == Level.values
