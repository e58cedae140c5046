"""The intake of reports: those that wait together share one commit.

A report that comes alone is written at once. While a write is under way, further ones wait and go
together into the next: one transaction, one turn of the feed's counter, one flush to the disk for all.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from django.db import OperationalError, connection

from incidents import services
from mapui.live.threads import DatabaseThread, one_per_loop, start_task

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incidents.services import NewReport, Reported

#: At most so many reports share a commit.
MAX_BATCH: Final = 200
#: How PostgreSQL says that the same again would do: serialization failure, deadlock.
AGAIN: Final = frozenset({"40001", "40P01"})
MOST_ATTEMPTS: Final = 3
#: The intake keeps its connection to the database for so long after the last report.
KEEP_S: Final = 0.5


class Intake:
    """What waits to be written, and the one task that writes it."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[NewReport, asyncio.Future[Reported]]] = deque()
        self._task: asyncio.Task[None] | None = None
        self._called = asyncio.Event()
        self._writer = DatabaseThread("linge-intake")

    async def report(self, report: NewReport) -> Reported:
        """Write a report; returns after its commit, and only then.

        Raises `LingeError` if this report can't be accepted, or Django's `DatabaseError` if nothing can
        be written now; in both cases nothing was stored.
        """
        answer: asyncio.Future[Reported] = asyncio.get_running_loop().create_future()
        self._waiting.append((report, answer))
        self._called.set()
        if self._task is None:
            self._task = start_task(self._write_all(), "linge-intake")
        return await answer

    async def finish(self) -> None:
        """Wait until nothing is under way."""
        self._called.set()
        if self._task is not None:
            await self._task

    async def _write_all(self) -> None:
        try:
            while self._waiting:
                self._called.clear()
                batch = [self._waiting.popleft() for _ in range(min(MAX_BATCH, len(self._waiting)))]
                outcomes = await self._writer.run(write, [report for report, _answer in batch])
                for (_report, answer), outcome in zip(batch, outcomes, strict=True):
                    _settle(answer, outcome)
                if not self._waiting:
                    await self._linger()
        finally:
            self._task = None
            self._writer.give_back()

    async def _linger(self) -> None:
        """Wait a little for the next report: then the connection is still there."""
        with suppress(TimeoutError):
            async with asyncio.timeout(KEEP_S):
                await self._called.wait()


def _settle(answer: asyncio.Future[Reported], outcome: Reported | Exception) -> None:
    """Give the outcome to who waits for it, if he still does."""
    if answer.done():
        return
    if isinstance(outcome, Exception):
        answer.set_exception(outcome)
    else:
        answer.set_result(outcome)


def write(reports: Sequence[NewReport], attempts: int = MOST_ATTEMPTS) -> list[Reported | Exception]:
    """Write reports in one transaction; if they fail together, each in one of its own.

    Returns for each what became of it. So a report that upsets the database fails alone. What the database
    gave up only to let others go on (a deadlock, a failure to serialize) is tried again, and what failed
    with a connection that was lost, if Django has got another by then: a report that was stored all the same
    is found by its id.
    """
    kept = connection.connection
    try:
        return list(services.report_incidents(reports=reports))
    except OperationalError as error:
        is_lost = kept is not None and kept.closed and connection.connection is not None
        if attempts > 1 and (is_lost or getattr(error.__cause__, "sqlstate", None) in AGAIN):
            return write(reports, attempts - 1)
        return [error] * len(reports)  # the database is away: trying them one by one would only take longer
    except Exception as error:  # noqa: BLE001 - it goes to who waits for the answer
        if len(reports) == 1:
            return [error]
        return [outcome for report in reports for outcome in write([report])]


def write_one(report: NewReport) -> Reported:
    """Write a report as `write` does; raises what was wrong with it."""
    [outcome] = write([report])
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


get_intake = one_per_loop(Intake)
