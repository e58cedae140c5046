"""The phone's socket: a report is acknowledged when it is in the database, or refused in words."""

from __future__ import annotations

import json

import pytest
from django.db import OperationalError
from django.utils.translation import gettext_lazy

from gis_grids.errors import BadInput
from incidents.models import Incident
from incidents.services import act
from incidents.workflow import Action
from mapui.consumers.throttle import Throttle
from mapui.ratelimits import ReportLimits
from tests.factories import TOWN_BOX
from tests.mapui.consumers.talk import in_database, nothing_can_commit, phone, together, wall

pytestmark = pytest.mark.django_db


def stored(report):
    return Incident.objects.filter(report_id=report["id"]).count()


async def test_report_is_acknowledged_with_where_it_landed(world):
    talk, report = await phone(world.worker), world.report(text="满了")
    await talk.say(**report)
    ack = await talk.hear()
    assert ack["kind"] == "ack"
    assert ack["id"] == report["id"]
    assert [unit["id"] for unit in ack["chain"]] == [unit.pk for unit in world.town.chain(world.leaves[0])]
    assert ack["chain"][0]["level"] == "city"
    assert ack["outside_m"] is None
    assert not ack["is_repeat"]
    incident = await Incident.objects.aget(report_id=report["id"])
    assert (incident.pk, incident.text, incident.reporter_id) == (ack["incident"], "满了", world.worker.pk)
    await together(talk)


async def test_report_outside_of_every_grid_is_taken_with_the_nearest(world):
    talk = await phone(world.worker)
    _west, south, east, _north = TOWN_BOX
    await talk.say(**world.report(lon=east + 0.001, lat=south + 0.001))
    ack = await talk.hear("ack")
    assert 50 < ack["outside_m"] < 120
    assert ack["chain"][-1]["level"] == "resident_group"
    await together(talk)


async def test_acknowledged_only_after_the_commit(world):
    talk, report = await phone(world.worker), world.report()
    async with nothing_can_commit():
        await talk.say(**report)
        assert await talk.receive_nothing(timeout=0.5)
        assert await in_database(stored, report) == 0
    assert (await talk.hear("ack"))["id"] == report["id"]
    assert await in_database(stored, report) == 1
    await together(talk)


async def test_same_report_again_gets_the_same_answer(world):
    talk, other, report = await phone(world.worker), await phone(world.worker), world.report()
    await talk.say(**report)
    first = await talk.hear("ack")
    await other.say(**report | {"sent_at": "2026-11-21T08:00:00Z"})
    again = await other.hear("ack")
    assert again == first | {"is_repeat": True}
    assert await in_database(stored, report) == 1
    await together(talk, other)


async def test_same_report_many_times_at_once_is_stored_once(world):
    talks = [await phone(world.worker) for _ in range(4)]
    report = world.report()
    for talk in talks:
        await talk.say(**report)
        await talk.say(**report)
    acks = [await talk.hear("ack") for talk in talks for _ in range(2)]
    assert len({ack["incident"] for ack in acks}) == 1
    assert sum(not ack["is_repeat"] for ack in acks) == 1
    await together(*talks)


async def test_own_reports_live_on_all_devices_and_nobody_elses(world):
    talk, tablet, other = [await phone(user) for user in (world.worker, world.worker, world.far_worker)]
    for each in (talk, tablet, other):
        assert (await each.begin())["kind"] == "snapshot"
    await talk.say(**world.report())
    messages = [await talk.hear("ack", "events"), await talk.hear("ack", "events")]
    [ack] = [message for message in messages if message["kind"] == "ack"]
    heard = await tablet.hear("events")
    assert [event["incident"] for event in heard["events"]] == [ack["incident"]]
    assert heard["cards"][0]["number"] == ack["number"]
    assert heard["cards"][0]["state"] == "reported"
    await other.say(**world.report(unit=world.leaves[-1]))
    answers = {(await other.hear("ack", "events"))["kind"] for _ in range(2)}
    assert answers == {"ack", "events"}
    await together(talk, tablet, other)


async def test_internal_events_reach_the_wall_and_never_the_reporter_s_phone(world):
    talk, watch = await phone(world.worker), await wall(world.centre)
    for each in (talk, watch):
        await each.begin()
    await talk.say(**world.report())
    [case] = (await watch.hear("events"))["cards"]
    told, last = [], 0
    for action in (Action.ADD_NOTE, Action.REMIND, Action.GIVE_FEEDBACK):
        await in_database(
            act, incident_id=case["id"], action=action, actor=world.centre, expected_version=1, note="去看看"
        )
        heard = await watch.hear("events")
        assert [event["action"] for event in heard["events"]] == [action]
    while last < 4:  # the report and three actions
        heard = await talk.hear("events", "ack")
        if heard["kind"] == "events":
            told += [event["action"] for event in heard["events"]]
            last = heard["cards"][0]["version"]
    assert told == [Action.REPORT, Action.GIVE_FEEDBACK]
    await together(talk, watch)


# --- bad input: each a clear error, nothing lost, the socket stays -----------------------------------

BAD_FIELDS = {
    "longitude of 200°": ({"lon": 200.0}, "point.out_of_range"),
    "longitude of -200°": ({"lon": -200.0}, "point.out_of_range"),
    "latitude of 200°": ({"lat": 200.0}, "point.out_of_range"),
    "axes swapped": ({"lon": 39.904, "lat": 116.31}, "point.swapped"),
    "far away": ({"lon": 2.35, "lat": 48.86}, "point.far_away"),
    "a million kilometres away": ({"lon": 116.3 + 9e6, "lat": 39.9}, "point.out_of_range"),
    "text": ({"lon": "east"}, "message.bad_field"),
    "null": ({"lat": None}, "message.bad_field"),
    "unknown matter": ({"matter": "dragons"}, "matter.unknown"),
    "matter with SQL": ({"matter": "x'; DROP TABLE"}, "message.bad_field"),
    "long text": ({"text": "长" * 2001}, "text.too_long"),
    "U+0000": ({"text": "a\0b"}, "text.unreadable"),
    "accuracy below 0": ({"accuracy_m": -1}, "message.bad_field"),
    "time without zone": ({"observed_at": "2026-11-21T08:00:00"}, "message.bad_field"),
    "time of the year 9999": ({"observed_at": "9999-12-31T23:59:59-12:00"}, "report.time"),
    "unknown source": ({"position_source": "guess"}, "message.bad_field"),
    "unknown field": ({"hurry": 1}, "message.unknown_field"),
}


@pytest.mark.parametrize("fault", BAD_FIELDS)
async def test_bad_field(world, fault):
    changes, code = BAD_FIELDS[fault]
    talk, report = await phone(world.worker, language="en"), world.report() | changes
    await talk.say(**report)
    error = await talk.hear()
    assert (error["kind"], error["code"], error["id"]) == ("error", code, report["id"])
    assert error["message"].endswith((".", "?"))
    assert "%(" not in error["message"]
    assert await in_database(stored, report) == 0
    await still_works(talk, world)


async def still_works(talk, world):
    report = world.report()
    await talk.say(**report)
    assert (await talk.hear())["kind"] == "ack"
    assert await in_database(stored, report) == 1
    await together(talk)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e999"])
@pytest.mark.parametrize("axis", ["lon", "lat"])
async def test_position_that_is_no_number(world, axis, value):
    talk, report = await phone(world.worker), world.report()
    await talk.say_text(json.dumps(report | {axis: "@"}).replace('"@"', value))
    error = await talk.hear()
    assert (error["code"], error["details"]) == ("point.not_a_number", {"axis": axis})
    await still_works(talk, world)


FRAMES = {
    "not JSON": ("report!", "message.not_json"),
    "nothing": ("", "message.not_json"),
    "half a message": ('{"kind": "report", "id"', "message.not_json"),
    "half a surrogate pair": ('{"kind": "hello", "position": "\\ud800"}', "message.not_json"),
    "nested without end": ("[" * 100_000, "message.not_json"),
    "a list": ("[]", "message.unknown_kind"),
    "a number": ("7", "message.unknown_kind"),
    "no kind": ("{}", "message.unknown_kind"),
    "unknown kind": ('{"kind": "shutdown"}', "message.unknown_kind"),
    "a kind that is a list": ('{"kind": ["hello"]}', "message.unknown_kind"),
    "a message of the wall": ('{"kind": "command"}', "message.unknown_kind"),
    "a message of the server": ('{"kind": "ack"}', "message.unknown_kind"),
    "a field missing": ('{"kind": "report"}', "message.missing_field"),
    "a position beyond the database": (
        '{"kind": "hello", "position": 99999999999999999999}',
        "message.bad_field",
    ),
    "1 MB": (json.dumps({"kind": "report", "text": "x" * 1_000_000}), "message.too_long"),
}


@pytest.mark.parametrize("fault", FRAMES)
async def test_bad_frame(world, fault):
    text, code = FRAMES[fault]
    talk = await phone(world.worker)
    await talk.say_text(text)
    error = await talk.hear()
    assert (error["kind"], error["code"], error["id"]) == ("error", code, None)
    await still_works(talk, world)


async def test_binary_frame(world):
    talk = await phone(world.worker)
    await talk.say_bytes(b"\x00\xff")
    assert (await talk.hear())["code"] == "message.binary"
    await still_works(talk, world)


async def test_replayed_id_with_other_content(world):
    talk, report = await phone(world.worker), world.report(text="first")
    await talk.say(**report)
    await talk.hear("ack")
    await talk.say(**report | {"text": "second"})
    error = await talk.hear()
    assert (error["code"], error["id"]) == ("report.other_content", report["id"])
    assert (await Incident.objects.aget(report_id=report["id"])).text == "first"
    await still_works(talk, world)


async def test_somebody_elses_id(world):
    talk, other, report = await phone(world.worker), await phone(world.far_worker), world.report()
    await talk.say(**report)
    await talk.hear("ack")
    await other.say(**report)
    assert (await other.hear())["code"] == "report.other_content"
    await together(talk, other)


async def test_good_and_bad_reports_at_once_fail_each_alone(world):
    talk = await phone(world.worker)
    reports = [world.report(matter="rubbish" if n % 3 else "dragons") for n in range(30)]
    for report in reports:
        await talk.say(**report)
    answers = {answer["id"]: answer["kind"] for answer in [await talk.hear() for _ in reports]}
    assert answers == {r["id"]: "ack" if r["matter"] == "rubbish" else "error" for r in reports}
    await together(talk)


async def test_database_that_is_away_is_said_and_nothing_acknowledged(world, monkeypatch):
    def away(**_reports):
        raise OperationalError

    talk, report = await phone(world.worker, language="en"), world.report()
    with monkeypatch.context() as patch:
        patch.setattr("incidents.services.report_incidents", away)
        await talk.say(**report)
        error = await talk.hear()
    assert (error["code"], error["id"]) == ("unavailable", report["id"])
    assert "will be sent again" in error["message"]
    await talk.say(**report)
    assert (await talk.hear("ack"))["id"] == report["id"]
    await together(talk)


async def test_fault_of_ours_is_told_with_a_reference_that_is_in_the_log(world, monkeypatch, caplog):
    def broken(**_reports):
        raise ZeroDivisionError

    talk, report = await phone(world.worker), world.report(text="personal words")
    with monkeypatch.context() as patch:
        patch.setattr("incidents.services.report_incidents", broken)
        await talk.say(**report)
        error = await talk.hear()
    assert (error["code"], error["id"]) == ("server_error", report["id"])
    assert error["details"]["reference"] in caplog.text
    assert "personal words" not in caplog.text
    await still_works(talk, world)


async def test_flood_is_refused_and_over_when_it_is_over(world, monkeypatch):
    monkeypatch.setattr("mapui.consumers.base.Throttle", lambda: Throttle(per_second=1000, burst=3))
    talk = await phone(world.worker)
    for _ in range(10):
        await talk.say_text("{}")
    codes = [(await talk.hear())["code"] for _ in range(10)]
    assert "rate_limited" in codes
    assert codes[0] == "message.unknown_kind"
    await talk.receive_nothing(timeout=0.05)
    await still_works(talk, world)


async def test_too_many_reports_are_kept_and_told_when_to_come_again(world, monkeypatch):
    limits = ReportLimits("5/second", "100/second")
    monkeypatch.setattr("mapui.consumers.phone.report_limits", lambda: limits)
    talk, other = await phone(world.worker, language="en"), await phone(world.far_worker)
    reports = [world.report() for _ in range(12)]  # more than the windows that this may take
    for report in reports:
        await talk.say(**report)
    answers = [await talk.hear() for _ in reports]
    refused = [answer for answer in answers if answer["kind"] == "error"]
    assert {(error["code"], error["details"]["retry_after_s"]) for error in refused} == {("rate_limited", 1)}
    assert "kept here" in refused[0]["message"]
    await other.say(**world.report(unit=world.leaves[-1]))
    assert (await other.hear())["kind"] == "ack"
    for report in (report for report in reports if report["id"] in {error["id"] for error in refused}):
        await talk.say(**report)
        while (await talk.hear())["kind"] != "ack":
            await talk.receive_nothing(timeout=0.1)
            await talk.say(**report)
    assert await Incident.objects.filter(report_id__in=[report["id"] for report in reports]).acount() == 12
    await together(talk, other)


async def test_sentences_come_in_the_language_of_the_page(world, monkeypatch):
    monkeypatch.setattr("mapui.consumers.base.fault_of", lambda _error: BadInput("x", gettext_lazy("Yes")))
    for language, word in (("en", "Yes"), ("zh-CN,zh;q=0.9,en;q=0.5", "是"), ("xx", "是")):
        talk = await phone(world.worker, language=language)
        await talk.say_text("?")
        assert (await talk.hear())["message"] == word
        await together(talk)


async def test_language_cookie_wins(world):
    talk = await phone(world.worker, language="zh-CN", cookies=["django_language=en"])
    await talk.say(**world.report(matter="dragons"))
    assert "catalogue" in (await talk.hear())["message"]
    await together(talk)


async def test_phone_that_leaves_before_the_answer_loses_nothing(world):
    talk, report = await phone(world.worker), world.report()
    await talk.say(**report)
    await together(talk)
    again = await phone(world.worker)
    await again.say(**report)
    assert (await again.hear("ack"))["id"] == report["id"]
    assert await in_database(stored, report) == 1
    await together(again)


async def test_who_has_a_task_or_lost_it_is_told_to_look_and_nobody_else(world):
    holder, reporter = await phone(world.west_lead), await phone(world.worker)
    await reporter.say(**world.report())
    incident = (await reporter.hear("ack"))["incident"]
    for talk in (holder, reporter):
        await talk.begin()
    given = {"assignee_id": world.west_lead.pk}
    for version, action, told in ((1, Action.ASSIGN, given), (2, Action.RECALL, {"note": "另有安排"})):
        command = {"incident_id": incident, "action": action, "expected_version": version}
        await in_database(act, actor=world.centre, **command, **told)
        assert await holder.hear("look", "events") == {"kind": "look", "at": "tasks"}
        assert (await reporter.hear("look", "events"))["kind"] == "events"  # his report, not his task
    await together(holder, reporter)
