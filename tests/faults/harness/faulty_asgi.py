"""The product's own application, which kills its process at a named point: see POINTS.

Served in the place of ``mapui.project.asgi``; the environment names the point (FAULT_AT) and the time
that it is passed when the process dies (FAULT_NTH). The product knows nothing of it.
"""

from __future__ import annotations

import asyncio
import os
import signal
from itertools import count

from mapui.project.asgi import application

# After the application: Django must be set up.
from django.db.backends.base.base import BaseDatabaseWrapper  # isort: skip
from mapui.consumers.base import LiveConsumer  # isort: skip
from mapui.live.hub import Hub  # isort: skip
from mapui.wire import Ack  # isort: skip

__all__ = ["application"]

POINTS = ("before commit", "after commit before ack", "after ack before fan-out")
POINT, NTH = os.environ["FAULT_AT"], int(os.environ["FAULT_NTH"])

_times = count(1)


def passing(point: str) -> None:
    """Die here, if it's the point and its time has come."""
    if point == POINT and next(_times) == NTH:
        os.kill(os.getpid(), signal.SIGKILL)


def _around_commits() -> None:
    """A transaction that leaves a hook behind has appended to the feed: it is a report's or an action's."""
    commit = BaseDatabaseWrapper._commit

    def watched(self: BaseDatabaseWrapper) -> None:
        is_of_feed = bool(self.run_on_commit)
        if is_of_feed:
            passing(POINTS[0])
        commit(self)
        if is_of_feed:
            passing(POINTS[1])

    BaseDatabaseWrapper._commit = watched


def _after_acks() -> None:
    """The acknowledgement has been handed to the kernel, which sends it even if the process dies."""
    answer = LiveConsumer.answer

    async def watched(self: LiveConsumer, message: object) -> None:
        await answer(self, message)
        if isinstance(message, Ack):
            passing(POINTS[2])

    LiveConsumer.answer = watched


def _never_fan_out() -> None:
    async def wait_for_ever(*_args: object) -> None:
        await asyncio.Event().wait()

    Hub._deliver = wait_for_ever


assert POINT in POINTS, POINT
_around_commits()
_after_acks()
if POINTS[2] == POINT:
    _never_fan_out()
