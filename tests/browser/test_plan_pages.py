"""What is read and printed of a plan, in a real browser: the dossier without Internet, the public notice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from shapely import box

from gis_grids.models import MapFeature, PlanComment
from mapui.planner.notice.links import token_of
from tests.browser.planner.conftest import KEEP_THE_MAP
from tests.factories import boundary_of
from tests.mapui.planner.making import make_world

pytestmark = pytest.mark.browser


@pytest.fixture
def world(transactional_db):
    return make_world()


@pytest.fixture
def plan(world):
    return world.merged()


@pytest.fixture
def lake(world):
    """Water wherever one looks."""
    lake = boundary_of(box(116.2, 39.8, 116.4, 40.0))
    return MapFeature.objects.create(kind=MapFeature.Kind.WATER, geometry=lake)


@pytest.fixture
def announced(world, plan):
    world.give_reasons(plan)
    world.take(plan, "submit")
    world.take(plan, "announce", announced_until=timezone.localdate() + timedelta(days=7))
    return plan


@pytest.fixture
def dossier(world, plan, page, login, tmp_path):
    """The dossier as a file."""
    login(page, world.planner)
    answer = page.request.get(f"/planner/{plan.pk}/report/dossier.html")
    assert answer.status == 200
    file = tmp_path / "dossier.html"
    file.write_bytes(answer.body())
    return file


def test_the_dossier_opens_without_internet(dossier, browser, watch):
    context = browser.new_context(offline=True)
    watch.over(context)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    paper = context.new_page()
    paper.goto(dossier.as_uri())
    maps = paper.locator(".folium-map.leaflet-container")
    expect(maps).to_have_count(2)
    expect(maps.first.locator(".zone-name")).to_have_text(["west 00", "west 10"])
    expect(maps.last.locator(".zone-name")).to_have_text(["west 00"])
    assert asked == [dossier.as_uri()]
    # Both maps move together.
    before = _middles(paper)
    assert (len(before), len(set(before))) == (2, 1)
    maps.first.scroll_into_view_if_needed()
    for _attempt in range(10):  # a map that is still being placed takes no drag, or alone
        box = maps.first.bounding_box()
        paper.mouse.move(box["x"] + 100, box["y"] + 150)
        paper.mouse.down()
        paper.mouse.move(box["x"] + 160, box["y"] + 180, steps=4)
        paper.mouse.up()
        paper.wait_for_timeout(500)
        after = _middles(paper)
        if after != before and len(set(after)) == 1:
            break
    assert after != before
    assert len(set(after)) == 1
    context.close()


def _middles(paper):
    """Return where each of the paper's maps looks."""
    return paper.evaluate(
        """() => Object.values(window)
            .filter((each) => each instanceof L.Map)
            .map((map) => map.getCenter())
            .map(({ lat, lng }) => `${lat.toFixed(6)} ${lng.toFixed(6)}`)"""
    )


def test_the_ground_fills_the_frames_of_the_dossier(lake, dossier, browser):
    context = browser.new_context(offline=True)
    paper = context.new_page()
    paper.goto(dossier.as_uri())
    expect(paper.locator(".folium-map.leaflet-container .zone-name").first).to_be_visible()
    assert paper.evaluate(
        """() => Object.values(window)
            .filter((each) => each instanceof L.Map)
            .map((map) => {
              const drawn = L.latLngBounds([]);
              map.eachLayer((layer) => layer instanceof L.GeoJSON && drawn.extend(layer.getBounds()));
              return drawn.contains(map.getBounds());
            })"""
    ) == [True, True]
    context.close()


def test_the_ground_fills_the_frame_of_the_notice(lake, announced, new_page):
    telephone = new_page(viewport={"width": 390, "height": 844}, has_touch=True)
    telephone.goto(f"/notice/{token_of(announced)}/")
    plane = telephone.locator("#notice-map")
    expect(plane.locator(".zone-name")).to_have_text(["west 00"])
    frame, water = plane.bounding_box(), plane.locator("path").first.bounding_box()
    assert water["x"] <= frame["x"]
    assert water["y"] <= frame["y"]
    assert water["x"] + water["width"] >= frame["x"] + frame["width"]
    assert water["y"] + water["height"] >= frame["y"] + frame["height"]


def test_a_resident_reads_the_notice_and_comments_on_a_place(announced, new_page):
    telephone = new_page(viewport={"width": 390, "height": 844}, locale="zh-CN", has_touch=True)
    telephone.goto(f"/notice/{token_of(announced)}/")
    plane = telephone.locator("#notice-map")
    expect(plane.locator(".zone-name")).to_have_text(["west 00"])
    telephone.get_by_text("现状").click()
    expect(plane.locator(".zone-name")).to_have_count(2)
    assert telephone.locator("html").evaluate("root => root.scrollWidth") <= 390
    plane.tap(position={"x": 180, "y": 200})
    expect(telephone.locator("#pinned-words")).to_contain_text("红点")
    telephone.locator("#id_text").fill("请保留原边界")
    telephone.locator("#comment button[type=submit]").tap()
    expect(telephone.get_by_role("status")).to_be_visible()
    comment = PlanComment.objects.get()
    assert comment.text == "请保留原边界"
    west, south, east, north = 116.295, 39.895, 116.31, 39.91
    assert west < comment.place.x < east
    assert south < comment.place.y < north


def test_the_boundaries_of_today_are_on_the_map(world, page, login):
    login(page, world.planner)
    page.goto(f"/planner/asof/?level=area&under={world.west.code}")
    expect(page.locator("#asof-map .zone-name")).to_have_count(4)
    expect(page.locator("#asof-fault")).to_be_hidden()


def test_of_names_that_would_cover_each_other_one_is_shown(world, page, login):
    login(page, world.planner)
    page.add_init_script(KEEP_THE_MAP)
    page.goto(f"/planner/asof/?level=area&under={world.west.code}")
    names = page.locator("#asof-map .zone-name")
    expect(names.locator("visible=true")).to_have_count(4)
    page.evaluate("theMap.setZoom(theMap.getZoom() - 4, { animate: false })")
    expect(names.locator("visible=true")).to_have_count(1)
    page.evaluate("theMap.setZoom(theMap.getZoom() + 4, { animate: false })")
    expect(names.locator("visible=true")).to_have_count(4)


def test_a_step_is_taken_from_the_page(world, plan, page, login):
    login(page, world.planner)
    page.goto(f"/planner/{plan.pk}/steps/")
    for reason in page.locator("textarea[name=reason]").all():
        reason.fill("so be it")
    page.locator("button[value=submit]").click()
    expect(page.locator(".way [aria-current=step]")).to_contain_text("Submitted")
