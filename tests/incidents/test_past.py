"""What was is read back exactly: the past of every moment is what a snapshot showed then."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from django.utils import timezone

from gis_grids.levels import Level
from incidents.models import Matter
from incidents.selectors import wall_snapshot
from incidents.selectors.past import cases_at, events_between, reported_on_day_until
from incidents.services import escalate
from incidents.workflow import ENDED, Action, Actor, State
from tests.incidents.world import PATHS, make_world, prepare

pytestmark = pytest.mark.django_db

PAGE = 7


@pytest.fixture
def world():
    return make_world()


def root(world):
    return world.town.units[Level.CITY][0].pk


def then(world, at, roots=None, grants=()):
    """All pages of what was open at a moment, by the ids."""
    found, after = {}, 0
    while after is not None:
        page = cases_at(roots or [root(world)], grants, at, after=after, limit=PAGE)
        assert len(page.cards) <= PAGE
        found |= {card.id: card for card in page.cards}
        after = page.after
    return found


def between(world, since, until, roots=None):
    events, after = [], None
    while True:
        page = events_between(roots or [root(world)], (), since, until, after=after, limit=PAGE)
        events += page.events
        if (after := page.after) is None:
            return events


def known(card):
    """The card without what no event tells (see `incidents.selectors.past`)."""
    moved = {f"{name}_warn_at": None for name in ("feedback", "handling", "resolve")}
    return replace(card, parent=None, outside_m=None, **moved)


class Diary:
    """Writes down what a wall shows after everything that is done."""

    def __init__(self, world):
        self.world = world
        self.pages = []

    def write(self):
        shown = wall_snapshot([root(self.world)])
        self.pages.append((timezone.now(), {card.id: card for card in shown.cards}))

    def do(self, case, action, actor, **told):
        prepare(case, action)
        self.world.act(case.pk, action, actor, **told)
        self.write()


@pytest.fixture
def diary(world):
    """Cases in every state, then with all that moves deadlines, matters, priorities, units and cycles."""
    diary = Diary(world)
    for state in PATHS:
        world.bring(state)
        diary.write()
    case = world.case()
    for action, actor in (
        (Action.ACCEPT, Actor.OPERATOR),
        (Action.RECATEGORISE, Actor.OPERATOR),
        (Action.PRIORITISE, Actor.OPERATOR),
        (Action.ASSIGN, Actor.GRID_LEAD),
        (Action.TAKE, Actor.ASSIGNEE),
        (Action.ASK, Actor.ASSIGNEE),
        (Action.ANSWER, Actor.REPORTER),
        (Action.MOVE, Actor.OPERATOR),
        (Action.RESOLVE, Actor.OPERATOR),
        (Action.REOPEN, Actor.OPERATOR),
    ):
        diary.do(case, action, actor)
    return diary


def test_the_past_of_every_moment_is_what_the_wall_showed(world, diary):
    for at, shown in diary.pages:
        past = then(world, at)
        assert past.keys() == shown.keys()
        for number, card in past.items():
            assert known(card) == known(replace(shown[number], is_late=card.is_late))


def test_from_one_moment_the_events_lead_to_the_next(world, diary):
    """What a replay does: the cards of the start, then each event's card in its turn."""
    for (since, shown), (until, after) in pairwise(diary.pages):
        cards = dict(shown)
        for event in between(world, since, until):
            cards[event.incident] = event.card
        left = {number: card for number, card in cards.items() if card and card.state not in ENDED}
        assert {number: known(card) for number, card in left.items()} == {
            number: known(replace(card, is_late=left[number].is_late)) for number, card in after.items()
        }


def test_escalations_of_the_running_cycle_count_and_lateness_is_that_of_the_moment(world):
    case = world.case()
    reported = timezone.now()
    late = reported + timedelta(days=20)
    assert escalate(incident_id=case.pk, now=late)
    case.refresh_from_db()
    before, after = then(world, reported)[case.pk], then(world, late)[case.pk]
    assert (before.escalated_to, before.is_late) == ("", False)
    assert (after.escalated_to, after.is_late) == (case.escalated_to, True)


def test_a_case_that_moved_away_is_seen_until_then_and_told_as_gone(world):
    case = world.case()
    [far] = [world.town.units[Level.STREET][1]]
    near = world.town.units[Level.STREET][0].pk
    before = timezone.now()
    leaf = world.town.units[Level.RESIDENT_GROUP][-1]
    world.act(case.pk, Action.MOVE, Actor.OPERATOR, unit_id=leaf.pk)
    now = timezone.now()
    assert case.pk in then(world, before, [near])
    assert case.pk not in then(world, now, [near])
    assert case.pk in then(world, now, [far.pk])
    assert [(event.action, event.card) for event in between(world, before, now, [near])] == [("move", None)]


def test_a_private_matter_stays_private_in_the_past(world):
    open_case, city = world.case(), root(world)
    before = timezone.now()
    Matter.objects.filter(code="noise").update(is_private=True)
    private = world.case(matter="noise")
    world.act(open_case.pk, Action.ACCEPT, Actor.OPERATOR)
    world.act(open_case.pk, Action.RECATEGORISE, Actor.OPERATOR, matter="noise")
    now = timezone.now()
    assert then(world, now).keys() == then(world, before).keys() == set()
    assert between(world, before - timedelta(hours=1), now) == []
    seen = then(world, now, grants={("noise", city)})
    assert seen.keys() == {open_case.pk, private.pk}
    assert then(world, before, grants={("noise", city)}).keys() == {open_case.pk}


def test_what_was_reported_on_the_day_is_counted_until_the_moment(world):
    world.case()
    between_them = timezone.now()
    world.bring(State.VOID)
    world.case()
    assert reported_on_day_until([root(world)], (), between_them) == 1
    assert reported_on_day_until([root(world)], (), timezone.now()) == 2
