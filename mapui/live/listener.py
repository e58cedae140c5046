"""A socket that listens to the feed: whom it is for, where it stands, and what is on its way to it."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

#: What is sent in one go: a text, or a packed one.
Frame = str | bytes

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from incidents.selectors import FeedRow


@dataclass(frozen=True, slots=True)
class Audience:
    """Who hears the same: all who watch the same subtrees with the same grants, or one reporter.

    ``grants`` are the private matters that they may see, each as (code, unit).
    """

    roots: frozenset[int] = frozenset()
    grants: frozenset[tuple[str, int]] = frozenset()
    reporter: int | None = None

    def sees(self, row: FeedRow) -> bool:
        """Whether the case of the event may be seen, as it is now."""
        if self.reporter is not None:
            return self.reporter in row.reporters
        return self._watches(row.ancestors, row.private)

    def saw(self, row: FeedRow, *, was_open: bool) -> bool:
        """Whether the case may have been seen until this event; ``was_open`` if it was not private then."""
        if self.reporter is not None:
            return self.reporter in row.were_reporters
        units = (*row.was_in, *row.ancestors) if row.was_open else row.was_in
        return self._watches(units, "" if was_open else row.private)

    def _watches(self, units: tuple[int, ...], private: str) -> bool:
        if self.roots.isdisjoint(units):
            return False
        return not private or any((private, unit) in self.grants for unit in units)


@dataclass(frozen=True, slots=True)
class Place:
    """Where listeners stand; those of one place get one and the same frame.

    ``position`` is how far the feed was looked through for them, ``told`` the position that they know of:
    events of others move the first alone, until the next tick.
    """

    audience: Audience
    position: int = 0
    told: int = 0


class Listener:
    """The place of one socket in the feed, with a sender of its own.

    ``send`` may take as long as the network takes: it holds up nobody but this listener, who is passed
    over until it is free, and then gets everything since its position in one frame. So what waits for a
    slow wall never grows.
    """

    def __init__(self, audience: Audience, send: Callable[[Frame], Awaitable[None]]) -> None:
        self.place = Place(audience)
        #: What goes on by command, as it was last told since the hello.
        self.orders = ""
        self.on_free: Callable[[], None] = lambda: None
        self._send = send
        self._outbox: deque[Frame] = deque()
        self._filled = asyncio.Event()
        self._is_sending = False

    @property
    def is_free(self) -> bool:
        """Whether everything given to it has left."""
        return not (self._outbox or self._is_sending)

    def give(self, frame: Frame) -> None:
        """Hand over a frame to be sent."""
        self._outbox.append(frame)
        self._filled.set()

    async def run(self) -> None:
        """Send what is given, for as long as the socket lives."""
        while True:
            await self._filled.wait()
            self._filled.clear()
            self._is_sending = True
            while self._outbox:
                await self._send(self._outbox.popleft())
            self._is_sending = False
            self.on_free()
