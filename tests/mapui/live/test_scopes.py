"""Snapshot + events = fresh snapshot, for any scope and grants, whatever is done with the cases."""

from __future__ import annotations

import json
import random
from datetime import timedelta

import pytest
from django.utils import timezone

from gis_grids.errors import LingeError
from gis_grids.levels import Level
from incidents.models import Incident, Matter, MatterGrant
from incidents.selectors import feed_position
from incidents.services import report_incident
from incidents.workflow import ENDED, TABLE, Action, Actor, Need, State
from mapui.live import frames
from mapui.live.listener import Audience
from mapui.live.reading import read, take_snapshot
from tests.factories import inside
from tests.incidents.world import make_world, prepare

pytestmark = pytest.mark.django_db
SEEDS = range(6)
STEPS = 60
#: What changes who may see a case comes often.
OFTEN = [Action.MOVE, Action.RECATEGORISE, Action.MERGE, Action.UNMERGE, Action.SPLIT] * 4


class Screen:
    """A listener that lives on the frames of the hub alone."""

    def __init__(self, audience):
        self.audience = audience
        snapshot = fresh(audience)
        self.position, self.cards = snapshot["position"], by_id(snapshot)

    def catch_up(self):
        reading = read(self.position, 5000, {self.audience, Audience(reporter=0)})
        if not reading.news:
            return
        news = reading.news[self.audience].after(self.position)
        if news.rows:
            text = frames.Printer(reading.cards).events(self.position, reading.position, news)
            self.apply(json.loads(text))
        self.position = reading.position

    def apply(self, frame):
        assert not {card["id"] for card in frame["cards"]} & set(frame["gone"])
        for card in frame["cards"]:
            self.cards[card["id"]] = card | {"parent": None}
            if card["state"] in ENDED and self.audience.reporter is None:
                del self.cards[card["id"]]
        for incident in frame["gone"]:
            self.cards.pop(incident, None)


def fresh(audience):
    [text] = take_snapshot(audience, packed=False).frames
    return json.loads(text)


def by_id(snapshot):
    """Return the cards, but for whose part a case is: when the whole is merged, its parts have no event."""
    return {card["id"]: card | {"parent": None} for card in snapshot["cards"]}


def audiences(world, chance, private):
    units = [unit.pk for level in world.town.units.values() for unit in level]
    for _ in range(6):
        roots = frozenset(chance.sample(units, chance.randint(1, 2)))
        grants = frozenset(
            (chance.choice(private), chance.choice(units)) for _ in range(chance.randint(0, 3))
        )
        yield Audience(roots=roots, grants=grants)
    city = world.town.units[Level.CITY][0].pk
    yield Audience(roots=frozenset({city}))
    yield Audience(roots=frozenset({city}), grants=frozenset((code, city) for code in private))
    for person in (world.worker, world.colleague, world.stranger):
        yield Audience(reporter=person.pk)


def report(world, chance, matters):
    lon, lat = inside(chance.choice(world.town.units[Level.RESIDENT_GROUP]))
    person = chance.choice([world.worker, world.worker, world.colleague])
    said = world.report(lon=lon, lat=lat, matter=chance.choice(matters), reporter=person.pk)
    report_incident(report=said)


def act(world, chance, matters):
    """Do something that the table allows with some case; what the service refuses is not done."""
    case = chance.choice(list(Incident.objects.order_by("pk")))
    rows = [row for row in TABLE if State(case.state) in row.sources and row.actors - {Actor.SYSTEM}]
    row = chance.choice([*rows, *(row for row in rows for action in OFTEN if row.action is action)])
    others = Incident.objects.exclude(pk=case.pk).exclude(state__in=ENDED).order_by("pk")
    told = {
        Need.UNIT: {"unit_id": chance.choice(world.town.units[Level.RESIDENT_GROUP]).pk},
        Need.MATTER: {"matter": chance.choice(matters)},
        Need.MASTER: {"master_id": chance.choice(list(others)).pk} if others else {},
    }
    prepare(case, row.action)
    actor = chance.choice(sorted(row.actors - {Actor.SYSTEM}))
    answers = {name: value for need in row.needs for name, value in told.get(need, {}).items()}
    world.act(case.pk, row.action, actor, **answers)


def let_all_see(world, private):
    """Those who act on cases may do so with private ones too."""
    term = (timezone.now() - timedelta(days=1), timezone.now() + timedelta(days=1))
    common = {"unit": world.town.units[Level.CITY][0], "granted_by": world.head, "term": term}
    for person in (world.lead, world.operator, world.office, world.head, world.colleague):
        for code in private:
            MatterGrant.objects.create(matter_code=code, holder=person, **common)


def happen(world, chance, matters):
    """Have something reported or done; returns whether it was."""
    try:
        (report if chance.random() < 0.2 else act)(world, chance, matters)
    except LingeError:
        return False
    return True


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_is_done_every_screen_shows_what_it_would_show_afresh(seed):
    chance, world = random.Random(seed), make_world()
    Matter.objects.filter(code="noise").update(is_private=True)
    private = list(Matter.objects.filter(is_private=True).order_by("code").values_list("code", flat=True))
    matters = ["rubbish", "rubbish", "noise", *private]
    let_all_see(world, private)
    for _ in range(5):
        report(world, chance, matters)
    screens = [Screen(audience) for audience in audiences(world, chance, private)]
    done = 0
    for _ in range(STEPS):
        done += happen(world, chance, matters)
        for screen in chance.sample(screens, len(screens) // 2):
            screen.catch_up()
    assert done > STEPS / 4
    for screen in screens:
        screen.catch_up()
        snapshot = fresh(screen.audience)
        assert screen.position == snapshot["position"] == feed_position()
        assert screen.cards == by_id(snapshot), screen.audience
