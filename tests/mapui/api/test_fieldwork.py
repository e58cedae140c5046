"""What the telephone reads and writes at the door: to whom, masked, once, and kept by no cache."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from psycopg.types.range import DateRange

from gis_grids.levels import Level, PostKind
from gis_grids.models import Post
from households.models import PlaceChange, Visit
from households.services import home_households
from incidents.models import Duty, Roster, Shift
from incidents.services.announcements import announce
from tests.factories import UserFactory, inside, post
from tests.households.making import household
from tests.mapui.api.test_endpoints import client_of
from tests.mapui.api.test_endpoints import put as put_report

pytestmark = pytest.mark.django_db

AT = "2026-11-28T11:30:00Z"


@pytest.fixture
def home(world):
    """A household in the worker's grid; the far worker's is elsewhere."""
    one = household(
        inside(world.leaves[0]), householder="欧阳娜娜", phone="13812341234", address="幸福里 1 号"
    )
    home_households()
    return one


@pytest.fixture
def worker(world):
    return client_of(world.worker)


def put(client, path, content):
    return client.put(f"/api/phone/{path}", data=json.dumps(content), content_type="application/json")


def read(client, path):
    answer = client.get(f"/api/phone/{path}")
    assert answer.status_code == 200, answer.content
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.json()


# --- visits and pins -------------------------------------------------------------------------------


def test_a_visit_is_answered_with_its_id_and_stored_once(worker, home):
    one, visit = uuid4(), {"household": home.pk, "at": AT, "result": "met", "note": "独居"}
    first, again = put(worker, f"visits/{one}", visit), put(worker, f"visits/{one}", visit)
    assert (first.status_code, first.json()["id"]) == (200, str(one))
    assert again.json() == first.json()
    other = put(worker, f"visits/{one}", visit | {"result": "moved_away"})
    assert (other.status_code, other.json()["code"]) == (409, "visit.other_content")
    assert Visit.objects.get().note == "独居"


def test_a_pin_is_answered_with_its_id(world, worker, home):
    one, (lon, lat) = uuid4(), inside(world.leaves[1])
    pin = {"household": home.pk, "at": AT, "lon": lon, "lat": lat, "accuracy_m": 7.5}
    answer = put(worker, f"places/{one}", pin)
    assert (answer.status_code, answer.json()["id"], answer.json()["was_used"]) == (200, str(one), True)
    assert PlaceChange.objects.get().household == home


def test_a_follow_up_is_answered_with_the_id_of_its_call(worker, home):
    visit, report, call = (str(uuid4()) for _ in range(3))
    link = {"visit": visit, "report": report}
    assert put(worker, f"follow-ups/{call}", link).status_code == 404, "the visit has not arrived"
    put(worker, f"visits/{visit}", {"household": home.pk, "at": AT, "result": "to_do"})
    assert put(worker, f"follow-ups/{call}", link).json() == {"id": call} | link
    assert str(Visit.objects.get().follow_up) == report


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("visits", {"at": AT, "result": "excellent"}),
        ("visits", {"at": "2026-11-28T11:30:00", "result": "met"}),
        ("visits", {"at": AT, "result": "met", "score": 5}),
        ("visits", {"at": AT, "result": "met", "note": "x" * 501}),
        ("places", {"at": AT, "lon": 116.3}),
        ("places", {"at": AT, "lon": 116.3, "lat": 39.9, "accuracy_m": 0}),
        ("places", {"at": AT, "lon": 500, "lat": 39.9}),
    ],
)
def test_bad_input_is_said_and_nothing_stored(worker, home, path, content):
    answer = put(worker, f"{path}/{uuid4()}", {"household": home.pk} | content)
    assert answer.status_code == 422
    assert answer.json()["message"]
    assert not Visit.objects.exists()
    assert not PlaceChange.objects.exists()


def test_what_is_not_below_ones_posts_is_not_there(world, home):
    visit = {"household": home.pk, "at": AT, "result": "met"}
    pin = {"household": home.pk, "at": AT, "lon": 116.31, "lat": 39.9}
    for person in (world.far_worker, world.centre, UserFactory()):
        other = client_of(person)
        assert put(other, f"visits/{uuid4()}", visit).status_code == 404
        assert put(other, f"places/{uuid4()}", pin).status_code == 404
        assert other.get(f"/api/phone/households/{home.pk}/visits").status_code == 404
        assert home.pk not in [one["id"] for one in read(other, "households")["households"]]


def test_households_are_masked_and_sent_again_only_when_something_changed(worker, home):
    first = worker.get("/api/phone/households")
    [found] = first.json()["households"]
    assert (found["id"], found["householder"], found["is_due"]) == (home.pk, "欧*", True)
    assert "娜" not in first.content.decode()
    assert "1381234" not in first.content.decode()
    tag = {"If-None-Match": first.headers["ETag"]}
    assert worker.get("/api/phone/households", headers=tag).status_code == 304
    put(worker, f"visits/{uuid4()}", {"household": home.pk, "at": AT, "result": "not_at_home"})
    assert worker.get("/api/phone/households", headers=tag).json()["households"][0]["is_due"] is True
    [visit] = read(worker, f"households/{home.pk}/visits")
    assert (visit["result"], datetime.fromisoformat(visit["at"])) == (
        "not_at_home",
        datetime(2026, 11, 28, 11, 30, tzinfo=UTC),
    )


# --- the ground, and who is responsible ---------------------------------------------------------------


def test_the_ground_has_ones_grids_and_those_next_door(world, worker):
    ground = read(worker, "ground")
    mine = {one["id"] for one in ground["areas"]["features"] if one["properties"]["is_mine"]}
    roots = set(Post.objects.filter(holder=world.worker).values_list("unit", flat=True))
    assert set(ground["roots"]) == roots
    assert mine
    assert len(ground["areas"]["features"]) > len(mine), "neighbours too"
    for area in ground["areas"]["features"]:
        chain = [ground["units"][str(unit)] for unit in area["properties"]["chain"]]
        assert [unit["level"] for unit in chain] == list(Level)


def test_who_is_responsible_is_said_with_the_telephone_of_the_service(world):
    """Also next door: it's no secret whose grid a place is."""
    leaf = world.town.units[Level.RESIDENT_GROUP][-1]
    steward = UserFactory(last_name="白", first_name="云")
    Post.objects.filter(pk=post(steward, leaf, PostKind.BUILDING_STEWARD).pk).update(contact="010-1234")
    lon, lat = inside(leaf)
    answer = read(client_of(world.worker), f"responsible?lon={lon}&lat={lat}")
    assert answer["outside_m"] is None
    [held] = [one for one in answer["chain"][-1]["posts"] if one["holder_name"] == "白云"]
    assert (held["kind"], held["contact"]) == ("building_steward", "010-1234")


def test_who_has_no_post_has_no_ground():
    assert read(client_of(UserFactory()), "ground")["areas"]["features"] == []


# --- duty, and what others report ----------------------------------------------------------------------


def test_duty_now_and_my_turns(world, worker):
    now = timezone.localtime()
    unit = world.town.units[Level.CITY][0]
    roster = Roster.objects.create(
        unit=unit,
        name="值班",
        days=DateRange(date(2020, 1, 1), date(2040, 1, 1)),
        published_at=now,
        published_by=world.worker,
    )
    shift = Shift.objects.create(roster=roster, day_kind="work", kind="day", starts=time(0), ends=time(0))
    for person in (world.worker, world.far_worker):
        Duty.objects.create(shift=shift, date=now.date(), person=person)
    duty = read(worker, "duty")
    assert sorted(one["is_me"] for one in duty["now"]) == [False, True]
    assert [(one["date"], one["shift"]) for one in duty["turns"]] == [(now.date().isoformat(), "day")]
    roster.published_at = None
    roster.save()
    assert read(worker, "duty") == {"now": [], "turns": []}


def test_reports_of_others_in_ones_grids_are_shown_and_ones_own_are_not(world):
    put_report(client_of(world.far_worker), world.report(text="灯坏了"))
    assert read(client_of(world.far_worker), "around") == []
    assert [one["text"] for one in read(client_of(world.worker), "around")] == ["灯坏了"]
    nobody = client_of(UserFactory())
    assert read(nobody, "around") == []


def test_a_task_says_what_can_be_done_with_no_more_than_a_note(world):
    case = put_report(client_of(world.far_worker), world.report()).json()["incident"]
    centre = client_of(world.centre)
    body = {"id": str(uuid4()), "action": "assign", "expected_version": 1, "assignee": world.worker.pk}
    centre.post(f"/api/incidents/{case}/actions", data=json.dumps(body), content_type="application/json")
    [task] = client_of(world.worker).get("/api/my/tasks").json()
    offered = {offer["action"]: offer["needs"] for offer in task["actions"]}
    assert offered["take"] == []
    assert offered["send_back"] == ["reason"]
    assert "schedule" not in offered, "that needs a day"


def test_a_task_that_was_taken_away_says_why_to_who_had_it_and_to_nobody_else(world):
    case = put_report(client_of(world.far_worker), world.report()).json()["incident"]
    worker, centre = client_of(world.worker), client_of(world.centre)
    path, gone = f"/api/incidents/{case}/actions", f"/api/my/tasks/gone?id={case}&id=999"
    assign = {"id": str(uuid4()), "action": "assign", "expected_version": 1, "assignee": world.worker.pk}
    recall = {"id": str(uuid4()), "action": "recall", "expected_version": 2, "note": "消防已到场"}
    centre.post(path, data=json.dumps(assign), content_type="application/json")
    assert worker.get(gone).json() == [], "he still has it"
    centre.post(path, data=json.dumps(recall), content_type="application/json")
    [told] = worker.get(gone).json()
    assert (told["id"], told["action"], told["note"], told["is_own"]) == (case, "recall", "消防已到场", False)
    for person in (world.far_worker, world.centre):
        assert client_of(person).get(gone).json() == []


# Announcements.


def test_an_announcement_is_read_by_those_below_and_acknowledged_once(worker, world):
    until = timezone.now() + timedelta(hours=1)
    sent = announce(actor=world.centre, unit_id=world.leaves[0].pk, text="台风", until=until)
    [shown] = read(worker, "announcements")
    assert (shown["id"], shown["text"], shown["read_at"]) == (sent.pk, "台风", None)
    call = {"announcement": sent.pk, "at": timezone.now().isoformat()}
    first, again = (put(worker, f"readings/{uuid4()}", call).json() for _ in range(2))
    assert first["id"] != again["id"]
    assert first["at"] == again["at"] == read(worker, "announcements")[0]["read_at"]
    far = client_of(world.far_worker)
    assert read(far, "announcements") == []
    assert put(far, f"readings/{uuid4()}", call).status_code == 404
