"""The worklist of places in a real browser: a click on the map sets one, a key takes it back."""

from __future__ import annotations

import pytest
import shapely
from playwright.sync_api import expect

from gis_grids.levels import Level, PostKind
from households.models import Dwelling, Household, PlaceChange
from households.services import home_households
from tests.factories import TOWN_BOX, UserFactory, inside, make_grid, make_unit, post
from tests.households.making import building, household

pytestmark = pytest.mark.browser


@pytest.fixture
def clerk(transactional_db):
    """An office with two households to place: one whose building is known, one by its address alone."""
    street = make_unit(shapely.box(*TOWN_BOX), level=Level.STREET)
    spot = inside(make_grid(1, 2, parent=street)[0])
    block = building(shapely.Point(spot).buffer(2e-4), code="b", name="阳光花园3号楼")
    dwelling = Dwelling.objects.create(building=block, floor=5, room="501")
    household((spot[0] + 0.002, spot[1]), dwelling=dwelling, address="first")
    household(None, address="阳光花园3号楼")
    home_households()
    person = UserFactory()
    post(person, street, PostKind.OFFICE_CLERK)
    return person


def test_a_click_places_a_household_and_a_key_takes_it_back(clerk, page, login):
    login(page, clerk)
    page.goto("/office/places/")
    expect(page.locator("[data-household][aria-current]")).to_contain_text("first")
    expect(page.locator("#placing-suggestions button")).to_have_text("1 · 阳光花园3号楼")
    page.locator("#placing-map").click(position={"x": 200, "y": 150})
    expect(page.locator("#placing-undo")).to_be_enabled()
    assert PlaceChange.objects.get().was_used
    page.keyboard.press("u")
    expect(page.locator("#placing-undo")).to_be_disabled()
    assert PlaceChange.objects.get().undone_by == clerk
    page.keyboard.press("j")
    expect(page.locator("[data-household][aria-current]")).to_contain_text("阳光花园3号楼")
    expect(page.locator("#placing-suggestions button")).to_have_count(1)
    page.keyboard.press("1")
    expect(page.locator("[data-household][aria-current].is-done")).to_have_count(1)
    assert Household.objects.get(address="阳光花园3号楼").place_source == "manual"
    page.set_viewport_size({"width": 390, "height": 844})
    for address in ("places/", "coverage/", "responsible/", "buildings/"):
        page.goto(f"/office/{address}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
