"""Quarterly reports and early signs in a real browser: maps in a frame, a file without network, the heat."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.incidents.world import make_world

pytestmark = pytest.mark.browser


@pytest.fixture
def world(transactional_db):
    return make_world()


@pytest.fixture
def clerk(world, server, page, login):
    """The office, in a browser."""
    world.case()
    login(page, world.office)
    return page


def test_a_report_is_made_with_one_click_and_opens_without_network(clerk, browser, tmp_path):
    page = clerk
    page.goto("/office/reports/")
    page.get_by_role("button", name="Make the report").first.click()
    expect(page.locator(".report-texts")).to_be_visible()
    page.locator(".report-maps").scroll_into_view_if_needed()
    frame = page.frame_locator(".report-maps iframe")
    expect(frame.locator(".leaflet-container")).to_have_count(2)
    expect(frame.locator(".zone-name").first).to_contain_text("Unit")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    file = tmp_path / "report.html"
    file.write_bytes(page.request.get(f"{page.url}report.html").body())
    asked: list[str] = []
    context = browser.new_context(offline=True)
    context.on("request", lambda request: asked.append(request.url))
    paper = context.new_page()
    paper.goto(file.as_uri())
    expect(paper.locator(".leaflet-container")).to_have_count(2)
    assert asked == [file.as_uri()]
    context.close()


def test_what_stands_out_is_ringed_on_the_wall(world, server, page, login):
    long_ago = timezone.now() - timedelta(weeks=20)
    world.case(observed_at=long_ago, sent_at=long_ago, received_at=long_ago)
    for _ in range(6):
        world.case(matter="road")
    group = world.town.leaf
    login(page, world.operator)
    page.goto("/wall/")
    expect(page.locator("#link")).to_have_attribute("data-status", "live")
    page.locator("#map-layers summary").click()
    page.get_by_label("Early signs: more than usual").check()
    expect(page.locator(".hotspot")).to_have_text("Damaged road: 6 (usually 0.0)")
    expect(page.locator("#map-legend")).to_contain_text(f"Unit {group.code}")
    expect(page.locator(".leaflet-heat-pane canvas")).to_be_visible()
