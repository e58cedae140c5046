"""/healthz: what works, what doesn't and why, quickly."""

from __future__ import annotations

import time
from time import monotonic

import pytest
from django.db import OperationalError

pytestmark = pytest.mark.django_db


class DeadLayer:
    async def group_send(self, _group, _message):
        raise ConnectionError("redis://user:secret@10.0.0.7")


def test_all_is_well(client):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    content = answer.json()
    assert (content["status"], content["database"], content["channel_layer"]) == (
        "ok",
        {"status": "ok"},
        {"status": "ok"},
    )
    assert isinstance(content["feed"]["position"], int)
    assert content["version"] == "0.1.0"
    assert answer["Cache-Control"] == "no-store"


def test_database_away(client, monkeypatch):
    def away():
        raise OperationalError("password=secret")

    monkeypatch.setattr("mapui.health.feed_position", away)
    answer = client.get("/healthz")
    content = answer.json()
    assert (answer.status_code, content["status"]) == (503, "down")
    assert content["database"] == {"status": "down", "reason": "can't be reached (OperationalError)"}
    assert content["feed"]["position"] is None
    assert b"secret" not in answer.content


def test_database_that_does_not_answer(client, monkeypatch):
    monkeypatch.setattr("mapui.health.feed_position", lambda: time.sleep(3))
    started = monotonic()
    answer = client.get("/healthz")
    assert monotonic() - started < 2
    assert (answer.status_code, answer.json()["database"]["status"]) == (503, "down")


def test_layer_away(client, monkeypatch):
    monkeypatch.setattr("mapui.health.get_channel_layer", DeadLayer)
    answer = client.get("/healthz")
    content = answer.json()
    assert (answer.status_code, content["status"]) == (503, "degraded")
    assert content["channel_layer"]["reason"] == "can't be reached (ConnectionError)"
    assert content["database"] == {"status": "ok"}
    assert b"secret" not in answer.content
