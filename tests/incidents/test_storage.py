"""Files of cases in a bucket: a real server that speaks S3's language, and what happens while it is away."""

from __future__ import annotations

import boto3
import pytest
from django.test import Client
from moto.server import ThreadedMotoServer

from incidents.selectors.attachments import Size, attachment_shown, attachment_state, partial_path
from incidents.storage import StoreAway, media_store
from tests.incidents.pictures import MP4, packets_of, picture
from tests.incidents.sending import put, send, shown, with_file

NOBODY = "http://127.0.0.1:1"


@pytest.fixture
def s3(settings, tmp_path, monkeypatch):
    """A server with one bucket, in which files of cases are kept; returns its address."""
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    boto3.client("s3", endpoint_url=address, region_name="us-east-1").create_bucket(Bucket="files")
    keep_at(settings, address)
    yield address
    server.stop()


def keep_at(settings, address):
    options = {"bucket_name": "files", "location": "linge", "endpoint_url": address, "region_name": ""}
    media = {"BACKEND": "incidents.storage.bucket.Bucket", "OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"media": media}


def test_files_are_kept_in_the_bucket_and_nowhere_else(
    world, s3, tmp_path, django_capture_on_commit_callbacks
):
    for content, media_type in ((picture(), "image/jpeg"), (MP4, "video/mp4")):
        _case, file = with_file(world, content, media_type)
        with django_capture_on_commit_callbacks(execute=True):
            assert send(world, file, content, step=700).completed_at
        assert shown(world, file, Size.THUMB)[:3] == b"\xff\xd8\xff"
    assert packets_of(shown(world, file)) == packets_of(MP4)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_player_gets_a_part_of_what_is_in_the_bucket(world, s3):
    _case, file = with_file(world, MP4, "video/mp4")
    send(world, file, MP4)
    client = Client()
    client.force_login(world.lead)
    whole = shown(world, file)
    response = client.get(f"/media/{file.id}", headers={"Range": "bytes=100-199"})
    assert (response.status_code, b"".join(response)) == (206, whole[100:200])
    assert response.headers["Content-Range"] == f"bytes 100-199/{len(whole)}"


def test_what_is_not_in_the_bucket_is_not_there(s3):
    store = media_store()
    assert not store.exists("aa/x.jpg")
    with pytest.raises(FileNotFoundError):
        store.size("aa/x.jpg")
    with pytest.raises(FileNotFoundError):
        next(store.read("aa/x.jpg", 0, 1))


def test_while_the_bucket_is_away_nothing_is_lost(world, s3, settings):
    content = picture()
    _case, there = with_file(world, content)
    send(world, there, content)
    other = picture(colour="navy")
    _case, file = with_file(world, other)
    keep_at(settings, NOBODY)
    with pytest.raises(StoreAway) as away:
        send(world, file, other)
    assert away.value.code == "attachment.store_away"
    state = attachment_state(world.worker, file.id)
    assert (state.received, state.completed_at) == (len(other), None)
    assert partial_path(file.id).read_bytes() == other
    client = Client()
    client.force_login(world.worker)
    address = f"/api/attachments/{file.id}?offset={len(other)}"
    answer = client.put(address, data=b"", content_type="application/octet-stream")
    assert (answer.status_code, answer.json()["code"]) == (503, "attachment.store_away")
    answer = client.get(f"/media/{there.id}")
    assert (answer.status_code, answer.json()["code"]) == (503, "attachment.store_away")
    assert answer.headers["Retry-After"]
    keep_at(settings, s3)
    assert put(world, file, len(other), b"").completed_at
    assert attachment_shown(world.worker, file.id)
    assert client.get(f"/media/{there.id}").status_code == 200
