"""A resident reports in a real browser: without scripts, and with a pin and a photo."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from shapely import box

from gis_grids.models import MapFeature
from incidents.models import Incident
from tests.factories import TOWN_BOX, boundary_of
from tests.incidents.pictures import picture
from tests.incidents.world import make_world

pytestmark = pytest.mark.browser


@pytest.fixture
def world(transactional_db):
    return make_world()


@pytest.fixture
def telephone(new_page):
    def make(**options):
        return new_page(viewport={"width": 360, "height": 640}, locale="zh-CN", has_touch=True, **options)

    return make


def fill(page, leaf):
    page.goto(f"/report/{leaf.code}/")
    page.locator("input[value=lamp]").tap(force=True)
    page.locator("#id_text").fill("三号楼门前路灯不亮")


def test_without_scripts_a_double_tap_is_one_case(world, telephone):
    page = telephone(java_script_enabled=False)
    fill(page, world.town.leaf)
    assert page.locator("html").evaluate("root => root.scrollWidth") <= 360
    page.locator("#send").dblclick()
    expect(page.locator("#link")).to_be_visible()
    case = Incident.objects.get()
    assert (case.reporter, case.matter.code) == (None, "lamp")
    expect(page.get_by_text(case.number)).to_be_visible()


def test_the_map_goes_no_farther_than_its_ground(world, telephone):
    west, south, east, north = TOWN_BOX
    lake = boundary_of(box(west - 1, south - 1, east + 1, north + 1))
    MapFeature.objects.create(kind=MapFeature.Kind.WATER, geometry=lake)
    page = telephone()
    fill(page, world.town.leaf)
    page.locator("#mark").tap()
    expect(page.locator("#map path")).to_have_count(1)
    out = page.locator("#map .leaflet-control-zoom-out")
    while out.get_attribute("aria-disabled") != "true":
        out.dispatch_event("click")  # a tap waits for the button, which the last step takes away
    expect(page.locator("#map .leaflet-zoom-anim")).to_have_count(0)
    frame, water = page.locator("#map").bounding_box(), page.locator("#map path").bounding_box()
    assert water["x"] <= frame["x"]
    assert water["y"] <= frame["y"]
    assert water["x"] + water["width"] >= frame["x"] + frame["width"]
    assert water["y"] + water["height"] >= frame["y"] + frame["height"]


def test_with_a_pin_and_a_photo(world, telephone):
    page = telephone()
    fill(page, world.town.leaf)
    page.locator("#mark").tap()
    page.locator("#map").tap(position={"x": 120, "y": 100})
    expect(page.locator("#id_source")).to_have_value("map")
    page.locator("#files").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture()})
    expect(page.locator(".picture")).to_have_count(1)
    page.locator("#send").tap()
    expect(page.locator("#link")).to_be_visible()
    case = Incident.objects.get()
    assert case.position_source == "map"
    assert case.attachments.get().completed_at
    expect(page.get_by_text("已收到", exact=False).first).to_be_visible()
