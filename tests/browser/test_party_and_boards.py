"""The register by hand: a member gets a household to keep contact with; a board is printed and hung."""

from __future__ import annotations

from io import BytesIO

import pypdfium2
import pytest
from PIL import Image
from playwright.sync_api import expect
from shapely import box

from gis_grids.levels import Level, PostKind
from households.models import BoardHanging, ContactLog, Dwelling, NoticeBoard, PartyOrganisation
from tests.factories import inside, post
from tests.households.making import building
from tests.households.partying import make_party

pytestmark = pytest.mark.browser


def test_a_member_is_entered_and_a_contact_is_logged(transactional_db, page, login, watch):
    party = make_party()
    party.resident(party.home(), "李晓明")
    party.home(need=True, address="幸福里3号")
    login(page, party.clerk)
    page.goto("/office/party/new/")
    page.get_by_label("Kind").select_option("branch")
    page.get_by_label("Name").fill("Second branch")
    page.get_by_label("Stands under").select_option(str(party.committee.pk))
    page.get_by_label("Grids that it is for").select_option(str(party.town.units[Level.AREA][1].pk))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("table").get_by_role("link", name="Second branch")).to_be_visible()
    page.get_by_role("link", name="Enter a member").click()
    page.get_by_role("searchbox").fill("李")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("row", name="李晓明").get_by_role("link").click()
    page.get_by_role("combobox", name="Organisation").select_option(
        str(PartyOrganisation.objects.get(name="Branch").pk)
    )
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Contact with 0; the norm is 5 – 20")).to_be_visible()
    page.get_by_role("link", name="Add households").click()
    page.get_by_label("幸福里3号").first.check()
    page.get_by_role("button", name="Begin the contact").click()
    page.get_by_role("link", name="幸福里3号").click()
    page.get_by_label("What came of it").fill("All is well")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row", name="All is well")).to_be_visible()
    assert ContactLog.objects.get().note == "All is well"
    page.set_viewport_size({"width": 390, "height": 844})
    for address in ("/office/party/", "/office/party/gaps/?show=member", "/office/norms/sizes/", page.url):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
    assert watch.faults == []


def test_a_board_is_printed_and_recorded_as_hung(transactional_db, page, login, watch):
    party = make_party()
    lon, lat = inside(party.town.leaf)
    house = building(box(lon, lat, lon + 1e-4, lat + 1e-4), code="b1", name="3号楼")
    Dwelling.objects.create(building=house, floor=1, room="101")
    post(party.street, party.town.leaf, PostKind.RESIDENT_GROUP_LEADER)
    login(page, party.clerk)
    page.goto("/office/boards/")
    page.get_by_role("button", name="Put on the list").click()
    page.get_by_role("link", name="3号楼", exact=True).click()
    with page.expect_download() as file:
        page.get_by_role("button", name="Print the sheet (PDF)").click()
    [sheet] = pypdfium2.PdfDocument(file.value.path())
    assert "3号楼" in sheet.get_textpage().get_text_range()
    page.reload()
    picture = BytesIO()
    Image.new("RGB", (60, 40), "navy").save(picture, "JPEG")
    shot = {"name": "board.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}
    page.get_by_label("Photo of the board").set_input_files(shot)
    page.get_by_role("button", name="Record it").click()
    expect(page.locator(".board-current")).to_be_visible()
    expect(page.get_by_alt_text("Photo of the board")).to_be_visible()
    assert BoardHanging.objects.get().sheet.board == NoticeBoard.objects.get()
    assert watch.faults == []
