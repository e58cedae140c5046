"""Files over HTTP: declared, sent in pieces, and shown to who may see the case, in whole and in parts."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.test import Client

from incidents.models import Attachment
from incidents.services import blobs
from incidents.services.attachments import MAX_PIECE
from incidents.workflow import State
from tests.incidents.pictures import HTML, MP4, SVG, declared, padded, picture
from tests.mapui.rights_table import UNAUTHORIZED


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def client_of(user=None, **options):
    client = Client(**options)
    if user is not None:
        client.force_login(user)
    return client


def put(client, file, offset, piece, **options):
    address = f"/api/attachments/{file.id}?offset={offset}"
    return client.put(address, data=piece, content_type="application/octet-stream", **options)


def body(response):
    return b"".join(response)


def stored(world, content, media_type, **changes):
    file = declared(content, media_type, **changes)
    case = world.case(attachments=(file,))
    assert put(client_of(world.worker), file, 0, content).json()["completed_at"]
    return case, file


@pytest.fixture
def video(world):
    return stored(world, MP4, "video/mp4", name="垃圾 “桶”.mov")[1]


@pytest.fixture
def kept(world, video):
    """What the server has made of the video, whole."""
    content = body(client_of(world.lead).get(f"/media/{video.id}"))
    assert len(content) > 300
    return content


def test_a_file_is_sent_with_its_report(world):
    content = picture()
    file = declared(content)
    report = world.report(attachments=(file,))
    client = client_of(world.worker)
    said = {
        "matter": report.matter,
        "text": report.text,
        "lon": report.lon,
        "lat": report.lat,
        "position_source": "device",
        "observed_at": report.observed_at.isoformat(),
        "sent_at": report.sent_at.isoformat(),
        "priority": "urgent",
        "attachments": [
            {
                "id": str(file.id),
                "name": file.name,
                "media_type": file.media_type,
                "size": file.size,
                "sha256": file.sha256,
            }
        ],
    }
    answer = client.put(
        f"/api/reports/{uuid4()}", data=json.dumps(said), content_type="application/json"
    ).json()
    assert Attachment.objects.get().incident_id == answer["incident"]
    assert Attachment.objects.get().incident.priority == "urgent"
    assert put(client, file, 0, content[:900]).json()["received"] == 900
    state = client.get(f"/api/attachments/{file.id}").json()
    assert (state["received"], state["completed_at"]) == (900, None)
    conflict = put(client, file, 0, content)
    assert (conflict.status_code, conflict.json()["details"]) == (409, {"received": 900})
    assert put(client, file, 900, content[900:]).json()["completed_at"]
    shown = client.get(f"/media/{file.id}")
    assert (shown.status_code, shown.headers["Content-Type"]) == (200, "image/jpeg")
    assert body(shown)[:3] == b"\xff\xd8\xff"


def test_a_file_is_declared_for_a_case(world):
    case, file = world.bring(State.IN_PROGRESS), declared(MP4, "video/mp4")
    one = {
        "id": str(file.id),
        "name": file.name,
        "media_type": file.media_type,
        "size": file.size,
        "sha256": file.sha256,
    }

    def declare(user, files, purpose="result"):
        return client_of(user).post(
            f"/api/incidents/{case.pk}/attachments",
            data=json.dumps({"purpose": purpose, "files": files}),
            content_type="application/json",
        )

    assert declare(world.stranger, [one]).status_code == 404
    assert declare(world.worker, [one]).status_code == 403
    assert declare(world.colleague, []).status_code == 422
    assert declare(world.colleague, [one | {"media_type": "image/svg+xml"}]).status_code == 422
    answer = declare(world.colleague, [one])
    assert (answer.status_code, answer.json()[0]["id"], answer.json()[0]["received"]) == (
        200,
        str(file.id),
        0,
    )
    assert declare(world.lead, [one]).status_code == 409


def test_a_piece_too_big_is_refused_and_the_biggest_taken(world):
    content = padded(MP4, MAX_PIECE + 1000)
    file = declared(content, "video/mp4")
    world.case(attachments=(file,))
    client = client_of(world.worker)
    answer = put(client, file, 0, content)
    assert (answer.status_code, answer.json()["code"]) == (422, "attachment.piece")
    assert put(client, file, 0, content[:MAX_PIECE]).json()["received"] == MAX_PIECE


@pytest.mark.parametrize("offset", ["-1", "", "x", str(2**70)])
def test_an_offset_that_can_not_be_is_refused(world, offset):
    file = declared(b"x")
    world.case(attachments=(file,))
    assert put(client_of(world.worker), file, offset, b"x").status_code == 422


def test_another_page_can_not_send_in_somebody_s_name(world):
    file = declared(b"x")
    world.case(attachments=(file,))
    client = client_of(world.worker, enforce_csrf_checks=True)
    assert put(client, file, 0, b"x").status_code == 403
    assert put(client_of(), file, 0, b"x").status_code == UNAUTHORIZED


def test_nobody_sends_another_s_file(world):
    content = picture()
    file = declared(content)
    world.case(attachments=(file,))
    for other in (world.lead, world.colleague, world.stranger):
        assert put(client_of(other), file, 0, content).status_code == 404
    assert Attachment.objects.get().received == 0


def test_a_full_disk_is_said_as_such(world, monkeypatch):
    file = declared(b"x" * 10)
    world.case(attachments=(file,))

    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(blobs.os, "fsync", full)
    answer = put(client_of(world.worker), file, 0, b"x")
    assert (answer.status_code, answer.json()["code"]) == (507, "attachment.disk_full")


def test_only_who_sees_the_case_sees_its_files(world, video):
    for seen_by in (world.worker, world.lead, world.operator, world.office):
        assert client_of(seen_by).get(f"/media/{video.id}").status_code == 200
    assert client_of(world.stranger).get(f"/media/{video.id}").status_code == 404
    assert client_of(world.stranger).get(f"/api/attachments/{video.id}").status_code == 404
    assert client_of().get(f"/media/{video.id}").status_code == UNAUTHORIZED
    assert client_of(world.worker).get(f"/media/{uuid4()}").status_code == 404


def test_a_file_that_is_not_complete_is_not_shown(world):
    file = declared(MP4, "video/mp4")
    world.case(attachments=(file,))
    put(client_of(world.worker), file, 0, MP4[:100])
    assert client_of(world.worker).get(f"/media/{file.id}").status_code == 404


@pytest.mark.parametrize(("content", "media_type"), [(SVG, "image/png"), (HTML, "video/mp4")])
def test_what_is_a_page_is_never_stored(world, content, media_type):
    file = declared(content, media_type)
    world.case(attachments=(file,))
    answer = put(client_of(world.worker), file, 0, content)
    assert (answer.status_code, answer.json()["code"]) == (422, "attachment.other_type")
    assert client_of(world.worker).get(f"/media/{file.id}").status_code == 404


@pytest.mark.parametrize(("size", "media_type"), [("full", "video/mp4"), ("thumb", "image/jpeg")])
def test_a_file_is_looked_at_and_never_run(world, video, size, media_type):
    response = client_of(world.lead).get(f"/media/{video.id}?size={size}")
    headers = response.headers
    assert headers["Content-Type"] == media_type
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert headers["Cache-Control"] == "private, no-cache"
    assert headers["Content-Disposition"].startswith("inline; filename*=utf-8''")
    assert headers["Content-Length"] == str(len(body(response)))


@pytest.mark.parametrize("address", ["/media/%s", "/media/%s?size=thumb"])
def test_what_the_browser_has_is_not_sent_again_but_rights_are_asked(world, video, address):
    client = client_of(world.lead)
    tag = client.get(address % video.id).headers["ETag"]
    assert client.get(address % video.id, headers={"If-None-Match": tag}).status_code == 304
    for other in ("/media/%s", "/media/%s?size=thumb"):
        if other != address:
            assert client.get(other % video.id, headers={"If-None-Match": tag}).status_code == 200
    stranger = client_of(world.stranger)
    assert stranger.get(address % video.id, headers={"If-None-Match": tag}).status_code == 404
    assert stranger.get(address % video.id).status_code == 404
    assert client_of().get(address % video.id).status_code == UNAUTHORIZED


def test_there_is_no_other_size(world, video):
    assert client_of(world.lead).get(f"/media/{video.id}?size=huge").status_code == 404


def test_a_file_that_the_storage_lost_is_not_there(world, video, media):
    for path in media.rglob("*.mp4"):
        path.unlink()
    assert client_of(world.lead).get(f"/media/{video.id}").status_code == 404
    assert client_of(world.lead).get(f"/media/{video.id}?size=thumb").status_code == 200


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-", slice(None)),
        ("bytes=0-0", slice(1)),
        ("bytes=100-199", slice(100, 200)),
        ("bytes=100-", slice(100, None)),
        ("bytes=-50", slice(-50, None)),
        (f"bytes=5-{10**12}", slice(5, None)),
        (f"bytes=-{10**12}", slice(None)),
    ],
)
def test_a_player_gets_the_part_it_asks_for(world, video, kept, header, expected):
    start, end, _step = expected.indices(len(kept))
    response = client_of(world.lead).get(f"/media/{video.id}", headers={"Range": header})
    assert response.status_code == 206
    assert response.headers["Content-Range"] == f"bytes {start}-{end - 1}/{len(kept)}"
    assert response.headers["Content-Length"] == str(end - start)
    assert body(response) == kept[start:end]


@pytest.mark.parametrize("header", ["bytes=-", "bytes=5-3", "lines=1-2", "bytes=0-1,4-5", "bytes=x-", ""])
def test_what_is_no_range_is_ignored(world, video, kept, header):
    response = client_of(world.lead).get(f"/media/{video.id}", headers={"Range": header})
    assert response.status_code == 200
    assert body(response) == kept


@pytest.mark.parametrize("header", ["bytes=%s-", "bytes=-0", f"bytes={10**15}-{10**15 + 1}"])
def test_a_range_beyond_the_end_is_said_so(world, video, kept, header):
    asked = {"Range": header.replace("%s", str(len(kept)))}
    response = client_of(world.lead).get(f"/media/{video.id}", headers=asked)
    assert response.status_code == 416
    assert response.headers["Content-Range"] == f"bytes */{len(kept)}"


def test_a_part_of_something_else_is_not_sent(world, video):
    client = client_of(world.lead)
    tag = client.get(f"/media/{video.id}").headers["ETag"]
    asked = {"Range": "bytes=0-9", "If-Range": '"other"'}
    assert client.get(f"/media/{video.id}", headers=asked).status_code == 200
    assert client.get(f"/media/{video.id}", headers=asked | {"If-Range": tag}).status_code == 206


def test_head_says_how_long_it_is(world, video, kept):
    response = client_of(world.lead).head(f"/media/{video.id}")
    assert (response.status_code, response.headers["Content-Length"]) == (200, str(len(kept)))
