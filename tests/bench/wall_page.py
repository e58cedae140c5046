"""The wall's page in Chromium, and how long its pictures and frames take."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final, Self

from playwright.sync_api import sync_playwright

from gis_grids.levels import SHOWN_FROM, Level
from tests.bench.planner_frames import RECORD, RECORDED
from tests.chromium import FLAGS, chromium

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

_PATIENCE_MS: Final = 180_000
_KEPT: Final = '{"households":true,"choropleth":true}'
_BEFORE: Final = f"""localStorage.setItem("linge.wall.layers", '{_KEPT}');
addEventListener("map:init", (event) => {{ window.theMap = event.detail.map; }});"""
#: How long it takes until all layers of tiles have painted a view, whose tiles the browser has already.
_PAINTED: Final = """([lat, lng, zoom]) => new Promise((resolve) => {
    const layers = [];
    theMap.eachLayer((layer) => { if (layer instanceof L.GridLayer) layers.push(layer); });
    let waiting = layers.length;
    const done = () => {
        waiting -= 1;
        if (waiting === 0) requestAnimationFrame(() => resolve(performance.now() - start));
    };
    const start = performance.now();
    theMap.setView([lat, lng], zoom, { animate: false });
    for (const layer of layers) {
        if (layer._noTilesToLoad()) done();
        else layer.once("load", done);
    }
})"""
_VIEW: Final = "() => { const { lat, lng } = theMap.getCenter(); return [lat, lng, theMap.getZoom()]; }"
#: The units whose box is in view, as the tiles of 512 pixels have them.
_POLYGONS: Final = """() => {
    const seen = new Set(), whole = Math.round(theMap.getZoom()), zoom = whole - 1;
    const box = theMap.getBounds();
    const min = theMap.project(box.getNorthWest(), whole), max = theMap.project(box.getSouthEast(), whole);
    theMap.eachLayer((layer) => {
        for (const [place, { data }] of layer.views?.get("units").tileCache.cache ?? []) {
            const [x, y, z] = place.split(":").map(Number);
            if (z !== zoom) continue;
            for (const { id, bbox } of data.get("resident_group") ?? []) {
                const [left, top] = [512 * x + bbox.minX, 512 * y + bbox.minY];
                const [right, bottom] = [512 * x + bbox.maxX, 512 * y + bbox.maxY];
                if (left < max.x && right > min.x && top < max.y && bottom > min.y) seen.add(id);
            }
        }
    });
    return seen.size;
}"""
_NEAR_ZOOM: Final = 16
#: Maps stop at quarters of a zoom, and take the tiles of the nearest whole one, whose data is that before.
_FIRST_ZOOM_OF_GROUPS: Final = SHOWN_FROM[Level.RESIDENT_GROUP] + 0.75
_TIMES: Final = 3


class Screen:
    """A browser of its own with the wall open on it; ends with the block."""

    def __init__(self, address: str, cookie: str, size: str) -> None:
        self._address, self._cookie = address, cookie
        self._width, self._height = map(int, size.split("x"))

    def __enter__(self) -> Self:
        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        size = {"width": self._width, "height": self._height}
        self._context = self._browser.new_context(base_url=self._address, viewport=size, locale="zh-CN")
        name, _is, value = self._cookie.partition("=")
        self._context.add_cookies([{"name": name, "value": value, "url": self._address}])
        self._page: Page = self._context.new_page()
        self._page.set_default_timeout(_PATIENCE_MS)
        self._devtools = self._context.new_cdp_session(self._page)
        # Switched on once: it counts from there.
        self._devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
        return self

    def __exit__(self, *_error: object) -> None:
        self._browser.close()
        self._playwright.stop()

    def still(self, seconds: float) -> dict[str, Any]:
        """Measure what doesn't need anything to happen; leaves the wall open on the whole city."""
        page = self._page
        page.goto("about:blank")
        empty = self.recorded(lambda page: page.wait_for_timeout(1000 * min(seconds, 5)))
        page.add_init_script(_BEFORE)
        start = time.perf_counter()
        page.goto("/wall/")
        page.locator("#link[data-status=live]").wait_for()
        live_ms = 1000 * (time.perf_counter() - start)
        self._settle()
        whole = page.evaluate(_VIEW)
        near = [whole[0], whole[1], _NEAR_ZOOM]
        found = {"empty": empty, "live_ms": live_ms, "city_ms": self._best(whole, near)}
        found["pan"] = self.recorded(self._pan)
        found["zoom"] = self.recorded(self._zoom)
        self._show(Level.RESIDENT_GROUP)
        groups = [*whole[:2], max(whole[2], _FIRST_ZOOM_OF_GROUPS)]
        found["polygons_ms"] = self._best(groups, near)
        found["polygons"] = page.evaluate(_POLYGONS)
        found["polygons_pan"] = self.recorded(self._pan)
        page.evaluate(_PAINTED, near)
        self._settle()
        before = self._cpu_ms()
        found["pan"] += self.recorded(self._pan)
        found["pan_cpu_ms"] = self._cpu_ms() - before
        page.evaluate(_PAINTED, whole)
        self._show("below")
        return found

    def _show(self, level: str) -> None:
        """Choose the grids on the map in the panel of layers."""
        panel = self._page.locator(".layers-button")
        panel.click()
        self._page.locator(f"input[type=radio][value={level}]").check()
        panel.click()
        self._settle()

    def recorded(self, does: Callable[[Page], object]) -> list[float]:
        """Return how long each frame took while something was done, in milliseconds."""
        self._page.evaluate(RECORD)
        does(self._page)
        return self._page.evaluate(RECORDED)

    def _cpu_ms(self) -> float:
        """Return the processor time of the page's own thread: a busy machine doesn't lengthen it."""
        found = self._devtools.send("Performance.getMetrics")["metrics"]
        return 1000 * next(one["value"] for one in found if one["name"] == "TaskDuration")

    def memory(self) -> dict[str, float]:
        """Return what scripts hold once what nobody needs is collected, and how many elements there are."""
        self._devtools.send("HeapProfiler.collectGarbage")
        used = self._devtools.send("Runtime.getHeapUsage")["usedSize"]
        nodes = self._page.evaluate("document.getElementsByTagName('*').length")
        return {"heap_mb": used / 1e6, "nodes": nodes}

    def _best(self, view: list[float], away: list[float]) -> float:
        """Return the best of some times: a shared machine has worse ones, which say nothing of the page."""
        taken = []
        for _time in range(_TIMES):
            self._page.evaluate(_PAINTED, view)
            self._settle()
            self._page.evaluate(_PAINTED, away)
            self._settle()
            taken.append(self._page.evaluate(_PAINTED, view))
            self._settle()
        return min(taken)

    def _pan(self, page: Page) -> None:
        """Drag the map twice by 450 pixels, as frontend.md 1.1 did."""
        box = page.locator("#map").bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        for way in (-1, 1):
            page.mouse.move(x, y)
            page.mouse.down()
            for step in range(45):
                page.mouse.move(x + way * 10 * (step + 1), y)
                page.wait_for_timeout(12)
            page.mouse.up()
            page.wait_for_timeout(800)

    def _zoom(self, page: Page) -> None:
        for way in ("In", "Out"):
            page.evaluate(f"() => {{ theMap.zoom{way}(1); }}")
            page.wait_for_timeout(2000)

    def _settle(self) -> None:
        self._page.wait_for_load_state("networkidle")
        self._page.wait_for_timeout(700)
