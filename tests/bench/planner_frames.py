"""The planner's screen with about 650 zones: how long its frames are while a mouse drags a border.

``python -m tests.bench.planner_frames SECONDS`` works on the database of DATABASE_URL and prints JSON.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tests.bench.stage import ROOT, own_database, servers
from tests.bench.table import Figure
from tests.chromium import FLAGS, chromium

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page

_COMMUNITIES: Final = 3
"""So many in a row and in a column: 648 leaves."""
_WIDE, _HIGH = 1440, 900
_RADIUS_PX = 8
_KEEP_THE_MAP: Final = "addEventListener('map:init', (event) => { window.theMap = event.detail.map; });"
_TO_PIXELS: Final = """([lon, lat]) => {
    const { x, y } = window.theMap.latLngToContainerPoint([lat, lon]);
    const box = window.theMap.getContainer().getBoundingClientRect();
    return [box.left + x, box.top + y];
}"""
RECORD: Final = """() => {
    const frames = window.frameTimes = [];
    let last = performance.now();
    const tick = (now) => {
        if (window.frameTimes !== frames) return;
        frames.push(now - last);
        last = now;
        requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
}"""
RECORDED: Final = (
    "() => { const frames = window.frameTimes; window.frameTimes = null; return frames.slice(1); }"
)


def frames(seconds: float) -> Iterator[Figure]:
    """Yield how long frames are; nothing, with the reason on standard error, where there is no Chromium."""
    if chromium() is None:
        print(
            "no frames are measured: no Chromium on this machine (apt-get install chromium)", file=sys.stderr
        )
        return
    with own_database("frames") as url:
        command = [sys.executable, "-m", "tests.bench.planner_frames", str(seconds)]
        surroundings = os.environ | {"DATABASE_URL": url}
        done = subprocess.run(
            command, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False
        )
    if done.returncode:
        sys.exit(done.stderr[-4000:])
    found = json.loads(done.stdout)
    still = np.array(found["still"])
    for what in ("vertex", "node"):
        taken, name = np.array(found[what]), f"{found['zones']} zones, a {what} dragged: frame"
        limit = "the same page with nothing going on"
        yield Figure(name, float(np.median(taken)), "ms", float(np.median(still)), limit)
        yield Figure("  95th percentile", float(np.percentile(taken, 95)), "ms",
                     float(np.percentile(still, 95)), limit)  # fmt: skip
        yield Figure("  worst", float(taken.max()), "ms", float(still.max()), limit)
    yield Figure("  drags that became operations", found["operations"], "of 2")


def _measured(seconds: float) -> dict[str, Any]:
    import django  # noqa: PLC0415 - the database is known only now

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    from gis_grids.levels import Level  # noqa: PLC0415
    from gis_grids.models import Plan  # noqa: PLC0415
    from gis_grids.selectors.plans import draft_of  # noqa: PLC0415
    from gis_grids.services.plans import open_plan  # noqa: PLC0415
    from households.services import home_households  # noqa: PLC0415
    from tests.bench.city import make_city  # noqa: PLC0415
    from tests.bench.city_store import settle  # noqa: PLC0415
    from tests.mapui.consumers.talk import cookie_of  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    settled = settle(make_city(_COMMUNITIES, _COMMUNITIES))
    home_households()
    scope, leaf = settled.units[Level.DISTRICT][0], Level.RESIDENT_GROUP
    plan = open_plan(scope_id=scope, level=leaf, title="frames", actor=settled.planner)
    draft = draft_of(plan)
    with servers(os.environ["DATABASE_URL"], 1) as [server]:
        found = _dragged(
            f"http://{server.address}", cookie_of(settled.planner), plan.pk, _border(draft), seconds
        )
    return found | {"zones": len(draft.leaves), "operations": Plan.objects.get(pk=plan.pk).rev}


def _border(draft: Any) -> tuple[float, float]:
    """Return a place on the border of two leaves, in the middle of the city."""
    import shapely  # noqa: PLC0415

    middle = shapely.centroid(draft.ground)
    leaf = min(
        (zone.shape for zone in draft.leaves.values()), key=lambda shape: shapely.distance(shape, middle)
    )
    corners = shapely.get_coordinates(leaf)
    return tuple(((corners[1] + corners[2]) / 2).tolist())


def _dragged(
    address: str, cookie: str, plan: int, place: tuple[float, float], seconds: float
) -> dict[str, Any]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    name, _is, value = cookie.partition("=")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        context = browser.new_context(base_url=address, viewport={"width": _WIDE, "height": _HIGH})
        context.add_cookies([{"name": name, "value": value, "url": address}])
        page = context.new_page()
        page.add_init_script(_KEEP_THE_MAP)
        page.goto(f"/planner/{plan}/")
        page.locator("#link[data-status=live]").wait_for(timeout=60_000)
        page.locator("#panel-figures .totals-list").wait_for(timeout=60_000)
        page.keyboard.press("4")
        found = {"still": _recorded(page, lambda: page.wait_for_timeout(1000 * seconds))}
        for what in ("vertex", "node"):
            page.mouse.click(*page.evaluate(_TO_PIXELS, list(place)))
            handle = page.locator(f".handle-{what}:not(.handle-fixed)").first
            handle.wait_for(timeout=30_000)
            found[what] = _drag(page, handle, seconds)
            page.locator("#notes .note[data-tone=good]").last.wait_for(timeout=30_000)
            page.keyboard.press("Escape")
        browser.close()
    return found


def _drag(page: Page, handle: Locator, seconds: float) -> list[float]:
    """Lead a handle round in a small circle, and let it go a little beside where it was."""
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()

    def lead() -> None:
        ends = time.monotonic() + seconds
        while (left := ends - time.monotonic()) > 0:
            page.mouse.move(x + _RADIUS_PX * math.cos(4 * left), y + _RADIUS_PX * math.sin(4 * left))

    taken = _recorded(page, lead)
    page.mouse.move(x + 3, y + 2)
    page.mouse.up()
    return taken


def _recorded(page: Page, does: Any) -> list[float]:
    page.evaluate(RECORD)
    does()
    return page.evaluate(RECORDED)


if __name__ == "__main__":
    print(json.dumps(_measured(float(sys.argv[1]))))
