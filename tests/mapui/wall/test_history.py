"""The past over HTTP: whole, in pages, bounded, and no more of it than the viewer's units."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from gis_grids.levels import Level
from incidents.selectors import wall_snapshot
from incidents.workflow import Action, Actor, State
from mapui.wall import history
from mapui.wire import Card
from tests.incidents.world import make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def ask(world, client):
    client.force_login(world.operator)

    def get(path="", status=200, **query):
        answer = client.get(f"/api/wall/history{path}", query)
        assert answer.status_code == status, answer.content
        return answer.json()

    return get


def pages(ask, path="", **query):
    """Everything that comes in pages."""
    after, key = {}, "cards" if path else "events"
    while True:
        page = ask(path, **query, **after)
        yield from page[key]
        if page["next"] is None:
            return
        after = {"after": page["next"]}


def test_state_and_events_in_pages_lead_from_one_moment_to_the_next(world, ask, monkeypatch):
    monkeypatch.setattr(history, "PAGE", 2)
    monkeypatch.setattr(history, "CARDS", 1)
    first = [world.bring(state) for state in (State.REPORTED, State.IN_PROGRESS, State.CLOSED)]
    since = timezone.now()
    world.act(first[0].pk, Action.ACCEPT, Actor.OPERATOR)
    world.bring(State.CLOSED)
    world.case(matter="noise")
    until = timezone.now()
    cards = {card["id"]: card for card in pages(ask, "/at", at=since.isoformat())}
    assert cards.keys() == {first[0].pk, first[1].pk}
    events = list(pages(ask, **{"from": since.isoformat(), "to": until.isoformat()}))
    for event in events:
        assert Card.model_validate(event["card"]).id == event["incident"]
        cards[event["incident"]] = event["card"]
    open_now = {number: card["version"] for number, card in cards.items() if card["state"] != "closed"}
    fresh = wall_snapshot([world.town.units[Level.CITY][0].pk])
    assert open_now == {card.id: card.version for card in fresh.cards}
    assert [event["seq"] for event in events] == sorted({event["seq"] for event in events})


def test_a_span_is_bounded_and_never_reaches_into_the_future(world, ask):
    now = timezone.now()
    far = {"from": (now - timedelta(days=40)).isoformat(), "to": now.isoformat()}
    assert ask(status=422, **far)["code"] == "history.span"
    future = {"from": now.isoformat(), "to": (now + timedelta(days=400)).isoformat()}
    assert ask(**future) == {"events": [], "next": None}
    assert (
        ask("/at", at=(now + timedelta(days=400)).isoformat())["at"] < (now + timedelta(days=1)).isoformat()
    )


@pytest.mark.parametrize("after", ["x", "1-", "1-2-3", "9" * 40 + "-1", "-1-1"])
def test_a_page_that_nobody_gave_out_is_refused(world, ask, after):
    now = timezone.now().isoformat()
    ask(status=422, after=after, **{"from": now, "to": now})


def test_who_watches_another_street_sees_nothing_of_it(world):
    world.case()
    stranger = Client()
    stranger.force_login(world.stranger)
    now = timezone.now().isoformat()
    assert stranger.get("/api/wall/history/at", {"at": now}).json()["cards"] == []
    unit = world.town.leaf.pk
    for path, query in (("", {"from": now, "to": now}), ("/at", {"at": now}), ("/days", {})):
        assert stranger.get(f"/api/wall/history{path}", {"unit": unit, **query}).status_code == 404


def test_the_days_on_which_grids_changed_are_told(world, ask):
    world.case()
    found = ask("/days", unit=world.town.units[Level.COMMUNITY][0].pk)
    assert found["first"] == timezone.localdate().isoformat()
    assert found["changes"]
    assert all(change["units"] > 0 for change in found["changes"])


def test_no_person_is_in_the_past(world, ask):
    world.bring(State.IN_PROGRESS)
    now = timezone.now()
    text = str(ask("/at", at=now.isoformat())) + str(
        ask(**{"from": (now - timedelta(hours=1)).isoformat(), "to": now.isoformat()})
    )
    for person in (world.worker, world.colleague):
        assert person.username not in text
        assert person.last_name not in text
