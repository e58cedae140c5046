"""Commanding from the wall in a real browser: an area from its drawing to its end; two at one case."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from pypdfium2 import PdfDocument

from gis_grids.levels import Level, PostKind
from incidents.models import Announcement, Emergency
from tests.browser.phones import phone_options
from tests.browser.waiting import wait_until
from tests.factories import inside, post
from tests.incidents.world import make_world

pytestmark = pytest.mark.browser


@pytest.fixture
def world(transactional_db):
    """A world with workers in the east, too: the drawer lies over the west of the map."""
    made = make_world()
    post(made.stranger, made.town.units[Level.COMMUNITY][-1], PostKind.GRID_LEADER)
    post(made.colleague, made.town.units[Level.COMMUNITY][-1], PostKind.GRID_WORKER)
    return made


@pytest.fixture
def wall(world, server, page, login):
    """The wall of the command centre, live."""
    login(page, world.operator)
    page.goto("/wall/")
    expect(page.locator("#link")).to_have_attribute("data-status", "live")
    return page


def draw(page, shape, *shares):
    """Draw an area on the map, at these shares of its width and height."""
    page.locator(f'[data-shape="{shape}"]').click()
    box = page.locator("#map").bounding_box()
    for across, down in shares:
        page.mouse.click(box["x"] + box["width"] * across, box["y"] + box["height"] * down)


def test_an_emergency_from_its_drawing_to_its_end(wall, world, new_page, login):
    phone = new_page(**phone_options(*inside(world.town.leaf)))
    login(phone, world.colleague)
    phone.goto("/phone/#map")
    expect(phone.locator("#link-state")).to_have_attribute("data-status", "live")
    wall.keyboard.press("e")
    drawer = wall.locator("#command")
    draw(wall, "rectangle", (0.95, 0.05), (0.5, 0.85))
    expect(drawer.locator(".found-figures")).to_contain_text("Workers")
    wall.keyboard.press("Escape")  # that was not it: drawn again
    expect(drawer.locator(".found-figures")).to_have_count(0)
    draw(wall, "polygon", (0.55, 0.1), (0.98, 0.1), (0.98, 0.9), (0.55, 0.9))
    wall.keyboard.press("Enter")
    form = drawer.locator(".command-form[open]")
    form.locator("textarea").first.fill("Gas is leaking")
    form.locator("textarea").last.fill("Clear the ground floors")
    form.locator(".primary").click()
    alarm = wall.locator(".emergency-alarm")
    expect(alarm).to_contain_text("Gas is leaking")
    expect(wall.locator(".leaflet-command-areas-pane path")).to_have_count(1)
    order = Announcement.objects.get()
    everybody = order.addressees.values("holder").distinct().count()
    expect(alarm).to_contain_text(f"0 of {everybody} have acknowledged")
    pointer = phone.locator("#order")
    expect(pointer).to_contain_text("Clear the ground floors")  # on the map, too
    pointer.tap()
    shown = phone.locator(f'.is-order[data-announcement="{order.pk}"]')
    expect(pointer).to_be_hidden()
    shown.get_by_role("button", name="Received").tap()
    expect(alarm).to_contain_text(f"1 of {everybody} have acknowledged")
    drawer.locator(".running-end").click()
    drawer.locator(".running-end").click()  # it asks once more
    expect(alarm).to_have_count(0)
    expect(shown).to_have_count(0)  # it is off the phones as well
    assert Emergency.objects.get().term.upper is not None


def test_what_is_drawn_by_keyboard_and_crosses_itself_is_mended_and_a_text_too_long_is_whole(wall, world):
    """Six corners around the middle; the last makes the outline cross itself, and is taken back."""
    drawer, keys = wall.locator("#command"), wall.keyboard
    keys.press("e")
    wall.locator('[data-shape="polygon"]').focus()
    keys.press("Enter")
    expect(drawer.locator(".command-hint")).to_contain_text("Space")
    for moves in (
        "= =",
        "ArrowRight",
        "ArrowDown",
        "ArrowDown",
        "ArrowLeft",
        "ArrowUp ArrowRight ArrowRight",
    ):
        for move in moves.split():
            keys.press(move)
            wait_until(wall, "!document.querySelector('#map :is(.leaflet-pan-anim, .leaflet-zoom-anim)')")
        keys.press("Space")
    keys.press("Enter")
    expect(drawer.locator(".outcome")).to_contain_text("crosses itself")
    keys.press("Backspace")
    keys.press("Enter")
    expect(drawer.locator(".outcome")).to_have_text("")
    form = drawer.locator(".command-form[open]")
    form.locator("textarea").first.fill("Gas")
    order = form.locator("textarea").last
    order.fill("x" * 501 + "!")
    form.locator(".primary").click()
    assert order.evaluate("(box) => box.validationMessage") == "Too long by 2 characters."
    assert order.input_value().endswith("!")
    assert not Emergency.objects.exists()


def test_at_a_case_operators_see_each_other_and_give_it_to_a_post(wall, world, new_page, login):
    case = world.case()
    wall.locator(f'#list [data-incident="{case.pk}"]').click()
    other = new_page(locale="zh-CN")
    login(other, world.office)
    other.goto("/wall/")
    other.locator(f'#list [data-incident="{case.pk}"]').click()
    expect(other.locator(".presence")).to_contain_text("指挥中心值班员")
    expect(other.locator(".leaflet-control-zoom-in")).to_have_attribute("aria-label", "放大")
    expect(wall.locator(".presence")).to_contain_text("Office clerk")
    other.keyboard.press("Escape")
    expect(wall.locator(".presence")).to_be_hidden()
    wall.locator(".picking button").click()
    wall.locator(".pick").first.click()
    choice = wall.locator("#details select[name=assignee]")
    expect(choice).to_be_visible()
    chosen = int(choice.input_value())
    wall.locator("#details .action-form .primary").click()
    expect(wall.locator("#details .outcome[data-tone=good]")).to_be_visible()
    case.refresh_from_db()
    assert case.assignee_id == chosen


def test_the_band_and_the_replay_stay_whole_with_all_that_can_be_over_them(wall, world):
    """An emergency in the button, a link that says much, a long title; the drawer open in a replay."""
    wall.keyboard.press("e")
    draw(wall, "rectangle", (0.95, 0.05), (0.5, 0.85))
    wall.locator(".command-form[open] textarea").first.fill("Gas is leaking")
    wall.locator(".command-form[open] .primary").click()
    expect(wall.locator("#command-button")).to_have_attribute("data-count", "1")
    wall.set_viewport_size({"width": 1920, "height": 1080})
    wall.locator(".band-title").evaluate("(title) => { title.textContent = 'A long name '.repeat(9); }")
    for child in wall.locator(".band > *, .band-side > *").all():
        box = child.bounding_box()
        assert box["x"] + box["width"] <= 1920
    wall.locator(".time-open").click()
    banner = wall.locator(".time-banner")
    expect(banner).to_be_visible()
    # The day with the longest name, in a banner of three lines.
    day = "Wednesday, September 30, 2026 23:59:59"
    banner.locator(".time-moment").evaluate("(box, day) => { box.textContent = day; }", day)
    expect(wall.locator("body")).to_have_attribute("data-time", "past")
    ends = banner.bounding_box()["y"] + banner.bounding_box()["height"]
    for over in ("#command", "#emergencies"):
        assert wall.locator(over).bounding_box()["y"] >= ends
    bar, drawer = wall.locator(".time-bar").bounding_box(), wall.locator("#command").bounding_box()
    assert drawer["y"] + drawer["height"] <= bar["y"]
    arrow = wall.locator(".time-speed").evaluate("(box) => parseFloat(getComputedStyle(box).backgroundSize)")
    wall.set_viewport_size({"width": 3840, "height": 2160})
    larger = wall.locator(".time-speed").evaluate("(box) => parseFloat(getComputedStyle(box).backgroundSize)")
    assert larger == pytest.approx(2 * arrow)


def test_a_printed_situation_report_begins_on_its_first_sheet(wall, world):
    """The map and the lists beside it flow on from the figures, however little room is left there."""
    wall.keyboard.press("e")
    draw(wall, "rectangle", (0.95, 0.05), (0.5, 0.85))
    wall.locator(".command-form[open] textarea").first.fill("Gas is leaking")
    wall.locator(".command-form[open] .primary").click()
    with wall.context.expect_page() as opening:
        wall.locator(".running a.button").click()
    report = opening.value
    expect(report.locator(".sheet-columns")).to_be_visible()
    report.emulate_media(media="print")
    columns = report.locator(".sheet-columns")
    assert columns.evaluate("(box) => getComputedStyle(box).breakInside") == "auto"
    first = PdfDocument(report.pdf(width="210mm", height="110mm"))[0].get_textpage().get_text_range()
    assert "Situation report" in first
    assert "Residents with needs" in first
