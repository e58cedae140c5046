"""Two who act at the same moment: real connections, one held back until the other waits for it."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection, transaction

from gis_grids.errors import Conflict, LingeError, Stale
from incidents.models import Incident, IncidentEvent
from incidents.services import Acted
from incidents.workflow import Action, Actor, State
from tests.incidents.world import make_world

LEAD = Actor.GRID_LEAD


@pytest.fixture
def lasting_world(transactional_db):
    return make_world()


def outcome(work):
    """Run the work with a connection of its own; return what came of it."""
    try:
        return work()
    except LingeError as error:
        return error
    finally:
        connection.close()


def wait_for_waiters(future) -> None:
    """Return once somebody waits for a lock that this transaction holds."""
    until = time.monotonic() + 30
    # Not pg_stat_activity: a transaction goes on seeing the sessions that it saw there first.
    waiters = (
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
    )
    with connection.cursor() as cursor:
        while time.monotonic() < until and not future.done():
            cursor.execute(waiters)
            if cursor.fetchone()[0]:
                return
    pytest.fail("nobody waited")


def at_once(first, second):
    """Do both: the second begins when the first is done and not yet committed. Return both outcomes."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            done = first()
            waiting = pool.submit(outcome, second)
            wait_for_waiters(waiting)
        return done, waiting.result(60)


def test_one_command_for_two_cases_is_carried_out_for_one(lasting_world):
    world = lasting_world
    one, other, command = world.case(), world.case(), uuid4()
    done, refused = at_once(
        lambda: world.act(one.pk, Action.ACCEPT, LEAD, command_id=command),
        lambda: world.act(other.pk, Action.ACCEPT, LEAD, command_id=command),
    )
    assert isinstance(done, Acted)
    assert isinstance(refused, Conflict)
    assert refused.code == "command.other_content"
    assert IncidentEvent.objects.filter(command_id=command).count() == 1
    other.refresh_from_db()
    assert (other.state, other.version) == (State.REPORTED, 1)


def test_the_same_split_sent_twice_at_once_makes_its_parts_once(lasting_world):
    world = lasting_world
    case, command = world.bring(State.ACCEPTED), uuid4()

    def split():
        return world.act(case.pk, Action.SPLIT, LEAD, command_id=command)

    done, again = at_once(split, split)
    assert (done.is_repeat, again.is_repeat) == (False, True)
    assert case.children.count() == 1


def test_a_part_doesn_t_come_back_while_the_whole_is_closed(lasting_world):
    world = lasting_world
    case = world.bring(State.IN_PROGRESS)
    world.act(case.pk, Action.SPLIT, LEAD)
    child = case.children.get()
    world.act(child.pk, Action.VOID, Actor.OPERATOR)
    done, refused = at_once(
        lambda: world.act(case.pk, Action.RESOLVE, LEAD),
        lambda: world.act(child.pk, Action.REOPEN, LEAD),
    )
    assert done.state is State.RESOLVED
    assert refused.code == "parent.done"


def test_the_whole_doesn_t_end_while_a_part_comes_back(lasting_world):
    world = lasting_world
    case = world.bring(State.IN_PROGRESS)
    world.act(case.pk, Action.SPLIT, LEAD)
    child = case.children.get()
    world.act(child.pk, Action.VOID, Actor.OPERATOR)
    done, refused = at_once(
        lambda: world.act(child.pk, Action.REOPEN, LEAD),
        lambda: world.act(case.pk, Action.RESOLVE, LEAD),
    )
    assert done.state is State.REOPENED
    assert refused.code == "parts.open"


def test_two_cases_are_not_merged_into_each_other(lasting_world):
    world = lasting_world
    one, other = world.case(), world.case()
    done, refused = at_once(
        lambda: world.act(one.pk, Action.MERGE, LEAD, master_id=other.pk),
        lambda: world.act(other.pk, Action.MERGE, LEAD, master_id=one.pk),
    )
    assert done.state is State.DUPLICATE
    assert isinstance(refused, Conflict)
    assert Incident.objects.filter(state=State.DUPLICATE).count() == 1


def test_what_moves_on_to_another_master_is_looked_at_again(lasting_world):
    world = lasting_world
    first, second, master = world.case(), world.case(), world.case()
    world.act(first.pk, Action.MERGE, LEAD, master_id=second.pk)
    _done, refused = at_once(
        lambda: world.act(second.pk, Action.MERGE, LEAD, master_id=master.pk),
        lambda: world.act(first.pk, Action.UNMERGE, LEAD),
    )
    assert isinstance(refused, Stale)
    first.refresh_from_db()
    assert first.merged_into == master
    world.act(first.pk, Action.UNMERGE, LEAD)


def test_of_two_ratings_at_once_one_counts(lasting_world):
    world = lasting_world
    case = world.bring(State.RESOLVED)

    def rate():
        return world.act(case.pk, Action.RATE, Actor.REPORTER)

    done, refused = at_once(rate, rate)
    assert isinstance(done, Acted)
    assert refused.code == "rating.once"
    assert case.ratings.count() == 1
