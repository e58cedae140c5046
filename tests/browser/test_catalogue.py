"""The editor of the catalogue in a real browser: a changed limit counts for what is reported after it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from incidents.models import Incident, IncidentCycle
from tests.incidents.world import make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NORMAL = "limits-normal-normal-resolve_minutes"


def allowed(case: Incident) -> timedelta:
    """Return how long the case may take, as it is stored."""
    cycle = IncidentCycle.objects.get(incident=case)
    return cycle.resolve_due_at - cycle.opened_at


def test_a_changed_limit_counts_for_new_reports_only(page, login):
    world = make_world()
    old = world.case()
    before = allowed(old)
    login(page, world.head)
    page.goto("/office/catalogue/")
    page.get_by_role("link", name="Rubbish and hygiene").click()
    page.locator(f"[name={NORMAL}_0]").fill("5")
    page.locator(f"[name={NORMAL}_1]").select_option(label="days")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messages .success")).to_contain_text("Version 2 is saved")
    expect(page.locator(".versions")).to_contain_text("5 days")
    expect(page.locator(f"[name={NORMAL}_0]")).to_have_value("5")

    new = world.case()
    assert before != timedelta(days=5)
    assert (allowed(old), allowed(new)) == (before, timedelta(days=5))
    assert (old.matter.version, new.matter.version) == (1, 2)


def test_the_editor_fits_a_narrow_screen(new_page, login):
    world = make_world()
    page = new_page(viewport={"width": 390, "height": 844})
    login(page, world.head)
    for address in ("", "matters/noise/", "file/", "new/"):
        page.goto(f"/office/catalogue/{address}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
