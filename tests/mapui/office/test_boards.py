"""Notice boards on their pages: planned, printed, hung with a photo, at the desk and on the telephone."""

from __future__ import annotations

from io import BytesIO

import pypdfium2
import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation
from PIL import Image
from shapely import box

from gis_grids.levels import Level, PostKind
from gis_grids.models import Facility
from households.jobs import print_boards
from households.models import BoardHanging, BoardPrint, BoardSheet, Dwelling, NoticeBoard
from incidents.models import Roster, Shift
from tests.factories import UserFactory, inside, make_town, post
from tests.households.making import building

pytestmark = pytest.mark.django_db
STEWARD = PostKind.BUILDING_STEWARD


@pytest.fixture(autouse=True)
def _in_english(client):
    client.cookies["django_language"] = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def town():
    return make_town()


@pytest.fixture
def community(town):
    return town.units[Level.COMMUNITY][0]


@pytest.fixture
def office(client, community):
    """Return the client of the community's clerk."""
    user = UserFactory()
    post(user, community, PostKind.OFFICE_CLERK)
    client.force_login(user)
    return client


@pytest.fixture
def board(office, town, community):
    """Return the board at a building of which somebody is steward, planned in the office."""
    lon, lat = inside(town.leaf)
    house = building(box(lon, lat, lon + 1e-4, lat + 1e-4), code="b1", name="3号楼")
    Dwelling.objects.create(building=house, floor=1, room="101")
    steward = UserFactory(last_name="张", first_name="三丰")
    held = post(steward, town.units[Level.BUILDING_GROUP][0], STEWARD)
    type(held).objects.filter(pk=held.pk).update(contact="100-12345678")
    office.post("/office/boards/plan/", {"unit": community.pk, "level": "building"})
    return NoticeBoard.objects.get()


def photo(**options):
    """Return a photo with what a camera writes into it."""
    picture, exif, written = Image.new("RGB", (60, 40), "navy"), Image.Exif(), BytesIO()
    exif[0x010F] = "SecretCamera"
    exif[0x8825] = {1: "N", 2: (39.0, 54.0, 0.0)}
    picture.save(written, "JPEG", exif=exif)
    return SimpleUploadedFile("board.jpg", written.getvalue(), content_type="image/jpeg")


def text_of(pdf: bytes) -> list[str]:
    """Return the text of each page."""
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]


def today():
    return timezone.localdate().isoformat()


def hung(client, board, where="office", **told):
    """Print the sheet of a board and hang it."""
    client.post(f"/office/boards/{board.pk}/sheet.pdf")
    sheet = BoardSheet.objects.first()
    address = f"/office/boards/{board.pk}/hang/" if where == "office" else f"/phone/boards/{board.pk}/"
    return client.post(address, {"sheet": sheet.pk, "hung_on": today(), **told})


def test_the_sheet_of_a_board_is_one_page_with_all_that_is_public(office, board, town):
    answer = office.post(f"/office/boards/{board.pk}/sheet.pdf")
    assert answer["Content-Type"] == "application/pdf"
    [page] = text_of(answer.content)
    for words in ("3号楼", "张三丰", "Building steward", "100-12345678", f"/report/{town.leaf.code}/"):
        assert words in page.replace("\r\n", ""), words
    assert f"No. {BoardSheet.objects.get().pk}" in page


def test_a_board_with_many_people_is_still_one_page(office, board, town):
    for unit in town.chain(town.leaf)[3:]:
        for kind in (PostKind.GRID_WORKER, PostKind.LANE_BUTLER, PostKind.ENTRANCE_STEWARD):
            post(UserFactory(last_name="欧阳", first_name="长名字"), unit, kind)
    assert len(text_of(office.post(f"/office/boards/{board.pk}/sheet.pdf").content)) == 1


def test_the_list_says_what_is_missing_hung_and_to_be_hung_anew(office, board, community, town):
    address = f"/office/boards/?unit={community.pk}"
    assert "not hung" in office.get(address).content.decode()
    hung(office, board)
    page = office.get(f"{address}&state=current").content.decode()
    assert "3号楼" in page
    assert "dot-current" in page
    post(UserFactory(), town.leaf, PostKind.RESIDENT_GROUP_LEADER)
    page = office.get(f"{address}&state=outdated").content.decode()
    assert "3号楼" in page
    assert "another person" in page


def test_a_community_is_printed_by_a_job(office, community):
    office.post("/office/boards/plan/", {"unit": community.pk, "level": "building_group"})
    answer = office.post("/office/boards/prints/new/", {"unit": community.pk, "state": "missing"})
    asked = BoardPrint.objects.get()
    assert answer["Location"] == f"/office/boards/prints/{asked.pk}/"
    assert 'http-equiv="refresh"' in office.get(answer["Location"]).content.decode()
    assert office.get(f"{answer['Location']}boards.pdf").status_code == 404
    print_boards(print_id=asked.pk)
    assert "boards.pdf" in office.get(answer["Location"]).content.decode()
    pages = text_of(office.get(f"{answer['Location']}boards.pdf").content)
    assert len(pages) == asked.total == 4


def test_a_print_is_stopped_on_its_page(office, community):
    office.post("/office/boards/plan/", {"unit": community.pk, "level": "area"})
    office.post("/office/boards/prints/new/", {"unit": community.pk})
    asked = BoardPrint.objects.get()
    office.post(f"/office/boards/prints/{asked.pk}/")
    print_boards(print_id=asked.pk)
    assert BoardPrint.objects.get().state == "stopped"


@pytest.mark.parametrize("where", ["office", "phone"])
def test_the_photo_of_a_board_shows_no_place_and_no_device(office, board, where):
    assert hung(office, board, where, photo=photo()).status_code == 302
    hanging = BoardHanging.objects.get()
    for size in ("full", "thumb"):
        answer = office.get(f"/media/boards/{hanging.pk}?size={size}")
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    name = bytes(hanging.photo).hex()
    with storages["media"].open(f"{name[:2]}/{name}.jpg") as file:
        shown = file.read()
    assert b"SecretCamera" not in shown
    picture = Image.open(BytesIO(shown))
    assert picture.size == (60, 40)
    assert not picture.getexif()


def test_what_is_no_picture_is_refused_and_nothing_is_recorded(office, board):
    told = {"photo": SimpleUploadedFile("x.jpg", b"<svg onload=alert(1)>"), "note": "kept words"}
    answer = hung(office, board, **told)
    assert answer.status_code == 422
    assert "kept words" in answer.content.decode()
    assert not BoardHanging.objects.exists()
    broken = SimpleUploadedFile("x.jpg", photo().read()[:200])
    assert hung(office, board, photo=broken).status_code == 422


def test_who_is_on_the_ground_hangs_boards_by_telephone(client, office, board, town):
    office.post(f"/office/boards/{board.pk}/sheet.pdf")
    steward = UserFactory()
    post(steward, town.units[Level.BUILDING_GROUP][0], STEWARD)
    client.force_login(steward)
    assert "3号楼" in client.get("/phone/boards/").content.decode()
    told = {"sheet": BoardSheet.objects.get().pk, "hung_on": today(), "photo": photo()}
    assert client.post(f"/phone/boards/{board.pk}/", told)["Location"] == "/phone/boards/"
    assert BoardHanging.objects.get().by == steward
    assert client.get("/api/phone/profile").json()["hangs_boards"] is True


def test_boards_and_photos_of_others_are_not_there(client, office, board, town, community):
    hung(office, board, photo=photo())
    office.post("/office/boards/prints/new/", {"unit": community.pk})
    asked, hanging = BoardPrint.objects.get(), BoardHanging.objects.get()
    foreign = UserFactory()
    post(foreign, town.units[Level.COMMUNITY][1], PostKind.OFFICE_CLERK)
    client.force_login(foreign)
    for address in (
        f"/office/boards/?unit={community.pk}",
        f"/office/boards/{board.pk}/",
        f"/office/boards/prints/{asked.pk}/",
        f"/phone/boards/{board.pk}/",
        f"/media/boards/{hanging.pk}",
    ):
        assert client.get(address).status_code == 404, address
    assert client.post(f"/office/boards/{board.pk}/strike/").status_code == 404
    plan = {"unit": community.pk, "level": "area"}
    assert client.post("/office/boards/plan/", plan).status_code == 404


@pytest.mark.parametrize("kind", [PostKind.COMMAND_OPERATOR, PostKind.PLANNER])
def test_who_sits_at_a_desk_prints_boards_and_hangs_none(client, office, board, community, kind):
    reader = UserFactory()
    post(reader, community, kind)
    client.force_login(reader)
    assert client.post(f"/office/boards/{board.pk}/sheet.pdf").status_code == 200
    told = {"sheet": BoardSheet.objects.get().pk, "hung_on": today()}
    assert client.post(f"/office/boards/{board.pk}/hang/", told).status_code == 403
    assert client.post(f"/office/boards/{board.pk}/strike/").status_code == 403
    assert client.get("/phone/boards/").status_code == 403
    assert not BoardHanging.objects.exists()


def test_the_page_of_a_grid_names_its_people_and_opening_times(client, board, community, town):
    now = timezone.localdate()
    roster = Roster.objects.create(
        unit=community, name="r", days=(now, None), published_at=timezone.now(), published_by=UserFactory()
    )
    Shift.objects.create(roster=roster, day_kind="work", kind="day", starts="08:30", ends="12:00")
    lon, lat = inside(town.leaf)
    Facility.objects.create(
        kind="service_station",
        name="便民服务站",
        geometry=f"SRID=4326;POINT({lon} {lat})",
        opening={"workday": [["09:00", "17:00"]], "holiday": []},
    )
    client.logout()
    page = client.get(f"/report/{town.leaf.code}/?language=en").content.decode()
    for words in ("张三丰", "tel:100-12345678", "08:30–12:00", "便民服务站", "09:00–17:00", "closed"):
        assert words in page, words
    street = client.get(f"/report/{town.units[Level.STREET][0].code}/?language=en").content.decode()
    assert "张三丰" not in street


def test_kept_photos_are_stored_once(office, board):
    hung(office, board, photo=photo())
    hung(office, board, photo=photo())
    digests = {bytes(each.photo) for each in BoardHanging.objects.all()}
    assert len(digests) == 1
    name = digests.pop().hex()
    assert storages["media"].exists(f"{name[:2]}/{name}.jpg")
