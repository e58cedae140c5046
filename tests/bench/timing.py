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


class Times:
    """Milliseconds, one for each time that something was done."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    @contextmanager
    def one(self) -> Iterator[None]:
        """Take the time of what is done in the block, if it succeeds."""
        start = time.perf_counter()
        yield
        self.taken.append(1000 * (time.perf_counter() - start))

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


def timed(work: Callable[[], object], times: int) -> Times:
    """Do something so often."""
    taken = Times()
    gc.collect()
    for _n in range(times):
        with taken.one():
            work()
    return taken
