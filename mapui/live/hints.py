"""Hints that the feed went on: told at once within the process, over the channel layer to the others.

A hint is sent after the commit and never waited for. It may get lost, and the layer may be down: the
hubs look at the feed every few seconds anyway. All it carries is ``{"position": N}``.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Protocol

from asgiref.sync import async_to_sync
from channels.layers import InMemoryChannelLayer, get_channel_layer

from incidents import hooks
from mapui.live.threads import one_per_loop, start_task
from mapui.ratelimits import Outage

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

log = logging.getLogger(__name__)

GROUP: Final = "linge.feed"
#: Longer than this nobody waits for the layer.
TIMEOUT_S: Final = 0.5
#: Hints follow each other no closer than this, the latest standing for all: no hub looks more often.
PACE_S: Final = 0.04
#: After a failure the layer is left alone for so long.
PAUSE_S: Final = 5.0


class Ear(Protocol):
    """Somebody in this process who wants to know, on his event loop."""

    loop: asyncio.AbstractEventLoop

    def tell(self, position: int) -> None:
        """Take the hint."""


#: Who wants to know in this process: the hub, once it has started.
ears: set[Ear] = set()


def register() -> None:
    """Have every advance of the feed followed by a hint."""
    if send_hint not in hooks.on_feed_advanced:
        hooks.on_feed_advanced.append(send_hint)


def send_hint(position: int) -> None:
    """Tell all hubs, from whatever thread; returns at once and never fails."""
    try:
        _send(position)
    except Exception:
        log.exception("A hint could not be sent; the hubs find the news by themselves")


def _send(position: int) -> None:
    for ear in tuple(ears):
        ear.loop.call_soon_threadsafe(ear.tell, position)
    loop = next((ear.loop for ear in ears), None) or _running_loop()
    if loop is not None:
        loop.call_soon_threadsafe(lambda: get_publisher().publish_soon(position))
    elif not isinstance(get_channel_layer(), InMemoryChannelLayer):  # that one reaches nobody else
        _standalone.publish(position)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


class Publisher:
    """Sends hints over the channel layer, the latest only; after a failure it pauses."""

    def __init__(self) -> None:
        self._position: int | None = None
        self._task: asyncio.Task[None] | None = None
        self._outage = Outage("The channel layer takes no hints; walls follow by polling", PAUSE_S)

    def publish_soon(self, position: int) -> None:
        """Send the hint from a task; one that waits already is replaced."""
        self._position = position
        if self._task is None:
            self._task = start_task(self._publish_all(), "linge-hint")

    def publish(self, position: int) -> None:
        """Send the hint from a thread that has no event loop, as a management command's."""
        async_to_sync(self._publish)(position)

    async def _publish_all(self) -> None:
        while self._position is not None:
            position, self._position = self._position, None
            await self._publish(position)
            await asyncio.sleep(PACE_S)
        self._task = None

    async def _publish(self, position: int) -> None:
        if self._outage:
            return
        try:
            hint = {"type": "hint", "position": position}
            async with asyncio.timeout(TIMEOUT_S):
                await get_channel_layer().group_send(GROUP, hint)
        except Exception as error:  # noqa: BLE001 - every layer has errors of its own
            self._outage.begin(error)


_standalone = Publisher()
get_publisher = one_per_loop(Publisher)


async def heard_hints() -> AsyncIterator[int]:
    """Yield the positions that other processes tell, for ever; a layer that is down is tried again."""
    outage = Outage("The channel layer can't be heard; walls follow by polling", PAUSE_S)
    while True:
        layer = get_channel_layer()
        try:
            async with asyncio.timeout(PAUSE_S):
                channel = await layer.new_channel()
                await layer.group_add(GROUP, channel)
            while True:
                message = await layer.receive(channel)
                yield int(message["position"])
        except Exception as error:  # noqa: BLE001 - every layer has errors of its own
            outage.begin(error)
            with suppress(Exception):  # what is half subscribed would pile up, an attempt on the other
                async with asyncio.timeout(TIMEOUT_S):
                    await layer.flush()
            await asyncio.sleep(PAUSE_S)
