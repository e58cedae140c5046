"""A wall that runs and runs: whether its memory stays flat, and whether it comes back by itself.

One wall in kiosk mode, in a real browser, while people report and an operator ends as many cases, so that
what is open stays as it is. In the middle the server goes, and stays away for a while. Memory after that is
compared with memory before, in the same run; a leak grows with every event, whatever the machine.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.bench.scene import prepare
from tests.bench.stage import helper, own_database, servers
from tests.bench.table import LEAST, MOST, Figure
from tests.chromium import FLAGS, chromium

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import CDPSession, Page

TITLE = "A wall in kiosk mode, hour after hour, with the server away in between"


@dataclass(frozen=True, slots=True)
class Plan:
    """``slices`` of so many seconds on each side of the outage; cases each second; how many stay open."""

    slices: int = 6
    seconds: float = 20
    rate: float = 5
    open_cases: int = 300
    away_s: float = 15


QUICK = Plan(slices=1, seconds=4, open_cases=20, away_s=3)
_REPORTERS = 20
_RECORD = """() => {
    // As many frames as a minute has; a recorder that grows would be the leak that it looks for.
    const frames = window.frames_ = { times: new Float32Array(3600), n: 0 };
    let last = performance.now();
    const tick = (now) => {
        frames.times[frames.n % 3600] = now - last;
        frames.n += 1;
        last = now;
        requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
}"""
_FRAMES = "() => [...window.frames_.times.slice(1, Math.min(3600, window.frames_.n))]"
_BACK_S = 60


@dataclass(frozen=True, slots=True)
class Weight:
    """What a page holds after a collection of garbage."""

    heap_mb: float
    nodes: int
    listeners: int


def measure(*, quick: bool) -> list[Figure]:
    """Measure; takes some six minutes, or with ``quick`` half a minute."""
    if chromium() is None:
        print("nothing is measured: no Chromium on this machine (apt-get install chromium)", file=sys.stderr)
        return []
    with own_database("soak") as url:
        # The browser's loop runs in this thread, so Django takes every query for one from async code.
        os.environ |= {"DATABASE_URL": url, "DJANGO_ALLOW_ASYNC_UNSAFE": "1"}
        scene = prepare(_REPORTERS)
        return list(_soaked(url, scene, QUICK if quick else Plan()))


def _soaked(url: str, scene: Any, plan: Plan) -> Iterator[Figure]:
    with ExitStack() as stack:
        serving = stack.enter_context(ExitStack())
        [server] = serving.enter_context(servers(url, 1))
        phones = serving.enter_context(helper("tests.bench.phones"))
        phones.ask("open", addresses=[server.address], cookies=scene.phones, spots=scene.spots)
        page = stack.enter_context(_wall(f"http://{server.address}", scene.wall))
        watch = page.context.new_cdp_session(page)

        def live(slices: int) -> None:
            for _ in range(slices):
                phones.ask("report", seconds=plan.seconds, rate=plan.rate)
                _end_all_but(plan.open_cases)
                page.wait_for_timeout(1000)

        # The first slice warms up: scripts, tiles, the charts' piece.
        live(1)
        before = _weight(watch)
        live(plan.slices)
        between = _weight(watch)
        frames = np.array(page.evaluate(_FRAMES))

        serving.close()
        page.locator("#link:not([data-status=live])").wait_for(timeout=30_000)
        time.sleep(plan.away_s)
        _end_all_but(plan.open_cases // 2)
        port = int(server.address.rpartition(":")[2])
        started = time.monotonic()
        stack.enter_context(servers(url, 1, port))
        page.locator("#link[data-status=live]").wait_for(timeout=1000 * _BACK_S)
        back_s = time.monotonic() - started
        page.wait_for_timeout(3000)
        is_true = _shown(page) == _open()
        after = _weight(watch)

    events = 2 * plan.rate * plan.seconds * plan.slices
    yield Figure("events that the wall has heard", events, "")
    yield Figure("heap after a warm-up", before.heap_mb, "MB")
    for name, weight in (("after these events", between), ("after the outage", after)):
        yield Figure(f"heap {name}", weight.heap_mb, "MB", before.heap_mb, "after the warm-up")
        yield Figure("  grown", weight.heap_mb - before.heap_mb, "MB", goal=3, goal_of=MOST)
        yield Figure("  nodes of the page", weight.nodes, "", before.nodes, "after the warm-up")
        yield Figure("  listeners", weight.listeners, "", before.listeners, "after the warm-up")
    yield Figure("frame, median", float(np.median(frames)), "ms")
    yield Figure("  95th percentile", float(np.percentile(frames, 95)), "ms")
    yield Figure("live again after the server's start", back_s, "s", goal=_BACK_S, goal_of=MOST)
    yield Figure("shows what the database has", float(is_true), "", goal=1, goal_of=LEAST)


class _wall:  # noqa: N801 - a context manager, used as a function
    """The page of a wall in kiosk mode."""

    def __init__(self, address: str, cookie: str) -> None:
        self.address = address
        self.name, _is, self.value = cookie.partition("=")

    def __enter__(self) -> Page:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where there is a browser

        self._playwright = sync_playwright().start()
        browser = self._playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        context = browser.new_context(base_url=self.address, viewport={"width": 1920, "height": 1080})
        context.add_cookies([{"name": self.name, "value": self.value, "url": self.address}])
        page = context.new_page()
        page.goto("/wall/#kiosk")
        page.locator("#link[data-status=live]").wait_for(timeout=60_000)
        page.evaluate(_RECORD)
        return page

    def __exit__(self, *_error: object) -> None:
        self._playwright.stop()


def _weight(watch: CDPSession) -> Weight:
    watch.send("HeapProfiler.collectGarbage")
    heap = watch.send("Runtime.getHeapUsage")["usedSize"]
    counters = watch.send("Memory.getDOMCounters")
    return Weight(heap / 2**20, counters["nodes"], counters["jsEventListeners"])


def _shown(page: Page) -> int:
    return int(page.locator("#figure-open").inner_text())


def _open() -> int:
    from incidents.models import Incident  # noqa: PLC0415 - needs Django set up
    from incidents.workflow import ENDED  # noqa: PLC0415

    return Incident.objects.exclude(state__in=ENDED).count()


def _end_all_but(count: int) -> None:
    """Have the operator end the oldest open cases, so that so many are left."""
    from gis_grids.levels import PostKind  # noqa: PLC0415 - needs Django set up
    from gis_grids.models import Post  # noqa: PLC0415
    from incidents.models import Incident  # noqa: PLC0415
    from incidents.services import act  # noqa: PLC0415
    from incidents.workflow import ENDED, Action  # noqa: PLC0415

    operator = Post.objects.get(kind=PostKind.COMMAND_OPERATOR).holder
    cases = Incident.objects.exclude(state__in=ENDED).order_by("-pk")
    for case in cases[count:]:
        act(incident_id=case.pk, action=Action.VOID, expected_version=case.version, actor=operator, note="-")
