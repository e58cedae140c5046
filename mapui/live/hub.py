"""The hub: one per process; it reads the feed once for all listeners and gives each its frames.

The hint on the channel layer says only "the feed is now at N"; the feed in the database is the truth.
So a lost hint costs one poll interval, never an event. Listeners of one audience at one position share
one query and one serialised frame, whatever their number (performance.md 1).

Nothing is missed and nothing comes twice, because all goes by positions: a listener joins with the
position of its snapshot, every round reads from the lowest position of those who are free, and each
gets exactly the events after its own. There is no moment between snapshot and joining to be lost in.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import Error as DatabaseError

from incidents import selectors
from mapui.live import frames, hints
from mapui.live.listener import Audience, Listener, Place
from mapui.live.notices import Notices
from mapui.live.orders import NOTHING, orders_for
from mapui.live.reading import read, take_snapshot
from mapui.live.threads import DatabaseThreads, one_per_loop, start_task

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mapui.live.reading import Printed, Reading

log = logging.getLogger(__name__)

#: Whoever is further behind than this many events gets a snapshot instead of them.
MAX_LAG: Final = 5000


@dataclass(frozen=True, slots=True)
class Pace:
    """The rhythm of a hub, in seconds."""

    poll: float = 2.0
    #: News leave at once, the next ones ``frame`` later, and ``frame_each`` more for each screen that got the
    #: last: however many walls there are, sending to them takes a small part of the processor.
    frame: float = 0.04
    frame_each: float = 0.0004
    tick: float = frames.HEARTBEAT_S
    figures: float = 2.0
    #: A snapshot serves for so long whoever comes next: after a restart all walls of a city come at once.
    snapshot: float = 5.0
    orders: float = 1.0
    retry: float = 0.5
    retry_at_most: float = 5.0


class Hub:
    """Listeners, and the tasks that serve them. Everything happens on one event loop."""

    def __init__(self, pace: Pace | None = None, max_lag: int = MAX_LAG) -> None:
        self.pace = pace or Pace()
        self.max_lag = max_lag
        self.loop = asyncio.get_running_loop()
        self._listeners: set[Listener] = set()
        self._head = 0
        self._wake = asyncio.Event()
        self._answered_at = self._ticked_at = self.loop.time()
        self._outdated: dict[Audience, None] = {}
        self._has_outdated = asyncio.Event()
        self._snapshots: dict[tuple[Audience, bool], asyncio.Task[Printed]] = {}
        self._notices = Notices()
        self._reader = DatabaseThreads("linge-feed")
        self._painters = DatabaseThreads("linge-snapshots", workers=4)
        self._tasks: list[asyncio.Task[None]] = []

    # --- life ----------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to serve; again has no effect."""
        if self._tasks:
            return
        works = {"linge-hub": self._serve(), "linge-hints": self._listen(), "linge-figures": self._count()}
        works["linge-orders"] = self._command()
        self._tasks = [start_task(work, name) for name, work in works.items()]
        hints.ears.add(self)

    async def stop(self) -> None:
        """End all tasks; listeners hear nothing more."""
        hints.ears.discard(self)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()

    # --- listeners -----------------------------------------------------------------------------

    async def begin(self, listener: Listener, position: int | None, *, packed: bool = False) -> None:
        """Bring a listener in, with the events after its position, or else with a snapshot.

        Raises what the database raises; the listener is then out.
        """
        self.start()
        self.leave(listener)
        audience = listener.place.audience
        head = await self._reader.run(selectors.feed_position)
        if position is not None and 0 <= head - position <= self.max_lag:
            listener.give(frames.welcome("replay", position, head))
        else:
            printed = await self._snapshot(audience, head, packed=packed)
            position = printed.position
            listener.give(frames.welcome("snapshot", position, max(head, position)))
            for frame in printed.frames:
                listener.give(frame)
            if audience.reporter is None and position < head:
                self._mark_outdated(audience)  # its figures are some events old
        self._answered_at = self.loop.time()
        listener.place = Place(audience, position, position)
        listener.orders = NOTHING
        listener.on_free = self._wake_for(listener)
        self._listeners.add(listener)
        self._wake.set()

    def leave(self, listener: Listener) -> None:
        """Let a listener go; it gets no more frames."""
        self._listeners.discard(listener)

    def cut_off(self, listener: Listener) -> None:
        """Let a listener go and tell it to say hello again."""
        self.leave(listener)
        listener.give(frames.RESUME)

    def move(self, listener: Listener, audience: Audience) -> None:
        """Give a listener another audience; what it showed is no longer true, so it must begin anew."""
        self.cut_off(listener)
        listener.place = Place(audience)

    def answer_ping(self, listener: Listener) -> None:
        """Answer a heartbeat, but only while the feed is really being read: else the screen goes stale."""
        is_live = self.loop.time() - self._answered_at < self.pace.poll + self.pace.tick
        if is_live and listener in self._listeners and listener.is_free:
            listener.give(frames.tick(listener.place.told))

    def tell(self, position: int) -> None:
        """Take a hint: the feed is at this position now."""
        if position > self._head:
            self._wake.set()

    def _wake_for(self, listener: Listener) -> Callable[[], None]:
        def wake() -> None:
            if listener in self._listeners and listener.place.position < self._head:
                self._wake.set()

        return wake

    async def _snapshot(self, audience: Audience, head: int, *, packed: bool) -> Printed:
        """Return a snapshot of some seconds ago at most, that the events up to ``head`` join on to.

        It is made once for all of an audience who ask meanwhile and shortly after.
        """
        key = (audience, packed)
        task = self._snapshots.get(key)
        if task is None or (task.done() and abs(head - task.result().position) > self.max_lag // 2):
            task = start_task(self._painters.run(take_snapshot, audience, packed=packed), "linge-snapshot")
            self._snapshots[key] = task
            task.add_done_callback(lambda done: self._keep_for_a_while(key, done))
        return await asyncio.shield(task)

    def _keep_for_a_while(self, key: tuple[Audience, bool], done: asyncio.Task[Printed]) -> None:
        failed = done.cancelled() or done.exception() is not None
        self.loop.call_later(0 if failed else self.pace.snapshot, self._forget, key, done)

    def _forget(self, key: tuple[Audience, bool], done: asyncio.Task[Printed]) -> None:
        if self._snapshots.get(key) is done:
            del self._snapshots[key]

    # --- the feed ------------------------------------------------------------------------------

    async def _serve(self) -> None:
        failures = 0
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self.pace.poll):
                    await self._wake.wait()
            self._wake.clear()
            try:
                sent = await self._round()
            except Exception as error:  # noqa: BLE001 - whatever it is, the walls must live again when it is over
                _report(error, failures)
                await asyncio.sleep(min(self.pace.retry * 2**failures, self.pace.retry_at_most))
                failures += 1
                self._wake.set()
            else:
                failures = 0
                await asyncio.sleep(self.pace.frame + self.pace.frame_each * sent)

    async def _round(self) -> int:
        """Look at the feed once, and return how many frames were given out."""
        places = self._free_places()
        if not places:
            return 0
        low = min(place.position for place in places)
        audiences = {place.audience for place in places}
        reading = await self._reader.run(read, low, self.max_lag, audiences)
        self._answered_at = self.loop.time()
        self._head = max(self._head, reading.position)
        sent = 0
        if reading.is_too_much:
            self._cut_off_all(place for place in places if place.position == low)
        elif reading.news:
            sent = self._deliver(reading, places)
            if reading.is_partial:
                self._wake.set()
        if self.loop.time() - self._ticked_at >= self.pace.tick:
            self._ticked_at = self.loop.time()
            await self._check_position()
            self._tick()
        return sent

    def _free_places(self) -> dict[Place, list[Listener]]:
        places: dict[Place, list[Listener]] = defaultdict(list)
        for listener in self._listeners:
            if listener.is_free:
                places[listener.place].append(listener)
        return places

    def _cut_off_all(self, places: Iterable[Place]) -> None:
        there = set(places)
        for listener in [one for one in self._listeners if one.place in there and one.is_free]:
            self.cut_off(listener)
        self._wake.set()

    def _deliver(self, reading: Reading, places: dict[Place, list[Listener]]) -> int:
        printer = frames.Printer(reading.cards)
        sent = 0
        for place, listeners in places.items():
            present = [one for one in listeners if one in self._listeners and one.place == place]
            if len(present) < len(listeners):
                self._wake.set()  # somebody said hello in between: his turn is the next
            if present and reading.position > place.position:
                sent += self._advance(present, place, reading, printer)
        return sent

    def _advance(
        self, listeners: list[Listener], place: Place, reading: Reading, printer: frames.Printer
    ) -> int:
        news, position = reading.news[place.audience].after(place.position), reading.position
        after = Place(place.audience, position, position if news.rows else place.told)
        frame = printer.events(place.told, position, news) if news.rows else None
        for listener in listeners:
            listener.place = after
            if frame is not None:
                listener.give(frame)
            if news.work_at > place.position:
                listener.give(frames.LOOK_AT_TASKS)
        if news.rows and place.audience.reporter is None:
            self._mark_outdated(place.audience)
        return len(listeners) if news.rows else 0

    async def _check_position(self) -> None:
        """Have all begin anew if the feed went back: it's another database, or an older state of it."""
        position = await self._reader.run(selectors.feed_position)
        if position < self._head:
            self._head = position
            self._snapshots.clear()
            for listener in tuple(self._listeners):
                self.cut_off(listener)

    # --- signs of life, and figures --------------------------------------------------------------

    def _tick(self) -> None:
        texts: dict[int, str] = {}
        for place, listeners in self._free_places().items():
            text = texts.setdefault(place.position, frames.tick(place.position))
            for listener in listeners:
                listener.place = Place(place.audience, place.position, place.position)
                listener.give(text)
            if place.audience.reporter is None:
                self._mark_outdated(place.audience)

    async def _announce(self) -> None:
        """Have phones look where something was announced, or is over, since the last look."""
        if all(one.place.audience.reporter is None for one in self._listeners):
            return
        with suppress(DatabaseError):  # the feed's own task says so
            addressed = await self._painters.run(self._notices.look)
            for listener in self._listeners:
                if listener.place.audience.reporter in addressed:
                    listener.give(frames.LOOK_AT_ANNOUNCEMENTS)

    def _mark_outdated(self, audience: Audience) -> None:
        self._outdated[audience] = None
        self._has_outdated.set()

    async def _count(self) -> None:
        """Tell walls new figures: at once after an event, then at most every ``pace.figures`` seconds."""
        while True:
            await self._has_outdated.wait()
            self._has_outdated.clear()
            audiences, self._outdated = self._outdated, {}
            for audience in audiences:
                with suppress(DatabaseError):  # the feed's own task says so
                    await self._tell_figures(audience)
            await asyncio.sleep(self.pace.figures)

    async def _tell_figures(self, audience: Audience) -> None:
        figures = frames.figures_of(
            await self._painters.run(selectors.figures, audience.roots, audience.grants)
        )
        texts: dict[int, str] = {}
        for listener in self._listeners:
            if listener.place.audience == audience and listener.is_free:
                told = listener.place.told
                listener.give(texts.setdefault(told, frames.tick(told, figures)))

    async def _command(self) -> None:
        """Tell walls and phones what is commanded and announced, within a second."""
        while True:
            await self._tell_orders()
            await self._announce()
            await asyncio.sleep(self.pace.orders)

    async def _tell_orders(self) -> None:
        """Tell walls what goes on by command, if anything does: after their hello, and at each change."""
        walls = {one.place.audience for one in self._listeners if one.place.audience.reporter is None}
        if not walls:
            return
        with suppress(DatabaseError):  # the feed's own task says so
            texts = await self._painters.run(orders_for, walls)
            for listener in self._listeners:
                text = texts.get(listener.place.audience)
                if text is not None and text != listener.orders and listener.is_free:
                    listener.orders = text
                    listener.give(text)

    # --- hints from other processes --------------------------------------------------------------

    async def _listen(self) -> None:
        async for position in hints.heard_hints():
            self.tell(position)


def _report(error: Exception, failures: int) -> None:
    """Log a failure of the feed: one of the database shortly, and once; a fault of ours with its trace."""
    if not isinstance(error, DatabaseError):
        log.error("The hub failed; it goes on", exc_info=error)
    elif failures == 0:
        log.warning("The feed can't be read (%s); walls are stale until it can", type(error).__name__)


get_hub = one_per_loop(Hub)
