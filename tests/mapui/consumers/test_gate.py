"""Who is let in to which socket, and how the others are told."""

from __future__ import annotations

import logging
import threading

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError

from gis_grids.levels import Level, PostKind
from tests.mapui.consumers.talk import PATIENCE_S, Talk, cookie_of, in_database, opened, together

pytestmark = pytest.mark.django_db
BOTH = ("/ws/wall/", "/ws/phone/")
WATCHERS = {
    PostKind.COMMAND_OPERATOR,
    PostKind.OFFICE_CLERK,
    PostKind.PLANNER,
    PostKind.GRID_LEADER,
    PostKind.AREA_HEAD,
}


@pytest.mark.parametrize("path", BOTH)
@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "http://evil.example",
        "http://testserver:8080",
        "http://testserver.evil.example",
        "https://",
        "testserver",
        "http://[broken",
        "file://testserver",
    ],
)
async def test_page_of_another_site_is_refused_and_logged(world, caplog, path, origin):
    with caplog.at_level(logging.WARNING, "mapui.consumers.gate"):
        assert await Talk(path, world.centre, origin=origin).open() == 4403
    assert "is not this site" in caplog.text
    assert world.centre.username not in caplog.text


@pytest.mark.parametrize("origin", ["http://testserver", "https://testserver", "HTTP://TestServer"])
async def test_own_page_is_let_in(world, origin):
    talk = Talk("/ws/wall/", world.centre, origin=origin)
    assert await talk.open() is None
    await together(talk)


async def test_host_that_is_not_ours_is_refused(world):
    assert (
        await Talk("/ws/wall/", world.centre, origin="http://evil.example", host="evil.example").open()
        == 4403
    )


@pytest.mark.parametrize("origin", ["https://linge.example", "https://west.grids.example"])
async def test_trusted_origin_is_let_in(world, settings, origin):
    settings.CSRF_TRUSTED_ORIGINS = ["https://linge.example", "https://*.grids.example"]
    talk = Talk("/ws/wall/", world.centre, origin=origin)
    assert await talk.open() is None
    await together(talk)


@pytest.mark.parametrize("path", BOTH)
async def test_without_log_in_the_browser_reads_4401(world, path):
    talk = Talk(path)
    assert await talk.open() is None  # accepted first: a refused handshake has no code that a page can read
    assert await talk.closed() == 4401


@pytest.mark.parametrize("path", BOTH)
async def test_without_post_the_browser_reads_4403(world, path):
    talk = Talk(path, world.stranger)
    assert await talk.open() is None
    assert await talk.closed() == 4403


@pytest.mark.parametrize("kind", list(PostKind))
@pytest.mark.parametrize("path", BOTH)
async def test_each_role(world, path, kind):
    user = await in_database(world.somebody, world.town.units[Level.COMMUNITY][0], kind)
    talk = Talk(path, user)
    assert await talk.open() is None
    if kind in WATCHERS or (path == "/ws/phone/" and kind is not PostKind.AUDITOR):
        assert (await talk.begin())["kind"] == "snapshot"
        await together(talk)
    else:
        assert await talk.closed() == 4403


async def test_many_sockets_share_a_few_threads(world):
    first = await opened("/ws/wall/", world.centre)
    before = threading.active_count()
    others = [await opened(path, world.centre) for path in BOTH * 10]
    assert threading.active_count() - before <= 4 + 4  # those of the gate, and of the pool of connections
    assert {thread.name for thread in threading.enumerate() if thread.name.startswith("linge-socket")}
    await together(first, *others)


async def test_unknown_address_is_closed_cleanly(world, caplog):
    assert await Talk("/ws/nothing/", world.centre).open() == 4404
    assert not caplog.records


async def test_database_that_is_away_asks_to_come_again(world, monkeypatch):
    def away(_user):
        raise OperationalError

    monkeypatch.setattr("mapui.consumers.base.scope_of", away)
    talk = Talk("/ws/wall/", world.centre)
    assert await talk.open() is None
    assert await talk.closed() == 1013


async def test_database_that_is_away_at_log_in_too(world, monkeypatch):
    async def away(_scope):
        raise OperationalError

    talk = Talk("/ws/wall/", world.centre)
    monkeypatch.setattr("channels.auth.get_user", away)
    assert await talk.open() is None
    assert await talk.closed() == 1013


async def test_database_that_is_away_at_hello_too(world, monkeypatch):
    def away():
        raise OperationalError

    talk = await opened("/ws/wall/", world.centre)
    monkeypatch.setattr("mapui.live.hub.selectors.feed_position", away)
    await talk.say(kind="hello", position=1)
    assert await talk.closed() == 1013


async def test_page_of_one_is_cut_once_another_has_logged_in(world):
    talk = await opened("/ws/phone/", world.far_worker)
    await talk.say(kind="hello", position=None, holder=world.worker.get_username())
    assert await talk.closed() == 4401
    talk = await opened("/ws/phone/", world.worker)
    await talk.say(kind="hello", position=None, holder=world.worker.get_username())
    assert await talk.hear("welcome")
    await talk.leave()


async def test_fault_of_ours_closes_with_1011_and_is_logged(world, monkeypatch, caplog):
    def broken(_user):
        raise ZeroDivisionError

    monkeypatch.setattr("mapui.consumers.base.scope_of", broken)
    talk = Talk("/ws/wall/", world.centre)
    assert await talk.open() is None
    assert await talk.closed() == 1011
    assert "ZeroDivisionError" in caplog.text


async def test_client_that_has_gone_is_no_fault(world, monkeypatch, caplog):
    async def gone(_consumer, *_arguments):
        raise BrokenPipeError  # uvicorn's ClientDisconnected is an OSError too

    monkeypatch.setattr("mapui.consumers.base.LiveConsumer.accept", gone)
    talk = Talk("/ws/wall/", world.centre)
    talk.scope["headers"].append((b"cookie", (await in_database(cookie_of, world.centre)).encode()))
    await talk.send_input({"type": "websocket.connect"})
    await talk.wait(PATIENCE_S)
    assert not caplog.records


async def test_who_is_disabled_is_cut(world, monkeypatch):
    monkeypatch.setattr("mapui.consumers.base.RECHECK_S", (0.05, 0.1))
    user = await in_database(world.somebody, world.city, PostKind.COMMAND_OPERATOR)
    talk = await opened("/ws/wall/", user)
    await talk.begin()
    user.is_active = False
    await user.asave()
    assert await talk.closed() == 4401


async def test_who_loses_his_post_is_cut(world, monkeypatch):
    monkeypatch.setattr("mapui.consumers.base.RECHECK_S", (0.05, 0.1))
    user = await in_database(world.somebody, world.city, PostKind.COMMAND_OPERATOR)
    talk = await opened("/ws/wall/", user)
    await talk.begin()
    await user.posts.all().adelete()
    assert await talk.closed() == 4403


async def test_who_logs_out_is_cut(world, monkeypatch):
    monkeypatch.setattr("mapui.consumers.base.RECHECK_S", (0.05, 0.1))
    talk = await opened("/ws/phone/", world.worker)
    await talk.begin()
    await Session.objects.all().adelete()
    assert await talk.closed() == 4401
