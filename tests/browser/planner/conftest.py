"""A plan of three zones on a screen: its world, its page, and a real mouse."""

from __future__ import annotations

import pytest
import shapely
from playwright.sync_api import expect
from shapely import Polygon

from gis_grids.levels import Level, PostKind
from gis_grids.models import Plan
from gis_grids.selectors.plans import draft_of
from gis_grids.services import plans as services
from tests.factories import UserFactory, make_unit, post

WEST, MIDDLE, EAST = 116.300000001, 116.302000002, 116.304000003
SOUTH, HALF, NORTH = 39.900000001, 39.902000003, 39.904000007
#: On the border between the two zones in the south; three borders meet at (MIDDLE, HALF).
BEND = (116.301900004, 39.901000002)
#: From outside to outside, where nothing lies over the map.
ACROSS_THE_NORTH = ((116.2996, 39.9027), (116.3021, 39.9028), (116.3044, 39.9027))
KEEP_THE_MAP = "addEventListener('map:init', (event) => { window.theMap = event.detail.map; });"
TO_PIXELS = """([lon, lat]) => {
    const { x, y } = window.theMap.latLngToContainerPoint([lat, lon]);
    const box = window.theMap.getContainer().getBoundingClientRect();
    return [box.left + x, box.top + y];
}"""


@pytest.fixture
def world(transactional_db):
    """A community of three areas, two in the south and one across the north, and two planners."""
    outline = [
        (WEST, SOUTH),
        (MIDDLE, SOUTH),
        (EAST, SOUTH),
        (EAST, HALF),
        (EAST, NORTH),
        (WEST, NORTH),
        (WEST, HALF),
    ]
    community = make_unit(Polygon(outline), level=Level.COMMUNITY, code="110105001001", name="The community")
    shapes = {
        "West": [(WEST, SOUTH), (MIDDLE, SOUTH), BEND, (MIDDLE, HALF), (WEST, HALF)],
        "East": [(MIDDLE, SOUTH), (EAST, SOUTH), (EAST, HALF), (MIDDLE, HALF), BEND],
        "North": [(WEST, HALF), (MIDDLE, HALF), (EAST, HALF), (EAST, NORTH), (WEST, NORTH)],
    }
    made = {"community": community}
    for n, (name, ring) in enumerate(shapes.items(), start=1):
        code = f"110105001001{n:03}"
        made[name] = make_unit(Polygon(ring), level=Level.AREA, parent=community, code=code, name=name)
    for name in ("first", "second"):
        made[name] = UserFactory(username=name, first_name=name)
        post(made[name], community, PostKind.PLANNER)
    made["plan"] = services.open_plan(
        scope_id=community.pk, level=Level.AREA, title="A plan", actor=made["first"]
    )
    return made


@pytest.fixture
def open_plan(world, server, new_page, login):
    """Return a function that opens the plan's map as one of the planners."""

    def show(who="first", *, before=None, **options):
        page = new_page(**options)
        if before:
            before(page)
        page.add_init_script(KEEP_THE_MAP)
        login(page, world[who])
        page.goto(f"/planner/{world['plan'].pk}/")
        expect(page.locator("#link")).to_have_attribute("data-status", "live")
        expect(page.locator("#panel-figures .totals-list")).to_be_visible()
        return page

    return show


@pytest.fixture
def page(open_plan):
    return open_plan()


def at(page, place):
    return page.evaluate(TO_PIXELS, list(place))


def click(page, place):
    page.mouse.click(*at(page, place))


def drag(page, start, end):
    page.mouse.move(*at(page, start))
    page.mouse.down()
    page.mouse.move(*at(page, end), steps=8)
    page.mouse.up()


def zones(world):
    """The draft's zones now, by name."""
    return {zone.name: zone for zone in draft_of(Plan.objects.get(pk=world["plan"].pk)).zones.values()}


def vertices(world, name):
    return {tuple(xy) for xy in shapely.get_coordinates(zones(world)[name].shape)}


def is_tiling(world):
    shapes = [zone.shape for zone in zones(world).values()]
    return shapely.coverage_is_valid(shapes) and shapely.union_all(shapes).geom_type == "Polygon"


def drawn(page, kind):
    """Wait until an operation is in the notes."""
    expect(page.locator(f"#notes .note[data-tone={kind}]").last).to_be_visible()


def edit_the_border(page):
    page.keyboard.press("4")
    click(page, (116.301950003, 39.9005))
    expect(page.locator(".handle-vertex")).to_have_count(1)
