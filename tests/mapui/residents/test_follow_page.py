"""The page behind the private link, and what the office sees of who reported."""

from __future__ import annotations

import pytest

from households.models import AccessRecord
from incidents.models import Incident
from incidents.selectors.follow import FOLLOW_WINDOW, follow_path
from incidents.workflow import Action, Actor, State

pytestmark = pytest.mark.django_db
ASSIGN, TAKE = (Action.ASSIGN, Actor.GRID_LEAD), (Action.TAKE, Actor.ASSIGNEE)


def bring(world, *steps, **changes):
    case = world.case(reporter=None, **changes)
    for action, actor in steps:
        world.act(case.pk, action, actor)
    case.refresh_from_db()
    return case


def test_the_page_tells_how_it_stands_and_no_name(client, world):
    case = bring(world, ASSIGN, TAKE)
    text = client.get(follow_path(case.pk)).content.decode()
    for word in (case.number, case.matter.name_zh, case.text, "正在处理", "网格员"):
        assert word in text
    for secret in ("王", "colleague", "worker", str(case.report_id)):
        assert secret not in text
    assert "It is being worked on" in client.get(follow_path(case.pk) + "?language=en").content.decode()


@pytest.mark.parametrize("state", [state for state in State if state is not State.REOPENED])
def test_every_state_has_its_words(client, world, state):
    from mapui.residents.words import STANDS  # noqa: PLC0415

    assert str(STANDS[state].title)
    case = bring(world)
    Incident.objects.filter(pk=case.pk).update(
        state=State.REPORTED if state in {State.DUPLICATE, State.SCHEDULED, State.ON_HOLD} else state
    )
    assert client.get(follow_path(case.pk)).status_code == 200


def test_a_question_is_answered_once(client, world):
    case = bring(world, ASSIGN, TAKE, (Action.ASK, Actor.ASSIGNEE))
    link = follow_path(case.pk)
    assert "请补充说明" in client.get(link).content.decode()
    assert client.post(link, {"do": "answer", "text": " "}).status_code == 422
    assert client.post(link, {"do": "answer", "text": "长" * 1001}).status_code == 422
    assert client.post(link, {"do": "answer", "text": "在北门"}).status_code == 303
    case.refresh_from_db()
    assert case.state == State.IN_PROGRESS
    assert client.post(link, {"do": "answer", "text": "在北门"}).status_code == 409
    assert "<form" not in client.get(link).content.decode()


def test_done_it_leads_to_the_page_where_it_is_rated_or_reopened(client, world):
    case = bring(world, ASSIGN, TAKE, (Action.RESOLVE, Actor.ASSIGNEE))
    text = client.get(follow_path(case.pk)).content.decode()
    path = text.split('href="/rate/')[1].split('"')[0]
    assert client.post(f"/rate/{path}", {"do": "rate", "score": "5"}).status_code == 303
    assert client.post(f"/rate/{path}", {"do": "reopen", "reason": "又满了"}).status_code == 303
    case.refresh_from_db()
    assert case.state == State.REOPENED


def test_refused_it_can_be_objected_to(client, world):
    case = bring(world, (Action.REVIEW, Actor.GRID_LEAD), (Action.REJECT, Actor.STREET_OFFICE))
    link = follow_path(case.pk)
    assert client.post(link, {"do": "object", "text": "就是社区的事"}).status_code == 303
    assert client.post(link, {"do": "object", "text": "就是社区的事"}).status_code in {303, 409}
    assert case.events.filter(action=Action.REQUEST_REOPEN).exists()


@pytest.mark.parametrize(
    "spoil", [lambda t: t[:-1], lambda t: t.split(":")[0], lambda t: "x", lambda t: "%00"]
)
def test_a_forged_link_opens_nothing(client, world, spoil):
    case = bring(world)
    forged = f"/report/follow/{spoil(follow_path(case.pk).split('/')[-2])}/"
    page = client.get(forged)
    assert page.status_code == 404
    assert case.number not in page.content.decode()
    assert client.post(forged, {"do": "answer", "text": "x"}).status_code == 404
    assert client.get(forged + "qr.svg").status_code == 404


def test_the_link_is_over_in_time(client, world):
    case = bring(world, (Action.REVIEW, Actor.GRID_LEAD), (Action.REJECT, Actor.STREET_OFFICE))
    Incident.objects.filter(pk=case.pk).update(state_since=case.state_since - FOLLOW_WINDOW * 1.01)
    assert client.get(follow_path(case.pk)).status_code == 404


def test_the_code_is_a_drawing(client, world):
    code = client.get(follow_path(bring(world).pk) + "qr.svg")
    assert (code.status_code, code.headers["Content-Type"]) == (200, "image/svg+xml")


# --- the office ---------------------------------------------------------------------------------------


def test_the_office_sees_who_reported_and_the_number_only_for_a_reason(client, world):
    client = client.__class__()
    case = bring(world, phone="13812341234")
    client.force_login(world.lead)
    page = client.get(f"/office/cases/{case.number}/").content.decode()
    assert "居民（无账号）" in page
    assert "138****1234" in page
    assert "13812341234" not in page
    address = f"/office/cases/{case.number}/contact/"
    assert "13812341234" not in client.get(address).content.decode()
    assert client.post(address, {"reason": " "}).status_code == 422
    assert not AccessRecord.objects.exists()
    assert "13812341234" in client.post(address, {"reason": "回电核实"}).content.decode()
    assert AccessRecord.objects.get().reader == world.lead
    client.force_login(world.stranger)
    assert client.post(address, {"reason": "好奇"}).status_code == 404
    for listed in ("/office/cases/", "/office/cases/export/csv/"):
        client.force_login(world.lead)
        body = client.get(listed).content.decode()
        assert "居民" in body
        assert "13812341234" not in body
