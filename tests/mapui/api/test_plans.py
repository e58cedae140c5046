"""Plans over HTTP: the contract of docs/planner.md, for who may and who may not."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.test import Client
from shapely.geometry import shape

from gis_grids.levels import Level, PostKind
from gis_grids.models import Plan, PlanOperation
from gis_grids.selectors.plans import base_draft
from gis_grids.services import plans as services
from households.services.proposals import make_proposals
from tests.factories import UserFactory, post
from tests.planning import STEP, WEST, key, make_world, north_south

pytestmark = pytest.mark.django_db


class Api:
    """Somebody's calls to the interface."""

    def __init__(self, user):
        self.client = Client()
        if user is not None:
            self.client.force_login(user)

    def call(self, method, path, expected=200, **body):
        answer = getattr(self.client, method)(
            f"/api/plans{path}", data=json.dumps(body), content_type="application/json"
        )
        assert answer.status_code == expected, answer.content
        return answer.json()

    def get(self, path, expected=200):
        answer = self.client.get(f"/api/plans{path}")
        assert answer.status_code == expected, answer.content
        return answer.json()

    def draw(self, plan, expected=200, base_rev=0, level="area", **asked):
        asked.setdefault("id", str(uuid4()))
        return self.call("post", f"/{plan}/operations", expected, base_rev=base_rev, level=level, **asked)


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def planner(world):
    return Api(world["planner"])


@pytest.fixture
def plan(world):
    return services.open_plan(
        scope_id=world["west"].pk, level=Level.AREA, title="A plan", actor=world["planner"]
    ).pk


def split_of(world):
    return {"kind": "split", "zone": key(world["west00"]), "line": north_south(WEST + STEP / 3)}


def test_a_draft_is_opened_listed_and_shown(world, planner):
    made = planner.call("post", "", 201, title="New", purpose="why", scope=world["west"].pk, level="area")
    assert made["may"]["draw"]
    assert made["levels"] == [{"code": "area", "name": "居民片区"}]
    assert [one["id"] for one in planner.get("")] == [made["id"]]
    assert planner.get(f"/{made['id']}") == made


def test_zones_come_as_they_are_stored(world, planner, plan):
    shown = planner.get(f"/{plan}/zones?level=area")
    base = base_draft(world["west"].pk, Plan.objects.get().base_at)
    assert {f["id"]: shape(f["geometry"]).wkb for f in shown["features"]} == {
        k: zone.shape.wkb for k, zone in base.zones.items()
    }
    assert {f["properties"]["name"] for f in shown["neighbours"]} >= {"Unit 110105001002001"}


def test_the_story_of_an_operation_is_about_what_was_done(world, planner, plan):
    """Who is locked or let go, and which zone has another parent, not which parent."""
    street = planner.call("post", "", 201, title="Wide", purpose="", scope=world["street"].pk, level="area")
    west, east = (key(world[name]) for name in ("west00", "east"))
    stories = [
        planner.draw(street["id"], base_rev=rev, **asked)["message"]
        for rev, asked in enumerate(
            (
                {"kind": "lock", "zones": [west], "locked": True},
                {"kind": "lock", "zones": [west], "locked": False},
                {"kind": "assign", "zone": key(world["west10"]), "parent": east},
            )
        )
    ]
    name, moved = (f"Unit {world[unit].code}" for unit in ("west00", "west10"))
    assert stories == [f"锁定了「{name}」", f"解锁了「{name}」", f"调整了「{moved}」的上级"]
    told = planner.get(f"/{street['id']}/history")["entries"]
    assert [entry["message"] for entry in told] == stories[::-1]


def test_an_operation_answers_with_who_lost_what_lay_in_him(world, planner):
    street = planner.call("post", "", 201, title="Wide", purpose="", scope=world["street"].pk, level="area")
    west, east = (key(world[name]) for name in ("west", "east"))
    moved = {"kind": "assign", "zone": key(world["west10"]), "parent": east}
    result = planner.draw(street["id"], level="community", **moved)
    assert {feature["id"] for feature in result["features"]} == result["figures"].keys() == {west, east}
    back = planner.call("post", f"/{street['id']}/undo", id=str(uuid4()), level="community")
    assert {feature["id"] for feature in back["features"]} == {west, east}


def test_an_operation_answers_with_what_it_touched(world, planner, plan):
    result = planner.draw(plan, **split_of(world))
    assert result["rev"] == result["seq"] == result["undo"] == 1
    new = next(f for f in result["features"] if f["properties"]["is_new"])
    assert new["properties"]["is_changed"]
    assert set(result["figures"]) == {f["id"] for f in result["features"]}
    assert {"area_m2", "compactness", "households"} <= set(result["figures"][new["id"]])
    assert planner.get(f"/{plan}/operations?after=0&level=area")["results"][0]["message"] == result["message"]
    back = planner.call("post", f"/{plan}/undo", id=str(uuid4()), level="area")
    assert back["ended"] == [new["id"]]
    assert back["redo"] == 2


def test_the_same_operation_again_is_done_once(world, planner, plan):
    asked = split_of(world) | {"id": str(uuid4())}
    assert planner.draw(plan, **asked) == planner.draw(plan, **asked)
    assert PlanOperation.objects.count() == 1


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"kind": "split", "zone": "u0", "line": [[116, 39], [117, 40]]}, "plan.unknown"),
        ({"kind": "split", "zone": "WEST", "line": [[0, 0], [1, 1]]}, "plan.E12"),
        ({"kind": "split", "zone": "WEST", "line": [[0, 0]]}, "message.bad_field"),
        ({"kind": "split", "zone": "WEST", "line": [[0, 91], [1, 1]]}, "message.bad_field"),
        ({"kind": "split", "zone": "WEST", "line": [[0, None], [1, 1]]}, "message.bad_field"),
        ({"kind": "draw"}, "message.unknown_kind"),
        ({}, "message.unknown_kind"),
        ({"kind": "transfer", "target": "WEST", "buildings": [1]}, "plan.no_buildings"),
        (
            {"kind": "transfer", "target": "WEST", "piece": [[[0, 0], [1, 1], [0, 1], [1, 0], [0, 0]]]},
            "plan.E05",
        ),
        ({"kind": "repartition", "proposal": 1, "candidate": 0}, "proposal.unknown"),
        ({"kind": "staff", "zone": "WEST", "staff": [{"kind": "king", "holder": 1}]}, "message.bad_field"),
        ({"kind": "rename", "zone": "WEST", "name": "  "}, "plan.no_name"),
        ({"kind": "repartition", "zone": "", "images": []}, "message.missing_field"),
    ],
)
def test_bad_operations_are_refused_with_a_sentence(world, planner, plan, asked, code):
    asked = json.loads(json.dumps(asked).replace("WEST", key(world["west00"])))
    answer = planner.client.post(
        f"/api/plans/{plan}/operations",
        data=json.dumps({"id": str(uuid4()), "base_rev": 0, "level": "area", **asked}),
        content_type="application/json",
    )
    assert answer.status_code in {404, 422}
    assert answer.json()["code"] == code
    assert answer.json()["message"]
    assert not PlanOperation.objects.exists()


def test_a_stale_operation_is_told_who_drew(world, planner, plan):
    planner.draw(plan, kind="rename", zone=key(world["west00"]), name="First")
    refused = planner.draw(plan, 409, **split_of(world))
    assert refused["code"] == "plan.E11"
    assert refused["details"]["zones"] == [key(world["west00"])]


@pytest.mark.parametrize("kind", [kind for kind in PostKind if kind != PostKind.PLANNER])
def test_nobody_but_a_planner_draws(world, plan, kind):
    somebody = UserFactory()
    post(somebody, world["street"], kind)
    api = Api(somebody)
    sees = kind in {PostKind.OFFICE_CLERK, PostKind.COMMAND_OPERATOR}
    api.get(f"/{plan}", 200 if sees else 404)
    api.draw(plan, 403 if sees else 404, **split_of(world))
    api.call("post", "", 403, title="x", scope=world["west"].pk, level="area")
    for step in ("submit", "withdraw", "publish", "restore"):
        allowed = step == "publish" and kind == PostKind.OFFICE_CLERK
        api.call("post", f"/{plan}/steps", 409 if allowed else (403 if sees else 404), step=step)
    assert not PlanOperation.objects.exists()


def test_a_planner_of_elsewhere_sees_nothing(world, plan):
    somebody = UserFactory()
    post(somebody, world["east"], PostKind.PLANNER)
    for path in (
        "",
        "/zones?level=area",
        "/figures?level=area",
        "/problems",
        "/history",
        "/comments",
        "/staff?zone=u1",
    ):
        Api(somebody).get(f"/{plan}{path}", 404)
    assert Api(somebody).get("") == []
    Api(None).get(f"/{plan}", 401)


def test_problems_and_reasons(world, planner, plan):
    planner.draw(plan, **split_of(world))
    problems = planner.get(f"/{plan}/problems")["problems"]
    assert {problem["severity"] for problem in problems} <= {"E", "W", "I"}
    warning = next(problem for problem in problems if problem["severity"] in "EW")
    assert warning["level"] == "area"
    planner.call("put", f"/{plan}/reasons", marks=[warning["mark"]], text="It is a park.")
    again = planner.get(f"/{plan}/problems")["problems"]
    assert next(p for p in again if p["mark"] == warning["mark"])["reason"] == "It is a park."


def test_history_and_staff(world, planner, plan):
    planner.draw(plan, **split_of(world))
    planner.call("post", f"/{plan}/undo", id=str(uuid4()), level="area")
    undo, split = planner.get(f"/{plan}/history")["entries"]
    assert (undo["undoes"], split["undone_by"], split["may_undo"]) == (1, 2, False)
    assert "before" not in split
    staff = planner.get(f"/{plan}/staff?zone={key(world['west00'])}")
    assert {kind["code"] for kind in staff["kinds"]} == {"area_head", "compound_steward", "grid_worker"}


def test_comments_are_pinned_and_resolved(world, planner, plan):
    place = [116.301, 39.901]
    made = planner.call("post", f"/{plan}/comments", 201, text="Here?", place=place)
    assert made["place"] == place
    clerk = Api(world["clerk"])
    assert clerk.get(f"/{plan}/comments")["comments"] == [made]
    assert clerk.call("post", f"/{plan}/comments/{made['id']}/resolve")["state"] == "resolved"
    planner.call("post", f"/{plan}/comments", 422, text=" ")


def test_proposals_are_asked_for_stopped_and_told(world, planner, plan):
    asked = planner.call("post", f"/{plan}/proposals", 202, level="area", target=100)
    assert planner.get(f"/{plan}/proposals/{asked['id']}")["state"] == "running"
    assert planner.call("delete", f"/{plan}/proposals/{asked['id']}")["state"] == "stopped"
    make_proposals(proposal_id=asked["id"])
    assert planner.get(f"/{plan}/proposals/{asked['id']}")["candidates"] == []
    empty = planner.call("post", f"/{plan}/proposals", 202, level="area")
    make_proposals(proposal_id=empty["id"])
    failed = planner.get(f"/{plan}/proposals/{empty['id']}")
    assert failed["state"] == "failed"
    assert failed["error"]
    planner.call("post", f"/{plan}/proposals", 422, level="resident_group")
    Api(world["clerk"]).call("post", f"/{plan}/proposals", 403, level="area")


def test_the_whole_way(world, planner, plan):
    clerk = Api(world["clerk"])
    planner.draw(plan, **split_of(world))
    refused = planner.call("post", f"/{plan}/steps", 422, step="submit")
    assert refused["code"] == "plan.problems"
    for problem in planner.get(f"/{plan}/problems")["problems"]:
        if problem["code"] == "E09":
            planner.draw(
                plan,
                kind="purpose",
                zone=problem["zones"][0],
                purpose="green",
                base_rev=Plan.objects.get().rev,
            )
        elif problem["severity"] == "W":
            planner.call("put", f"/{plan}/reasons", marks=[problem["mark"]], text="so be it")
    assert planner.call("post", f"/{plan}/steps", step="submit")["status"] == "submitted"
    assert clerk.call("post", f"/{plan}/steps", step="approve")["status"] == "approved"
    published = clerk.call("post", f"/{plan}/steps", step="publish")
    assert published["status"] == "published"
    back = planner.call("post", f"/{plan}/steps", step="restore")
    assert back["id"] != plan


def test_what_was_so_before_keeps_no_plan_from_going_on(world, planner, plan):
    """Three areas have no worker: told of each, but in the way only where the plan draws."""
    post(UserFactory(), world["west11"], PostKind.GRID_WORKER)
    before = planner.get(f"/{plan}/problems")["problems"]
    assert {problem["severity"] for problem in before} == {"I"}
    planner.draw(plan, kind="rename", zone=key(world["west00"]), name="West")
    after = planner.get(f"/{plan}/problems")["problems"]
    in_the_way = [problem for problem in after if problem["severity"] in "EW"]
    assert {zone for problem in in_the_way for zone in problem["zones"]} == {key(world["west00"])}
    marks = [problem["mark"] for problem in in_the_way]
    planner.call("put", f"/{plan}/reasons", marks=marks, text="All of them are parks.")
    assert planner.call("post", f"/{plan}/steps", step="submit")["status"] == "submitted"
