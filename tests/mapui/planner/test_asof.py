"""The boundaries of any day: past, today and to come, as a list with lineage and as GeoJSON."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from gis_grids.services.plans import restore_plan
from tests.mapui.planner.making import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(world, plan):
    """The plan, in force from the day after tomorrow."""
    day = timezone.localtime() + timedelta(days=2)
    world.publish(plan, effective_at=day.replace(hour=0, minute=0, second=0, microsecond=0))
    return plan


def day(days=0):
    return (timezone.localdate() + timedelta(days=days)).isoformat()


@pytest.fixture
def page(world):
    def go(person=None, **asked):
        asked = {"level": "area", "under": world.west.code} | asked
        return client_of(person or world.planner).get("/planner/asof/", asked)

    return go


def names(answer):
    assert answer.status_code == 200
    return [row.name for row in answer.context["rows"]]


class TestThePage:
    def test_by_role(self, world, page):
        for person in (world.planner, world.clerk, world.operator, world.stranger):
            assert page(person).status_code == 200
        assert page(world.worker).status_code == 403
        assert client_of(None).get("/planner/asof/").status_code == 302

    def test_before_and_from_the_day_on(self, published, page):
        everything = ["west 00", "west 10", "west 01", "west 11"]
        assert names(page(at=day())) == everything
        assert names(page(at=day(1))) == everything
        assert names(page(at=day(2))) == ["west 00", "west 01", "west 11"]
        assert names(page(at="1999-01-01")) == []

    def test_each_unit_says_where_its_ground_came_from(self, published, page):
        row = page(at=day(3)).context["rows"][0]
        assert {origin.name for origin in row.origins} == {"west 00", "west 10"}
        assert {origin.plan_id for origin in row.origins} == {published.pk}
        assert not page(at=day()).context["rows"][0].origins

    def test_who_may_not_see_the_plan_gets_no_link_to_it(self, world, published, page):
        row = page(world.stranger, at=day(3)).context["rows"][0]
        assert {origin.plan_id for origin in row.origins} == {None}

    def test_the_days_of_changes_are_offered(self, published, page):
        assert [when.isoformat() for when, _title in page().context["changes"]] == [day(2)]

    def test_what_was_taken_back_before_its_day_is_no_change(self, world, published, page):
        world.publish(restore_plan(plan_id=published.pk, actor=world.planner))
        answer = page(at=day(3))
        assert names(answer) == ["west 00", "west 10", "west 01", "west 11"]
        assert not any(row.origins or row.until for row in answer.context["rows"])
        assert not answer.context["changes"]

    @pytest.mark.parametrize("at", ["", "yesterday", "2026-13-40", "99999-01-01"])
    def test_a_day_that_is_none_is_today(self, page, at):
        assert page(at=at).context["is_today"]

    @pytest.mark.parametrize("at", ["0001-01-01", "9999-12-31"])
    def test_the_ends_of_time(self, page, at):
        assert page(at=at).status_code == 200

    def test_a_unit_that_nobody_knows_is_not_found(self, page):
        assert page(under="999").status_code == 404


class TestTheData:
    @pytest.fixture
    def get(self, world):
        def go(person=None, **asked):
            return client_of(person or world.worker).get("/api/units", {"level": "area"} | asked)

        return go

    def test_it_is_geojson_of_the_day_for_whoever_is_logged_in(self, world, published, get):
        now = json.loads(get(under=world.west.code).content)
        later = json.loads(get(under=world.west.code, at=f"{day(3)}T12:00:00").content)
        assert len(now["features"]) == 4
        assert len(later["features"]) == 3
        assert {feature["properties"]["level"] for feature in later["features"]} == {"area"}

    def test_everybody_reads_all_of_it(self, world, get):
        assert len(json.loads(get(world.stranger).content)["features"]) == 8

    def test_nobody_without_logging_in(self, world):
        assert client_of(None).get("/api/units", {"level": "area"}).status_code == 401

    @pytest.mark.parametrize(
        ("asked", "status"), [({"level": "planet"}, 422), ({"at": "soon"}, 422), ({"under": "999"}, 404)]
    )
    def test_bad_questions(self, get, asked, status):
        assert get(**asked).status_code == status
