"""The page behind the QR code: sent once, however often; nothing is lost; nobody's number is seen."""

from __future__ import annotations

import json
import logging
import re
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from gis_grids.levels import Level
from incidents.models import Attachment, Incident, Matter, ResidentContact
from mapui.residents import limits
from mapui.residents.forms import new_page
from tests.factories import inside
from tests.incidents.pictures import declared as declared_file
from tests.incidents.pictures import picture

pytestmark = pytest.mark.django_db
PHONE = "13812341234"


@pytest.fixture
def leaf(world):
    return world.town.leaf


def told(**changes):
    return {
        "page": new_page(),
        "matter": "rubbish",
        "text": "三号楼旁垃圾堆积",
        "phone": "",
        "website": "",
    } | changes


def send(client, leaf, **changes):
    return client.post(f"/report/{leaf.code}/", told(unit=leaf.code, **changes))


# --- the form -----------------------------------------------------------------------------------------------


def test_the_page_works_without_scripts_and_names_only_who_is_on_the_notice_board(client, world, leaf):
    page = client.get(f"/report/{leaf.code}/")
    text = page.content.decode()
    assert page.status_code == 200
    assert f'name="unit" value="{leaf.code}"' in text
    shown = set(re.findall(r'name="matter" value="([^"]+)"', text))
    assert shown == set(Matter.objects.filter(is_for_residents=True).values_list("code", flat=True))
    for public in ("王worker", "王colleague", "王lead"):
        assert public in text
    for secret in ("王operator", "王office", "王head", "王stranger"):
        assert secret not in text
    assert "30 天" in text  # how long a number is kept
    assert not client.cookies
    assert "What should be put right?" in client.get(f"/report/{leaf.code}/?language=en").content.decode()


def test_a_report_is_a_case_in_its_grid_and_leads_to_its_private_link(client, world, leaf):
    answer = send(client, leaf, phone=PHONE)
    case = Incident.objects.get()
    assert (answer.status_code, case.reporter, case.unit, case.text) == (303, None, leaf, "三号楼旁垃圾堆积")
    assert (case.position_source, case.device_sent_at, case.clock_skew_s) == ("unit", None, None)
    assert case.accuracy_m > 0
    assert ResidentContact.objects.get().incident == case
    page = client.get(answer.headers["Location"])
    assert case.number in page.content.decode()
    assert str(case.pk) not in answer.headers["Location"].split("/")


def test_the_same_page_sent_again_is_the_same_case(client, leaf):
    page = new_page()
    answers = {send(client, leaf, page=page).headers["Location"] for _ in range(3)}
    assert len(answers) == 1
    assert Incident.objects.count() == 1


def test_other_words_from_the_same_page_are_asked_about_and_not_lost(client, leaf):
    page = new_page()
    send(client, leaf, page=page)
    again = send(client, leaf, page=page, text="路灯也不亮", matter="lamp")
    text = again.content.decode()
    assert again.status_code == 409
    assert "路灯也不亮" in text
    fresh = re.search(r'name="page" value="([^"]+)"', text).group(1)
    assert send(client, leaf, page=fresh, text="路灯也不亮", matter="lamp").status_code == 303
    assert Incident.objects.count() == 2


def test_a_pin_counts_before_the_grid(client, world, leaf):
    other = world.town.units[Level.RESIDENT_GROUP][1]
    lon, lat = inside(other)
    send(client, leaf, lon=lon, lat=lat, accuracy_m="12", source="device")
    case = Incident.objects.get()
    assert (case.unit, case.position_source, case.accuracy_m) == (other, "device", 12)


def test_a_board_of_a_larger_unit_asks_for_the_grid(client, world, leaf):
    community = world.town.units[Level.COMMUNITY][0]
    address = f"/report/{community.code}/"
    assert f'<option value="{leaf.code}"' in client.get(address).content.decode()
    missing = client.post(address, told(unit=""))
    assert (missing.status_code, "请说明地点" in missing.content.decode()) == (422, True)
    assert client.post(address, told(unit=community.code)).status_code == 422
    assert client.post(address, told(unit=leaf.code)).status_code == 303
    assert Incident.objects.get().unit == leaf


def test_where_there_are_many_grids_smaller_places_are_offered(client, world, monkeypatch):
    monkeypatch.setattr("mapui.residents.places.MOST_UNITS", 1)
    text = client.get("/report/").content.decode()
    for street in world.town.units[Level.STREET]:  # the only city and the only district are no choice
        assert f"/report/{street.code}/" in text
    assert "<select" not in text


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"matter": ""}, "请选择事项"),
        ({"matter": "care"}, "care"),
        ({"text": "  "}, "请简要说明"),
        ({"text": "长" * 2001}, "2000"),
        ({"text": "\0"}, ""),
        ({"phone": "张三"}, "不是电话号码"),
        ({"page": "x"}, "页面打开过久"),
        ({"page": new_page.__name__ + ":x"}, "页面打开过久"),
        ({"pictures": "{"}, "照片无法读取"),
        ({"pictures": "[{}]"}, "照片无法读取"),
        ({"lon": "999", "lat": "1", "source": "map"}, "180"),
        ({"lon": "nan", "lat": "1", "source": "map"}, ""),
        ({"lon": "1", "lat": "1", "source": "map"}, ""),  # far from every unit
        ({"website": "http://spam.example"}, "此栏请留空"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_lost_or_stored(client, leaf, changes, word):
    answer = send(client, leaf, **({"text": "保留这句话"} | changes))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert word in text
    assert changes.get("text") or "保留这句话" in text
    assert not Incident.objects.exists()


def test_what_others_wrote_is_text_and_nothing_else(client, leaf):
    answer = send(client, leaf, text="<script>alert(1)</script>")
    page = client.get(answer.headers["Location"]).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("code", ["none", "x" * 33, "0"])
def test_a_code_that_no_unit_ever_had_is_not_there(client, world, code):
    assert client.get(f"/report/{code}/").status_code == 404


def test_without_a_key_no_number_is_asked_for(client, leaf, settings):
    settings.DATA_KEYS = ()
    assert 'name="phone"' not in client.get(f"/report/{leaf.code}/").content.decode()


def test_a_number_sent_nevertheless_is_not_kept_without_a_key(client, leaf, settings):
    settings.DATA_KEYS = ()
    assert send(client, leaf, phone=PHONE).status_code == 303
    assert not ResidentContact.objects.exists()


def test_the_number_is_in_no_log_and_no_address(client, leaf, caplog):
    caplog.set_level(logging.DEBUG)
    answer = send(client, leaf, phone=PHONE)
    send(client, leaf, phone=PHONE + "x")
    assert PHONE not in caplog.text
    assert PHONE not in answer.headers["Location"]
    assert PHONE not in client.get(answer.headers["Location"]).content.decode()


def test_nobody_keeps_the_page_or_learns_the_link(client, leaf):
    link = send(client, leaf).headers["Location"]
    for address in (f"/report/{leaf.code}/", link):
        headers = client.get(address).headers
        assert "no-store" in headers["Cache-Control"]
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Robots-Tag"].startswith("noindex")


def test_a_flood_from_one_address_is_stopped_and_others_are_not(leaf, settings):
    settings.RESIDENTS_PER_ADDRESS = "3/10 minutes"
    limits.writing_limit.cache_clear()
    try:
        flood, other = Client(REMOTE_ADDR="10.12.0.1"), Client(REMOTE_ADDR="10.12.0.2")
        answers = [send(flood, leaf, text=f"第{n}件").status_code for n in range(4)]
        assert answers == [303, 303, 303, 429]
        late = send(flood, leaf, text="保留这句话")
        assert "保留这句话" in late.content.decode()
        assert send(other, leaf).status_code == 303
    finally:
        limits.writing_limit.cache_clear()


# --- with a script ------------------------------------------------------------------------------------------


def as_json(client, leaf, **changes):
    return client.post(
        f"/report/{leaf.code}/", told(unit=leaf.code, **changes), headers={"Accept": "application/json"}
    )


def test_pictures_are_declared_with_the_report_and_sent_by_its_link(client, leaf):
    content = picture()
    file = declared_file(content)
    said = {name: str(getattr(file, name)) for name in ("id", "name", "media_type", "sha256")} | {
        "size": file.size
    }
    answer = as_json(client, leaf, pictures=json.dumps([said])).json()
    case = Incident.objects.get()
    assert case.attachments.get().completed_at is None
    token = answer["follow"].split("/")[-2]
    address = f"/api/follow/{token}/attachments/{file.id}"
    half = len(content) // 2
    for offset, piece in ((0, content[:half]), (half, content[half:])):
        assert client.get(address).json()["received"] == offset
        put = client.put(f"{address}?offset={offset}", piece, content_type="application/octet-stream")
        assert put.status_code == 200
    assert Attachment.objects.get().completed_at
    assert file.name in client.get(answer["follow"]).content.decode()
    assert f"/media/follow/{token}/{file.id}" in client.get(answer["follow"]).content.decode()
    small = client.get(f"/media/follow/{token}/{file.id}")
    assert (small.status_code, small.headers["Content-Type"]) == (200, "image/jpeg")
    stranger = as_json(client, leaf, text="别处").json()["follow"].split("/")[-2]
    assert client.get(f"/media/follow/{stranger}/{file.id}").status_code == 404
    assert client.get(f"/api/follow/{stranger}/attachments/{file.id}").status_code == 404
    assert client.get(f"/media/{file.id}").status_code == 401


def test_another_picture_is_declared_by_the_link(client, leaf):
    token = as_json(client, leaf).json()["follow"].split("/")[-2]
    file = {"id": str(uuid4()), "name": "a.jpg", "media_type": "image/jpeg", "size": 9, "sha256": "0" * 64}
    address = f"/api/follow/{token}/attachments"
    for _ in range(2):
        assert client.post(address, {"files": [file]}, content_type="application/json").status_code == 200
    assert Attachment.objects.count() == 1
    bad = client.post(address, {"files": [file | {"media_type": "image/svg+xml", "id": str(uuid4())}]},
                      content_type="application/json")  # fmt: skip
    assert bad.status_code == 422
    forged = client.post(
        f"/api/follow/{token}x/attachments", {"files": [file]}, content_type="application/json"
    )
    assert forged.status_code == 404


def test_faults_come_as_json_too_with_a_page_to_send_again(client, leaf):
    page = new_page()
    as_json(client, leaf, page=page)
    answer = as_json(client, leaf, page=page, text="另一件事")
    assert answer.status_code == 409
    assert answer.json()["message"]
    assert as_json(client, leaf, page=answer.json()["page"], text="另一件事").status_code == 200


def test_the_ground_of_the_map_holds_no_unit_and_no_person(client, world):
    lon, lat = inside(world.town.leaf)
    answer = client.get(f"/report/ground.json?lon={lon}&lat={lat}")
    assert set(answer.json()) == {"bounds", "ground"}
    for bad in ("", "?lon=x&lat=1", "?lon=nan&lat=1", "?lon=1", "?lon=1&lat=91"):
        assert client.get(f"/report/ground.json{bad}").status_code == 400


# --- the board ----------------------------------------------------------------------------------------------


def test_the_poster_is_for_who_has_the_unit(client, world, leaf):
    client.force_login(world.lead)
    page = client.get(f"/office/units/{leaf.code}/poster/").content.decode()
    assert "<svg" in page
    assert f"http://testserver/report/{leaf.code}/" in page
    client.force_login(world.stranger)
    assert client.get(f"/office/units/{leaf.code}/poster/").status_code == 404


def test_the_code_can_be_had_by_command(world, leaf, capsys):
    call_command("report_code", leaf.code, "https://linge.example")
    assert "<svg" in capsys.readouterr().out
    for wrong in (("none", "https://linge.example"), (leaf.code, "linge.example")):
        with pytest.raises(CommandError):
            call_command("report_code", *wrong)
