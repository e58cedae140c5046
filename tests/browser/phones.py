"""The phone of a grid worker as the browser tests hold it: opened, filled in, sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect

from tests.browser.waiting import wait_until

if TYPE_CHECKING:
    from incidents.services import Declared

#: Until what was kept without a line has arrived: the pauses between tries grow.
SENT_MS = 60_000


def phone_options(lon: float, lat: float, accuracy: float = 12) -> dict:
    """Return the options of a browser context that is a telephone at a place."""
    return {
        "viewport": {"width": 390, "height": 844},
        "has_touch": True,
        "is_mobile": True,
        "permissions": ["geolocation"],
        "geolocation": {"longitude": lon, "latitude": lat, "accuracy": accuracy},
    }


def fill_in(phone: Page, matter: str = "Rubbish and hygiene", text: str = "") -> None:
    """Open the form, choose the matter, write the text; the position comes from the device."""
    phone.locator(".phone-tab-report").tap()
    phone.locator("label.matter", has_text=matter).tap()
    if text:
        phone.locator("#text").fill(text)
    expect(phone.locator("#where")).not_to_be_empty()


def send(phone: Page) -> None:
    """Send what the form has; from then on it is kept."""
    phone.locator("#send").tap()
    expect(phone.locator("#screen-today")).to_be_visible()


def report(phone: Page, **what: str) -> None:
    """Report in three taps."""
    fill_in(phone, **what)
    send(phone)


def expect_outgoing(phone: Page, state: str, timeout: float = SENT_MS) -> None:
    """Wait until the phone says how things stand: sent, waiting or attention."""
    expect(phone.locator("#outgoing")).to_have_attribute("data-state", state, timeout=timeout)


def ready_offline(phone: Page) -> None:
    """Wait until the phone opens without a network."""
    phone.evaluate("navigator.serviceWorker.ready.then(() => true)")
    wait_until(phone, "navigator.serviceWorker.controller !== null")


def send_file(page: Page, file: Declared, body: bytes) -> None:
    """Send a declared file over HTTP, in the name of whoever's page it is."""
    token = next(each["value"] for each in page.context.cookies() if each["name"] == "csrftoken")
    for offset in range(0, len(body), 2**20):
        answer = page.request.put(
            f"/api/attachments/{file.id}?offset={offset}",
            data=body[offset : offset + 2**20],
            headers={"X-CSRFToken": token, "Content-Type": "application/octet-stream"},
        )
        assert answer.status == 200, answer.text()
