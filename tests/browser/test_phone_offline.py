"""What a phone meets outdoors, in a real browser: whatever happens, every report arrives, and arrives once.

The lessons are those of docs/phone.md.
"""

from __future__ import annotations

import os
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from PIL import Image
from playwright.sync_api import Page, expect

from incidents.models import Attachment, Incident
from tests.browser.phones import (
    SENT_MS,
    expect_outgoing,
    fill_in,
    phone_options,
    ready_offline,
    report,
    send,
)
from tests.browser.waiting import wait_until
from tests.factories import inside
from tests.incidents.world import make_world

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.browser


@pytest.fixture
def world(transactional_db):
    return make_world()


@pytest.fixture
def phone(world, server, new_page, login) -> Page:
    """A phone held by the grid worker, who stands in the first resident group."""
    page = new_page(**phone_options(*inside(world.town.leaf)))
    login(page, world.worker)
    page.goto("/phone/")
    expect(page.locator("#link-state")).to_have_attribute("data-status", "live", timeout=SENT_MS)
    return page


def noise(side: int = 1400) -> dict:
    """Return a picture that hardly gets smaller whatever one does, and so is sent in several pieces."""
    out = BytesIO()
    Image.frombytes("RGB", (side, side), os.urandom(side * side * 3)).save(out, "PNG")
    return {"name": "noise.png", "mimeType": "image/png", "buffer": out.getvalue()}


def wait_for(phone: Page, is_so: Callable[[], bool]) -> None:
    """Let the phone work until something is so."""
    ends = time.monotonic() + SENT_MS / 1000
    while not is_so():
        assert time.monotonic() < ends
        phone.wait_for_timeout(100)


class Portal(BaseHTTPRequestHandler):
    """The log-in page of a stranger's network, which answers 200 to everything."""

    def answer(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        self.rfile.read(length)
        page = b"<!doctype html><title>Free WiFi</title><h1>Accept our terms</h1>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    do_GET = do_PUT = do_POST = do_HEAD = answer  # noqa: N815 - the names of the library

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def portal(server):
    """Return a function that puts the stranger in the server's place, and returns the way back."""

    def come():
        server.kill()
        stranger = ThreadingHTTPServer(("127.0.0.1", server.port), Portal)
        threading.Thread(target=stranger.serve_forever, daemon=True).start()

        def leave() -> None:
            stranger.shutdown()
            stranger.server_close()
            server.start()

        return leave

    return come


def test_lesson_7_it_opens_reports_and_waits_without_a_network_and_sends_by_itself(phone, server, world):
    ready_offline(phone)
    server.kill()
    phone.reload()
    expect(phone.locator("#link-state")).to_have_attribute("data-status", "stale", timeout=SENT_MS)
    fill_in(phone, text="No network at all")
    phone.locator("#files").set_input_files([noise()])
    expect(phone.locator("#pictures img")).to_have_count(1)
    send(phone)
    expect_outgoing(phone, "waiting")
    context = phone.context
    phone.close()
    again = context.new_page()
    again.goto("/phone/#queue")
    item = again.locator("#screen-queue li.outstanding")
    expect(item).to_contain_text("No network")
    expect(item).to_contain_text(re.compile("tr(y|ies)"))
    server.start()
    expect_outgoing(again, "sent")
    assert Incident.objects.get().text == "No network at all"
    assert Attachment.objects.get().completed_at is not None
    again.goto("/phone/#today")
    mine = again.locator("#reports li")
    expect(mine).to_contain_text("20")  # the number of the case
    server.kill()
    again.reload()
    expect(mine).to_contain_text("20")


def test_lesson_4_a_log_in_page_that_answers_200_is_never_taken_for_ours(phone, portal):
    ready_offline(phone)
    leave = portal()
    phone.reload()
    expect(phone.locator(".phone-tab-report")).to_be_visible()
    phone.evaluate("navigator.serviceWorker.getRegistration().then((it) => it.update().catch(() => null))")
    report(phone, text="Through the portal")
    expect_outgoing(phone, "waiting")
    phone.locator("#outgoing").tap()
    phone.get_by_role("button", name="Send now").tap()
    expect(phone.locator("#screen-queue li.outstanding")).to_contain_text("No network")
    phone.reload()
    expect(phone.locator("#screen-queue li.outstanding")).to_have_count(1)
    leave()
    expect_outgoing(phone, "sent")
    assert Incident.objects.get().text == "Through the portal"


# Each step is done by the server, and then the line dies before the phone hears of it: once for each.
LOSE_FIRST = """() => {
    const fetchIt = window.fetch;
    const lost = new Set();
    window.fetch = async (address, request) => {
        const response = await fetchIt(address, request);
        const step = String(address).replace(/[0-9a-f-]{36}/, "");
        if (request?.method !== "PUT" || lost.has(step)) return response;
        lost.add(step);
        throw new TypeError("the line died");
    };
}"""


def test_lessons_1_3_6_answers_lost_at_every_step_double_nothing_and_files_go_on(phone, server, world):
    phone.route_web_socket("**/ws/phone/", lambda socket: socket.close())
    phone.reload()
    phone.evaluate(LOSE_FIRST)
    fill_in(phone, text="Every answer lost")
    phone.locator("#files").set_input_files([noise()])
    expect(phone.locator("#pictures img")).to_have_count(1)
    send(phone)
    expect_outgoing(phone, "waiting")
    wait_for(phone, lambda: Attachment.objects.filter(received__gt=0).exists())
    context = phone.context
    phone.close()  # killed in the middle of its file
    server.kill()
    server.start()
    again = context.new_page()
    again.goto("/phone/")
    expect_outgoing(again, "sent")
    assert Incident.objects.get().text == "Every answer lost"
    file = Attachment.objects.get()
    assert file.completed_at is not None
    assert file.received == file.size


def test_lesson_2_two_tabs_that_come_back_together_send_each_report_once(phone):
    other = phone.context.new_page()
    other.goto("/phone/")
    phone.context.set_offline(True)
    for n, page in enumerate([phone, other, phone, other]):
        report(page, text=f"Report {n}")
    expect(phone.locator("#outgoing")).to_contain_text("4")
    phone.context.set_offline(False)
    expect_outgoing(phone, "sent")
    expect_outgoing(other, "sent")
    assert sorted(Incident.objects.values_list("text", flat=True)) == [f"Report {n}" for n in range(4)]


REFUSE = (
    "Object.defineProperty(window, 'indexedDB', { get() { throw new DOMException('no', 'SecurityError') } })"
)
FULL = """() => {
    IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError") };
}"""


def test_lesson_8_storage_that_is_refused_or_full_loses_nothing_typed(world, server, new_page, login, phone):
    phone.evaluate(FULL)
    fill_in(phone, text="The phone is full")
    phone.locator("#send").tap()
    expect(phone.locator("#form-error")).to_contain_text("can't keep the report")
    expect(phone.locator("#text")).to_have_value("The phone is full")
    bare = new_page(**phone_options(*inside(world.town.leaf)))
    bare.add_init_script(REFUSE)
    login(bare, world.worker)
    bare.goto("/phone/")
    expect(bare.locator("#banner")).to_contain_text("leave this page open")
    report(bare, text="Without storage")
    expect_outgoing(bare, "sent")
    assert Incident.objects.get().text == "Without storage"


def test_a_log_in_that_ended_stops_all_and_a_log_out_wipes_all_but_the_queue(phone, world, login):
    Session.objects.all().delete()
    phone.reload()
    expect(phone.locator("#banner")).to_contain_text("Log in again", timeout=SENT_MS)
    report(phone, text="After the session")
    expect(phone.locator("#banner")).to_contain_text("1 item")
    phone.on("dialog", lambda dialog: dialog.accept())  # he knows that something waits
    phone.locator("a[href='#me']").tap()
    phone.get_by_role("button", name="Log out").tap()
    phone.wait_for_url("**/accounts/login/**")
    names = "indexedDB.databases().then((all) => all.map(({ name }) => name).sort())"
    assert phone.evaluate(names) == [f"linge-outbox-{world.worker.username}"]
    login(phone, world.colleague)
    phone.goto("/phone/")
    expect_outgoing(phone, "sent")
    expect(phone.locator("#screen-today")).not_to_contain_text("After the session")
    login(phone, world.worker)
    phone.goto("/phone/")
    expect(phone.locator(".notice.good")).to_contain_text("Arrived", timeout=SENT_MS)
    assert Incident.objects.get().reporter == world.worker


def test_a_page_left_open_sends_nothing_as_the_colleague_who_logged_in_since(phone, world, login):
    phone.route_web_socket("**/ws/phone/", lambda socket: socket.close())
    phone.reload()
    login(phone.context.new_page(), world.colleague)
    report(phone, text="Written by the worker")
    expect(phone.locator("#banner")).to_contain_text("Log in again", timeout=SENT_MS)
    assert not Incident.objects.exists()
    login(phone, world.worker)
    phone.reload()
    expect_outgoing(phone, "sent")
    assert Incident.objects.get().reporter == world.worker


def slow_down(phone: Page, bytes_per_s: int) -> None:
    """Make the line of the phone as slow as in a cellar."""
    line = phone.context.new_cdp_session(phone)
    line.send("Network.enable")
    slow = {"offline": False, "latency": 300, "downloadThroughput": -1, "uploadThroughput": bytes_per_s}
    line.send("Network.emulateNetworkConditions", slow)


def test_a_draft_is_there_again_after_the_page_died_and_goes_over_a_slow_line(phone):
    fill_in(phone, text="Half wri")
    phone.locator("#files").set_input_files([noise()])
    expect(phone.locator("#pictures img")).to_have_count(1)
    context = phone.context
    phone.close()
    again = context.new_page()
    again.goto("/phone/#report")
    expect(again.locator("#text")).to_have_value("Half wri")
    expect(again.locator("#pictures img")).to_have_count(1)
    expect(again.locator("label.matter", has_text="Rubbish").locator("input")).to_be_checked()
    slow_down(again, 300_000)
    send(again)
    expect_outgoing(again, "waiting")
    again.locator("#outgoing").tap()
    expect(again.locator("#screen-queue progress")).to_be_visible(timeout=SENT_MS)
    expect_outgoing(again, "sent")
    assert Attachment.objects.get().completed_at is not None


def test_lesson_9_a_poor_position_waits_for_a_better_one_and_the_pin_keeps_the_device(phone, world):
    lon, lat = inside(world.town.leaf)
    phone.context.set_geolocation({"longitude": lon, "latitude": lat, "accuracy": 400})
    fill_in(phone)
    expect(phone.locator("#where")).to_contain_text("400")
    phone.locator("#send").tap()
    expect(phone.locator("#form-error")).to_contain_text("better position")
    phone.context.set_geolocation({"longitude": lon, "latitude": lat, "accuracy": 9})
    expect(phone.locator(".notice.good")).to_contain_text("Arrived", timeout=SENT_MS)
    assert Incident.objects.get().accuracy_m == 9
    fill_in(phone, text="Across the street")
    phone.locator("#map").tap()
    expect(phone.locator("#where")).to_contain_text("by hand")
    send(phone)
    expect_outgoing(phone, "sent")
    moved = Incident.objects.get(text="Across the street")
    assert (moved.device_place.x, moved.device_place.y) == (lon, lat)
    assert moved.device_datum == "wgs84"
    assert (moved.place.x, moved.place.y) != (lon, lat)


def test_lesson_10_a_socket_that_only_looks_alive_holds_nothing_up(phone, world):
    """Half-open: what is sent goes nowhere, and no close ever comes."""

    def swallow(socket) -> None:
        line = socket.connect_to_server()
        socket.on_message(lambda text: None if '"report"' in text else line.send(text))

    phone.route_web_socket("**/ws/phone/", swallow)
    phone.reload()
    expect(phone.locator("#link-state")).to_have_attribute("data-status", "live", timeout=SENT_MS)
    report(phone, text="Over HTTP then")
    expect_outgoing(phone, "sent")
    assert Incident.objects.get().text == "Over HTTP then"


def test_a_new_version_waits_until_the_worker_agrees_and_never_over_an_open_form(phone, server):
    ready_offline(phone)
    script = settings.STATIC_ROOT / "dist" / "phone-worker.js"
    original = script.read_bytes()
    script.write_bytes(original + b"\n// another version")
    try:
        server.kill()
        server.start()
        fill_in(phone, text="Being written")
        update = "navigator.serviceWorker.getRegistration().then((it) => it.update())"
        phone.evaluate(update)
        waiting = "navigator.serviceWorker.getRegistration().then((it) => it.waiting !== null)"
        wait_until(phone, waiting, timeout=SENT_MS)
        expect(phone.locator("#update")).to_be_hidden()
        phone.locator("#send").tap()
        expect(phone.locator("#update")).to_be_visible()
        phone.locator("#update-now").tap()
        # The old worker first ends what it is sending; then the page begins anew.
        expect(phone.locator("#update")).to_be_hidden(timeout=SENT_MS)
        wait_until(phone, "caches.keys().then((all) => all.length === 2)")
    finally:
        script.write_bytes(original)


def test_background_sync_sends_what_waits_while_no_page_is_open(phone, world):
    ready_offline(phone)
    # A page that can't send; what the worker asks for is not the page's.
    phone.route_web_socket("**/ws/phone/", lambda socket: socket.close())
    phone.reload()
    phone.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('no line')) }")
    report(phone, text="Sent by the worker")
    expect_outgoing(phone, "waiting")
    chromium = phone.context.new_cdp_session(phone)
    registrations: list[str] = []
    chromium.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: registrations.extend(each["registrationId"] for each in event["registrations"]),
    )
    chromium.send("ServiceWorker.enable")
    phone.wait_for_timeout(200)
    sync = {
        "origin": phone.evaluate("location.origin"),
        "registrationId": registrations[-1],
        "tag": f"linge-outbox-{world.worker.username}",
        "lastChance": False,
    }
    outgoing = phone.locator("#outgoing")
    for _attempt in range(10):  # while the page is trying, the worker leaves it its turn
        chromium.send("ServiceWorker.dispatchSyncEvent", sync)
        phone.wait_for_timeout(1000)
        if outgoing.get_attribute("data-state") == "sent":
            break
    expect_outgoing(phone, "sent")
    assert Incident.objects.get().text == "Sent by the worker"
