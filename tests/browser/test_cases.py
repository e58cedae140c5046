"""The office's cases in a real browser: the list by keyboard, many at once, a case acted on and followed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from incidents.models import Incident
from incidents.workflow import Action, Actor, State
from tests.incidents.world import make_world

pytestmark = pytest.mark.browser


@pytest.fixture
def world(transactional_db):
    return make_world()


def test_the_list_is_worked_through_by_keyboard(world, page, login):
    first, second = world.case(text="第一件"), world.case(text="第二件")
    login(page, world.lead)
    page.goto("/office/cases/?sort=received")
    expect(page.locator("#bulk-bar")).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".is-here")).to_contain_text(second.number)
    page.keyboard.press("k")
    expect(page.locator(".is-here")).to_contain_text(first.number)
    page.keyboard.press("x")
    expect(page.get_by_role("checkbox", name=first.number)).to_be_checked()
    expect(page.locator("#bulk-count")).to_have_text("1 case ticked")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("jx?")
    expect(page.locator("#q")).to_have_value("jx?")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/office/cases/{second.number}/$"))


def test_many_are_done_at_once_and_what_failed_stays_ticked(world, page, login):
    good, stale = world.case(), world.case()
    login(page, world.lead)
    page.goto("/office/cases/")
    page.locator("#tick-all").check()
    expect(page.locator("#bulk-count")).to_have_text("2 cases ticked")
    world.act(stale.pk, Action.PRIORITISE, Actor.GRID_LEAD)
    page.locator("#bulk-action").select_option("assign")
    page.locator('#bulk-bar select[name="assignee"]').select_option(str(world.colleague.pk))
    page.get_by_role("button", name="Do it for the ticked cases").click()
    expect(page.locator(".outcome-good")).to_contain_text(good.number)
    expect(page.locator(".outcome-bad")).to_contain_text("has changed meanwhile")
    expect(page.get_by_role("checkbox", name=stale.number)).to_be_checked()
    expect(page.get_by_role("checkbox", name=good.number)).not_to_be_checked()
    assert Incident.objects.get(pk=good.pk).state == State.ASSIGNED


def test_a_case_is_acted_on_and_the_page_follows(world, page, login):
    case = world.case()
    login(page, world.lead)
    page.goto(f"/office/cases/{case.number}/")
    expect(page.locator(".case-map .leaflet-interactive, .case-map path").first).to_be_visible()
    page.get_by_role("button", name="Assign", exact=True).click()
    page.get_by_label("Assign to").select_option(str(world.colleague.pk))
    page.locator(".action-form button.primary").click()
    expect(page.locator("#case-head .state")).to_have_text("Assigned")
    expect(page.locator("#case-history li").first).to_contain_text("Assign")
    assert Incident.objects.get(pk=case.pk).assignee == world.colleague
    world.act(case.pk, Action.TAKE, Actor.ASSIGNEE)
    expect(page.locator("#case-head .state")).to_have_text("In progress", timeout=15_000)


def test_what_is_typed_outlives_what_others_do(world, page, login):
    case = world.bring(State.ACCEPTED)
    login(page, world.lead)
    page.goto(f"/office/cases/{case.number}/")
    page.get_by_role("button", name="Give feedback").click()
    page.get_by_label("Message").fill("正在安排")
    world.act(case.pk, Action.PRIORITISE, Actor.GRID_LEAD)
    expect(page.locator("#case-head .badge-urgent")).to_be_visible(timeout=15_000)
    expect(page.get_by_label("Message")).to_have_value("正在安排")
    page.locator(".action-form button.primary").click()
    expect(page.locator("#case-history")).to_contain_text("正在安排")


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_is_wider_than_the_screen(world, page, login, width):
    case = world.bring(State.RESOLVED)
    world.case()
    page.set_viewport_size({"width": width, "height": 844})
    login(page, world.lead)
    for address in (
        "/office/cases/",
        f"/office/cases/{case.number}/",
        "/office/late/",
        "/office/statistics/",
    ):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


@pytest.mark.parametrize("width", [1440, 3840])
def test_the_names_of_the_clocks_stand_on_one_line_each(world, page, login, width):
    case = world.bring(State.RESOLVED)
    page.set_viewport_size({"width": width, "height": 844})
    login(page, world.head)
    page.goto(f"/office/cases/{case.number}/")
    heights = [name.bounding_box()["height"] for name in page.locator(".cycle-names li").all()]
    assert max(heights) < 1.5 * min(heights)
