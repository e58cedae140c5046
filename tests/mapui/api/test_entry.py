"""What is told to somebody who is about to report."""

from __future__ import annotations

import json

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from incidents.models import Incident, NegativeItem
from mapui.ratelimits import Quota
from tests.factories import UserFactory
from tests.mapui.api.test_endpoints import client_of, put

pytestmark = pytest.mark.django_db


def ask(client, content):
    return client.post("/api/entry-checks", data=json.dumps(content), content_type="application/json")


@pytest.fixture
def content(world):
    report = world.report()
    return {"matter": report["matter"], "text": "lamp", "lon": report["lon"], "lat": report["lat"]}


@pytest.fixture
def worker(world):
    return client_of(world.worker)


def test_nothing_is_known(worker, content):
    answer = ask(worker, content)
    assert (answer.status_code, answer.json()) == (200, {"nearby": [], "warnings": []})
    assert not Incident.objects.exists()


def test_a_case_nearby_without_person_and_text(world, worker, content):
    ack = put(worker, world.report(text="灯坏了")).json()
    [found] = ask(client_of(world.far_worker), content).json()["nearby"]
    assert found == {
        "number": ack["number"],
        "matter": content["matter"],
        "state": "reported",
        "metres": 0,
        "received_at": ack["received_at"],
        "is_mine": False,
    }


def test_the_negative_list_warns(worker, content):
    NegativeItem.objects.create(
        number="F-1",
        title="私车",
        keywords=["lamp"],
        decided_by=User.objects.first(),
        decided_at=timezone.now(),
    )
    [found] = ask(worker, content).json()["warnings"]
    assert found == {"number": "F-1", "title": "私车", "reason": "", "keyword": "lamp"}


def test_only_for_who_may_report(content):
    assert ask(client_of(), content).status_code == 401
    refused = ask(client_of(UserFactory()), content)
    assert (refused.status_code, refused.json()["code"]) == (403, "report.no_post")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"lon": 200}, "point.out_of_range"),
        ({"matter": "Dragons!"}, "message.bad_field"),
        ({"text": "x" * 2001}, "message.bad_field"),
        ({"hurry": 1}, "message.unknown_field"),
    ],
)
def test_bad_input(worker, content, changes, code):
    answer = ask(worker, content | changes)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_who_asks_too_often_is_told_when_to_come_again(worker, content, monkeypatch):
    quota = Quota("1/minute", "test-entry")
    monkeypatch.setattr("mapui.api.entry.entry_quota", lambda: quota)
    assert ask(worker, content).status_code == 200
    refused = ask(worker, content)
    assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
    assert int(refused["Retry-After"]) > 0
