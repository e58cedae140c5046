"""How long things take: many times, as median and 95th percentile."""

from __future__ import annotations

import gc
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from tests.bench.table import MOST, Figure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_BUSY_S = 0.5


class Times:
    """Milliseconds, one for each time that something was done.

    By the clock on the wall; what only computes is timed by its CPU, which is the same on a quiet machine
    and doesn't count what others do on a busy one.
    """

    def __init__(self, *, computes: bool = False) -> None:
        self.taken: list[float] = []
        self._clock = time.process_time if computes else time.perf_counter

    @contextmanager
    def one(self) -> Iterator[None]:
        """Take the time of what is done in the block, if it succeeds."""
        start = self._clock()
        yield
        self.taken.append(1000 * (self._clock() - start))

    def at(self, share: float) -> float:
        """Return a percentile; not a number of nothing."""
        return float(np.percentile(self.taken, share)) if self.taken else float("nan")

    def figures(
        self, name: str, limit: Times | None = None, limit_name: str = "", goal: float | None = None
    ) -> Iterator[Figure]:
        """Yield median and 95th percentile, beside the limit's; the goal is for the median."""
        of = MOST if goal is not None else ""
        yield Figure(name, self.at(50), "ms", limit and limit.at(50), limit_name, goal, of)
        if len(self.taken) > 1:
            yield Figure("  95th percentile", self.at(95), "ms", limit and limit.at(95), limit_name)


def timed(work: Callable[[], object], times: int, *, computes: bool = False) -> Times:
    """Do something so often."""
    taken = Times(computes=computes)
    gc.collect()
    for _n in range(times):
        with taken.one():
            work()
    return taken


def share_of_core() -> float:
    """Return how much of a core a busy loop gets, in per cent: 100 on a quiet machine."""
    start, used = time.perf_counter(), time.process_time()
    while time.process_time() - used < _BUSY_S:
        pass
    return 100 * _BUSY_S / (time.perf_counter() - start)
