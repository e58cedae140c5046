"""The feed under concurrency: real connections, real commits."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from gis_grids.levels import Level
from incidents import hooks
from incidents.models import FeedCounter, Incident, IncidentEvent, Matter, MatterGrant
from incidents.selectors import cards, feed_after, feed_position
from incidents.services import act, report_incident, report_incidents
from incidents.workflow import Action, Actor
from tests.factories import OPEN
from tests.incidents.world import make_world

WRITERS, COMMITS = 8, 200


@pytest.fixture
def lasting_world(transactional_db):
    return make_world()


def in_thread(work, *arguments):
    """Run the work with a connection of its own, given back at the end."""
    try:
        return work(*arguments)
    finally:
        connection.close()


class Reader(threading.Thread):
    """Asks for everything after its position, all the time, until it has what it waits for."""

    def __init__(self, until):
        super().__init__()
        self.until, self.seen, self.polls = until, [], 0
        self.moved = threading.Condition()

    def run(self):
        try:
            position = 0
            while position < self.until and self.polls < 100_000:
                batch = feed_after(position, 100)
                position = batch.position
                self.polls += 1
                with self.moved:
                    self.seen += batch.events
                    self.moved.notify_all()
        finally:
            connection.close()

    def has(self, count, timeout=30):
        with self.moved:
            return self.moved.wait_for(lambda: len(self.seen) >= count, timeout)

    def polled(self, times, timeout=30):
        goal = self.polls + times
        with self.moved:
            return self.moved.wait_for(lambda: self.polls >= goal, timeout)


def test_a_transaction_held_open_hides_nothing_that_comes_after(lasting_world):
    world = lasting_world
    reader = Reader(until=4)
    took_its_number, let_go = threading.Event(), threading.Event()

    def hold_open():
        with transaction.atomic():
            done = report_incident(report=world.report())
            took_its_number.set()
            assert let_go.wait(30)
        return done.position

    with ThreadPoolExecutor(4) as pool:
        first = report_incident(report=world.report())
        reader.start()
        assert reader.has(1)
        held = pool.submit(in_thread, hold_open)
        assert took_its_number.wait(30)
        later = [pool.submit(in_thread, lambda: report_incident(report=world.report())) for _ in range(2)]
        assert reader.polled(20)
        assert [event.seq for event in reader.seen] == [1]
        assert not any(each.done() for each in later)
        let_go.set()
        positions = {first.position, held.result(30), *(each.result(30).position for each in later)}
        reader.join(30)
    assert held.result() == 2
    assert positions == {1, 2, 3, 4}
    assert [event.seq for event in reader.seen] == [1, 2, 3, 4]


def test_a_number_that_is_not_committed_is_given_again(lasting_world):
    report = lasting_world.report()
    with transaction.atomic():
        assert report_incident(report=report).position == 1
        transaction.set_rollback(True)
    assert (feed_position(), feed_after(0, 10).events) == (0, [])
    assert report_incident(report=report).position == 1


def test_eight_writers_and_a_reader_lose_nothing(lasting_world):
    world = lasting_world
    total = WRITERS * COMMITS
    reader = Reader(until=total)
    reader.start()

    def write():
        case = report_incident(report=world.report())
        for version in range(1, COMMITS):
            act(
                incident_id=case.incident_id,
                action=Action.GIVE_FEEDBACK,
                actor=world.operator,
                expected_version=version,
                note="收到",
            )

    with ThreadPoolExecutor(WRITERS) as pool:
        for each in [pool.submit(in_thread, write) for _ in range(WRITERS)]:
            each.result(300)
    reader.join(60)
    assert [event.seq for event in reader.seen] == list(range(1, total + 1))
    assert feed_position() == IncidentEvent.objects.count() == total


def test_the_same_report_from_several_at_once_is_stored_once(lasting_world):
    world = lasting_world
    reports = [world.report() for _ in range(20)]
    together = threading.Barrier(6)

    def send(turn):
        together.wait(30)
        batch = reports if turn % 2 else list(reversed(reports))
        return report_incidents(reports=batch)

    with ThreadPoolExecutor(6) as pool:
        answers = [each.result(60) for each in [pool.submit(in_thread, send, n) for n in range(6)]]
    assert Incident.objects.count() == IncidentEvent.objects.count() == feed_position() == 20
    flat = [answer for batch in answers for answer in batch]
    assert len({(answer.incident_id, answer.position) for answer in flat}) == 20
    assert sum(not answer.is_repeat for answer in flat) == 20


def test_two_contents_under_one_id_at_once_leave_one_and_one_conflict(lasting_world):
    report = lasting_world.report()
    together = threading.Barrier(2)

    def send(text):
        together.wait(30)
        [answer] = report_incidents(reports=[replace(report, text=text)])
        return answer

    with ThreadPoolExecutor(2) as pool:
        answers = [each.result(30) for each in [pool.submit(in_thread, send, t) for t in ("一", "二")]]
    assert sorted(getattr(answer, "code", "stored") for answer in answers) == [
        "report.other_content",
        "stored",
    ]
    assert Incident.objects.count() == 1


def test_of_two_at_once_on_one_case_one_is_told_to_look_again(lasting_world):
    world = lasting_world
    case = report_incident(report=world.report())
    together = threading.Barrier(2)

    def accept(actor):
        together.wait(30)
        try:
            act(incident_id=case.incident_id, action=Action.ACCEPT, actor=actor, expected_version=1)
        except Exception as error:  # noqa: BLE001 - the test looks at it
            return error.code
        return "done"

    with ThreadPoolExecutor(2) as pool:
        people = (world.lead, world.operator)
        answers = [each.result(30) for each in [pool.submit(in_thread, accept, who) for who in people]]
    assert sorted(answers) == ["done", "incident.stale"]
    assert feed_position() == 2


def test_the_hint_comes_after_the_commit_and_harms_nothing(lasting_world, monkeypatch):
    world, heard = lasting_world, []

    def broken(position):
        raise ValueError

    monkeypatch.setattr(hooks, "on_feed_advanced", [broken, heard.append])
    with transaction.atomic():
        report_incidents(reports=[world.report(), world.report()])
        assert heard == []
    assert heard == [2]
    report = world.report()
    report_incident(report=report)
    report_incident(report=report)
    assert heard == [2, 3]


def test_the_feed_is_read_in_order_and_in_parts(world):
    reports = report_incidents(reports=[world.report() for _ in range(5)])
    first = feed_after(0, 3)
    rest = feed_after(first.position, 3)
    assert [event.seq for event in first.events + rest.events] == [1, 2, 3, 4, 5]
    assert (first.position, rest.position, feed_after(5, 3).position) == (3, 5, 5)
    event = first.events[0]
    assert event.incident_id == reports[0].incident_id
    assert event.reporters == (world.worker.pk,)
    assert (event.was_in, event.private, event.was_open, event.were_reporters) == ((), "", False, ())
    assert event.ancestors == tuple(unit.pk for unit in world.town.chain(world.town.leaf))
    assert first.chains[event.ancestors[-1]][-1].unit_id == world.town.leaf.pk


def test_the_feed_begins_without_a_counter(world):
    assert (FeedCounter.objects.count(), feed_position()) == (0, 0)
    world.case()
    assert FeedCounter.objects.get().position == 1


def test_a_move_says_where_the_case_was(world):
    case = world.case()
    leaf, other = world.town.units[Level.RESIDENT_GROUP][0], world.town.units[Level.RESIDENT_GROUP][-1]
    world.act(case.pk, Action.MOVE, Actor.OPERATOR, unit_id=other.pk)
    event = feed_after(1, 10).events[0]
    assert event.was_in == tuple(unit.pk for unit in world.town.chain(leaf))
    assert event.ancestors == tuple(unit.pk for unit in world.town.chain(other))
    # Who may see it goes by where it is now, for the earlier event as well.
    assert feed_after(0, 10).events[0].ancestors == event.ancestors


def test_a_private_matter_is_named(world):
    case = world.case()
    Matter.objects.filter(code="rubbish").update(is_private=True)
    Matter.objects.filter(code="noise").update(is_private=True)
    post_grants(world)
    world.act(case.pk, Action.RECATEGORISE, Actor.GRID_LEAD)
    report, changed = feed_after(0, 10).events
    assert (report.private, report.was_open) == ("noise", False)
    assert (changed.private, changed.was_open) == ("noise", True)


def post_grants(world):
    for code in ("rubbish", "noise"):
        MatterGrant.objects.create(
            matter_code=code, unit=world.town.leaf, holder=world.lead, granted_by=world.head, term=OPEN
        )


def test_who_reported_what_was_merged_hears_of_the_master_until_it_is_separated(world):
    master, case = world.case(), world.case(reporter=world.colleague.pk)
    both, one = (world.worker.pk, world.colleague.pk), (world.worker.pk,)
    world.act(case.pk, Action.MERGE, Actor.GRID_LEAD, master_id=master.pk)
    merged, absorbed = feed_after(2, 10).events
    assert (merged.incident_id, merged.reporters, merged.were_reporters) == (case.pk, both[1:], one)
    assert (absorbed.incident_id, absorbed.reporters, absorbed.were_reporters) == (master.pk, both, ())
    world.act(case.pk, Action.UNMERGE, Actor.GRID_LEAD)
    separated, released = feed_after(4, 10).events
    assert (separated.reporters, separated.were_reporters) == (both[1:], ())
    assert (released.reporters, released.were_reporters) == (one, both[1:])


def test_the_feed_and_the_cards_climb_the_tree_once(world):
    ids = [report.incident_id for report in report_incidents(reports=[world.report() for _ in range(3)])]
    world.act(ids[0], Action.MOVE, Actor.OPERATOR)
    world.act(ids[1], Action.MERGE, Actor.OPERATOR, master_id=ids[2])

    def count():
        with CaptureQueriesContext(connection) as queries:
            batch = feed_after(0, 1000)
            cards(ids, chains_known=batch.chains)
        return [query["sql"] for query in queries]

    few = count()
    report_incidents(reports=[world.report() for _ in range(20)])
    assert len(count()) == len(few) == 4
    assert sum("RECURSIVE" in sql for sql in few) == 1
