"""Tiles past the middleware: the same answers as the views', and what isn't plain is left to them."""

from __future__ import annotations

import pytest
import shapely
from asgiref.sync import async_to_sync
from asgiref.testing import ApplicationCommunicator
from django.conf import settings
from django.contrib.sessions.models import Session

from gis_grids.levels import Level, PostKind
from gis_grids.selectors import map_version
from gis_grids.services import bump_map_version
from mapui.tiles import shortcut
from mapui.tiles.shortcut import Shortcut
from tests.factories import TOWN_BOX, UserFactory, inside, make_town, make_unit, post
from tests.mapui.tiles.test_households import block
from tests.mapui.tiles.test_tiles import at

pytestmark = pytest.mark.django_db(transaction=True)
PASSED_ON = 299


async def _otherwise(scope, receive, send):
    await send({"type": "http.response.start", "status": PASSED_ON, "headers": []})
    await send({"type": "http.response.body", "body": b""})


@pytest.fixture
def ask():
    """Ask one server process, which remembers whom it has seen."""
    application = Shortcut(_otherwise)

    async def ask(path, client, method="GET", **headers):
        cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
        said = headers | ({"cookie": f"{settings.SESSION_COOKIE_NAME}={cookie.value}"} if cookie else {})
        pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in said.items()]
        scope = {"type": "http", "method": method, "path": path, "headers": pairs}
        talk = ApplicationCommunicator(application, scope)
        await talk.send_input({"type": "http.request"})
        start, body = await talk.receive_output(5), await talk.receive_output(5)
        found = {name.decode(): value.decode() for name, value in start["headers"]}
        return start["status"], found, body["body"]

    def wait(*args, **kwargs):
        return async_to_sync(ask)(*args, **kwargs)

    return wait


@pytest.fixture
def address():
    make_unit(shapely.box(*TOWN_BOX))
    version = bump_map_version(layer="units")
    return "/tiles/units/street/{}/12/{}/{}.mvt".format(version, *at(12))


def test_it_answers_as_the_views_do(ask, reader, address):
    status, headers, body = ask(address, reader, accept_encoding="gzip")
    views = reader.get(address, headers={"accept-encoding": "gzip"})
    assert (status, body) == (200, views.content)
    for name in ("ETag", "Cache-Control", "Content-Type", "Content-Encoding"):
        assert headers[name.lower()] == views.headers[name]
    assert headers["vary"] == "Accept-Encoding"
    assert headers["content-length"] == str(len(body))
    assert ask(address, reader, if_none_match=headers["etag"])[0] == 304


def test_what_is_not_plain_is_left_to_the_views(ask, reader, client, address):
    passed_on = [
        (address, {"method": "POST"}),
        (address.replace("/12/", "/17/"), {}),
        (address.replace("street/", "street/9"), {}),
        (address.replace("street/", ""), {}),
        ("/tiles/units/street.json", {}),
        ("/tiles/households/0/0/0/0.mvt", {}),
        ("/wall/", {}),
    ]
    for path, how in passed_on:
        assert ask(path, reader, **how)[0] == PASSED_ON
    client.logout()
    assert ask(address, client)[0] == PASSED_ON


def test_who_is_locked_out_is_believed_for_no_longer_than_said(ask, reader, address, monkeypatch):
    assert ask(address, reader)[0] == 200
    Session.objects.all().delete()
    assert ask(address, reader)[0] == 200
    monkeypatch.setattr(shortcut, "TRUSTED_S", 0)
    assert ask(address, reader)[0] == PASSED_ON


def test_a_change_of_the_map_leaves_old_addresses_to_the_views(ask, reader, address, monkeypatch):
    monkeypatch.setattr(shortcut, "TRUSTED_S", 0)
    assert ask(address, reader)[0] == 200
    bump_map_version(layer="units")
    assert ask(address, reader)[0] == PASSED_ON


def test_households_are_those_on_the_readers_ground(ask, client):
    town = make_town()
    bump_map_version(layer="units")
    block(inside(town.leaf), "A", 6)
    x, y = at(16, *inside(town.leaf))
    path = f"/tiles/households/{map_version('households')}/16/{x}/{y}.mvt"
    for unit, expected in ((town.leaf, 200), (town.units[Level.RESIDENT_GROUP][-1], 204)):
        user = UserFactory()
        post(user, unit, PostKind.GRID_LEADER)
        client.force_login(user)
        assert ask(path, client)[0] == expected
