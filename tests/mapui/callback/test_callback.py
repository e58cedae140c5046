"""The page where a case is rated: by a signed link, once, in time, and without an account."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest
from django.test import Client
from django.utils import timezone

from incidents.models import Incident, Rating
from incidents.services.ratings import link_for
from incidents.workflow import Action, Actor, State
from mapui.callback.views import RATE

_addresses = count(1)


@pytest.fixture
def client():
    """A telephone that nobody has seen before."""
    n = next(_addresses)
    return Client(REMOTE_ADDR=f"10.9.{n // 250}.{n % 250 + 1}", headers={"Accept-Language": "zh-CN"})


@pytest.fixture
def case(world):
    return world.bring(State.RESOLVED)


@pytest.fixture
def link(case):
    return link_for(case)


def resolved_days_ago(world, days):
    """Return a case that was resolved then."""
    at = timezone.now() - timedelta(days=days)
    case = world.case(received_at=at, observed_at=at, sent_at=at)
    world.act(case.pk, Action.SELF_HANDLE, Actor.REPORTER, at=at)
    return Incident.objects.get(pk=case.pk)


def test_the_page_says_what_it_is_about_and_nothing_of_anybody(client, case, link):
    page = client.get(link)
    text = page.content.decode()
    assert page.status_code == 200
    for word in (case.number, case.matter.name_zh, "Unit", "已清运"):
        assert word in text
    for secret in (case.text, "王", "worker", "colleague", str(case.report_id)):
        assert secret not in text
    assert text.count('type="radio"') == 5
    assert "<script" not in text
    assert case.matter.name_en in client.get(link + "?language=en").content.decode()


def test_nobody_keeps_the_page_or_learns_the_link(client, link):
    headers = client.get(link).headers
    assert "no-store" in headers["Cache-Control"]
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Robots-Tag"].startswith("noindex")
    assert "script-src 'self'" in headers["Content-Security-Policy"]


def test_a_rating_is_stored_once(client, case, link):
    answer = client.post(link, {"do": "rate", "score": "5", "comment": "很快，谢谢"})
    assert (answer.status_code, answer.headers["Location"]) == (303, link)
    rating = Rating.objects.get()
    assert (rating.incident, rating.cycle, rating.score, rating.comment) == (case, 1, 5, "很快，谢谢")
    event = case.events.latest("seq")
    assert (event.action, event.actor, event.details["as"], event.to_state) == (
        Action.RATE,
        None,
        Actor.REPORTER,
        State.RESOLVED,
    )
    page = client.get(link)
    assert 'type="radio"' not in page.content.decode()
    again = client.post(link, {"do": "rate", "score": "1"})
    assert again.status_code == 409
    assert Rating.objects.get().score == 5


def test_a_form_of_the_phone_needs_no_cookie(case, link):
    """The page sends no referrer, and the browser then no origin: the link alone is the right."""
    client = Client(enforce_csrf_checks=True, REMOTE_ADDR="10.8.0.1", headers={"Origin": "null"})
    assert client.post(link, {"do": "rate", "score": "3"}).status_code == 303
    assert not client.cookies


@pytest.mark.parametrize("score", ["", "0", "6", "-1", "5.0", "五", "55", "x" * 1000])
def test_a_score_that_is_none_is_told_so(client, link, score):
    answer = client.post(link, {"do": "rate", "score": score, "comment": "保留"})
    assert answer.status_code == 422
    assert "保留" in answer.content.decode()
    assert not Rating.objects.exists()


def test_a_comment_too_long_is_told_so(client, link):
    assert client.post(link, {"do": "rate", "score": "5", "comment": "长" * 501}).status_code == 422
    assert not Rating.objects.exists()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token: token[:-1],
        lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"),
        lambda token: "x",
        lambda token: token.split(":")[0],
        lambda token: "WzEsMV0:" + token.split(":")[1],
        lambda token: "%00",
    ],
)
def test_a_forged_link_opens_nothing(client, world, case, link, spoil):
    world.case()
    token = spoil(link.split("/")[2])
    forged = f"/rate/{token}/"
    if forged == link:
        pytest.skip("that one is the true link")
    page = client.get(forged)
    assert page.status_code == 404
    assert case.number not in page.content.decode()
    assert client.post(forged, {"do": "rate", "score": "1"}).status_code == 404
    assert client.get(forged + "qr.svg").status_code == 404
    assert not Rating.objects.exists()


def test_the_link_is_good_for_fourteen_days_from_the_resolution(client, world):
    late, soon = resolved_days_ago(world, 14.01), resolved_days_ago(world, 13.99)
    page = client.get(link_for(late)).content.decode()
    assert 'type="radio"' not in page
    assert "<form" not in page
    for what in ({"do": "rate", "score": "5"}, {"do": "reopen", "reason": "没修好"}):
        assert client.post(link_for(late), what).status_code == 409
    late.refresh_from_db()
    assert late.state == State.RESOLVED
    assert client.post(link_for(soon), {"do": "rate", "score": "5"}).status_code == 303
    assert Rating.objects.get().incident == soon


def test_there_is_no_link_before_the_resolution(world):
    assert link_for(world.bring(State.IN_PROGRESS)) is None


def test_not_solved_reopens_the_case_and_uses_up_the_link(client, world, case, link):
    assert client.post(link, {"do": "reopen", "reason": "又堆满了"}).status_code == 303
    case.refresh_from_db()
    assert (case.state, case.cycle) == (State.REOPENED, 2)
    event = case.events.latest("seq")
    assert (event.note, event.details["as"], event.actor) == ("又堆满了", Actor.REPORTER, None)
    assert "<form" not in client.get(link).content.decode()
    for what in ({"do": "rate", "score": "5"}, {"do": "reopen", "reason": "再来"}):
        assert client.post(link, what).status_code == 409
    # Once it is resolved again there is a link of its own; the first one stays used up.
    for action, actor in (
        (Action.ASSIGN, Actor.GRID_LEAD),
        (Action.TAKE, Actor.ASSIGNEE),
        (Action.RESOLVE, Actor.ASSIGNEE),
    ):
        world.act(case.pk, action, actor)
    case.refresh_from_db()
    assert link_for(case) != link
    assert client.post(link, {"do": "rate", "score": "1"}).status_code == 409
    assert client.post(link_for(case), {"do": "rate", "score": "4"}).status_code == 303
    assert list(Rating.objects.values_list("cycle", "score")) == [(2, 4)]


def test_who_rated_before_he_says_that_it_is_not_solved_reads_that_it_is_taken_up_again(client, link):
    client.post(link, {"do": "rate", "score": "2"})
    assert "案件正在重新办理" not in client.get(link).content.decode()
    answer = client.post(link, {"do": "reopen", "reason": "又堆满了"}, follow=True).content.decode()
    assert "感谢您的评价" in answer
    assert "案件正在重新办理" in answer
    assert "<form" not in answer


def test_not_solved_after_closing_asks_who_leads_once(client, world):
    case = world.bring(State.CLOSED)
    link = link_for(case)
    assert client.post(link, {"do": "reopen", "reason": "又堆满了"}).status_code == 303
    case.refresh_from_db()
    assert (case.state, case.events.latest("seq").action) == (State.CLOSED, Action.REQUEST_REOPEN)
    assert client.post(link, {"do": "reopen", "reason": "快点"}).status_code == 409
    assert client.post(link, {"do": "rate", "score": "2"}).status_code == 303


def test_not_solved_needs_a_reason(client, case, link):
    assert client.post(link, {"do": "reopen", "reason": "  "}).status_code == 422
    case.refresh_from_db()
    assert case.state == State.RESOLVED


def test_a_flood_from_one_address_is_stopped_and_others_are_not(link):
    flood = Client(REMOTE_ADDR="10.7.0.1")
    many = int(RATE.split("/")[0])
    answers = [flood.get("/rate/x/").status_code for _ in range(many + 1)]
    assert (set(answers[:-1]), answers[-1]) == ({404}, 429)
    assert flood.post(link, {"do": "rate", "score": "1"}).status_code == 429
    assert Client(REMOTE_ADDR="10.7.0.2").get(link).status_code == 200


def test_the_code_is_a_drawing(client, link):
    code = client.get(link + "qr.svg")
    assert (code.status_code, code.headers["Content-Type"]) == (200, "image/svg+xml")
    assert b"<svg" in code.content
    assert b"<script" not in code.content
