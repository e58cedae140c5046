"""The wall's map in a real browser: its layers, and base maps of others laid where they belong."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from playwright.sync_api import expect

from gis_grids.geometry.chinese_offsets import gcj02_to_wgs84
from tests.incidents.world import make_world

pytestmark = pytest.mark.browser

KEEP_THE_MAP = "addEventListener('map:init', (event) => { window.theMap = event.detail.map; });"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060"
    "000000050001a5f645400000000049454e44ae426082"
)
AMAP = {
    "key": "amap",
    "name": "AMap",
    "sheets": [{"url": "/wall/raster/amap/{z}/{x}/{y}", "maxzoom": 18}],
    "attribution": "",
    "is_shifted": True,
}
#: The page is told of that map, as if the place had it.
WITH_AMAP = f"""const parse = JSON.parse;
JSON.parse = (...given) => {{
    const found = parse(...given);
    return found?.rasters ? {{ ...found, rasters: [{json.dumps(AMAP)}] }} : found;
}};"""
#: Where the pictures are, beside where the map has the corner of each: [z, x, y, left, top].
CORNERS = """() => [...document.querySelectorAll('.leaflet-raster-pane img')].map((image) => {
    const { left, top } = image.getBoundingClientRect();
    const box = window.theMap.getContainer().getBoundingClientRect();
    return [...image.src.split('/').slice(-3).map(Number), left - box.left, top - box.top];
})"""
PLACES = """(places) => places.map(([lon, lat]) => {
    const { x, y } = window.theMap.latLngToContainerPoint([lat, lon]);
    return [x, y];
})"""


@pytest.fixture
def world(transactional_db):
    return make_world()


@pytest.fixture
def wall(world, server, page, login):
    world.case()
    login(page, world.operator)
    page.add_init_script(KEEP_THE_MAP)
    return page


def opened(wall):
    wall.goto("/wall/")
    expect(wall.locator("#link")).to_have_attribute("data-status", "live")
    wall.locator(".layers-button").click()
    return wall


def corner_of(z, x, y):
    lon = x / 2**z * 360 - 180
    return lon, math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / 2**z))))


def test_pictures_in_gcj02_lie_where_their_places_are(wall):
    wall.add_init_script(WITH_AMAP)
    opened(wall)
    wall.route("**/wall/raster/**", lambda route: route.fulfill(body=PNG, content_type="image/png"))
    wall.get_by_label("AMap").check()
    wall.locator(".leaflet-raster-pane img.leaflet-tile-loaded").first.wait_for()
    for move in ("theMap.setZoom(14.5, { animate: false })", "theMap.panBy([900, 500], { animate: false })"):
        wall.evaluate(f"() => {{ {move}; }}")
        wall.wait_for_timeout(300)
        found = wall.evaluate(CORNERS)
        shifted = np.array([corner_of(*map(int, one[:3])) for one in found])
        placed = wall.evaluate(PLACES, gcj02_to_wgs84(shifted).tolist())
        unshifted = wall.evaluate(PLACES, shifted.tolist())
        away = [math.dist(one[3:], place) for one, place in zip(found, placed, strict=True)]
        assert max(away) < 4  # pictures lie on whole pixels, and are stretched
        # Without the shift they would lie half a kilometre off.
        assert min(math.dist(one[3:], place) for one, place in zip(found, unshifted, strict=True)) > 20


def test_what_is_switched_is_remembered_by_the_screen(wall):
    opened(wall)
    wall.get_by_label("Posts, and who is on duty").check()
    wall.get_by_label("Open cases per 1,000 households").check()
    wall.get_by_label("the age").check()
    wall.get_by_label("Light").check()
    expect(wall.locator("#map-legend")).to_contain_text("Age of the cases")
    wall.reload()
    wall.locator(".layers-button").click()
    for label in ("Posts, and who is on duty", "Open cases per 1,000 households", "the age", "Light"):
        expect(wall.get_by_label(label, exact=True)).to_be_checked()
    expect(wall.locator("#map")).to_have_attribute("data-style", "light")
    wall.keyboard.press("Escape")
    expect(wall.locator(".layers-panel")).to_be_hidden()
