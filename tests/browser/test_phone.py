"""The phone in a real browser: a report in three taps, seen on the wall, and nothing lost on the way."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from gis_grids.levels import Level
from incidents.models import Incident, Matter, PositionSource
from tests.browser.phones import expect_outgoing, fill_in, phone_options, report
from tests.factories import UserFactory, inside
from tests.incidents.world import make_world

pytestmark = pytest.mark.browser


@pytest.fixture
def world(transactional_db):
    return make_world()


@pytest.fixture
def phone(world, server, new_page, login) -> Page:
    """A phone held by the grid worker, who stands in the first resident group."""
    lon, lat = inside(world.town.leaf)
    page = new_page(**phone_options(lon, lat))
    login(page, world.worker)
    page.goto("/phone/")
    expect(page.locator("#link-state")).to_have_attribute("data-status", "live")
    return page


def test_a_report_lands_on_the_wall_in_its_grid_without_a_reload(phone, world, new_page, login):
    wall = new_page()
    login(wall, world.operator)
    wall.goto("/wall/")
    expect(wall.locator("#link")).to_have_attribute("data-status", "live")
    report(phone, text="Bags beside the bin")
    expect(phone.locator(".notice.good")).to_contain_text("Arrived")
    row = wall.locator("#list li").first
    expect(row).to_contain_text("Rubbish and hygiene")
    expect(row).to_contain_text(world.town.leaf.versions.get().name)
    row.click()
    expect(wall.locator("#details")).to_contain_text("Bags beside the bin")


def test_the_acknowledgement_names_the_whole_chain_of_grids(phone, world):
    report(phone)
    notice = phone.locator(".notice.good")
    for level in (Level.COMMUNITY, Level.AREA, Level.RESIDENT_GROUP):
        expect(notice).to_contain_text(world.town.units[level][0].versions.get().name)


def test_my_list_follows_the_state_live(phone, world, new_page, login):
    report(phone)
    row = phone.locator("#reports li").first
    expect(row).to_contain_text("Reported")
    wall = new_page()
    login(wall, world.operator)
    wall.goto("/wall/")
    wall.locator("#list li").first.click()
    wall.locator('#details [data-action="accept"]').click()
    expect(row).to_contain_text("Accepted")


def test_without_a_position_a_tap_on_the_map_says_where(world, server, new_page, login):
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    login(page, world.worker)
    page.goto("/phone/")
    page.locator(".phone-tab-report").tap()
    page.locator("label.matter").first.tap()
    page.locator("#send").tap()
    expect(page.locator("#form-error")).to_contain_text("map")
    page.locator("#map").tap()
    expect(page.locator("#where")).to_contain_text("by hand")
    page.locator("#send").tap()
    expect(page.locator(".notice.good")).to_contain_text("Arrived")
    assert Incident.objects.get().position_source == PositionSource.MAP


def test_the_pin_is_dragged_to_the_right_place(phone, world):
    fill_in(phone)
    pin = phone.locator("#map .pin")
    # The bar with the buttons lies over the lower end of the screen.
    pin.evaluate("(pin) => pin.scrollIntoView({ block: 'center' })")
    box = None
    while box != (now := pin.bounding_box()):  # the map still goes to where the phone is
        box = now
        phone.wait_for_timeout(200)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    phone.mouse.move(x, y)
    phone.mouse.down()
    phone.mouse.move(x + 30, y - 30, steps=5)
    phone.mouse.up()
    expect(phone.locator("#where")).to_contain_text("by hand")
    phone.locator("#send").tap()
    expect(phone.locator(".notice.good")).to_contain_text("Arrived")
    stored = Incident.objects.get()
    assert stored.position_source == PositionSource.PIN
    lon, lat = inside(world.town.leaf)
    assert stored.place.x > lon
    assert stored.place.y > lat


def test_the_form_says_what_is_missing_and_keeps_what_was_written(phone):
    phone.locator(".phone-tab-report").tap()
    phone.locator("#text").fill("Already written")
    phone.locator("#send").tap()
    expect(phone.locator("#form-error")).to_contain_text("Choose")
    expect(phone.locator("#text")).to_have_value("Already written")


def test_a_report_made_while_the_server_is_dead_arrives_once(phone, server):
    server.kill()
    expect(phone.locator("#link-state")).not_to_have_attribute("data-status", "live")
    report(phone, text="Kept on the phone")
    expect_outgoing(phone, "waiting")
    server.start()
    expect_outgoing(phone, "sent")
    assert Incident.objects.get().text == "Kept on the phone"


def test_a_refused_report_can_be_corrected_and_sent(phone, world):
    fill_in(phone)
    Matter.objects.filter(code="rubbish").update(is_current=False)
    phone.locator("#send").tap()
    expect_outgoing(phone, "attention")
    phone.locator("#outgoing").tap()
    waiting = phone.locator("#screen-queue li.outstanding")
    expect(waiting).to_contain_text("Choose another")
    waiting.get_by_role("button", name="Correct it").tap()
    phone.locator("label.matter", has_text="Noise").tap()
    phone.locator("#send").tap()
    expect(phone.locator(".notice.good")).to_contain_text("Arrived")
    expect_outgoing(phone, "sent")
    assert Incident.objects.get().matter.code == "noise"


def test_who_holds_no_post_is_told_so(server, page, login, world):
    login(page, UserFactory())
    page.goto("/phone/")
    expect(page.locator(".notice.bad")).to_contain_text("no post")


def test_log_in_refuses_a_wrong_password_and_then_lets_in(server, page, world):
    person = world.worker
    person.set_password("secret-word")
    person.save()
    page.goto("/phone/")
    page.locator("#id_login").fill(person.username)
    page.locator("#id_password").fill("wrong")
    page.locator("button.primary").click()
    expect(page.locator("[role=alert]")).not_to_be_empty()
    page.locator("#id_password").fill("secret-word")
    page.locator("button.primary").click()
    expect(page.locator(".phone-tab-report")).to_be_visible()


def test_the_bar_keeps_its_parts_whole_when_its_state_is_long(phone):
    outgoing = phone.locator("#outgoing")
    height = outgoing.bounding_box()["height"]
    phone.locator("#link-state").evaluate("(state) => { state.textContent = 'Offline: reports are kept' }")
    assert outgoing.bounding_box()["height"] == height
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
