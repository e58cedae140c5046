"""The whole workflow in a real browser: photos, tasks, parts, duplicates, escalations, what is known."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from incidents.models import Attachment, Incident, IncidentCycle, Matter, NegativeItem
from incidents.services.escalations import escalate
from incidents.workflow import Action, Actor, State
from tests.browser.phones import expect_outgoing
from tests.factories import inside
from tests.incidents.pictures import picture
from tests.incidents.world import make_world

pytestmark = pytest.mark.browser

SENT_MS = 20_000
PHOTO = {"name": "corner.jpg", "mimeType": "image/jpeg", "buffer": picture()}


@pytest.fixture
def world(transactional_db):
    return make_world()


@pytest.fixture
def open_phone(world, server, new_page, login):
    """Return a function that opens the phone of somebody who stands in the first resident group."""

    def opened(user) -> Page:
        lon, lat = inside(world.town.leaf)
        page = new_page(
            viewport={"width": 390, "height": 844},
            has_touch=True,
            is_mobile=True,
            permissions=["geolocation"],
            geolocation={"longitude": lon, "latitude": lat, "accuracy": 12},
        )
        login(page, user)
        page.goto("/phone/")
        expect(page.locator("#link-state")).to_have_attribute("data-status", "live")
        return page

    return opened


@pytest.fixture
def open_wall(world, server, new_page, login):
    """Return a function that opens the wall of the command centre."""

    def opened() -> Page:
        page = new_page()
        login(page, world.operator)
        page.goto("/wall/")
        expect(page.locator("#link")).to_have_attribute("data-status", "live")
        return page

    return opened


def fill_in(phone: Page, matter: str = "Rubbish and hygiene") -> None:
    phone.locator(".phone-tab-report").tap()
    phone.locator("label.matter", has_text=matter).tap()
    expect(phone.locator("#where")).not_to_be_empty()


def row_of(page: Page, case: Incident):
    return page.locator(f'#list [data-incident="{case.pk}"]')


def act(page: Page, action: str) -> None:
    """Press the button of an action, wherever it is folded away."""
    expect(page.locator(".action-groups button").first).to_be_visible()
    button = page.locator(f'[data-action="{action}"]').and_(page.locator("button"))
    if not button.is_visible():
        page.locator(".actions-more summary").click()
    button.click()


def send_form(page: Page) -> None:
    page.locator(".action-form .primary").click()
    expect(page.locator(".outcome[data-tone=good]").first).to_be_visible()


# --- photos ---------------------------------------------------------------------------------------


def test_a_report_with_a_photo_lands_on_the_wall_where_it_is_seen_large(world, open_phone, open_wall):
    phone, wall = open_phone(world.worker), open_wall()
    fill_in(phone)
    phone.locator("label", has_text="Urgent").tap()
    phone.locator("#files").set_input_files([PHOTO])
    expect(phone.locator("#pictures img")).to_have_count(1)
    phone.locator("#send").tap()
    expect(phone.locator(".notice.good")).to_contain_text("Arrived")
    expect_outgoing(phone, "sent")
    wall.locator("#list li button").click()
    details = wall.locator("#details")
    expect(details.locator(".details-state")).to_contain_text("Urgent")
    thumbnail = details.locator(".thumbnail")
    expect(thumbnail.locator("img")).to_have_js_property("complete", True)
    assert thumbnail.locator("img").evaluate("(image) => image.naturalWidth") > 0
    thumbnail.press("Enter")
    expect(wall.locator("dialog.viewer img")).to_be_visible()
    wall.keyboard.press("Escape")
    expect(wall.locator("dialog.viewer")).to_be_hidden()
    expect(details).to_be_visible()
    assert Attachment.objects.get().completed_at is not None


def test_a_file_that_is_no_picture_is_refused_before_it_is_sent(world, open_phone):
    phone = open_phone(world.worker)
    fill_in(phone)
    note = {"name": "note.txt", "mimeType": "text/plain", "buffer": b"words"}
    phone.locator("#files").set_input_files([note])
    expect(phone.locator("#form-error")).to_contain_text("note.txt")
    expect(phone.locator("#pictures li")).to_have_count(0)


OLD_OUTBOX = """([owner, report]) => new Promise((done, failed) => {
    const opening = indexedDB.open(`linge-outbox-${owner}`, 1);
    opening.onerror = () => failed(opening.error);
    opening.onupgradeneeded = () => opening.result.createObjectStore("reports", { keyPath: "id" });
    opening.onsuccess = () => {
        const database = opening.result;
        const writing = database.transaction("reports", "readwrite");
        writing.objectStore("reports").put({ id: report.id, report, saved: Date.now(), refusal: "" });
        writing.oncomplete = () => { database.close(); done(); };
    };
})"""


def test_what_an_older_version_of_the_page_kept_is_sent(world, server, new_page, login):
    page = new_page()
    login(page, world.worker)
    page.goto("/healthz")
    lon, lat = inside(world.town.leaf)
    now = timezone.now().isoformat()
    report = {"kind": "report", "id": "0199a3c2-7f00-7a1c-9d7e-3b5f2f6f0a11", "matter": "rubbish"}
    report |= {"text": "Kept before", "lon": lon, "lat": lat, "accuracy_m": None, "position_source": "map"}
    report |= {"observed_at": now, "sent_at": now}
    page.evaluate(OLD_OUTBOX, [world.worker.username, report])
    page.goto("/phone/")
    expect(page.locator("#reports li[data-incident]")).to_have_count(1)
    expect_outgoing(page, "sent")
    assert Incident.objects.get().text == "Kept before"


# --- before it is sent ----------------------------------------------------------------------------


def test_what_is_known_is_told_before_anything_is_sent_and_stops_nobody(world, open_phone):
    world.case()
    NegativeItem.objects.create(
        number="N-0001",
        title="Business promotion",
        keywords=["business"],
        reason="Not a matter of the community",
        decided_by=world.head,
        decided_at=timezone.now(),
    )
    phone = open_phone(world.worker)
    fill_in(phone)
    told = phone.locator("#entry")
    expect(told).to_contain_text("Perhaps reported already")
    expect(told).to_contain_text("Reported")
    phone.locator("#text").fill("Find business for the street")
    expect(told).to_contain_text("Business promotion")
    phone.locator("#send").tap()
    expect(phone.locator(".notice.good")).to_contain_text("Arrived")
    assert Incident.objects.count() == 2


def test_without_an_answer_nothing_is_said_and_the_report_goes(world, open_phone):
    phone = open_phone(world.worker)
    phone.route("**/api/entry-checks", lambda route: route.abort())
    fill_in(phone)
    phone.locator("#send").tap()
    expect(phone.locator(".notice.good")).to_contain_text("Arrived")


# --- my tasks, my reports -------------------------------------------------------------------------


def test_a_task_is_taken_and_resolved_on_the_phone_with_a_photo(world, open_phone):
    Matter.objects.filter(code="rubbish").update(needs_photo=True)
    case = world.bring(State.ASSIGNED)
    phone = open_phone(world.colleague)
    phone.locator(f'#tasks [data-incident="{case.pk}"] .row-open').tap()
    act(phone, "take")
    expect(phone.locator("#case .state")).to_have_text("In progress")
    phone.locator("#case input[type=file]").set_input_files([PHOTO])
    expect(phone.locator("#case .thumbnail")).to_have_count(1, timeout=SENT_MS)
    act(phone, "resolve")
    phone.locator("#case textarea[name=note]").fill("Carried away")
    send_form(phone)
    expect(phone.locator("#case .state")).to_have_text("Resolved")
    case.refresh_from_db()
    assert case.state == State.RESOLVED


def test_a_question_is_answered_by_who_reported_it(world, open_phone):
    case = world.bring(State.NEED_INFO)
    phone = open_phone(world.worker)
    phone.locator(f'#reports [data-incident="{case.pk}"] button').tap()
    expect(phone.locator("#case .history")).to_contain_text("请补充说明")
    act(phone, "answer")
    phone.locator("#case textarea[name=note]").fill("Behind the third house")
    send_form(phone)
    case.refresh_from_db()
    assert case.state == State.IN_PROGRESS


def test_who_reported_it_adds_a_photo_of_what_he_sees(world, open_phone):
    case = world.case()
    phone = open_phone(world.worker)
    phone.locator(f'#reports [data-incident="{case.pk}"] button').tap()
    expect(phone.get_by_text("Add pictures or videos", exact=True)).to_be_visible()
    phone.locator("#case input[type=file]").set_input_files([PHOTO])
    expect(phone.locator("#case .thumbnail")).to_contain_text("What was reported", timeout=SENT_MS)
    assert case.attachments.get().purpose == "report"


def test_what_was_done_is_rated_by_who_reported_it(world, open_phone):
    case = world.bring(State.RESOLVED)
    phone = open_phone(world.worker)
    phone.locator(f'#reports [data-incident="{case.pk}"] button').tap()
    act(phone, "rate")
    phone.locator("#case select[name=score]").select_option("4")
    send_form(phone)
    expect(phone.locator("#case .stars")).to_have_text("★★★★☆")
    assert case.ratings.get().score == 4


# --- the wall -------------------------------------------------------------------------------------


def test_a_case_is_split_and_its_parts_open_in_the_panel(world, open_wall):
    case = world.bring(State.ACCEPTED)
    wall = open_wall()
    row_of(wall, case).click()
    act(wall, "split")
    texts = wall.locator("#details .part-row textarea")
    texts.nth(0).fill("Take the bags away")
    texts.nth(1).fill("Mend the fence")
    send_form(wall)
    first, second = case.children.order_by("pk")
    expect(row_of(wall, second)).to_contain_text(f"part of {case.number}")
    wall.locator(f'#details [data-related="{first.pk}"]').click()
    expect(wall.locator("#details")).to_contain_text("Take the bags away")
    expect(wall.locator(f'#details [data-related="{case.pk}"]')).to_contain_text("Is a part of")


def test_a_duplicate_is_merged_by_picking_what_may_be_the_same_and_leaves_the_wall(world, open_wall):
    master, double = world.case(), world.case()
    wall = open_wall()
    row_of(wall, double).click()
    act(wall, "merge")
    wall.locator("#details .pick", has_text=master.number).click()
    send_form(wall)
    expect(row_of(wall, double)).to_have_count(0)
    expect(row_of(wall, master)).to_be_visible()
    double.refresh_from_db()
    assert (double.state, double.merged_into_id) == (State.DUPLICATE, master.pk)


def test_who_is_proposed_is_assigned_at_one_touch(world, open_wall):
    case = world.case()
    wall = open_wall()
    row_of(wall, case).click()
    proposed = wall.locator("#details [data-proposed]")
    expect(wall.locator("#details .proposed .reasons")).not_to_be_empty()
    chosen = int(proposed.get_attribute("data-proposed"))
    proposed.click()
    expect(row_of(wall, case)).to_contain_text("Assigned")
    case.refresh_from_db()
    assert case.assignee_id == chosen


def test_more_time_is_granted_by_a_clear_yes(world, open_wall):
    case = world.bring(State.IN_PROGRESS)
    world.act(case.pk, Action.REQUEST_EXTENSION, Actor.ASSIGNEE)
    before = case.cycles.get().resolve_due_at
    wall = open_wall()
    row_of(wall, case).click()
    wall.get_by_role("button", name="Yes, grant it").click()
    send_form(wall)
    expect(wall.locator("#details .asked")).to_have_count(0)
    assert case.cycles.get().resolve_due_at > before


def test_an_internal_note_is_seen_to_be_internal(world, open_wall):
    case = world.case()
    world.act(case.pk, Action.ADD_NOTE, Actor.OPERATOR, note="Between us")
    wall = open_wall()
    row_of(wall, case).click()
    expect(wall.locator("#details .history [data-internal]")).to_contain_text("Between us")


def test_an_escalation_is_announced_and_stays_on_its_row(world, open_wall):
    case = world.case()
    wall = open_wall()
    expect(row_of(wall, case)).to_be_visible()
    late = timezone.now() - timedelta(minutes=1)
    IncidentCycle.objects.filter(incident=case).update(feedback_warn_at=late, feedback_due_at=late)
    assert escalate(incident_id=case.pk) > 0
    expect(wall.locator("#ticker .ticker-alert")).to_contain_text("Late · up to")
    expect(row_of(wall, case).locator(".mark-up")).to_be_visible()
    wall.locator("#ticker button").first.click()
    expect(wall.locator("#details .escalations li").first).to_contain_text("told")


def test_paused_clocks_stand_still(world, open_wall):
    case = world.bring(State.NEED_INFO)
    wall = open_wall()
    expect(row_of(wall, case).locator(".row-late")).to_have_text("Paused")
    row_of(wall, case).click()
    expect(wall.locator("#details .clock-card[data-paused]")).to_have_count(1)
