"""The hub under trouble: hints lost, networks slow, the database away, another database."""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection

from incidents import selectors
from incidents.models import FeedCounter
from incidents.services.announcements import announce, end_announcement
from mapui.live import hints
from mapui.live.listener import Audience, Listener
from tests.mapui.consumers.talk import PATIENCE_S, in_database, together, wall
from tests.mapui.consumers.test_wall import Store, write

pytestmark = pytest.mark.django_db


class Screen:
    """A listener with a network of its own, which can be blocked."""

    def __init__(self, hub, audience):
        self.hub = hub
        self.frames = asyncio.Queue()
        self.is_open = asyncio.Event()
        self.is_open.set()
        self.listener = Listener(audience, self._send)
        self._task = asyncio.create_task(self.listener.run())

    async def _send(self, frame):
        await self.is_open.wait()
        self.frames.put_nowait(json.loads(frame))

    async def begin(self, position=None):
        await self.hub.begin(self.listener, position)
        while (frame := await self.next())["kind"] == "tick":
            pass
        return await self.next() if frame["mode"] == "snapshot" else frame

    async def next(self):
        return await asyncio.wait_for(self.frames.get(), PATIENCE_S)

    async def hear(self, *kinds):
        async with asyncio.timeout(PATIENCE_S):
            while (frame := await self.next())["kind"] not in kinds:
                assert frame["kind"] == "tick"
        return frame

    def leave(self):
        self.hub.leave(self.listener)
        self._task.cancel()


@pytest.fixture
async def screens(hub, world):
    made = []

    def make(audience=None):
        made.append(Screen(hub, audience or Audience(roots=frozenset({world.city.pk}))))
        return made[-1]

    yield make
    for one in made:
        one.leave()


async def test_lost_hint_costs_a_poll_not_the_event(world, screens, monkeypatch):
    monkeypatch.setattr(hints.hooks, "on_feed_advanced", [])
    screen = screens()
    store = Store(await screen.begin())
    [reported] = await in_database(write, world, 1)
    store.apply(await screen.hear("events"))
    assert store.position == reported.position


async def test_with_the_hint_nobody_waits_for_the_poll(world, hub, screens):
    hub.pace = replace(hub.pace, poll=3600, tick=3600)
    screen = screens()
    store = Store(await screen.begin())
    [reported] = await in_database(write, world, 1)
    store.apply(await screen.hear("events"))
    assert store.position == reported.position


async def test_one_reading_and_one_frame_serve_all(world, screens, monkeypatch):
    many = [screens() for _ in range(20)]
    for screen in many:
        await screen.begin()
    read, original = [], selectors.feed_after

    def counting(position, limit):
        batch = original(position, limit)
        read.extend(batch.events)
        return batch

    monkeypatch.setattr("mapui.live.hub.selectors.feed_after", counting)
    await in_database(write, world, 1)
    heard = [await screen.hear("events") for screen in many]
    assert all(frame == heard[0] for frame in heard)
    assert len(read) == 1


async def test_slow_wall_holds_up_nobody_and_misses_nothing(world, screens):
    slow, quick = screens(), screens()
    behind, ahead = Store(await slow.begin()), Store(await quick.begin())
    slow.is_open.clear()
    end = None
    for _ in range(5):
        [reported] = await in_database(write, world, 1)
        end = reported.position
        await ahead.follow(quick, end)
    assert len(slow.listener._outbox) <= 1  # what waits for it doesn't grow
    slow.is_open.set()
    await behind.follow(slow, end)
    assert behind.seen == ahead.seen
    assert behind.frames <= 3  # what was on its way, and the rest at once


async def test_wall_that_is_too_far_behind_is_told_to_say_hello_again(world, hub, screens):
    hub.max_lag = 3
    slow, quick = screens(), screens()
    position = (await slow.begin())["position"]
    store = Store(await quick.begin())
    slow.is_open.clear()
    slow.listener.give('{"kind": "tick"}')  # something that the network does not take
    for _ in range(6):
        [reported] = await in_database(write, world, 1)
        await store.follow(quick, reported.position)
    slow.is_open.set()
    assert (await slow.hear("resume"))["kind"] == "resume"
    await in_database(write, world, 1)
    fresh = await slow.begin(position)
    assert fresh["kind"] == "snapshot"
    assert fresh["position"] > position


async def test_database_away_makes_it_stale_and_then_nothing_is_missing(
    world, hub, screens, monkeypatch, caplog
):
    screen = screens()
    store = Store(await screen.begin())

    def away(*_arguments):
        raise OperationalError

    with monkeypatch.context() as patch, caplog.at_level(logging.WARNING, "mapui.live.hub"):
        patch.setattr("mapui.live.hub.selectors.feed_after", away)
        outcomes = await in_database(write, world, 2)
        await silence(screen, hub, store)
    await store.follow(screen, outcomes[-1].position)
    assert store.seen == [one.position for one in outcomes]
    assert caplog.text.count("can't be read") == 1  # said once, not at every attempt


async def silence(screen, hub, store):
    """Wait until frames have stopped for longer than ticks ever do; what was on its way till then counts."""
    hub._answered_at -= 3600  # as if it had been so for an hour
    while True:
        try:
            frame = await asyncio.wait_for(screen.frames.get(), 3 * hub.pace.tick)
        except TimeoutError:
            break
        if frame["kind"] == "events":
            store.apply(frame)
    hub.answer_ping(screen.listener)
    await asyncio.sleep(0.05)
    assert screen.frames.empty()  # a ping is not answered either


async def test_connections_that_the_database_ends_are_replaced(world, screens, own_connection):
    screen = screens()
    store = Store(await screen.begin())
    for _ in range(3):
        await in_database(end_all_connections_but, own_connection)
        outcomes = None
        while outcomes is None:  # the first one on a dead connection may fail
            with suppress(OperationalError):
                outcomes = await in_database(write, world, 1)
        await store.follow(screen, outcomes[0].position)
    assert len(store.seen) == 3


@pytest.fixture
def own_connection(db):
    """The server's process for the test's own connection, which must outlive it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def end_all_connections_but(own):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid NOT IN (%s, pg_backend_pid())",
            [own],
        )


async def test_fault_in_the_hub_is_logged_and_not_its_end(world, screens, monkeypatch, caplog):
    screen = screens()
    store = Store(await screen.begin())

    failed = asyncio.Event()

    def broken(*_arguments):
        failed.set()
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr("mapui.live.frames.Printer", broken)
        [reported] = await in_database(write, world, 1)
        await asyncio.wait_for(failed.wait(), PATIENCE_S)
    await store.follow(screen, reported.position)
    assert store.seen == [reported.position]
    assert "ZeroDivisionError" in caplog.text


async def test_older_database_makes_all_begin_anew(world, screens):
    screen = screens()
    await in_database(write, world, 1)
    position = (await screen.begin())["position"]
    await in_database(FeedCounter.objects.update, position=position - 1)  # as after a restored backup
    try:
        await screen.hear("resume")
        assert (await screen.begin(position))["position"] == position - 1
    finally:
        await in_database(FeedCounter.objects.update, position=position)


async def test_events_of_others_move_the_position_with_the_next_tick(world, screens):
    mine = screens(Audience(reporter=world.far_worker.pk))
    store = Store(await mine.begin())
    [other] = await in_database(write, world, 1)
    async with asyncio.timeout(PATIENCE_S):
        while store.position < other.position:
            store.tick(await mine.hear("tick"))
    [own] = await in_database(write, world, 1, world.leaves[-1], world.far_worker)
    store.apply(await mine.hear("events"))
    assert store.seen == [own.position]


async def test_who_says_hello_again_gets_nothing_twice(world, screens):
    screen = screens()
    store = Store(await screen.begin())
    for _ in range(5):
        [reported] = await in_database(write, world, 1)
        welcome = await screen_hello(screen, store.position)
        assert welcome["mode"] == "replay"
    await store.follow(screen, reported.position)
    assert len(store.seen) == len(set(store.seen)) == 5


async def screen_hello(screen, position):
    await screen.hub.begin(screen.listener, position)
    while (frame := await screen.next())["kind"] != "welcome":
        pass  # of before the hello: it comes again
    return frame


async def test_socket_that_has_gone_is_forgotten(world, hub):
    screen = await wall(world.centre)
    await screen.begin()
    assert len(hub._listeners) == 1
    await together(screen)
    assert not hub._listeners


async def test_idle_hub_asks_the_database_nothing(world, hub, screens, monkeypatch):
    asked = []
    monkeypatch.setattr("mapui.live.hub.selectors.feed_after", lambda *arguments: asked.append(arguments))
    hub.start()
    await asyncio.sleep(3 * hub.pace.poll)
    assert not asked


async def test_what_is_announced_and_what_is_over_is_hinted_at_to_those_below_once(world, hub, screens):
    worker, far = (screens(Audience(reporter=user.pk)) for user in (world.worker, world.far_worker))
    for screen in (worker, far):
        await screen.begin()
    await worker.hear("tick")  # from now on what is new is told
    told = {"actor": world.centre, "text": "台风", "until": datetime.now(UTC) + timedelta(hours=1)}
    sent = await in_database(announce, unit_id=world.leaves[0].pk, **told)
    assert await worker.hear("look") == {"kind": "look", "at": "announcements"}
    await in_database(announce, unit_id=world.leaves[-1].pk, **told)
    assert await far.hear("look") == {"kind": "look", "at": "announcements"}
    await in_database(end_announcement, actor=world.centre, announcement_id=sent.pk)
    assert await worker.hear("look") == {"kind": "look", "at": "announcements"}
    for _ in range(2):
        assert (await worker.next())["kind"] == "tick"
