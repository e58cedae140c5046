"""The office on a telephone: nothing spills out of its panel, lies on something else, or is out of view."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from incidents.workflow import State
from tests.incidents.world import make_world

pytestmark = pytest.mark.browser

WIDTH = 390
ADDRESSES = (
    "cases/", "late/", "statistics/", "reports/", "duty/", "duty/new/", "emergencies/", "catalogue/",
    "routes/", "households/",
)  # fmt: skip
#: What sticks out of its panel, unless the panel can be scrolled.
SPILLED = """() => [...document.querySelectorAll(".panel :is(input, select, button, textarea, td, label)")]
    .filter((each) => each.checkVisibility() && each.getBoundingClientRect().right >
        each.closest(".panel").getBoundingClientRect().right + 0.5)
    .filter((each) => !each.closest(".turns, .performance-frame"))
    .map((each) => each.name || each.className)"""
#: Names of the clocks that reach into the bars.
CUT = """() => [...document.querySelectorAll(".cycle-names li")].filter((each) =>
    each.getBoundingClientRect().right > document.querySelector(".cycle-line").getBoundingClientRect().left)
    .map((each) => each.textContent)"""


@pytest.fixture
def world(transactional_db):
    return make_world()


@pytest.fixture(params=["zh-CN", "en"])
def page(new_page, request):
    return new_page(viewport={"width": WIDTH, "height": 844}, locale=request.param)


def late_case(world):
    at = timezone.now() - timedelta(days=30)
    return world.case(received_at=at, observed_at=at, sent_at=at)


def test_fields_stay_in_their_panels_and_the_way_here_is_in_view(world, page, login):
    late_case(world)
    login(page, world.head)
    for address in ADDRESSES:
        page.goto(f"/office/{address}")
        assert page.evaluate(SPILLED) == [], address
        for tab in page.locator(":is(.office-nav, main nav) [aria-current]").all():
            box = tab.bounding_box()
            assert box
            assert box["x"] >= 0, address
            assert box["x"] + box["width"] <= WIDTH, address


def test_the_clocks_of_a_case_are_named_beside_their_bars(world, page, login):
    case = late_case(world)
    login(page, world.head)
    page.goto(f"/office/cases/{case.number}/")
    assert page.evaluate(CUT) == []


def test_what_is_late_uses_the_whole_width(world, page, login):
    late_case(world)
    login(page, world.head)
    page.goto("/office/late/")
    row = page.locator(".late-table .case-row").first
    number, who = (row.locator(name).bounding_box() for name in (".col-number", ".col-with"))
    frame = row.bounding_box()
    assert number
    assert who
    assert frame
    assert number["x"] - frame["x"] < 16
    assert who["width"] > 0.9 * number["width"]


def test_from_and_to_of_a_shift_stand_on_one_line(world, page, login):
    login(page, world.head)
    page.goto("/office/duty/new/")
    begins, ends = (page.locator(f"[name=work_0_{name}]").bounding_box() for name in ("starts", "ends"))
    assert begins
    assert ends
    assert begins["y"] == ends["y"]


@pytest.mark.parametrize("width", [WIDTH, 1440])
def test_what_is_offered_in_a_form_stays_in_it_however_long_it_is(world, new_page, login, width):
    case = world.bring(State.ADMISSION_REVIEW)
    login(page := new_page(viewport={"width": width, "height": 844}, locale="zh-CN"), world.office)
    page.goto(f"/office/cases/{case.number}/")
    for form in ("reject", "refer_up", "give_feedback"):
        page.locator(f"button[data-action={form}]").click()
        expect(page.locator(".action-form .template").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width, form
