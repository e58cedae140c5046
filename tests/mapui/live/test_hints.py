"""Hints: from any thread, never waited for, never a reason to fail."""

from __future__ import annotations

import asyncio
import threading
from time import monotonic

import pytest
from channels.layers import get_channel_layer

from incidents import hooks
from mapui.live import hints


class Ear:
    def __init__(self):
        self.loop = asyncio.get_running_loop()
        self.heard = asyncio.Queue()

    def tell(self, position):
        self.heard.put_nowait(position)


class BrokenLayer:
    def __init__(self, seconds=0):
        self.seconds, self.asked = seconds, 0

    async def group_send(self, _group, _message):
        self.asked += 1
        await asyncio.sleep(self.seconds)
        raise ConnectionError


@pytest.fixture
def ear(monkeypatch):
    async def make():
        one = Ear()
        monkeypatch.setattr(hints, "ears", {one})
        return one

    return make


def test_every_advance_of_the_feed_is_followed_by_a_hint():
    hints.register()
    hints.register()
    assert hooks.on_feed_advanced.count(hints.send_hint) == 1


async def test_hint_from_another_thread(ear):
    one = await ear()
    thread = threading.Thread(target=hints.send_hint, args=(7,))
    thread.start()
    assert await asyncio.wait_for(one.heard.get(), 5) == 7
    thread.join()


async def test_hint_from_the_loop_itself(ear):
    one = await ear()
    hints.send_hint(8)
    assert await asyncio.wait_for(one.heard.get(), 5) == 8


async def test_other_processes_are_told_over_the_layer(ear):
    await ear()
    layer = get_channel_layer()
    channel = await layer.new_channel()
    await layer.group_add(hints.GROUP, channel)
    hints.send_hint(9)
    message = await asyncio.wait_for(layer.receive(channel), 5)
    assert message == {"type": "hint", "position": 9}  # nothing else: the layer carries no event
    await layer.group_discard(hints.GROUP, channel)


async def test_hints_of_other_processes_are_heard():
    heard = hints.heard_hints()
    first = asyncio.create_task(anext(heard))
    await asyncio.sleep(0.01)
    await get_channel_layer().group_send(hints.GROUP, {"type": "hint", "position": 10})
    assert await asyncio.wait_for(first, 5) == 10


async def test_layer_that_fails_is_left_alone_for_a_while(ear, monkeypatch, caplog):
    one, layer = await ear(), BrokenLayer()
    monkeypatch.setattr(hints, "get_channel_layer", lambda: layer)
    for position in range(1, 6):
        hints.send_hint(position)
        assert await asyncio.wait_for(one.heard.get(), 5) == position
    await asyncio.sleep(0.05)
    assert layer.asked == 1
    assert caplog.text.count("takes no hints") == 1


def test_command_without_event_loop_waits_for_the_layer_half_a_second_at_most(monkeypatch):
    layer = BrokenLayer(seconds=3600)
    monkeypatch.setattr(hints, "ears", set())
    monkeypatch.setattr(hints, "get_channel_layer", lambda: layer)
    monkeypatch.setattr(hints, "_standalone", hints.Publisher())
    started = monotonic()
    for position in range(100):
        hints.send_hint(position)
    assert monotonic() - started < 2
    assert layer.asked == 1


async def test_loop_that_has_ended_is_no_reason_to_fail(ear, caplog):
    one = await ear()
    one.loop = asyncio.new_event_loop()
    one.loop.close()
    hints.send_hint(11)
    assert "could not be sent" in caplog.text
