"""What is around the planner's map: the list of plans, problems and reasons, who only looks."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from gis_grids.levels import Level
from gis_grids.models import Plan
from tests.browser.planner.conftest import at, click, zones

pytestmark = pytest.mark.browser


def test_a_draft_is_opened_from_the_list(world, server, new_page, login):
    page = new_page()
    login(page, world["first"])
    page.goto("/planner/")
    expect(page.locator(".plans-list tbody tr")).to_have_count(1)
    page.get_by_label("Title").fill("Another plan")
    page.get_by_role("button", name="Open the draft").click()
    expect(page.locator("#plan-title")).to_have_text("Another plan")
    expect(page.locator("#level")).to_have_value(Level.AREA)


def test_problems_are_walked_through_and_a_warning_gets_its_reason(open_plan, world):
    keys = {name: zone.key for name, zone in zones(world).items()}
    problems = [
        problem("E09", "E", keys["West"], [116.301, 39.901]),
        problem("W20", "W", keys["East"], [116.303, 39.901]),
    ]

    def with_problems(page):
        page.route("**/problems", lambda route: route.fulfill(json={"rev": 0, "problems": problems}))

    page = open_plan(before=with_problems)
    rows = page.locator(".problem")
    expect(page.locator("#problems-count")).to_have_text("1 error blocks · 1 warning")
    page.keyboard.press("n")
    expect(rows.first).to_have_attribute("data-selected", "")
    expect(page.locator(".place-ring")).to_be_visible()
    page.keyboard.press("n")
    expect(rows.nth(1)).to_have_attribute("data-selected", "")
    expect(rows.first).not_to_have_attribute("data-selected", "")
    expect(page.locator(".zone-card[data-selected]")).to_contain_text("East")
    reason = rows.nth(1).get_by_label("Reason for this warning")
    reason.fill("Closed compound")
    reason.press("Enter")
    expect(reason).to_have_attribute("data-kept", "")
    assert Plan.objects.get(pk=world["plan"].pk).reasons == {"W20 of East": "Closed compound"}


def problem(code, severity, zone, where):
    mark = f"{code} of {'East' if severity == 'W' else 'West'}"
    return {
        "code": code,
        "severity": severity,
        "message": mark,
        "zones": [zone],
        "where": where,
        "mark": mark,
        "reason": "",
    }


def test_on_a_phone_the_plan_is_read(open_plan, world):
    page = open_plan(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    expect(page.locator("#tools")).to_be_hidden()
    page.touchscreen.tap(*at(page, (116.301, 39.901)))
    expect(page.locator(".zone-card[data-selected]")).to_contain_text("West")
    page.locator("#tab-zone").tap()
    expect(page.get_by_label("Name", exact=True)).to_be_disabled()
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_who_may_not_draw_looks(world, open_plan):
    plan = world["plan"]
    Plan.objects.filter(pk=plan.pk).update(status=Plan.Status.SUBMITTED)
    page = open_plan()
    expect(page.locator('.tool[data-tool="split"]')).to_be_disabled()
    page.keyboard.press("2")
    expect(page.locator('.tool[data-tool="select"]')).to_have_attribute("aria-pressed", "true")
    click(page, (116.301, 39.901))
    expect(page.locator(".zone-card[data-selected]")).to_contain_text("West")
