from __future__ import annotations

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from gis_grids.errors import BadInput, Refused
from gis_grids.levels import Level
from gis_grids.models import UnitVersion
from incidents.selectors import access_incident
from incidents.workflow import Action, Actor, State
from tests.factories import LONG_AGO, UserFactory, post

LEAD, CENTRE = Actor.GRID_LEAD, Actor.OPERATOR


@pytest.fixture
def near(world):
    """A group of the same building group: who was assigned by his area still is of the chain."""
    return world.town.units[Level.RESIDENT_GROUP][1]


@pytest.fixture
def far(world):
    """A group of the other street."""
    return world.town.units[Level.RESIDENT_GROUP][-1]


def move(world, case, unit, actor=CENTRE):
    world.act(case.pk, Action.MOVE, actor, unit_id=unit.pk)
    case.refresh_from_db()


def test_the_boundary_of_the_report_stays_and_the_event_says_from_where(world, near):
    case = world.bring(State.IN_PROGRESS)
    was, version = case.unit, case.reported_version
    move(world, case, near, LEAD)
    event = case.events.latest("seq")
    assert (case.unit, case.reported_version, case.state) == (near, version, State.IN_PROGRESS)
    assert (event.unit, event.details["from_unit"], event.details["unit"]) == (near, was.pk, near.pk)
    assert case.assignee == world.colleague


def test_a_person_moves_it_within_his_area_only(world, far):
    case = world.bring(State.ACCEPTED)
    with pytest.raises(Refused) as error:
        move(world, case, far, LEAD)
    assert error.value.code == "unit.not_yours"
    move(world, case, far, CENTRE)
    assert case.unit == far


def test_a_post_that_gives_no_say_doesn_t_widen_the_area(world, far):
    post(world.lead, far)
    case = world.bring(State.ACCEPTED)
    with pytest.raises(Refused):
        move(world, case, far, LEAD)


def test_the_unit_is_another_one_in_force(world, near):
    case = world.bring(State.ACCEPTED)
    UnitVersion.objects.filter(unit=near).update(valid=DateTimeTZRange(LONG_AGO, case.received_at))
    for unit_id, code in (
        (case.unit_id, "unit.same"),
        (near.pk, "unit.not_in_force"),
        (10**9, "unit.not_in_force"),
    ):
        with pytest.raises(BadInput) as error:
            world.act(case.pk, Action.MOVE, LEAD, unit_id=unit_id)
        assert error.value.code == code


@pytest.mark.parametrize("state", [State.ASSIGNED, State.SCHEDULED, State.IN_PROGRESS])
def test_what_the_assignee_can_t_keep_is_to_be_assigned_anew(world, far, state):
    case = world.bring(state)
    move(world, case, far)
    assert (case.state, case.assignee, case.scheduled_for) == (State.ACCEPTED, None, None)
    leader = UserFactory()
    post(leader, world.town.units[Level.COMMUNITY][-1])
    world.act(case.pk, Action.ASSIGN, CENTRE, assignee_id=leader.pk)


@pytest.mark.parametrize("state", [State.NEED_INFO, State.ON_HOLD])
def test_what_waits_goes_back_to_who_leads_there(world, far, state):
    case = world.bring(state)
    move(world, case, far)
    assert (case.state, case.assignee, case.state_before) == (state, None, State.ACCEPTED)
    world.act(case.pk, Action.ANSWER if state is State.NEED_INFO else Action.RESUME, CENTRE)
    case.refresh_from_db()
    assert (case.state, case.state_before) == (State.ACCEPTED, "")


@pytest.mark.parametrize("state", [State.EXTERNAL, State.RESOLVED])
def test_what_is_with_others_or_done_keeps_its_assignee(world, far, state):
    case = world.bring(state)
    move(world, case, far)
    assert (case.state, case.assignee) == (state, world.colleague)
    assert access_incident(world.colleague, case.pk).actors == {Actor.ASSIGNEE}


def test_the_system_moves_a_case_anywhere(world, far):
    case = world.bring(State.ACCEPTED)
    move(world, case, far, Actor.SYSTEM)
    assert (case.unit, case.events.latest("seq").actor) == (far, None)
