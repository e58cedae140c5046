from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from incidents.models import Incident
from incidents.services import move_on, timeouts
from incidents.workflow import ON_TIMEOUT, STATE_LIMITS, Action, Actor, State

#: Where each state leads when its time is over, by hand.
AFTER = {
    State.NEED_INFO: State.IN_PROGRESS,
    State.ADMISSION_REVIEW: State.DISTRICT_REVIEW,
    State.DISTRICT_REVIEW: State.ACCEPTED,
    State.EXTERNAL: State.IN_PROGRESS,
    State.RESOLVED: State.CLOSED,
    State.ON_HOLD: State.IN_PROGRESS,
}


def test_every_state_with_a_limit_is_here():
    assert AFTER.keys() == ON_TIMEOUT.keys()


@pytest.mark.parametrize("state", STATE_LIMITS)
def test_what_stayed_too_long_is_moved_on_and_what_is_fresh_is_not(world, state):
    old, fresh = world.bring(state), world.bring(state)
    limit, now = STATE_LIMITS[state], timezone.now()
    Incident.objects.filter(pk=old.pk).update(state_since=now - limit - timedelta(seconds=1))
    Incident.objects.filter(pk=fresh.pk).update(state_since=now - limit + timedelta(hours=1))
    assert [done.incident_id for done in move_on()] == [old.pk]
    old.refresh_from_db()
    fresh.refresh_from_db()
    assert (old.state, fresh.state) == (AFTER[state], state)
    event = old.events.latest("seq")
    assert (event.action, event.actor, event.details["as"]) == (ON_TIMEOUT[state], None, Actor.SYSTEM)
    assert move_on() == []


def test_what_is_on_hold_goes_on_on_its_day(world):
    case = world.bring(State.ON_HOLD)
    midnight = datetime.combine(case.held_until, time.min, timezone.get_default_timezone())
    assert move_on(now=midnight - timedelta(seconds=1)) == []
    assert [done.state for done in move_on(now=midnight)] == [AFTER[State.ON_HOLD]]
    case.refresh_from_db()
    assert (case.held_until, case.assignee) == (None, world.colleague)


def test_what_somebody_else_moved_meanwhile_is_left_to_him(world, monkeypatch):
    case, other = world.bring(State.EXTERNAL), world.bring(State.EXTERNAL)
    late = timezone.now() - STATE_LIMITS[State.EXTERNAL] - timedelta(seconds=1)
    Incident.objects.filter(pk__in=(case.pk, other.pk)).update(state_since=late)

    def slower(**arguments):
        if arguments["incident_id"] == case.pk:
            world.act(case.pk, Action.RESOLVE, Actor.OPERATOR)
        return act(**arguments)

    act = timeouts.act
    monkeypatch.setattr(timeouts, "act", slower)
    assert [done.incident_id for done in move_on()] == [other.pk]
    case.refresh_from_db()
    assert case.state == State.RESOLVED
