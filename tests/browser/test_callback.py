"""A case rated on a telephone without scripts, and files sent to and shown by the real server."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from incidents.models import Incident, Rating
from incidents.services.ratings import link_for
from incidents.workflow import State
from tests.browser.phones import send_file
from tests.incidents.pictures import MP4, declared, packets_of, padded, picture
from tests.incidents.world import make_world

pytestmark = pytest.mark.browser


@pytest.fixture
def world(transactional_db):
    return make_world()


@pytest.fixture
def telephone(new_page):
    size = {"width": 390, "height": 844}
    return new_page(viewport=size, locale="zh-CN", has_touch=True, java_script_enabled=False)


def width_of(page):
    return page.locator("html").evaluate("root => root.scrollWidth")


def test_a_case_is_rated_without_scripts(world, telephone):
    case = world.bring(State.RESOLVED)
    telephone.goto(link_for(case))
    expect(telephone.get_by_text(case.number)).to_be_visible()
    telephone.get_by_role("radio").nth(3).tap(force=True)
    telephone.locator("#comment").fill("师傅来得很快")
    telephone.locator("button[value=rate]").tap()
    expect(telephone.get_by_role("radio")).to_have_count(0)
    rating = Rating.objects.get(incident=case)
    assert (rating.score, rating.comment) == (4, "师傅来得很快")


def test_a_case_that_is_not_solved_is_reopened_without_scripts(world, telephone):
    case = world.bring(State.RESOLVED)
    telephone.goto(link_for(case))
    telephone.locator("summary").tap()
    telephone.locator("#reason").fill("又堆满了")
    telephone.locator("button[value=reopen]").tap()
    expect(telephone.locator("form")).to_have_count(0)
    case.refresh_from_db()
    assert case.state == State.REOPENED


def test_the_page_is_not_wider_than_the_telephone(world, new_page):
    case = world.bring(State.RESOLVED)
    page = new_page(viewport={"width": 320, "height": 640}, locale="en")
    page.goto(link_for(case))
    assert width_of(page) <= 320


def test_files_go_through_the_real_server(world, page, login):
    """The server streams from its event loop: what it sends is all of it, and any part of it."""
    content, photo = padded(MP4, 2_500_000), picture()
    files = (declared(content, "video/mp4"), declared(photo))
    case: Incident = world.case(attachments=files)
    login(page, world.worker)
    page.goto("/phone/")
    expect(page.locator("#link-state")).to_have_attribute("data-status", "live")
    for file, body in zip(files, (content, photo), strict=True):
        send_file(page, file, body)
    assert case.attachments.filter(completed_at__isnull=False).count() == 2
    whole = page.request.get(f"/media/{files[0].id}").body()
    assert packets_of(whole) == packets_of(content)
    part = page.request.get(f"/media/{files[0].id}", headers={"Range": "bytes=1000-1999"})
    assert (part.status, part.body()) == (206, whole[1000:2000])
    size = page.evaluate(
        """async (source) => {
            const image = new Image();
            image.src = source;
            await image.decode();
            return [image.naturalWidth, image.naturalHeight];
        }""",
        f"/media/{files[1].id}",
    )
    assert size == [240, 320]
