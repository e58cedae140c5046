from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from gis_grids.errors import BadInput, Conflict, NotYet, Refused
from incidents.models import Attachment, Incident, Matter
from incidents.workflow import Action, Actor, State
from tests.incidents.world import PATHS

REPORTER, LEAD = Actor.REPORTER, Actor.GRID_LEAD


@pytest.fixture
def photo_matter(world):
    Matter.objects.filter(code="rubbish").update(needs_photo=True)


def picture(case, purpose=Attachment.Purpose.RESULT, *, is_complete=True):
    return Attachment.objects.create(
        id=uuid4(),
        incident=case,
        origin=case,
        purpose=purpose,
        name="photo.jpg",
        media_type="image/jpeg",
        size=3,
        received=3 if is_complete else 0,
        sha256=b"0" * 32,
        declared_at=timezone.now(),
        completed_at=timezone.now() if is_complete else None,
        sender=case.reporter,
    )


def closed(world, days: float) -> Incident:
    """Return a case that was resolved and closed so many days ago."""
    at = timezone.now() - timedelta(days=days, hours=1)
    case = world.case(received_at=at, observed_at=at, sent_at=at)
    for n, (action, actor) in enumerate(PATHS[State.CLOSED], start=1):
        world.act(case.pk, action, actor, at=at + timedelta(minutes=n))
    return case


@pytest.mark.parametrize(
    ("state", "action", "actor"),
    [(State.IN_PROGRESS, Action.RESOLVE, Actor.ASSIGNEE), (State.REPORTED, Action.SELF_HANDLE, REPORTER)],
)
def test_a_result_that_needs_a_photo_has_a_complete_one(world, photo_matter, state, action, actor):
    case = world.bring(state)
    picture(case, Attachment.Purpose.REPORT)
    with pytest.raises(BadInput) as error:
        world.act(case.pk, action, actor)
    assert error.value.code == "photo.needed"
    result = picture(case, is_complete=False)
    with pytest.raises(NotYet) as error:
        world.act(case.pk, action, actor)
    assert error.value.code == "photo.on_its_way"
    Attachment.objects.filter(pk=result.pk).update(received=3, completed_at=timezone.now())
    world.act(case.pk, action, actor)


def test_a_rating_is_stored_once_for_each_cycle(world):
    case = world.bring(State.RESOLVED)
    done = world.act(case.pk, Action.RATE, REPORTER, score=4, note="很快")
    rating = case.ratings.get()
    assert (rating.cycle, rating.score, rating.comment) == (1, 4, "很快")
    assert rating.at == case.events.get(seq=done.position).at
    with pytest.raises(Conflict) as error:
        world.act(case.pk, Action.RATE, REPORTER)
    assert error.value.code == "rating.once"
    world.act(case.pk, Action.REOPEN, REPORTER)
    for action, actor in PATHS[State.RESOLVED]:
        world.act(case.pk, action, actor)
    world.act(case.pk, Action.RATE, REPORTER, score=1)
    assert list(case.ratings.order_by("cycle").values_list("cycle", "score")) == [(1, 4), (2, 1)]


def test_a_rating_has_its_range_and_its_window(world):
    case = world.bring(State.RESOLVED)
    for score in (-1, 6):
        with pytest.raises(BadInput) as error:
            world.act(case.pk, Action.RATE, REPORTER, score=score)
        assert error.value.code == "rating.score"
    with pytest.raises(BadInput):
        world.act(case.pk, Action.RATE, REPORTER, note="好" * 501)
    with pytest.raises(Refused) as late:
        world.act(closed(world, 15).pk, Action.RATE, REPORTER)
    assert late.value.code == "rating.too_late"
    world.act(closed(world, 13).pk, Action.RATE, REPORTER)


def test_reopening_is_asked_for_and_done_within_the_same_window(world):
    old, recent = closed(world, 15), closed(world, 13)
    for action, actor in ((Action.REQUEST_REOPEN, REPORTER), (Action.REOPEN, LEAD)):
        with pytest.raises(Refused) as error:
            world.act(old.pk, action, actor)
        assert error.value.code == "reopen.too_late"
        world.act(recent.pk, action, actor)
    world.act(old.pk, Action.FOLLOW_UP, REPORTER)


def test_a_reopened_case_begins_anew_with_time_of_its_own(world):
    case = closed(world, 1)
    Incident.objects.filter(pk=case.pk).update(escalated_to="street")
    world.act(case.pk, Action.REOPEN, LEAD)
    case.refresh_from_db()
    cycle = case.cycles.get(number=2)
    assert (case.state, case.cycle, case.escalated_to, case.assignee) == (State.REOPENED, 2, "", None)
    assert cycle.opened_at == case.state_since
    assert set(cycle.clocks().values()) == {None}
    assert cycle.next_check_at == cycle.feedback_warn_at
    assert case.cycles.get(number=1).next_check_at is None


@pytest.mark.parametrize(
    "state", [State.CLOSED, State.REJECTED, State.CANCELLED, State.VOID, State.DUPLICATE, State.RESOLVED]
)
def test_what_is_done_is_not_looked_at_again(world, state):
    assert world.bring(state).cycles.get().next_check_at is None
