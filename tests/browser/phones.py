"""The phone of a grid worker as the browser tests hold it: opened, filled in, sent."""

from __future__ import annotations

from playwright.sync_api import Page, expect

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


def report(phone: Page, **what: str) -> None:
    """Report in three taps."""
    fill_in(phone, **what)
    phone.locator("#send").tap()


def expect_outgoing(phone: Page, state: str, timeout: float = SENT_MS) -> None:
    """Wait until the phone says how things stand: sent, waiting or attention."""
    expect(phone.locator("#outgoing")).to_have_attribute("data-state", state, timeout=timeout)


def ready_offline(phone: Page) -> None:
    """Wait until the phone opens without a network."""
    phone.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.wait_for_function("navigator.serviceWorker.controller !== null")
