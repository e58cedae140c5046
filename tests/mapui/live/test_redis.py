"""The same over a real Redis: hints between processes, idle sockets, and Redis itself gone."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from time import monotonic

import pytest
from channels.layers import channel_layers, get_channel_layer
from redis.exceptions import RedisError

from incidents.selectors import feed_position
from mapui.live import hints
from mapui.ratelimits import ReportLimits
from tests.mapui.consumers.talk import in_database, phone, together, wall
from tests.mapui.consumers.test_wall import Store, write

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not shutil.which("redis-server"), reason="redis-server is not installed"),
]


class Redis:
    """A server of our own on a unix socket, without a trace on the disk."""

    def __init__(self, folder):
        self.socket = folder / "redis.sock"

    def start(self):
        options = ["--port", "0", "--unixsocket", self.socket, "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)

    def hang(self):
        self.process.send_signal(signal.SIGSTOP)

    def stop(self):
        self.process.kill()
        self.process.wait()

    async def is_up(self):
        while True:
            try:
                await get_channel_layer().group_send("test", {"type": "test"})
            except RedisError:
                await asyncio.sleep(0.02)
            else:
                return


def shipped_layers(url):
    """What the settings make of REDIS_URL."""
    script = "import json; from mapui.project import settings; print(json.dumps(settings.CHANNEL_LAYERS))"
    environment = os.environ | {"REDIS_URL": url}
    return json.loads(
        subprocess.run(
            [sys.executable, "-c", script], env=environment, capture_output=True, check=True
        ).stdout
    )


@pytest.fixture
def redis(tmp_path, settings):
    server = Redis(tmp_path)
    server.start()
    settings.CHANNEL_LAYERS = shipped_layers(f"unix://{server.socket}")
    yield server
    server.stop()
    channel_layers.backends.clear()


@pytest.fixture
def patient(hub):
    """Nothing comes by polling."""
    hub.pace = replace(hub.pace, poll=3600, tick=3600)
    return hub


async def test_hint_of_another_process_reaches_the_wall(world, redis, patient, monkeypatch):
    await redis.is_up()
    monkeypatch.setattr(hints.hooks, "on_feed_advanced", [])  # it's another process that writes
    screen = await wall(world.centre)
    store = Store(await screen.begin())
    [reported] = await in_database(write, world, 1)
    heard = asyncio.create_task(screen.hear("events"))
    while not heard.done():  # until the hub's subscription stands
        await get_channel_layer().group_send(hints.GROUP, {"type": "hint", "position": reported.position})
        await asyncio.wait([heard], timeout=0.1)
    store.apply(heard.result())
    assert store.position == reported.position
    await together(screen)


async def test_report_here_is_told_to_other_processes(world, redis, patient):
    await redis.is_up()
    layer = get_channel_layer()
    channel = await layer.new_channel()
    await layer.group_add(hints.GROUP, channel)
    screen = await wall(world.centre)
    await screen.begin()
    [reported] = await in_database(write, world, 1)
    assert (await asyncio.wait_for(layer.receive(channel), 5))["position"] == reported.position
    await together(screen)


async def test_idle_socket_stays_open(world, redis, patient):
    """redis-py 8 ends idle connections after 5 s unless told not to; sockets must not follow them."""
    await redis.is_up()
    screen = await wall(world.centre)
    store = Store(await screen.begin())
    assert await screen.receive_nothing(timeout=6.5, interval=0.1)
    [reported] = await in_database(write, world, 1)
    store.apply(await screen.hear("events"))
    assert store.position == reported.position
    await together(screen)


async def test_without_redis_sockets_open_and_walls_follow(world, redis):
    redis.stop()
    screen = await wall(world.centre)
    store = Store(await screen.begin())
    [reported] = await in_database(write, world, 1)
    store.apply(await screen.hear("events"))
    assert store.position == reported.position
    redis.start()
    await together(screen)


async def test_hung_redis_holds_nobody_up(world, redis, monkeypatch):
    await redis.is_up()
    limits = ReportLimits("100/minute", "1000/minute", f"unix://{redis.socket}")
    monkeypatch.setattr("mapui.consumers.phone.report_limits", lambda: limits)
    screen, reporter = await wall(world.centre), await phone(world.worker)
    store = Store(await screen.begin())
    redis.hang()
    started = monotonic()
    for _ in range(3):
        await reporter.say(**world.report())
        await reporter.hear("ack")
    assert monotonic() - started < 1 + 3
    end = await in_database(feed_position)
    await store.follow(screen, end)
    await together(screen, reporter)


async def test_restarted_redis_carries_hints_again(world, redis, patient):
    await redis.is_up()
    screen = await wall(world.centre)
    await screen.begin()
    redis.stop()
    redis.start()
    await redis.is_up()
    # As another process would, until the hub's subscription stands again.
    heard = asyncio.create_task(screen.hear("events"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hints.hooks, "on_feed_advanced", [])
        [reported] = await in_database(write, world, 1)
    while not heard.done():
        with suppress(RedisError):
            await get_channel_layer().group_send(hints.GROUP, {"type": "hint", "position": reported.position})
        await asyncio.wait([heard], timeout=0.1)
    assert heard.result()["position"] == reported.position
    await together(screen)
