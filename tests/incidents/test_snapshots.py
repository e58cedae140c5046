"""Snapshot + events = fresh state, for the report and for every action of the table."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from gis_grids.levels import Level
from incidents.models import Incident, IncidentCycle, Matter, MatterGrant
from incidents.selectors import (
    cards,
    feed_after,
    feed_position,
    figures,
    reporter_snapshot,
    snapshots,
    wall_snapshot,
)
from incidents.services import report_incident
from incidents.workflow import ENDED, TABLE, Action, Actor, State
from tests.factories import OPEN, UserFactory, inside, post
from tests.incidents.world import make_world, prepare


class Wall:
    """A listener: takes a snapshot once and from then on lives on events alone."""

    def __init__(self, root, grants=()):
        self.root, self.grants = root, frozenset(grants)
        self.position, rows, self.figures, _last = wall_snapshot([root], self.grants)
        self.cards = {row.id: row for row in rows}

    def sees(self, event):
        opened = not event.private or any((event.private, unit) in self.grants for unit in event.ancestors)
        return self.root in event.ancestors and opened

    def saw(self, event):
        return self.root in (event.was_in or event.ancestors) and bool(event.was_in or event.was_open)

    def catch_up(self, limit=2):
        while True:
            batch = feed_after(self.position, limit)
            if not batch.events:
                return
            for event in batch.events:
                if self.saw(event) and not self.sees(event):
                    self.cards.pop(event.incident_id, None)
            mine = {event.incident_id for event in batch.events if self.sees(event)}
            for card in cards(mine, chains_known=batch.chains).values():
                self.cards[card.id] = card
                if card.state in ENDED:
                    del self.cards[card.id]
            self.position = batch.position

    def assert_fresh(self):
        self.catch_up()
        position, rows, *_rest = wall_snapshot([self.root], self.grants)
        assert self.position == position
        assert self.cards == {row.id: row for row in rows}


def test_a_report_appears(world):
    wall = Wall(world.town.units[Level.CITY][0].pk)
    elsewhere = Wall(world.town.units[Level.STREET][1].pk)
    case = world.case()
    wall.assert_fresh()
    elsewhere.assert_fresh()
    assert wall.cards.keys() == {case.pk}
    assert elsewhere.cards == {}
    assert elsewhere.position == wall.position == feed_position()


@pytest.mark.parametrize("state", sorted({min(row.sources) for row in TABLE}))
def test_every_action_leads_to_the_fresh_state(world, state):
    case = world.bring(state)
    for row in [row for row in TABLE if min(row.sources) == state]:
        with transaction.atomic():
            check_action(world, case, row)
            transaction.set_rollback(True)


def check_action(world, case, row):
    prepare(case, row.action)
    wall = Wall(world.town.units[Level.DISTRICT][0].pk)
    own = {card.id: card for card in reporter_snapshot(world.worker.pk).cards}
    before = wall.position
    world.act(case.pk, row.action, min(row.actors - {Actor.ASSIGNEE} or row.actors))
    wall.assert_fresh()
    assert wall.position > before, row.action
    own |= cards({event.incident_id for event in feed_after(before, 100).events})
    assert own == {card.id: card for card in reporter_snapshot(world.worker.pk).cards}, row.action


def test_a_card_shows_the_case_without_a_person(world):
    case = world.bring(State.IN_PROGRESS)
    card = cards([case.pk, 10**9])[case.pk]
    assert (card.number, card.version, card.matter, card.state) == (
        case.number,
        3,
        "rubbish",
        "in_progress",
    )
    assert (card.lon, card.lat, card.unit) == (case.place.x, case.place.y, world.town.leaf.pk)
    assert card.unit_name == world.town.leaf.versions.get().name
    cycle = case.cycles.get()
    assert card.first_handling_at == cycle.first_handling_at
    assert card.resolve_due_at == cycle.resolve_due_at
    assert not card.is_late
    assert cards([]) == {}


def test_a_card_is_late_when_any_running_clock_is_over(world):
    case = world.case()
    cycle = case.cycles.get()
    for due, late in ((cycle.feedback_due_at, False), (cycle.feedback_due_at + timedelta(seconds=1), True)):
        assert cards([case.pk], due)[case.pk].is_late is late
    world.act(case.pk, Action.GIVE_FEEDBACK, Actor.OPERATOR)
    assert not cards([case.pk], cycle.handling_due_at)[case.pk].is_late
    assert cards([case.pk], cycle.handling_due_at + timedelta(seconds=1))[case.pk].is_late
    world.act(case.pk, Action.SELF_HANDLE, Actor.OPERATOR)
    assert not cards([case.pk], cycle.resolve_due_at + timedelta(days=9))[case.pk].is_late


def test_a_reopened_case_runs_against_new_deadlines(world):
    case = world.bring(State.REOPENED)
    card = cards([case.pk])[case.pk]
    case.refresh_from_db()
    assert card.first_feedback_at is card.resolved_at is None
    assert card.opened_at == case.cycles.get(number=2).opened_at > card.received_at
    assert card.feedback_due_at == case.cycles.get(number=2).feedback_due_at > case.state_since


def test_the_reads_do_not_grow_with_the_cases(world):
    for _ in range(3):
        world.case()
    root = world.town.units[Level.CITY][0].pk
    with CaptureQueriesContext(connection) as few:
        wall_snapshot([root])
    for _ in range(10):
        world.case()
    with CaptureQueriesContext(connection) as many:
        _position, rows, *_rest = wall_snapshot([root])
    assert len(rows) == 13
    assert len(many) == len(few)


def test_the_figures_count_a_scope_s_day(world, settings):
    settings.TIME_ZONE = "Asia/Shanghai"
    noon = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
    root = world.town.units[Level.DISTRICT][0].pk

    def case(minutes_before_noon, seen_before_s, **changes):
        received = noon - timedelta(minutes=minutes_before_noon)
        seen = received - timedelta(seconds=seen_before_s)
        return world.case(**({"received_at": received, "observed_at": seen, "sent_at": received} | changes))

    first, second = case(180, 10), case(100, 20)
    off = case(5, 3, sent_at=noon - timedelta(days=400), observed_at=noon - timedelta(days=401))
    yesterday = case(13 * 60, 5)
    case(14 * 60, 5)
    lon, lat = inside(world.town.units[Level.STREET][1])
    case(2, 40, lon=lon, lat=lat)
    world.act(first.pk, Action.GIVE_FEEDBACK, Actor.OPERATOR, at=first.received_at + timedelta(seconds=60))
    world.act(second.pk, Action.SELF_HANDLE, Actor.OPERATOR, at=second.received_at + timedelta(seconds=120))
    world.act(yesterday.pk, Action.CANCEL, Actor.REPORTER, at=noon)

    all_of_it = figures([root], now=noon)
    assert (all_of_it.today, all_of_it.open) == (4, 5)
    # Late: `first` (handling) and the open one of yesterday; `second` has stopped all its clocks.
    assert all_of_it.late == 2
    assert all_of_it.collection_s == 20
    assert all_of_it.feedback_s == pytest.approx(90)
    assert all_of_it.handling_s == pytest.approx(120)
    east = figures([world.town.units[Level.STREET][1].pk], now=noon)
    assert (east.today, east.open, east.late, east.collection_s) == (1, 1, 0, 40)
    assert (east.feedback_s, east.handling_s) == (None, None)
    assert off.clock_skew_s > 300


def test_figures_of_nothing_are_empty(world):
    empty = figures([])
    assert (empty.today, empty.open, empty.late) == (0, 0, 0)
    assert empty.collection_s is empty.feedback_s is empty.handling_s is None


def test_a_reporter_gets_his_own_in_all_states(world):
    own = [world.case(), world.bring(State.CLOSED), world.bring(State.CANCELLED)]
    stranger = world.report(reporter=world.colleague.pk)
    report_incident(report=stranger)
    position, rows, none, _last = reporter_snapshot(world.worker.pk)
    assert [row.id for row in rows] == [case.pk for case in reversed(own)]
    assert (position, none) == (feed_position(), None)
    assert reporter_snapshot(UserFactory(password="x").pk).cards == []


def test_a_snapshot_is_of_one_moment(transactional_db, monkeypatch):
    """What is committed between two reads of a snapshot is in none of them, and comes as an event."""
    world = make_world()
    world.case()
    root = world.town.units[Level.CITY][0].pk

    def report_meanwhile():
        position = feed_position()
        with ThreadPoolExecutor(1) as pool:
            pool.submit(_report, world).result(30)
        return position

    monkeypatch.setattr(snapshots, "feed_position", report_meanwhile)
    snapshot = wall_snapshot([root])
    assert (snapshot.position, len(snapshot.cards), snapshot.figures.open) == (1, 1, 1)
    assert [event.seq for event in feed_after(snapshot.position, 10).events] == [2]
    assert not connection.in_atomic_block
    assert Incident.objects.count() == IncidentCycle.objects.count() == 2


def _report(world):
    try:
        world.case()
    finally:
        connection.close()


def test_a_replayed_event_does_no_harm(world):
    wall = Wall(world.town.units[Level.CITY][0].pk)
    case = world.case()
    world.act(case.pk, Action.ACCEPT, Actor.OPERATOR)
    wall.catch_up()
    wall.position = 0
    wall.assert_fresh()
    assert wall.cards[case.pk].version == 2


class TestPrivateMatters:
    """Cases of private matters are on a wall only where a grant opens them, and in its figures as well."""

    @pytest.fixture
    def roots(self, world):
        return world.town.units[Level.DISTRICT][0].pk

    @pytest.fixture
    def case(self, world):
        Matter.objects.filter(code="noise").update(is_private=True)
        world.case()
        return world.case(matter="noise")

    def grants(self, world, level, n=0, code="noise"):
        return {(code, world.town.units[level][n].pk)}

    @pytest.mark.parametrize("level", list(Level))
    def test_with_a_grant_at_the_unit_or_above(self, world, roots, case, level):
        snapshot = wall_snapshot([roots], self.grants(world, level))
        assert case.pk in {card.id for card in snapshot.cards}
        assert (snapshot.figures.today, snapshot.figures.open) == (2, 2)

    def test_without_a_grant_or_with_one_of_elsewhere_or_for_another_matter(self, world, roots, case):
        for grants in (
            set(),
            self.grants(world, Level.RESIDENT_GROUP, 1),
            self.grants(world, Level.STREET, 1),
            self.grants(world, Level.CITY, code="rubbish"),
        ):
            snapshot = wall_snapshot([roots], grants)
            assert case.pk not in {card.id for card in snapshot.cards}
            assert (snapshot.figures.today, snapshot.figures.open) == (1, 1)
            assert figures([roots], grants).open == 1

    def test_a_grant_opens_nothing_outside_of_the_scope(self, world, case):
        elsewhere = world.town.units[Level.STREET][1].pk
        assert wall_snapshot([elsewhere], self.grants(world, Level.CITY)).cards == []
        assert figures([elsewhere], self.grants(world, Level.CITY)).open == 0

    def test_the_reporter_follows_his_own_without_a_grant(self, world, case):
        assert case.pk in {card.id for card in reporter_snapshot(world.worker.pk).cards}

    def test_a_wall_lives_on_events_with_and_without_a_grant(self, world, roots):
        open_wall, plain = Wall(roots, self.grants(world, Level.DISTRICT)), Wall(roots)
        Matter.objects.filter(code="noise").update(is_private=True)
        case = world.case(matter="noise")
        self.granted(world)
        world.act(case.pk, Action.ACCEPT, Actor.GRID_LEAD)
        for wall in (open_wall, plain):
            wall.assert_fresh()
        assert (open_wall.cards.keys(), plain.cards.keys()) == ({case.pk}, set())

    def granted(self, world):
        MatterGrant.objects.create(
            matter_code="noise", unit=world.town.leaf, holder=world.lead, granted_by=world.head, term=OPEN
        )

    def test_what_becomes_private_goes_and_what_becomes_public_comes(self, world, roots):
        Matter.objects.filter(code="noise").update(is_private=True)
        self.granted(world)
        case = world.case()
        open_wall, plain = Wall(roots, self.grants(world, Level.DISTRICT)), Wall(roots)
        for matter, shown in (("noise", set()), ("rubbish", {case.pk})):
            world.act(case.pk, Action.RECATEGORISE, Actor.GRID_LEAD, matter=matter)
            for wall in (open_wall, plain):
                wall.assert_fresh()
            assert (open_wall.cards.keys(), plain.cards.keys()) == ({case.pk}, shown)


def test_a_case_moved_away_goes_from_the_old_wall_and_comes_to_the_new(world):
    case = world.case()
    old, new = (Wall(unit.pk) for unit in world.town.units[Level.RESIDENT_GROUP][:2])
    both = Wall(world.town.units[Level.BUILDING_GROUP][0].pk)
    world.act(case.pk, Action.MOVE, Actor.GRID_LEAD)
    for wall, shown in ((old, set()), (new, {case.pk}), (both, {case.pk})):
        wall.assert_fresh()
        assert wall.cards.keys() == shown
    world.act(case.pk, Action.MOVE, Actor.GRID_LEAD, unit_id=world.town.leaf.pk)
    world.act(case.pk, Action.MOVE, Actor.GRID_LEAD)
    for wall in (old, new, both):
        wall.assert_fresh()


class Phone:
    """Somebody's phone: his own reports, and then events alone."""

    def __init__(self, user):
        self.user = user.pk
        self.position, rows, *_none = reporter_snapshot(self.user)
        self.cards = {row.id: row for row in rows}

    def assert_fresh(self):
        batch = feed_after(self.position, 1000)
        for event in batch.events:
            if self.user in event.were_reporters:
                self.cards.pop(event.incident_id, None)
        mine = {event.incident_id for event in batch.events if self.user in event.reporters}
        self.cards |= cards(mine, chains_known=batch.chains)
        self.position = batch.position
        _position, rows, *_none = reporter_snapshot(self.user)
        assert self.cards == {row.id: row for row in rows}


def test_phones_follow_merges_of_merges_and_their_ends(world):
    first, second = (UserFactory(password="x") for _ in range(2))
    for one in (first, second):
        post(one, world.town.units[Level.STREET][1])
    master, middle, last = (world.case(reporter=who.pk) for who in (world.worker, first, second))
    phones = [Phone(who) for who in (world.worker, first, second)]

    def merged(case, into):
        world.act(case.pk, Action.MERGE, Actor.GRID_LEAD, master_id=into.pk)
        for phone in phones:
            phone.assert_fresh()

    merged(last, middle)
    assert phones[2].cards.keys() == {last.pk, middle.pk}
    merged(middle, master)
    assert [phone.cards.keys() for phone in phones] == [
        {master.pk},
        {middle.pk, master.pk},
        {last.pk, master.pk},
    ]
    world.act(master.pk, Action.ACCEPT, Actor.GRID_LEAD)
    for phone in phones:
        phone.assert_fresh()
        assert phone.cards[master.pk].state == State.ACCEPTED
    for case in (middle, last):
        world.act(case.pk, Action.UNMERGE, Actor.GRID_LEAD)
        for phone in phones:
            phone.assert_fresh()
    assert master.pk not in phones[1].cards.keys() | phones[2].cards.keys()


def test_void_reports_and_duplicates_are_no_figures(world):
    root = world.town.units[Level.CITY][0].pk
    world.bring(State.VOID)
    duplicate = world.bring(State.DUPLICATE)
    assert Incident.objects.count() == 3
    row = figures([root])
    assert (row.today, row.open) == (1, 1)
    assert duplicate.merged_into.pk in {card.id for card in wall_snapshot([root]).cards}
