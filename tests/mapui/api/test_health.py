"""/healthz: what works, what doesn't and why, quickly."""

from __future__ import annotations

import time
from datetime import timedelta
from time import monotonic

import pytest
from django.db import OperationalError
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from mapui import health

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
    assert (answer.status_code, content["status"]) == (200, "degraded")
    assert content["channel_layer"]["reason"] == "can't be reached (ConnectionError)"
    assert content["database"] == {"status": "ok"}
    assert b"secret" not in answer.content


def job(due_since, status="todo"):
    ProcrastinateJob.objects.create(
        queue_name="linge",
        task_name="incidents.check_case",
        priority=0,
        args={},
        status=status,
        scheduled_at=timezone.now() - timedelta(seconds=due_since),
        attempts=0,
        abort_requested=False,
    )


@pytest.fixture
def written(settings):
    """Whatever is written here is seen by the thread that the page asks in."""
    settings.PROCRASTINATE_READONLY_MODELS = False


@pytest.mark.parametrize(
    ("due_since", "status", "found"),
    [(600, "todo", "degraded"), (600, "succeeded", "ok"), (5, "todo", "ok"), (-600, "todo", "ok")],
)
def test_jobs_that_wait(written, monkeypatch, due_since, status, found):
    job(due_since, status)
    part = health._jobs()
    assert part["status"] == found
    assert part["oldest_due_s"] == pytest.approx(max(0, due_since) if status == "todo" else 0, abs=5)


@pytest.mark.parametrize(("silent", "found"), [(300, "degraded"), (5, "ok")])
def test_worker_that_is_not_heard(written, silent, found):
    ProcrastinateWorker.objects.create(last_heartbeat=timezone.now() - timedelta(seconds=silent))
    assert health._jobs()["status"] == found


def test_disk_that_is_nearly_full_is_degraded(client, monkeypatch):
    monkeypatch.setattr("mapui.health.FREE_AT_LEAST", 2**60)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert "nearly full" in answer.json()["media"]["reason"]


def test_folder_of_uploads_that_is_not_there_yet(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "not" / "yet"
    assert client.get("/healthz").json()["media"] == {"status": "ok"}
