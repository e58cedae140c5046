"""Where the live path meets threads and event loops."""

from __future__ import annotations

import asyncio
import contextvars
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

P = ParamSpec("P")
T = TypeVar("T")


class DatabaseThreads:
    """Threads of their own for a reader or a writer of the database, so that nobody else holds it up."""

    def __init__(self, name: str, workers: int = 1) -> None:
        self._executor = ThreadPoolExecutor(workers, thread_name_prefix=name)

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a synchronous function that uses the database; its connection then goes back to the pool."""
        call = database_sync_to_async(function, thread_sensitive=False, executor=self._executor)
        result: T = await call(*args, **kwargs)
        return result


def start_task(work: Coroutine[object, object, T], name: str) -> asyncio.Task[T]:
    """Start a task that outlives who asked for it: it inherits neither his thread nor his language."""
    return asyncio.get_running_loop().create_task(work, name=name, context=contextvars.Context())


def one_per_loop(make: Callable[[], T]) -> Callable[[], T]:
    """Return a function that gives each event loop its own one; in a server that is one per process."""
    made: WeakKeyDictionary[asyncio.AbstractEventLoop, T] = WeakKeyDictionary()

    def get() -> T:
        loop = asyncio.get_running_loop()
        if loop not in made:
            made[loop] = make()
        return made[loop]

    return get
