"""Base maps of others: off by default, read by the server, the key never told."""

from __future__ import annotations

import logging
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core.cache import caches

from gis_grids.levels import PostKind
from mapui.project.environment import RASTER_MAPS
from mapui.wall.rasters import MAPS, raster_maps
from tests.factories import UserFactory
from tests.incidents.world import make_world

KEY = "a-key-of-tianditu"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
TILE = "/wall/raster/tdt-vec/12/3373/1552"


class Others(BaseHTTPRequestHandler):
    """A map service that answers as it is told to."""

    def do_GET(self):
        self.server.asked.append(self.path)
        status, media_type, content = self.server.answer
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        pass


@pytest.fixture
def others():
    server = HTTPServer(("127.0.0.1", 0), Others)
    server.asked, server.answer = [], (200, "image/png", PNG)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def on(settings, others, tmp_path):
    settings.RASTER_MAPS = ("tianditu",)
    settings.TIANDITU_URL = f"http://127.0.0.1:{others.server_port}"
    settings.TIANDITU_KEY = KEY
    kept = settings.CACHES["rasters"] | {"LOCATION": str(tmp_path)}
    settings.CACHES = settings.CACHES | {"rasters": kept}
    caches["rasters"].clear()


@pytest.fixture
def centre(db, client):
    client.force_login(make_world().operator)
    return client


def test_the_names_in_the_settings_are_those_of_the_maps():
    assert set(MAPS) == RASTER_MAPS


def test_none_is_on_unless_it_is_switched_on(centre):
    assert raster_maps() == []
    assert centre.get(TILE).status_code == 404


def test_a_picture_is_read_once_with_the_key_and_kept(on, centre, others):
    for _time in range(2):
        answer = centre.get(TILE)
        assert (answer.status_code, answer["Content-Type"], answer.content) == (200, "image/png", PNG)
        assert "private" in answer["Cache-Control"]
    [asked] = others.asked
    assert f"tk={KEY}" in asked
    assert "TILEMATRIX=12&TILEROW=1552&TILECOL=3373" in asked


def test_the_page_is_told_neither_the_key_nor_another_host(on, centre):
    page = centre.get("/wall/").content.decode()
    assert "/wall/raster/tdt-vec/{z}/{x}/{y}" in page
    assert KEY not in page
    assert "127.0.0.1:" not in page


@pytest.mark.parametrize(
    "answer",
    [
        (403, "text/html", b"no such key"),
        (200, "text/html", b"<html>"),
        (200, "image/png", b""),
        (200, "image/png", b"0" * (1024 * 1024 + 1)),
        (302, "image/png", PNG),
    ],
    ids=["refused", "a page", "empty", "too large", "led elsewhere"],
)
def test_what_is_no_picture_is_never_passed_on_nor_kept(on, centre, others, answer, caplog):
    others.answer = answer
    with caplog.at_level(logging.WARNING):
        assert centre.get(TILE).status_code == 502
    assert KEY not in caplog.text
    assert len(others.asked) == 1
    others.answer = (200, "image/png", PNG)
    assert centre.get(TILE).status_code == 200


def test_a_service_that_is_away_is_said_to_be_and_the_key_stays_out_of_the_log(on, centre, others, caplog):
    others.shutdown()
    others.server_close()
    with caplog.at_level(logging.WARNING):
        answer = centre.get(TILE)
    assert answer.status_code == 502
    assert answer.json()["code"] == "raster.unavailable"
    assert KEY not in caplog.text


@pytest.mark.parametrize(
    "path", ["tdt-vec/12/4096/0", "tdt-vec/19/0/0", "tdt-img/1/0/0", "amap/1/0/0", "other/1/0/0"]
)
def test_only_tiles_of_maps_that_are_on_are_asked_for(on, centre, others, path):
    assert centre.get(f"/wall/raster/{path}").status_code == 404
    assert others.asked == []


@pytest.mark.parametrize("kind", [PostKind.GRID_WORKER, None])
def test_who_has_no_wall_has_no_pictures(on, db, client, others, kind):
    world = make_world()
    client.force_login(world.worker if kind else UserFactory())
    assert client.get(TILE).status_code == 403
    assert others.asked == []
