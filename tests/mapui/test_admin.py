"""The administration: for staff only, within the policy, with a map that shows the district."""

from __future__ import annotations

import json
import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.urls import reverse

from gis_grids.levels import Level, PostKind
from gis_grids.models import Facility, UnitVersion
from households.models import Household
from tests.factories import TOWN_BOX, UserFactory, make_town, post
from tests.mapui.office.filled import addresses, one_of_each, page_of

pytestmark = pytest.mark.django_db
INLINE = re.compile(r"<script((?![^>]*(?:src=|application/json))[^>]*)>")


@pytest.fixture
def administrator(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def page_data(answer):
    found = re.search(r'<script id="page-data"[^>]*>(.*?)</script>', answer.content.decode(), re.DOTALL)
    return json.loads(found[1]) if found else None


@pytest.fixture
def places():
    """The pages of every model, without the records that the existing ones need."""
    names = ("changelist", "add")
    return ["/admin/", *(page_of(model, name) for model in admin.site._registry for name in names)]


# Rights.


def test_anonymous_is_led_to_a_log_in(client, places):
    for address in places:
        answer = client.get(address)
        assert answer.status_code == 302, address
        assert "/login/" in answer.url, address


@pytest.mark.parametrize("kind", PostKind)
def test_no_post_opens_it(client, places, kind):
    user = UserFactory()
    post(user, make_town().units[Level.CITY][0], kind)
    client.force_login(user)
    for address in places:
        answer = client.get(address)
        assert answer.status_code in {302, 403}, address
        assert answer.status_code == 403 or "/login/" in answer.url, address


def test_staff_sees_what_it_was_given_and_no_more(client):
    user = UserFactory(is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_facility"))
    client.force_login(user)
    assert client.get(page_of(Facility, "changelist")).status_code == 200
    assert client.get(page_of(Facility, "add")).status_code == 403
    assert client.get(page_of(Household, "changelist")).status_code == 403
    assert client.get(page_of(UnitVersion, "changelist")).status_code == 403


def test_who_is_no_longer_active_is_out(client):
    user = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(user)
    user.is_active = False
    user.save()
    assert client.get("/admin/").status_code == 302


# Pages.


def test_every_page_opens_and_keeps_the_policy(administrator):
    one_of_each()
    for address in addresses():
        answer = administrator.get(address)
        assert answer.status_code == (403 if _is_refused(address) else 200), address
        body = answer.content.decode()
        nonce = re.search(r"script-src [^;]*'nonce-([^']+)'", answer.headers["Content-Security-Policy"])[1]
        assert all(f'nonce="{nonce}"' in attributes for attributes in INLINE.findall(body)), address
        assert not re.search(r"<[^>]+\s(?:style|on[a-z]+)=", body), address
        assert not re.search(r'<(?:script|link|img|iframe)[^>]*(?:src|href)="(?:https?:)?//', body), address


def _is_refused(address):
    """Tell whether it is the form of something that nobody adds by hand."""
    model = next(one for one in admin.site._registry if page_of(one, "add")[:-4] in address)
    never = {"unit", "unitversion", "mapfeature", "building", "visit", "placechange"}
    never |= {"announcement", "incident", "incidentevent", "matter", "quarterlyreport"}
    return address.endswith("/add/") and model._meta.model_name in never


@pytest.mark.parametrize(("language", "said"), [("en", "Administration"), ("zh-hans", "站点管理")])
def test_both_languages(administrator, language, said):
    administrator.cookies.load({"django_language": language})
    body = administrator.get("/admin/").content.decode()
    assert f'lang="{language}"' in body
    assert said in body
    assert reverse("set_language") in body


def test_the_map_of_a_form_begins_with_the_district(administrator):
    make_town()
    data = page_data(administrator.get(page_of(Facility, "add")))
    assert data["extent"] == pytest.approx(list(TOWN_BOX))
    assert data["tiles"]["base"]["url"].startswith("/tiles/base/")
    assert data["pins"].startswith("/static/")


def test_before_anything_is_loaded_a_form_still_opens(administrator):
    assert page_data(administrator.get(page_of(Facility, "add")))["extent"] is None


def test_a_form_without_a_map_carries_none(administrator):
    assert page_data(administrator.get(reverse("admin:auth_group_add"))) is None
