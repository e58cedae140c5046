"""A place in a form of the office: a click on the map writes it, and the organisation is found near it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from gis_grids.levels import Level, PostKind
from gis_grids.services.norms import begin_with_norms
from households.models import Organisation
from tests.factories import TOWN_BOX, UserFactory, make_town, post

pytestmark = pytest.mark.browser
WEST, SOUTH, EAST, NORTH = TOWN_BOX
PAGES = (
    "/office/organisations/",
    "/office/facilities/new/",
    "/office/volunteers/records/",
    "/office/views/",
    "/office/norms/",
    "/office/norms/standing/",
)


def test_a_click_on_the_map_writes_the_place(transactional_db, page, login, watch):
    begin_with_norms()
    town, clerk = make_town(), UserFactory()
    [district] = town.units[Level.DISTRICT]
    post(clerk, district, PostKind.OFFICE_CLERK)
    login(page, clerk)
    page.goto("/office/organisations/new/")
    page.get_by_label("Name", exact=True).fill("No. 2 School")
    page.locator("#pin-map").click()  # in its middle
    expect(page.locator("#pin-map .pin")).to_be_visible()
    expect(page.get_by_label("Longitude")).not_to_have_value("")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="No. 2 School")).to_be_visible()
    place = Organisation.objects.get().place
    assert WEST < place.x < EAST
    assert SOUTH < place.y < NORTH
    page.set_viewport_size({"width": 390, "height": 844})
    for address in (*PAGES, f"/office/units/{district.code}/card/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
    assert watch.faults == []
