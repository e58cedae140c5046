"""Pictures and videos of a case where they are looked at: how many are there, then they themselves."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from incidents.models import Attachment
from tests.browser.phones import send_file
from tests.browser.waiting import wait_until
from tests.incidents.pictures import MP4, declared, picture
from tests.incidents.world import make_world

pytestmark = pytest.mark.browser

IS_DRAWN = "(image) => image.complete && image.naturalWidth > 0"


@pytest.fixture
def world(transactional_db):
    return make_world()


def test_a_video_and_a_picture_come_one_after_the_other(world, server, new_page, login):
    photo, film = picture(), MP4
    files = (declared(photo), declared(film, "video/mp4", name="v.mp4"))
    case = world.case(attachments=files)
    phone = new_page()
    login(phone, world.worker)
    phone.goto("/phone/")
    expect(phone.locator("#link-state")).to_have_attribute("data-status", "live")
    wall = new_page()
    login(wall, world.operator)
    wall.goto("/wall/")
    expect(wall.locator("#link")).to_have_attribute("data-status", "live")
    wall.locator("#list li button").click()
    details = wall.locator("#details")
    expect(details.locator(".gallery-awaited")).to_have_text("Files: 0/2")
    send_file(phone, files[0], photo)
    expect(details.locator(".gallery-awaited")).to_have_text("Files: 1/2")
    send_file(phone, files[1], film)
    expect(details.locator(".thumbnail img")).to_have_count(2)
    expect(details.locator(".gallery-awaited")).to_be_hidden()
    for small in details.locator(".thumbnail img").all():
        small.scroll_into_view_if_needed()
        wait_until(wall, IS_DRAWN, arg=small.element_handle())
    details.locator(f".thumbnail[data-file='{files[1].id}']").click()
    player = wall.locator("dialog.viewer video")
    assert player.get_attribute("poster") == f"/media/{files[1].id}?size=thumb"
    # A whole second of it, from any place.
    assert player.evaluate(
        """async (video) => {
            video.muted = true;
            video.currentTime = 0.5;
            await new Promise((done) => video.addEventListener("seeked", done, { once: true }));
            return [video.videoWidth, video.videoHeight, Math.round(video.duration)];
        }"""
    ) == [320, 240, 1]
    office = new_page()
    login(office, world.office)
    office.goto(f"/office/cases/{case.number}/")
    gallery = office.locator("#case-files")
    expect(gallery.locator("img")).to_have_attribute("src", f"/media/{files[0].id}?size=thumb")
    expect(gallery.locator("video")).to_have_attribute("poster", f"/media/{files[1].id}?size=thumb")
    wait_until(office, IS_DRAWN, arg=gallery.locator("img").element_handle())
    assert Attachment.objects.filter(completed_at=None).count() == 0
