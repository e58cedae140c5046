"""The wall's past: it is played and scrubbed, says that it isn't now, and one key returns to what went on."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from incidents.workflow import State
from tests.incidents.world import make_world

pytestmark = pytest.mark.browser


@pytest.fixture
def world(transactional_db):
    return make_world()


def row_of(page, case):
    return page.locator(f'#list [data-incident="{case.pk}"]')


def test_the_past_is_played_and_one_key_returns_to_now(world, server, page, login):
    closed = world.bring(State.CLOSED)
    going = world.case()
    login(page, world.operator)
    page.goto("/wall/")
    expect(row_of(page, going)).to_be_visible()
    expect(row_of(page, closed)).to_have_count(0)
    page.keyboard.press("t")
    body, banner = page.locator("body"), page.locator(".time-banner")
    expect(body).to_have_attribute("data-time", "past")
    expect(banner).to_contain_text("This isn't now")
    page.locator("#sound").focus()  # Space is the replay's, whatever button was clicked last
    for pressed in ("false", "true"):
        page.keyboard.press("Space")
        expect(page.locator(".time-bar [aria-pressed]")).to_have_attribute("aria-pressed", pressed)
    # An hour ago nothing was there yet.
    expect(row_of(page, going)).to_have_count(0)
    expect(page.locator("#figure-open")).to_have_text("0")
    # What happens now is told, and not shown.
    later = world.case(matter="noise")
    expect(banner).to_contain_text("1 event meanwhile")
    expect(row_of(page, later)).to_have_count(0)
    # At 600x the hour is over in six seconds: the closed case comes and goes, the other one stays.
    page.locator(".time-speed").select_option("600")
    expect(row_of(page, going)).to_be_visible()
    expect(page.locator(".time-state").last).to_contain_text("The end of what there is")
    expect(row_of(page, closed)).to_have_count(0)
    page.keyboard.press("n")
    expect(banner).to_be_hidden()
    expect(row_of(page, later)).to_contain_text("Noise")
    expect(page.locator("#figure-open")).to_have_text("2")
