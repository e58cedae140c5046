"""A day at the register's desk: a household is found, somebody moves in, is in need, is visited."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from households.models import Visit
from incidents.services import load_matters
from tests.factories import inside
from tests.households.register_world import Register

pytestmark = pytest.mark.browser


def test_a_resident_moves_in_is_visited_and_gets_a_case(transactional_db, page, login, watch):
    register = Register()
    load_matters()
    login(page, register.clerk)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/office/households/")
    page.get_by_label("Words of the address").fill("幸福里 101")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="幸福里3号101室").click()
    here = page.url

    def enter(deed, **told):
        page.get_by_role("link", name=deed).click()
        for label, value in told.items():
            page.get_by_label(label.replace("_", " ")).fill(value)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, deed

    enter("Enter a resident", Name="周小兰", Born_on="1948-03-02", Telephone="13900001111")
    page.get_by_role("button", name="Enter a resident").click()
    expect(page.get_by_text("周小兰").first).to_be_visible()
    enter("Note a need", Noted_for="送餐上门")
    page.get_by_role("button", name="Note a need").click()
    expect(page.get_by_text("送餐上门")).to_be_visible()
    enter("Record a visit", Note="楼道堆物")
    page.get_by_label("Open a case").select_option("rubbish")
    page.locator("#pin-map").click()  # in its middle
    expect(page.get_by_label("Longitude")).not_to_have_value("")
    page.get_by_role("button", name="Record a visit").click()
    page.get_by_role("link", name=re.compile(r"Case \d")).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    place, (x, y) = Visit.objects.get().place, inside(register.west)
    assert abs(place.x - x) < 0.01
    assert abs(place.y - y) < 0.01
    page.goto(here)
    assert "13900001111" not in page.content()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert watch.faults == []
