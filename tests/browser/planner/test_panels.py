"""What is around the planner's map: the list of plans, problems and reasons, who only looks."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from gis_grids.levels import Level
from gis_grids.models import Plan
from tests.browser.planner.conftest import BEND, at, click, drag, edit_the_border, zones
from tests.planning import draw

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
        page.route("**/problems", lambda route: route.fulfill(json={"problems": problems, "unknown": ""}))

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


def test_a_problem_of_another_level_is_shown_there(open_plan, world):
    west = zones(world)["West"].key
    begun = {"zone": west, "to_level": Level.BUILDING_GROUP, "name": "Below"}
    draw(world["plan"], world["first"], kind="subdivide", **begun)
    below = {**problem("E09", "E", zones(world)["Below"].key, None), "level": Level.BUILDING_GROUP}
    known = [problem("W20", "W", zones(world)["East"].key, None), below]

    def with_problems(page):
        page.route("**/problems", lambda route: route.fulfill(json={"problems": known, "unknown": ""}))

    page = open_plan(before=with_problems)
    expect(page.locator("#level")).to_have_value(Level.AREA)
    page.keyboard.press("n")
    expect(page.locator(".zone-card[data-selected]")).to_contain_text("East")
    page.keyboard.press("n")
    expect(page.locator("#level")).to_have_value(Level.BUILDING_GROUP)
    expect(page.locator(".zone-card[data-selected]")).to_contain_text("Below")
    expect(page.locator(".problem").nth(1)).to_have_attribute("data-selected", "")


def test_a_new_error_is_told_at_once(open_plan, world):
    """A zone that was left empty, for instance; what was known is not told again."""
    known = [problem("E09", "E", zones(world)["West"].key, None)]

    def with_problems(page):
        page.route("**/problems", lambda route: route.fulfill(json={"problems": known, "unknown": ""}))

    page = open_plan(before=with_problems)
    expect(page.locator(".problem")).to_have_count(1)
    known.append({**problem("E09", "E", zones(world)["East"].key, None), "mark": "new", "message": "No one"})
    edit_the_border(page)
    drag(page, BEND, (116.3025, 39.9012))
    expect(page.locator("#notes .note[data-tone=warn]")).to_have_text("No one×")


def test_ground_of_a_problem_is_red_and_whom_it_is_about_is_a_link_away(open_plan, world):
    hole = {
        "type": "Polygon",
        "coordinates": [[[116.3005, 39.9005], [116.301, 39.9005], [116.301, 39.901], [116.3005, 39.9005]]],
    }
    gap = {**problem("E01", "E", zones(world)["West"].key, None), "ground": hole}
    lost = {**problem("E07", "E", zones(world)["East"].key, None), "mark": "E07:", "households": 2}
    found = [gap, lost]

    def with_problems(page):
        page.route("**/problems", lambda route: route.fulfill(json={"problems": found, "unknown": ""}))

    page = open_plan(before=with_problems)
    red = page.locator(".leaflet-plan-marks-pane path[fill='#e0281c']")
    expect(red).to_have_count(1)
    way = page.get_by_role("link", name="List of 2 households")
    expect(way).to_have_attribute("href", "problems/households/?mark=E07%3A")
    found.clear()
    edit_the_border(page)
    drag(page, BEND, (116.3025, 39.9012))
    expect(red).to_have_count(0)


def test_a_name_of_nothing_is_refused_and_a_level_is_begun_where_there_is_none(open_plan, world):
    page = open_plan()
    page.keyboard.press("7")
    click(page, (116.301, 39.901))
    name = page.get_by_label("Name", exact=True)
    name.fill("  ")
    name.press("Enter")
    expect(page.locator("#notes .note[data-tone=bad]")).to_contain_text("needs a name")
    page.get_by_label("Level below").select_option(Level.BUILDING_GROUP)
    expect(page.locator("#notes .note[data-tone=good]")).to_be_visible()
    expect(page.get_by_label("Level below")).to_have_count(0)


def test_that_problems_are_not_known_is_said(open_plan):
    words = "Nobody knows."

    def without_problems(page):
        page.route("**/problems", lambda route: route.fulfill(json={"problems": [], "unknown": words}))

    expect(open_plan(before=without_problems).locator("#problems")).to_have_text(words)


def problem(code, severity, zone, where):
    mark = f"{code} of {'East' if severity == 'W' else 'West'}"
    return {
        "code": code,
        "severity": severity,
        "message": mark,
        "zones": [zone],
        "level": Level.AREA,
        "where": where,
        "ground": None,
        "households": 0,
        "mark": mark,
        "reason": "",
    }


def test_hints_and_choices_are_whole_on_a_desk(open_plan):
    page = open_plan(viewport={"width": 1440, "height": 900})
    choice, hint = page.locator("#level"), page.locator("#hint")
    width = choice.bounding_box()["width"]
    page.locator("#link").evaluate(
        "(link) => { link.textContent = 'Cut off: your drawing is kept and sent'; }"
    )
    assert choice.bounding_box()["width"] == width
    step = "const step = document.createElement('button'); step.textContent = 'Take the latest boundaries';"
    page.locator("#steps").evaluate(f"(steps) => {{ {step} steps.append(step, step.cloneNode(true)); }}")
    side = page.locator(".bar-side").bounding_box()
    assert side["x"] + side["width"] <= 1440
    page.keyboard.press("5")
    for place in ((116.301, 39.901), (116.303, 39.901), (116.3025, 39.9005)):
        click(page, place)
    expect(hint.get_by_role("button", name="Reshape")).to_be_visible()
    one_line = hint.get_by_role("button", name="Reshape").bounding_box()["height"] * 1.5
    assert hint.bounding_box()["height"] < one_line


def test_a_post_is_read_whole_and_set(open_plan, world):
    page = open_plan(viewport={"width": 1024, "height": 768})
    page.keyboard.press("7")
    click(page, (116.301, 39.901))
    page.locator(".staff summary").click()
    page.get_by_role("button", name="Add a post").click()
    kind = page.get_by_label("Post", exact=True)
    width = kind.bounding_box()["width"]
    kind.evaluate("(select) => { select.style.width = 'max-content'; }")
    assert kind.bounding_box()["width"] <= width
    page.get_by_role("button", name="Set the posts").click()
    expect(page.locator("#notes .note[data-tone=good]")).to_contain_text("set the posts of “West”")


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
