"""Commanding over HTTP: what each role is answered, and that numbers are all that is told."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.utils import timezone

from gis_grids.levels import Level, PostKind
from households.models import AccessRecord, Household, HouseholdUnit
from incidents.models import Announcement, Emergency
from incidents.services.announcements import note_reading
from incidents.services.emergencies import end_emergency, give_order
from tests.factories import OPEN, UserFactory, inside, post
from tests.households.making import household
from tests.incidents.world import make_world

SCREENS = {
    PostKind.GRID_LEADER,
    PostKind.AREA_HEAD,
    PostKind.COMMAND_OPERATOR,
    PostKind.PLANNER,
    PostKind.OFFICE_CLERK,
}
COMMANDERS = {PostKind.COMMAND_OPERATOR, PostKind.OFFICE_CLERK}


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def ring(world):
    x, y = inside(world.town.leaf)
    return [[x - 1e-4, y - 1e-4], [x + 1e-4, y - 1e-4], [x + 1e-4, y + 1e-4], [x - 1e-4, y + 1e-4]]


@pytest.fixture
def ask(client):
    """Return a function that asks as somebody: the status and what is answered."""

    def call(user, method, path, **content):
        client.force_login(user)
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
        answer = getattr(client, method)(
            f"/api/wall/{path}", json.dumps(content) if content else None, content_type="application/json"
        )
        return answer.status_code, answer.json() if answer.content else None

    return call


def calls(ring, emergency, broadcast):
    return (
        ("post", "areas", {"ring": ring}, 200),
        ("put", f"emergencies/{uuid4()}", {"ring": ring, "reason": "火灾", "order": "撤"}, 200),
        ("put", f"emergencies/{emergency}/orders/{uuid4()}", {"order": "回报"}, 200),
        ("put", f"broadcasts/{uuid4()}", {"ring": ring, "text": "注意"}, 200),
        ("post", f"broadcasts/{broadcast}/end", {}, 204),
        ("post", f"emergencies/{emergency}/end", {}, 204),
    )


@pytest.mark.parametrize("kind", [None, *PostKind])
def test_who_may(world, ring, ask, kind):
    _status, made = ask(world.operator, "put", f"emergencies/{uuid4()}", ring=ring, reason="火灾")
    _status, sent = ask(world.operator, "put", f"broadcasts/{uuid4()}", ring=ring, text="注意")
    user = UserFactory()
    if kind:
        post(user, world.town.units[Level.STREET][0], kind)
    before = Emergency.objects.count(), Announcement.objects.count()
    for method, path, content, done in calls(ring, made["id"], sent["id"]):
        status, _answer = ask(user, method, path, **content)
        assert status == (done if kind in COMMANDERS else 403), path
    if kind not in COMMANDERS:
        assert (Emergency.objects.count(), Announcement.objects.count()) == before
        assert Emergency.objects.get().term.upper is None
        assert Announcement.objects.get().until > timezone.now()


def test_the_same_post_elsewhere_is_refused(world, ring, ask):
    _status, made = ask(world.operator, "put", f"emergencies/{uuid4()}", ring=ring, reason="火灾")
    _status, sent = ask(world.operator, "put", f"broadcasts/{uuid4()}", ring=ring, text="注意")
    user = UserFactory()
    post(user, world.town.units[Level.STREET][1], PostKind.COMMAND_OPERATOR)
    answers = [
        ask(user, method, path, **content)[0]
        for method, path, content, _done in calls(ring, made["id"], sent["id"])
    ]
    assert answers == [422, 422, 403, 422, 403, 403]


def test_an_area_is_told_in_numbers_alone(world, ring, ask):
    home = household(inside(world.town.leaf), householder="张三丰", phone="13812341234", size=3)
    status, shown = ask(world.operator, "post", "areas", ring=ring)
    assert status == 200
    assert (shown["households"], shown["residents"], shown["needs"], shown["people"]) == (1, 3, None, 3)
    assert {each["kind"]: (each["posts"], each["on_duty"]) for each in shown["posts"]} == {
        "grid_leader": (1, 0),
        "grid_worker": (2, 0),
    }
    assert shown["unit"]["id"] == world.town.leaf.pk
    assert shown["area"]["type"] == "MultiPolygon"
    people = (home.householder, home.phone, world.lead.last_name)
    assert not any(name in json.dumps(shown, ensure_ascii=False) for name in people)
    assert Household.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ({"ring": [[1, 1], [2, 2]]}, "area.too_few_points"),
        ({"ring": [[0, 0], [1, 1], [1, 0], [0, 1]]}, "area.crosses_itself"),
        ({"ring": [[0, 0], [1, 0], [1, 1]]}, "area.elsewhere"),
        ({"ring": [[0, 95], [1, 0], [1, 1]]}, "point.out_of_range"),
        ({"ring": [[0, 0]] * 2002}, "message.bad_field"),
        ({"ring": "all"}, "message.bad_field"),
        ({"ring": [[0, 0], [1, 0], [1, 1]], "reason": "x"}, "message.unknown_field"),
    ],
)
def test_what_is_no_area_is_said(world, ask, content, code):
    status, answer = ask(world.operator, "post", "areas", **content)
    assert (status, answer["code"]) == (422, code)
    assert answer["message"]


def test_the_same_call_again_is_answered_alike(world, ring, ask):
    path = f"emergencies/{uuid4()}"
    first = ask(world.operator, "put", path, ring=ring, reason="火灾", order="撤")
    assert first == ask(world.operator, "put", path, ring=ring, reason="火灾", order="撤")
    assert first[1]["people"] == 3
    assert ask(world.operator, "put", path, ring=ring, reason="别的")[0] == 409
    assert ask(world.operator, "put", f"broadcasts/{uuid4()}", ring=ring, text="x", hours=73)[0] == 422


def test_posts_to_give_a_case_to_are_on_the_map(world, ask):
    case = world.case()
    status, spots = ask(world.operator, "get", f"cases/{case.pk}/posts")
    assert status == 200
    assert {spot["user_id"] for spot in spots} >= {world.worker.pk, world.colleague.pk}
    assert all("name" not in spot and -180 <= spot["lon"] <= 180 for spot in spots)
    assert ask(world.stranger, "get", f"cases/{case.pk}/posts")[0] == 404
    planner = UserFactory()
    post(planner, world.town.units[Level.DISTRICT][0], PostKind.PLANNER)
    assert ask(planner, "get", f"cases/{case.pk}/posts") == (200, [])


# --- pages ------------------------------------------------------------------------------------------


@pytest.fixture
def emergency(world, ring, ask):
    order = "立即疏散三号楼"
    _status, made = ask(
        world.operator, "put", f"emergencies/{uuid4()}", ring=ring, reason="燃气泄漏", order=order
    )
    return made["id"]


def page(client, user, path, **form):
    client.force_login(user)
    return client.post(path, form) if form else client.get(path, headers={"accept-language": "en"})


def test_the_situation_report_says_what_is_and_what_was_done(world, emergency, client):
    household(inside(world.town.leaf), size=3)
    case = world.case()
    order = Announcement.objects.get()
    note_reading(reader=world.worker, announcement_id=order.pk, at=timezone.now())
    text = page(client, world.operator, f"/wall/emergencies/{emergency}/").content.decode()
    for words in (
        "燃气泄漏",
        "立即疏散三号楼",
        "Acknowledged by 1 of 3 people",
        case.number,
        "王worker",
        "Order sent",
    ):
        assert words in text
    assert text.index("Order sent") < text.index("王worker")  # hundreds of names come last
    give_order(actor=world.operator, emergency_id=emergency, order="集合", call_id=uuid4())
    end_emergency(actor=world.office, emergency_id=emergency)
    text = page(client, world.operator, f"/wall/emergencies/{emergency}/").content.decode()
    assert "王office" in text
    ended = text[text.index("Ended") :]  # each order for itself: the same people got both
    assert ended.index("Acknowledged by 1 of 3 people") < ended.index("Acknowledged by 0 of 3 people")
    for other in (world.stranger, world.worker):
        assert page(client, other, f"/wall/emergencies/{emergency}/").status_code in {403, 404}


def test_who_commands_nothing_reads_no_names_in_it(world, emergency, client):
    lead = UserFactory(last_name="李", first_name="四")
    post(lead, world.town.units[Level.STREET][0], PostKind.GRID_LEADER)
    text = page(client, lead, f"/wall/emergencies/{emergency}/").content.decode()
    assert "王*" in text
    assert "王worker" not in text


def test_households_are_named_for_the_office_for_a_reason_and_on_record(world, emergency, client):
    home = household(inside(world.town.leaf), householder="张三丰", phone="13812341234")
    HouseholdUnit.objects.create(household=home, unit=world.town.leaf, source="geometry", valid=OPEN)
    path = f"/wall/emergencies/{emergency}/households/"
    for user in (world.operator, world.office):
        text = page(client, user, path).content.decode()
        assert "张*" in text
        assert "张三丰" not in text
    refused = page(client, world.office, path, reason=" ")
    assert refused.status_code == 422
    assert AccessRecord.objects.count() == 0
    assert "张三丰" in page(client, world.office, path, reason="疏散").content.decode()
    assert "张三丰" not in page(client, world.operator, path, reason="疏散").content.decode()
    assert [(record.reader, record.households) for record in AccessRecord.objects.order_by("pk")] == [
        (world.office, 1),
        (world.operator, 0),
    ]
    assert page(client, world.stranger, path).status_code == 404
    assert page(client, world.stranger, path, reason="疏散").status_code == 404
    assert AccessRecord.objects.count() == 2
