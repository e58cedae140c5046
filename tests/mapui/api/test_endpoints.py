"""The endpoints below /api/: what they answer to whom, and to bad input."""

from __future__ import annotations

import json
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest
from django.db import OperationalError
from django.test import Client

from gis_grids.levels import PostKind
from incidents.models import Incident
from mapui.ratelimits import ReportLimits
from tests.factories import TOWN_BOX
from tests.mapui.consumers.talk import in_database, phone, together

pytestmark = pytest.mark.django_db


def client_of(user=None, **options):
    client = Client(**options)
    if user is not None:
        client.force_login(user)
    return client


def put(client, report, report_id=None, **options):
    return client.put(
        f"/api/reports/{report_id or report['id']}",
        data=report if isinstance(report, str) else json.dumps(report),
        content_type="application/json",
        **options,
    )


def post(client, case, **content):
    body = {"id": str(uuid4()), "action": "accept", "expected_version": 1} | content
    return client.post(
        f"/api/incidents/{case}/actions", data=json.dumps(body), content_type="application/json"
    )


def ids(chain):
    return [unit["id"] for unit in chain]


def ids_of_first_leaf(world):
    return [unit.pk for unit in world.town.chain(world.leaves[0])]


@pytest.fixture
def worker(world):
    return client_of(world.worker)


@pytest.fixture
def centre(world):
    return client_of(world.centre)


@pytest.fixture
def case(world, worker):
    return put(worker, world.report(text="lamp")).json()["incident"]


# --- reports --------------------------------------------------------------------------------------


def test_report_is_answered_as_on_the_socket(world, worker):
    report = world.report()
    answer = put(worker, report)
    assert answer.status_code == 201
    ack = answer.json()
    assert (ack["kind"], ack["id"], ack["is_repeat"]) == ("ack", report["id"], False)
    assert ids(ack["chain"]) == ids_of_first_leaf(world)
    again = put(worker, report)
    assert again.status_code == 200
    assert again.json() == ack | {"is_repeat": True}


def test_kind_and_id_may_be_left_out(world, worker):
    report = world.report()
    content = {name: value for name, value in report.items() if name not in {"kind", "id"}}
    assert put(worker, content, report["id"]).status_code == 201


async def test_socket_and_http_know_each_others_reports(world):
    talk, report = await phone(world.worker), world.report()
    await talk.say(**report)
    ack = await talk.hear("ack")
    client = await in_database(client_of, world.worker)
    answer = await in_database(put, client, report)
    assert (answer.status_code, answer.json()) == (200, ack | {"is_repeat": True})
    await together(talk)


def test_too_many_reports_are_told_when_to_come_again(world, worker, monkeypatch):
    limits = ReportLimits("2/minute", "100/minute")
    monkeypatch.setattr("mapui.api.endpoints.report_limits", lambda: limits)
    reports = [world.report() for _ in range(3)]
    first, _second, refused = [put(worker, report) for report in reports]
    assert (first.status_code, refused.status_code) == (201, 429)
    content = refused.json()
    assert content["code"] == "rate_limited"
    assert int(refused["Retry-After"]) == content["details"]["retry_after_s"] > 0
    assert put(client_of(world.far_worker), world.report()).status_code == 201
    assert not Incident.objects.filter(report_id=reports[2]["id"]).exists()


BAD = {
    "other id": ({"id": str(uuid4())}, 422, "report.id"),
    "swapped": ({"lon": 39.904, "lat": 116.31}, 422, "point.swapped"),
    "out of range": ({"lon": 200}, 422, "point.out_of_range"),
    "unknown matter": ({"matter": "dragons"}, 422, "matter.unknown"),
    "unknown field": ({"hurry": 1}, 422, "message.unknown_field"),
    "text for a number": ({"lat": "north"}, 422, "message.bad_field"),
    "long text": ({"text": "x" * 1_000_000}, 422, "text.too_long"),
    "U+0000": ({"text": "a\0b"}, 422, "text.unreadable"),
}


@pytest.mark.parametrize("fault", BAD)
def test_bad_report(world, worker, fault):
    changes, status, code = BAD[fault]
    report = world.report()
    answer = put(worker, report | changes, report["id"])
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert set(answer.json()) == {"code", "message", "details"}
    assert not Incident.objects.filter(report_id=report["id"]).exists()


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e999"])
def test_position_that_is_no_number(world, worker, value):
    report = world.report()
    text = json.dumps(report | {"lon": "@"}).replace('"@"', value)
    answer = put(worker, text, report["id"])
    assert (answer.status_code, answer.json()["code"]) == (422, "point.not_a_number")


@pytest.mark.parametrize("text", ["report!", "[" * 100_000, "\x00"])
def test_what_is_not_json(world, worker, text):
    answer = put(worker, text, uuid4())
    assert (answer.status_code, answer.json()["code"]) == (400, "message.not_json")


@pytest.mark.parametrize("text", ["[]", "7", "null", ""])
def test_json_that_is_no_report(world, worker, text):
    assert put(worker, text, uuid4()).status_code in {400, 422}


def test_replayed_id_with_other_content_is_a_conflict(world, worker):
    report = world.report(text="first")
    put(worker, report)
    answer = put(worker, report | {"text": "second"})
    assert (answer.status_code, answer.json()["code"]) == (409, "report.other_content")


def test_body_beyond_all_measure_is_refused(world, worker):
    assert put(worker, world.report(text="x" * 3_000_000)).status_code in {400, 413}


def test_database_away_asks_to_come_again(world, monkeypatch):
    def away(**_report):
        raise OperationalError

    monkeypatch.setattr("incidents.services.report_incidents", away)
    answer = put(client_of(world.worker, raise_request_exception=False), world.report())
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert int(answer["Retry-After"]) > 0


def test_without_post_nobody_reports(world):
    answer = put(client_of(world.stranger), world.report())
    assert (answer.status_code, answer.json()["code"]) == (403, "report.no_post")


def test_answers_come_in_the_language_of_the_page(world, worker):
    answer = put(worker, world.report(matter="dragons"), headers={"accept-language": "en"})
    assert answer.json()["message"].startswith("The catalogue has no matter")


# --- who is let in --------------------------------------------------------------------------------

ENDPOINTS = ["get /api/matters", "get /api/units/at?lon=116.31&lat=39.904", "get /api/incidents/1"]
ENDPOINTS += ["post /api/incidents/1/actions", f"put /api/reports/{UUID(int=1)}"]


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_without_log_in_nothing_is_said(world, endpoint):
    method, path = endpoint.split(" ")
    answer = getattr(client_of(), method)(path, data={}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (401, "login")


def test_what_one_kept_is_never_sent_as_another_who_logged_in_since(world, worker):
    keeper = world.somebody(world.leaves[0], PostKind.GRID_WORKER)
    keeper.username = "网格员"  # headers are ASCII
    keeper.save()
    report, whose = world.report(), {"X-Linge-Holder": quote(keeper.username)}
    refused = put(worker, report, headers=whose)
    assert (refused.status_code, refused.json()["code"]) == (401, "login")
    assert not Incident.objects.filter(report_id=report["id"]).exists()
    assert put(client_of(keeper), report, headers=whose).status_code == 201


@pytest.mark.parametrize("endpoint", ENDPOINTS[3:])
def test_without_csrf_token_nothing_is_written(world, endpoint):
    method, path = endpoint.split(" ")
    client = client_of(world.worker, enforce_csrf_checks=True)
    answer = getattr(client, method)(path, data={}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")


def test_with_csrf_token_it_is(world):
    client, token = client_of(world.worker, enforce_csrf_checks=True), "a" * 32
    client.cookies["csrftoken"] = token
    assert put(client, world.report(), headers={"x-csrftoken": token}).status_code == 201


@pytest.mark.parametrize("path", ["/api/docs", "/api/openapi.json", "/api/"])
def test_no_description_is_served(world, centre, path):
    assert centre.get(path).status_code == 404


@pytest.mark.parametrize("kind", list(PostKind))
def test_case_for_each_role(world, case, kind):
    here = client_of(world.somebody(world.leaves[0], kind))
    elsewhere = client_of(world.somebody(world.leaves[-1], kind))
    if kind is PostKind.AUDITOR:
        elsewhere = here  # he sees records of access, nobody's cases
    else:
        assert here.get(f"/api/incidents/{case}").status_code == 200
    answer = elsewhere.get(f"/api/incidents/{case}")
    assert (answer.status_code, answer.json()["code"]) == (404, "incident.not_found")
    may = kind in {PostKind.COMMAND_OPERATOR, PostKind.GRID_LEADER, PostKind.AREA_HEAD}
    assert post(here, case).status_code == (200 if may else 404 if kind is PostKind.AUDITOR else 403)


# --- cases ----------------------------------------------------------------------------------------


def test_details(world, centre, case):
    details = centre.get(f"/api/incidents/{case}").json()
    assert (details["card"]["id"], details["text"]) == (case, "lamp")
    assert [unit["id"] for unit in details["chain"]] == [
        unit.pk for unit in world.town.chain(world.leaves[0])
    ]
    assert details["reporter"]["user_id"] == world.worker.pk
    assert [(row["action"], row["by_role"]) for row in details["history"]] == [("report", "reporter")]
    assert "accept" in {offer["action"] for offer in details["actions"]}
    assert details["matter"]["code"] == "rubbish"


def test_action(world, centre, case):
    command = str(uuid4())
    answer = post(centre, case, id=command)
    assert answer.status_code == 200
    assert (answer.json()["state"], answer.json()["version"], answer.json()["id"]) == ("accepted", 2, command)
    assert post(centre, case, id=command).json() == answer.json()
    stale = post(centre, case, action="assign", assignee=world.worker.pk)
    assert (stale.status_code, stale.json()["code"]) == (409, "incident.stale")
    assert post(centre, case, action="explode", expected_version=2).json()["code"] == "action.unknown"
    assert post(centre, case, expected_version=2, force=True).json()["code"] == "message.unknown_field"


@pytest.mark.parametrize("number", ["0", "-1", "10" * 20, "x", "1.5"])
def test_number_that_no_case_has(world, centre, number):
    answer = centre.get(f"/api/incidents/{number}")
    assert answer.status_code in {404, 422}
    assert "code" in answer.json()


# --- lists ----------------------------------------------------------------------------------------


def test_matters(world, worker):
    matters = worker.get("/api/matters").json()
    assert {"rubbish", "fire-lane"} <= {matter["code"] for matter in matters}
    assert all(matter["name_zh"] and matter["name_en"] for matter in matters)


def test_unit_at(world, worker):
    lon, lat = world.spots[world.leaves[0].pk]
    found = worker.get(f"/api/units/at?lon={lon}&lat={lat}").json()
    assert ids(found["chain"]) == ids_of_first_leaf(world)
    assert found["outside_m"] is None
    _west, south, east, _north = TOWN_BOX
    outside = worker.get(f"/api/units/at?lon={east + 0.001}&lat={south + 0.001}").json()
    assert 50 < outside["outside_m"] < 120


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("lon=nan&lat=39.9", "point.not_a_number"),
        ("lon=200&lat=39.9", "point.out_of_range"),
        ("lon=39.9&lat=116.3", "point.swapped"),
        ("lon=116.3", "message.missing_field"),
        ("lon=x&lat=39.9", "message.bad_field"),
    ],
)
def test_unit_at_no_place(world, worker, query, code):
    answer = worker.get(f"/api/units/at?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, code)


# --- what is one's own, and what the forms of a case offer -----------------------------------------


def test_tasks_are_ones_own(world, worker, centre, case):
    body = {"action": "assign", "assignee": world.worker.pk}
    assert post(centre, case, **body).status_code == 200
    tasks = {task["card"]["id"]: task for task in worker.get("/api/my/tasks").json()}
    assert (tasks[case]["card"]["state"], tasks[case]["text"]) == ("assigned", "lamp")
    assert centre.get("/api/my/tasks").json() == []


def test_choices_come_only_when_they_are_asked_for(centre, case):
    assert centre.get(f"/api/incidents/{case}").json()["choices"] is None
    choices = centre.get(f"/api/incidents/{case}?choices=true").json()["choices"]
    assert set(choices) == {"units", "masters", "items", "templates", "proposal"}
    assert choices["units"]


def test_the_history_says_in_words_what_was_told_and_what_is_internal(world, centre, case):
    assert post(centre, case, action="add_note", note="Between us").status_code == 200
    body = {"action": "assign", "assignee": world.worker.pk, "expected_version": 2}
    assert post(centre, case, **body).status_code == 200
    reported, noted, assigned = centre.get(f"/api/incidents/{case}").json()["history"]
    assert [line["is_internal"] for line in (reported, noted, assigned)] == [False, True, False]
    assert len(assigned["said"]) == 1
