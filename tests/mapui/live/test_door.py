"""The front door: static files beside Django, and the life of the process."""

from __future__ import annotations

import gzip

import psycopg
import pytest
from asgiref.testing import ApplicationCommunicator
from django.db import connections

from mapui.live import hints
from mapui.project.asgi import application
from mapui.project.static import with_static_files
from tests.mapui.consumers.talk import PATIENCE_S

HASHED = "wall.0123456789ab.js"


@pytest.fixture
def files(tmp_path, settings):
    folder = tmp_path / "static"
    (folder / "dist").mkdir(parents=True)
    (folder / "dist" / HASHED).write_text("// wall\n" * 500)
    (folder / "dist" / "wall.js").write_text("// wall")
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    settings.STATIC_ROOT = folder

    async def django(scope, receive, send):
        await send({"type": "http.response.start", "status": 299, "headers": []})
        await send({"type": "http.response.body", "body": b"django"})

    return with_static_files(django)


async def ask(app, path, method="GET", **headers):
    lines = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b""}
    talk = ApplicationCommunicator(app, scope | {"headers": lines})
    await talk.send_input({"type": "http.request", "body": b"", "more_body": False})
    start = await talk.receive_output(PATIENCE_S)
    body = b""
    while True:
        part = await talk.receive_output(PATIENCE_S)
        body += part.get("body", b"")
        if not part.get("more_body"):
            break
    answered = {name.decode(): value.decode() for name, value in start["headers"]}
    return start["status"], answered, body


async def test_file_with_its_hash_in_the_name_is_kept_for_ever(files):
    status, headers, body = await ask(files, f"/static/dist/{HASHED}", accept_encoding="gzip")
    assert status == 200
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(body).startswith(b"// wall")


async def test_file_without_hash_is_asked_for_again(files):
    status, headers, body = await ask(files, "/static/dist/wall.js")
    assert (status, body, headers["cache-control"]) == (200, b"// wall", "no-cache")
    status, headers, body = await ask(files, "/static/dist/wall.js", if_none_match=headers["etag"])
    assert (status, body) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/static/",
        "/static/dist",
        "/static/nothing.js",
        "/static/../secret.txt",
        "/static/link.txt",
        "/static/%00",
    ],
)
async def test_nothing_else_is_served(files, path):
    status, _headers, body = await ask(files, f"/static/{path}")
    assert status == 404
    assert b"secret" not in body


async def test_files_are_only_read(files):
    assert (await ask(files, "/static/dist/wall.js", method="POST"))[0] == 405


async def test_everything_else_is_djangos(files):
    assert (await ask(files, "/staticfiles"))[0] == 299
    assert (await ask(files, "/wall/"))[2] == b"django"


@pytest.fixture
def options(monkeypatch):
    """The options of the connections that are opened from here on."""
    given = dict(connections.settings["default"]["OPTIONS"])
    monkeypatch.setitem(connections.settings["default"], "OPTIONS", given)
    return given


async def test_queries_of_a_server_can_not_hang(hub, options, db):
    before = options["options"]
    talk = ApplicationCommunicator(application, {"type": "lifespan"})
    await talk.send_input({"type": "lifespan.startup"})
    await talk.receive_output(PATIENCE_S)
    given = connections["default"].get_connection_params()
    wanted = {name: given[name] for name in ("dbname", "user", "password", "host", "port") if name in given}
    assert "timeout" not in before
    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    async with await psycopg.AsyncConnection.connect(**wanted, options=options["options"]) as connection:
        found = [(await (await connection.execute(f"SHOW {name}")).fetchone())[0] for name in names]
    assert found == ["10s", "3s", "30s"]
    await talk.send_input({"type": "lifespan.shutdown"})
    await talk.receive_output(PATIENCE_S)


async def test_hub_lives_as_long_as_the_server(hub, options):
    talk = ApplicationCommunicator(application, {"type": "lifespan"})
    await talk.send_input({"type": "lifespan.startup"})
    assert (await talk.receive_output(PATIENCE_S))["type"] == "lifespan.startup.complete"
    assert hub in hints.ears
    await talk.send_input({"type": "lifespan.shutdown"})
    assert (await talk.receive_output(PATIENCE_S))["type"] == "lifespan.shutdown.complete"
    assert hub not in hints.ears
