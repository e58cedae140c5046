"""A worker's day on the phone: tasks, visits and pins, with the network cut in between."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect
from shapely import box

from gis_grids.levels import Level, PostKind
from gis_grids.models import Post
from gis_grids.services import bump_map_version
from households.models import Dwelling, PlaceChange, Visit
from households.services import home_households
from incidents.models import Incident
from incidents.services.announcements import announce
from incidents.workflow import Action, Actor
from tests.browser.phones import phone_options
from tests.browser.waiting import wait_until
from tests.factories import inside, post
from tests.households.making import building, household
from tests.incidents.pictures import picture
from tests.incidents.world import make_world

pytestmark = pytest.mark.browser

BACK_MS = 30_000


@pytest.fixture
def world(transactional_db):
    """The usual world; the worker's grid has a building with two households."""
    world = make_world()
    for layer in ("base", "units"):
        bump_map_version(layer=layer)
    x, y = inside(world.town.leaf)
    house = building(box(x - 1e-4, y - 1e-4, x + 1e-4, y + 1e-4), code="B1", address="幸福里 1 号")
    for room, name in (("101", "张三丰"), ("102", "李四")):
        dwelling = Dwelling.objects.create(building=house, floor=1, room=room)
        household((x, y), dwelling=dwelling, householder=name)
    home_households()
    return world


@pytest.fixture
def phone(world, server, new_page, login) -> Page:
    """The worker's phone, which has read ahead what it shows without a network."""
    lon, lat = inside(world.town.leaf)
    page = new_page(**phone_options(lon, lat))
    login(page, world.worker)
    with page.expect_response("**/tiles/around.pmtiles", timeout=2 * BACK_MS):
        page.goto("/phone/")
    expect(page.locator("#link-state")).to_have_attribute("data-status", "live")
    return page


def go(phone: Page, tab: str) -> None:
    phone.locator(f'.phone-tab[href="#{tab}"]').tap()


def task_of(world) -> Incident:
    """Assign a case to the worker."""
    case = world.case()
    world.act(case.pk, Action.ASSIGN, Actor.GRID_LEAD, assignee_id=world.worker.pk)
    case.refresh_from_db()
    return case


def test_a_visit_and_a_pin_without_a_network_arrive_once(phone, world):
    phone.context.set_offline(True)
    go(phone, "visits")
    phone.locator(".household", has_text="张*").tap()
    phone.locator('[data-result="not_at_home"]').tap()
    expect(phone.locator(".visit-saved")).to_contain_text("Saved")
    phone.get_by_role("button", name="Put its pin right").tap()
    phone.locator(".pin-map").tap(position={"x": 150, "y": 60})
    phone.get_by_role("button", name="The household is here").tap()
    phone.locator(".back", has_text="All households").tap()
    expect(phone.locator(".household", has_text="张*")).to_contain_text("waiting to be sent")
    assert not Visit.objects.exists()
    phone.context.set_offline(False)
    expect(phone.locator("#outgoing")).to_have_attribute("data-state", "sent", timeout=BACK_MS)
    visit, change = Visit.objects.get(), PlaceChange.objects.get()
    assert (visit.result, visit.visitor, visit.place) == ("not_at_home", world.worker, None)
    assert change.household == visit.household
    assert change.place_before != change.place
    expect(phone.locator(".household", has_text="张*")).to_contain_text("today: Nobody at home")


def test_a_follow_up_of_a_visit_is_a_report_that_is_linked_to_it(phone, world):
    go(phone, "visits")
    phone.locator(".household", has_text="李*").tap()
    phone.locator(".visit-form textarea").fill("The lamp on the stairs is dark")
    phone.locator('[data-result="to_do"]').tap()
    phone.get_by_role("button", name="Report what is to be done").tap()
    expect(phone.locator("#text")).to_have_value("The lamp on the stairs is dark")
    phone.locator("label.matter").first.tap()
    phone.locator("#send").tap()
    expect(phone.locator("#reports [data-incident]")).to_have_count(1, timeout=BACK_MS)
    expect(phone.locator("#outgoing")).to_have_attribute("data-state", "sent", timeout=BACK_MS)
    visit, case = Visit.objects.get(), Incident.objects.get()
    assert visit.follow_up == case.report_id
    assert case.household == visit.household


def test_a_task_is_taken_without_a_network_and_done_with_words(phone, world):
    case = task_of(world)
    go(phone, "me")
    go(phone, "today")
    task = phone.locator(f'#tasks [data-incident="{case.pk}"]')
    expect(task.locator(".task-clock")).to_have_count(3)
    phone.context.set_offline(True)
    task.locator('[data-deed="take"]').tap()
    expect(task).to_contain_text("waiting to be sent")
    expect(task).to_contain_text("In progress")
    task.locator('[data-deed="resolve"]').tap()
    task.locator("textarea").fill("Cleared")
    task.locator("button.primary").last.tap()
    expect(phone.locator("#outgoing")).to_contain_text("2 waiting")
    phone.context.set_offline(False)
    expect(phone.locator("#outgoing")).to_have_attribute("data-state", "sent", timeout=BACK_MS)
    case.refresh_from_db()
    assert case.state == "resolved"
    assert case.events.get(action="resolve").note == "Cleared"


def test_a_task_is_sent_back_with_a_reason_that_whoever_gave_it_reads(phone, world):
    case = task_of(world)
    task = phone.locator(f'#tasks [data-incident="{case.pk}"]')
    task.locator('[data-deed="send_back"]').tap()
    task.locator("textarea").fill("Not in my grid")
    task.locator("button.primary").last.tap()
    expect(task).to_have_count(0)
    case.refresh_from_db()
    assert (case.state, case.assignee) == ("accepted", None)
    assert case.events.get(action="send_back").note == "Not in my grid"
    expect(phone.locator("[data-gone]")).to_have_count(0)  # he knows it: he did it himself


def test_the_photo_of_a_result_is_taken_without_a_network_and_arrives_with_the_deed(phone, world):
    case = task_of(world)
    task = phone.locator(f'#tasks [data-incident="{case.pk}"]')
    expect(task).to_be_visible()
    phone.context.set_offline(True)
    task.locator('[data-deed="take"]').tap()
    task.locator('[data-deed="resolve"]').tap()
    photo = {"name": "done.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    task.locator("input[type=file]").set_input_files(photo)
    expect(task.locator(".pictures > li")).to_have_count(1)
    task.locator("textarea").fill("Cleared")
    task.locator("button.primary").last.tap()
    expect(phone.locator("#outgoing")).to_contain_text("3 waiting")
    phone.context.set_offline(False)
    expect(phone.locator("#outgoing")).to_have_attribute("data-state", "sent", timeout=2 * BACK_MS)
    case.refresh_from_db()
    file = case.attachments.get()
    assert case.state == "resolved"
    assert (file.purpose, file.sender) == ("result", world.worker)
    assert file.completed_at is not None


def test_a_task_that_was_recalled_meanwhile_says_so_and_so_does_the_deed(phone, world):
    case = task_of(world)
    go(phone, "me")
    go(phone, "today")
    task = phone.locator(f'#tasks [data-incident="{case.pk}"]')
    expect(task).to_be_visible()
    phone.context.set_offline(True)
    task.locator('[data-deed="take"]').tap()
    expect(task).to_contain_text("waiting to be sent")
    world.act(case.pk, Action.RECALL, Actor.GRID_LEAD, note="The fire brigade does it")
    phone.context.set_offline(False)
    refused = phone.locator("[data-refused]")
    expect(refused).to_contain_text("Not done", timeout=BACK_MS)
    gone = phone.locator(f'[data-gone="{case.pk}"]')
    expect(gone).to_contain_text("The fire brigade does it", timeout=BACK_MS)
    refused.get_by_role("button").tap()
    gone.get_by_role("button").tap()
    expect(phone.locator(".news > *")).to_have_count(0)


def test_tasks_come_and_go_while_the_phone_is_open_without_being_asked_for(phone, world):
    go(phone, "me")
    with phone.expect_response("**/api/my/tasks"):
        go(phone, "today")
    case = task_of(world)
    task = phone.locator(f'#tasks [data-incident="{case.pk}"]')
    expect(task).to_be_visible()
    world.act(case.pk, Action.RECALL, Actor.GRID_LEAD, note="The fire brigade does it")
    expect(phone.locator(f'[data-gone="{case.pk}"]')).to_contain_text("The fire brigade does it")
    expect(task).to_have_count(0)


def test_an_announcement_comes_by_itself_and_is_read_without_a_network(phone, world):
    until = timezone.now() + timedelta(hours=1)
    sent = announce(actor=world.operator, unit_id=world.town.leaf.pk, text="Typhoon at noon", until=until)
    shown = phone.locator(f'[data-announcement="{sent.pk}"]')
    expect(shown).to_contain_text("Typhoon at noon")
    phone.context.set_offline(True)
    shown.get_by_role("button").tap()
    expect(phone.locator("#outgoing")).to_have_attribute("data-state", "waiting")
    expect(phone.locator(".announcements > *")).to_have_count(0)
    phone.context.set_offline(False)
    expect(phone.locator("#outgoing")).to_have_attribute("data-state", "sent", timeout=BACK_MS)
    assert sent.readings.get().reader == world.worker
    expect(phone.locator(".announcements > *")).to_have_count(0)
    phone.get_by_text("Announcements that I have read").tap()
    expect(shown).to_be_visible()


def test_the_kept_map_is_drawn_without_a_network(phone, world):
    asked = []
    phone.context.set_offline(True)
    phone.context.on("request", lambda request: asked.append(request.url))
    go(phone, "map")
    # Lines of units: a tile that is not there is of one colour.
    drawn = """() => [...document.querySelectorAll(".worker-map canvas")].some((canvas) => {
        const { width, height } = canvas;
        if (!width || !height) return false;
        const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
        return new Set(new Uint32Array(data.buffer)).size > 8;
    })"""
    wait_until(phone, drawn, timeout=BACK_MS)
    assert not [url for url in asked if url.endswith(".mvt")]  # what is kept needs no network at all


def test_who_is_responsible_next_door_is_known_without_a_network(phone, world):
    neighbour = world.town.units[Level.RESIDENT_GROUP][1]
    steward = User.objects.create(username="steward", last_name="白", first_name="云")
    Post.objects.filter(pk=post(steward, neighbour, PostKind.BUILDING_STEWARD).pk).update(contact="100-5566")
    lon, lat = inside(neighbour)
    with phone.expect_response("**/api/phone/ground") as ground:
        phone.goto(f"/phone/#map/{lon},{lat}")
    # The map goes there once it is drawn.
    expect(phone.locator(".worker-map svg path").first).to_be_attached()
    ground.value.finished()
    phone.context.set_offline(True)
    phone.locator(".worker-map").tap()
    sheet = phone.locator(".map-sheet")
    # What was read before may be shown first: the answer follows what has come.
    expect(sheet).to_contain_text("白云")
    expect(sheet.locator("a.unit-call")).to_have_attribute("href", "tel:100-5566")
    expect(sheet).to_contain_text("Next door")
