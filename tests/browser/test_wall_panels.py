"""The wall rolls down and up; it calls for what is critical; it runs as a kiosk."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from gis_grids.levels import Level
from tests.incidents.world import make_world


@pytest.fixture
def world(transactional_db):
    cache.clear()
    return make_world()


@pytest.fixture
def wall(world, server, page, login):
    login(page, world.operator)
    page.goto("/wall/")
    expect(page.locator("#link")).to_have_attribute("data-status", "live")
    return page


def test_the_wall_rolls_down_to_a_grid_and_up_again(world, wall):
    here = world.case()
    name = (
        next(unit for unit in world.town.units[Level.STREET] if here.unit.code.startswith(unit.code))
        .versions.get()
        .name
    )
    expect(wall.locator("#figure-open")).to_have_text("1")
    # By keyboard: the tabs, then the grid with most open cases.
    wall.get_by_role("tab", name="By matter").focus()
    wall.keyboard.press("ArrowRight")
    grids = wall.locator("#units button")
    expect(grids.first).to_contain_text(name)
    empty = grids.nth(1).locator(".bar-name").inner_text()
    grids.nth(1).press("Enter")
    expect(wall.locator("#crumbs [aria-current]")).to_have_text(empty)
    expect(wall.locator("#figure-open")).to_have_text("0")
    expect(wall.locator("#list li")).to_have_count(0)
    wall.keyboard.press("Escape")
    expect(wall.locator("#figure-open")).to_have_text("1")
    expect(wall.locator("#crumbs button")).to_have_count(1)
    # What the server counts is drawn as well.
    expect(wall.locator("#trend-hours canvas")).to_be_visible()
    levels = list(world.town.units)
    for depth in range(len(levels) - 1 - levels.index(Level.DISTRICT)):
        grids.first.press("Enter")
        expect(wall.locator("#crumbs button")).to_have_count(depth + 2)
    expect(wall.locator("#units")).to_have_text("No grid lies below this one.")


def test_what_is_critical_calls_until_somebody_takes_it(world, wall):
    alarm = wall.locator("#alarm")
    expect(alarm).to_be_hidden()
    world.case()
    expect(wall.locator("#list li")).to_have_count(1)
    expect(alarm).to_be_hidden()
    case = world.case(priority="critical")
    expect(alarm).to_be_visible()
    wall.keyboard.press("a")
    expect(alarm).to_be_hidden()
    expect(wall.locator("#details")).to_contain_text(case.number)


def test_a_kiosk_is_full_and_still_and_begins_again_as_one(wall):
    wall.keyboard.press("?")
    expect(wall.locator("dialog.keys")).to_contain_text("Kiosk mode")
    wall.keyboard.press("Escape")
    wall.keyboard.press("k")
    expect(wall.locator("body[data-kiosk]")).to_be_attached()
    expect(wall.locator(".band-link")).to_be_hidden()
    expect(wall.locator("body[data-still]")).to_be_attached()
    wall.reload()
    expect(wall.locator("body[data-kiosk]")).to_be_attached()
    wall.keyboard.press("k")
    expect(wall.locator(".band-link")).to_be_visible()
