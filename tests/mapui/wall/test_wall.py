"""The wall page: what it is given, for whom, and that it needs nothing from outside."""

from __future__ import annotations

import json
import re

import pytest
from django.urls import reverse

from gis_grids.levels import Level, PostKind
from incidents.services import load_matters
from mapui.wall.page import page_data, place_of
from tests.factories import UserFactory, make_town, post

OPENS = {
    PostKind.COMMAND_OPERATOR,
    PostKind.OFFICE_CLERK,
    PostKind.GRID_LEADER,
    PostKind.AREA_HEAD,
    PostKind.PLANNER,
}


@pytest.fixture
def town(db):
    load_matters()
    return make_town()


@pytest.fixture
def operator(town):
    user = UserFactory()
    post(user, town.units[Level.STREET][0], PostKind.COMMAND_OPERATOR)
    return user


def test_anonymous_is_led_to_the_log_in_and_back(client, db):
    answer = client.get("/wall/")
    assert answer.status_code == 302
    assert answer.url == f"{reverse('account_login')}?next=/wall/"


@pytest.mark.parametrize("kind", PostKind)
def test_the_post_decides(client, town, kind):
    user = UserFactory()
    post(user, town.leaf, kind)
    client.force_login(user)
    assert client.get("/wall/").status_code == (200 if kind in OPENS else 403)


def test_who_holds_no_post_is_refused(client, town):
    client.force_login(UserFactory())
    assert client.get("/wall/").status_code == 403


def test_every_inline_script_has_the_nonce_and_nothing_comes_from_outside(client, operator):
    client.force_login(operator)
    answer = client.get("/wall/")
    html = answer.content.decode()
    nonce = re.search(r"script-src [^;]*'nonce-([^']+)'", answer.headers["Content-Security-Policy"])[1]
    inline = re.findall(r"<script((?![^>]*(?:src=|application/json))[^>]*)>", html)
    assert inline
    assert all(f'nonce="{nonce}"' in attributes for attributes in inline)
    assert not re.search(r"\sstyle=", html)
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', html)


def test_the_page_is_never_kept(client, operator):
    client.force_login(operator)
    assert "no-store" in client.get("/wall/").headers["Cache-Control"]


def test_the_page_carries_its_data(client, operator):
    client.force_login(operator)
    html = client.get("/wall/").content.decode()
    data = json.loads(re.search(r'<script id="page-data"[^>]*>(.*?)</script>', html, re.DOTALL)[1])
    assert data["socket"] == "/ws/wall/"
    assert data["time_zone"] == "Asia/Shanghai"
    assert {"code", "name", "icon", "colour", "is_errand", "needs_photo"} == set(data["matters"][0])


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "环境卫生"), ("en", "Rubbish and hygiene")])
def test_names_are_in_the_reader_s_language(client, operator, language, word):
    client.force_login(operator)
    client.cookies["django_language"] = language
    html = client.get("/wall/").content.decode()
    assert json.dumps(word)[1:-1] in html or word in html
    assert f'<html lang="{language}"' in html


def test_the_map_shows_the_units_of_the_viewer(town):
    first = town.units[Level.STREET][0]
    west, south, east, north = page_data([first.pk])["extent"]
    box = first.versions.get().boundary.extent
    assert (west, south, east, north) == pytest.approx(box)


def test_the_levels_are_those_that_have_units_below_the_district(town):
    assert [level["code"] for level in page_data([town.leaf.pk])["levels"]] == [
        "street",
        "community",
        "area",
        "building_group",
        "resident_group",
    ]


def test_a_house_without_units_still_has_a_page(db):
    data = page_data([])
    assert data["levels"] == []
    assert len(data["extent"]) == 4


def test_the_title_names_the_smallest_unit_over_all_posts(town):
    one, other = (unit.pk for unit in town.units[Level.STREET])
    district = town.units[Level.DISTRICT][0]
    assert place_of([one]) == town.units[Level.STREET][0].versions.get().name
    assert place_of([one, other]) == district.versions.get().name
    assert place_of([]) == ""
