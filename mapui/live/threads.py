"""Where the live path meets threads and event loops."""

from __future__ import annotations

import asyncio
import contextvars
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from django.db import close_old_connections, connections

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
        call = partial(_giving_back, partial(function, *args, **kwargs))
        return await asyncio.get_running_loop().run_in_executor(self._executor, call)


class DatabaseThread:
    """A thread for who uses the database again and again: it keeps its connection in between.

    To get one of the pool, checked and set up, takes as long as a tenth of what a report needs. Who keeps
    one gives it back when there is nothing to do, and bears that it may be lost meanwhile.
    """

    def __init__(self, name: str) -> None:
        self._executor = ThreadPoolExecutor(1, thread_name_prefix=name)

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a synchronous function that uses the database; its connection stays, unless it failed."""
        call = partial(_keeping, partial(function, *args, **kwargs))
        return await asyncio.get_running_loop().run_in_executor(self._executor, call)

    def give_back(self) -> None:
        """Give the connection back to the pool, after what is under way; nobody waits for it."""
        self._executor.submit(connections.close_all)


def _giving_back(call: Callable[[], T]) -> T:
    close_old_connections()
    try:
        return call()
    finally:
        close_old_connections()


def _keeping(call: Callable[[], T]) -> T:
    try:
        return call()
    finally:
        for connection in connections.all(initialized_only=True):
            if connection.errors_occurred:
                connection.close()


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
