"""The office and the administration in a real browser: no script needed, no policy broken, maps that show."""

from __future__ import annotations

import pytest
from django.contrib.gis.geos import Point
from playwright.sync_api import expect

from gis_grids.levels import Level, PostKind
from gis_grids.models import Facility
from tests.browser.waiting import wait_until
from tests.factories import TOWN_BOX, UserFactory, post
from tests.incidents.world import make_world
from tests.mapui.office.filled import addresses, one_of_each, page_of

pytestmark = pytest.mark.browser

WEST, SOUTH, EAST, NORTH = TOWN_BOX
KEEP_THE_MAP = "addEventListener('map:init', (event) => { window.theMap = event.detail.map; });"
CENTRE = "(({ lng, lat }) => [lng, lat])(window.theMap.getCenter())"
PAINTED = """() => [...document.querySelectorAll('.leaflet-tile-pane canvas')].some((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size > 1;
})"""


@pytest.fixture
def world(transactional_db):
    return make_world()


@pytest.fixture
def clerk(world):
    user = UserFactory()
    post(user, world.town.units[Level.DISTRICT][0], PostKind.OFFICE_CLERK)
    post(None, world.town.leaf, PostKind.RESIDENT_GROUP_LEADER)
    return user


@pytest.fixture
def administrator(transactional_db):
    return UserFactory(is_staff=True, is_superuser=True)


def test_the_office_is_read_opened_and_searched_without_scripts(world, clerk, server, new_page, login):
    page = new_page(java_script_enabled=False)
    login(page, clerk)
    page.goto("/office/")
    street, community = world.town.units[Level.STREET][0], world.town.units[Level.COMMUNITY][0]
    area = world.town.units[Level.AREA][0]
    row = page.locator(".row", has=page.locator(f'a[href="/office/units/{community.code}/"]'))
    link = page.locator(f'.row-name[href="/office/units/{area.code}/"]')
    expect(page.locator(f'.row-name[href="/office/units/{street.code}/"]')).to_be_visible()
    expect(link).to_be_hidden()
    row.locator(".row-number").first.click()
    expect(link).to_be_visible()
    page.get_by_label("Only with vacant posts").check()
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".vacant")).to_have_count(1)
    expect(page.locator(".vacant")).to_contain_text("vacant")
    page.locator(f'a[href="/office/units/{world.town.leaf.code}/"]').click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Unit {world.town.leaf.code}")


@pytest.mark.parametrize("width", [390, 768, 1440])
def test_nothing_is_wider_than_the_screen(world, clerk, page, login, width):
    page.set_viewport_size({"width": width, "height": 844})
    login(page, clerk)
    for address in ("/office/?q=Unit", f"/office/units/{world.town.leaf.code}/", "/office/unsettled/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


@pytest.mark.parametrize(("width", "size"), [(390, 16), (1920, 16), (3840, 24)])
def test_the_print_grows_with_a_very_wide_screen(clerk, page, login, width, size):
    page.set_viewport_size({"width": width, "height": 1080})
    login(page, clerk)
    page.goto("/office/cases/")
    assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") == size


def test_every_page_of_the_administration_keeps_the_policy(administrator, server, page, login, watch):
    one_of_each()
    login(page, administrator)
    opened = [address for address in addresses() if not address.endswith("/history/")]
    for address in opened:
        page.goto(address)
        if maps := page.locator(".django-leaflet-raw-textarea").count():
            expect(page.locator(".leaflet-container").filter(visible=True)).to_have_count(maps)
            page.wait_for_load_state("networkidle")  # a map asks for its tiles when the page is there
        assert watch.faults == [], address


def test_a_place_is_drawn_on_the_base_map_of_the_district(administrator, server, page, login):
    one_of_each()
    login(page, administrator)
    page.add_init_script(KEEP_THE_MAP)
    page.goto(page_of(Facility, "add"))
    wait_until(page, PAINTED)
    frame = page.locator(".leaflet-container")
    assert page.evaluate(CENTRE) == pytest.approx([(WEST + EAST) / 2, (SOUTH + NORTH) / 2], abs=1e-3)
    page.locator("#id_kind").select_option("park")
    page.locator("#id_name").fill("Corner park")
    page.locator(".leaflet-draw-draw-marker").click()
    frame.click()
    page.locator('[name="_save"]').click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    made = Facility.objects.get(name="Corner park")
    assert (made.geometry.x, made.geometry.y) == pytest.approx(
        ((WEST + EAST) / 2, (SOUTH + NORTH) / 2), abs=1e-3
    )


def test_a_pin_shows_where_something_is(administrator, server, page, login):
    made = Facility.objects.create(kind="park", name="Park", geometry=Point(116.31, 39.904, srid=4326))
    login(page, administrator)
    page.add_init_script(KEEP_THE_MAP)
    page.goto(page_of(Facility, "change", made.pk))
    pin = page.locator(".leaflet-marker-icon")
    expect(pin).to_be_visible()
    assert pin.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    assert page.evaluate(CENTRE) == pytest.approx([116.31, 39.904], abs=1e-3)


def test_a_holder_is_picked_by_searching(world, administrator, server, page, login):
    login(page, administrator)
    page.goto("/admin/gis_grids/post/add/")
    page.locator(".field-unit .select2-selection").click()
    page.locator(".select2-search__field").fill(world.town.leaf.code)
    page.locator(".select2-results__option", has_text=world.town.leaf.code).click()
    expect(page.locator("#select2-id_unit-container")).to_contain_text(world.town.leaf.code)
