"""The phone's shell knows nobody, its list is what is really answered; the profile is for who may report."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest
from django.conf import settings

from tests.factories import UserFactory
from tests.incidents.world import make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


def listed(client) -> dict:
    """Return what the service worker is given."""
    script = client.get("/phone/sw.js").content.decode()
    return json.loads(script.removeprefix("globalThis.LINGE_SHELL = ").partition(";\n")[0])


def bytes_of(client, address: str) -> bytes:
    """Return what the site answers at an address; static files lie where collectstatic puts them."""
    if address.startswith(settings.STATIC_URL):
        return (settings.STATIC_ROOT / address.removeprefix(settings.STATIC_URL)).read_bytes()
    return client.get(address).content


def test_the_shell_is_the_same_for_everybody_of_one_language(client, world):
    anonymous = client.get("/phone/", headers={"Accept-Language": "en"})
    client.force_login(world.worker)
    known = client.get("/phone/", headers={"Accept-Language": "en"})
    assert anonymous.content == known.content == client.get("/phone/shell/en/").content
    assert b"csrf" not in known.content
    assert client.get("/phone/shell/zh-hans/").content != known.content
    assert client.get("/phone/shell/fr/").status_code == 404
    again = client.get("/phone/shell/en/", headers={"If-None-Match": known.headers["ETag"]})
    assert again.status_code == 304


def test_the_list_has_the_hash_of_every_file_that_the_page_loads(client):
    shell = listed(client)
    for address, integrity in shell["files"].items():
        digest = base64.b64encode(hashlib.sha256(bytes_of(client, address)).digest()).decode()
        assert integrity == f"sha256-{digest}", address
    page = client.get("/phone/shell/en/").content.decode()
    scripts = [part.partition('"')[0] for part in page.split('src="')[1:]]
    assert set(scripts) <= set(shell["files"])
    assert sum("/chunks/" in address for address in shell["files"]) > 1
    assert set(shell["pages"]) == {code for code, _name in settings.LANGUAGES}


def test_the_manifest_names_pictures_that_are_there(client):
    manifest = client.get("/phone/shell/zh-hans/manifest.webmanifest").json()
    assert manifest["scope"] == manifest["start_url"] == "/phone/"
    for icon in manifest["icons"]:
        assert bytes_of(client, icon["src"])
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}


def test_the_profile_is_its_holder_s_and_not_sent_again_while_nothing_changes(client, world):
    client.force_login(world.worker)
    answer = client.get("/api/phone/profile")
    profile = answer.json()
    assert profile["user"] == world.worker.username
    assert profile["posts"][0]["unit"]["name"]
    assert {matter["code"] for matter in profile["words"]["matters"]} >= {"rubbish", "noise"}
    assert settings.CSRF_COOKIE_NAME in answer.cookies
    etag = {"If-None-Match": answer.headers["ETag"]}
    assert client.get("/api/phone/profile", headers=etag).status_code == 304
    client.force_login(world.colleague)
    assert client.get("/api/phone/profile", headers=etag).json()["user"] == world.colleague.username


def test_who_is_out_or_holds_no_post_gets_no_profile(client, world):
    assert client.get("/api/phone/profile").json()["code"] == "login"
    client.force_login(UserFactory())
    refused = client.get("/api/phone/profile")
    assert (refused.status_code, refused.json()["code"]) == (403, "phone.no_post")
    client.force_login(world.worker)
    assert client.post("/api/phone/log-out", content_type="application/json").json() == {"is_out": True}
    assert client.get("/api/phone/profile").status_code == 401
