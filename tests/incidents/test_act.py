from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone, translation

from gis_grids.errors import BadInput, Conflict, NotFound, Refused, Stale
from gis_grids.levels import Level, PostKind
from incidents.models import Incident, IncidentEvent
from incidents.selectors import feed_position
from incidents.services import act
from incidents.workflow import CONSEQUENCES, TABLE, Action, Actor, Clock, Need, State, target_of
from tests.factories import UserFactory, post
from tests.incidents.world import PATHS, prepare


@pytest.mark.parametrize("state", State)
def test_every_row_of_the_table_moves_the_case_and_its_clocks(world, state):
    case = world.bring(state)
    if case.assignee_id is None:
        Incident.objects.filter(pk=case.pk).update(assignee=world.colleague)
    rows = [row for row in TABLE if state in row.sources]
    assert rows
    for row in rows:
        for actor in sorted(row.actors):
            with transaction.atomic():
                check_row(world, Incident.objects.get(pk=case.pk), row, actor)
                transaction.set_rollback(True)


def check_row(world, case, row, actor):
    state = State(case.state)
    prepare(case, row.action)
    before = case.cycles.get(number=case.cycle).clocks()

    done = world.act(case.pk, row.action, actor)

    case.refresh_from_db()
    assert case.state == done.state == target_of(row, state, State.IN_PROGRESS), (row.action, actor)
    event = IncidentEvent.objects.get(incident=case, incident_version=case.version)
    assert (event.action, event.from_state, event.to_state) == (row.action, state, case.state)
    assert event.details["as"] == actor
    assert event.seq == done.position
    assert feed_position() == IncidentEvent.objects.count()
    after = case.cycles.get(number=case.cycle).clocks()
    if row.action is Action.REOPEN:
        assert case.cycle == 2
        assert set(after.values()) == {None}
        assert case.cycles.get(number=1).clocks() == before
    else:
        expected = before | {clock: event.at for clock in row.clocks if before[clock] is None}
        assert after == expected, (row.action, actor)


@pytest.mark.parametrize("state", State)
def test_what_is_not_in_the_table_is_not_possible(world, state):
    case = world.bring(state)
    possible = {row.action for row in TABLE if state in row.sources}
    assert possible.isdisjoint(CONSEQUENCES)
    for action in set(Action) - possible:
        with pytest.raises(Conflict) as error:
            world.act(case.pk, action, Actor.OPERATOR)
        assert error.value.code == "action.not_possible"
    case.refresh_from_db()
    assert (case.state, case.events.count()) == (state, case.version)


@pytest.mark.parametrize("row", [row for row in TABLE if row.needs], ids=lambda row: row.action)
def test_an_action_says_what_it_still_needs(world, row):
    case = world.bring(min(row.sources))
    actor = min(row.actors - {Actor.ASSIGNEE}, default=Actor.ASSIGNEE)
    if actor is Actor.ASSIGNEE:
        Incident.objects.filter(pk=case.pk).update(assignee=world.colleague)
    nothing = {"note": "", "date": None, "assignee_id": None, "master_id": None, "item": "", "parts": ()}
    nothing |= {"matter": "", "priority": "", "unit_id": None, "step": None, "score": None}
    with pytest.raises(BadInput) as error:
        world.act(case.pk, row.action, actor, **nothing)
    assert error.value.code == "action.needs"
    assert error.value.details["needs"] == [need.value for need in Need if need in row.needs]
    assert feed_position() == IncidentEvent.objects.count()


def test_handled_on_the_spot_stops_all_three_clocks(world):
    case = world.case()
    world.act(case.pk, Action.SELF_HANDLE, Actor.REPORTER)
    cycle = case.cycles.get()
    assert cycle.first_feedback_at == cycle.first_handling_at == cycle.resolved_at is not None
    assert cycle.closed_at is None


def test_an_answer_leads_back_to_where_the_question_came_from(world):
    for state, asker in ((State.ACCEPTED, Actor.GRID_LEAD), (State.IN_PROGRESS, Actor.ASSIGNEE)):
        case = world.bring(state)
        world.act(case.pk, Action.ASK, asker)
        world.act(case.pk, Action.GIVE_FEEDBACK, Actor.OPERATOR)
        world.act(case.pk, Action.ANSWER, Actor.REPORTER)
        case.refresh_from_db()
        assert (case.state, case.state_before) == (state, "")


def test_feedback_stays_where_it_is_and_counts_once(world):
    case = world.case()
    world.act(case.pk, Action.GIVE_FEEDBACK, Actor.OPERATOR)
    first = case.cycles.get().first_feedback_at
    world.act(case.pk, Action.GIVE_FEEDBACK, Actor.OPERATOR)
    case.refresh_from_db()
    assert (case.state, case.version) == (State.REPORTED, 3)
    assert case.cycles.get().first_feedback_at == first is not None


def test_a_newer_version_is_told_with_who_and_what(world):
    case = world.case()
    world.act(case.pk, Action.ACCEPT, Actor.GRID_LEAD)
    with translation.override("en"), pytest.raises(Stale, match="now: Accepted") as error:
        world.act(case.pk, Action.ACCEPT, Actor.OPERATOR, expected_version=1)
    details = error.value.details
    assert (details["as"], details["action"], details["state"], details["version"]) == (
        "grid_lead",
        "accept",
        "accepted",
        2,
    )
    assert case.events.count() == 2


def test_a_command_sent_twice_is_carried_out_once(world):
    case, command = world.case(), uuid4()
    first = world.act(case.pk, Action.ACCEPT, Actor.GRID_LEAD, command_id=command, note="好的")
    again = world.act(
        case.pk, Action.ACCEPT, Actor.GRID_LEAD, command_id=command, note="好的", expected_version=1
    )
    assert again == replace(first, is_repeat=True)
    assert case.events.count() == 2
    for change in ({"note": "别的"}, {"actor": world.operator}, {"action": Action.CLOSE}):
        said = {"action": Action.ACCEPT, "actor": world.lead, "note": "好的"} | change
        with pytest.raises(Conflict) as error:
            act(incident_id=case.pk, expected_version=1, command_id=command, **said)
        assert error.value.code == "command.other_content"


def test_who_may_not_know_of_the_case_hears_that_there_is_none(world):
    case = world.case()
    for incident_id in (case.pk, case.pk + 1, 2**70):
        with pytest.raises(NotFound) as error:
            act(incident_id=incident_id, action=Action.ACCEPT, actor=world.stranger, expected_version=1)
        assert error.value.code == "incident.not_found"
    world.operator.is_active = False
    with pytest.raises(NotFound):
        act(incident_id=case.pk, action=Action.ACCEPT, actor=world.operator, expected_version=1)


def test_who_sees_the_case_but_has_no_say_is_refused(world):
    case = world.case()
    for user in (world.worker, world.colleague, world.office):
        with pytest.raises(Refused) as error:
            act(incident_id=case.pk, action=Action.ACCEPT, actor=user, expected_version=1)
        assert error.value.code == "action.not_yours"


def test_a_community_clerk_is_not_the_street_office(world):
    clerk = UserFactory()
    post(clerk, world.town.units[Level.COMMUNITY][0], PostKind.OFFICE_CLERK)
    case = world.bring(State.ADMISSION_REVIEW)
    with pytest.raises(Refused):
        world.act(case.pk, Action.ADMIT, Actor.STREET_OFFICE, actor=clerk)


def test_only_people_of_the_chain_can_be_assigned(world):
    case = world.case()
    planner = UserFactory()
    post(planner, world.town.units[Level.DISTRICT][0], PostKind.PLANNER)
    for user_id in (world.stranger.pk, planner.pk, 10**9):
        with pytest.raises(BadInput) as error:
            world.act(case.pk, Action.ASSIGN, Actor.GRID_LEAD, assignee_id=user_id)
        assert error.value.code == "assignee.not_here"


@pytest.mark.parametrize("date", ["2026-02-31", "2020-01-01", "3000-01-01", "not a date"])
def test_a_case_is_scheduled_for_a_day_to_come(world, date):
    case = world.bring(State.ASSIGNED)
    with pytest.raises(BadInput) as error:
        world.act(case.pk, Action.SCHEDULE, Actor.ASSIGNEE, date=date)
    assert error.value.code == "action.date"


def test_reopening_ends_with_its_window(world):
    long_ago = timezone.now() - timedelta(days=40)
    case = world.case(received_at=long_ago, observed_at=long_ago, sent_at=long_ago)
    for n, (action, actor) in enumerate(PATHS[State.CLOSED], start=1):
        world.act(case.pk, action, actor, at=long_ago + timedelta(hours=n))
    with pytest.raises(Refused) as error:
        world.act(case.pk, Action.REOPEN, Actor.GRID_LEAD)
    assert error.value.code == "reopen.too_late"
    world.act(case.pk, Action.REOPEN, Actor.GRID_LEAD, at=long_ago + timedelta(days=14))
    case.refresh_from_db()
    assert (case.state, case.cycle, case.assignee) == (State.REOPENED, 2, None)


def test_history_can_not_run_backwards(world):
    case = world.case()
    with pytest.raises(BadInput) as error:
        world.act(case.pk, Action.ACCEPT, Actor.OPERATOR, at=case.received_at - timedelta(seconds=1))
    assert error.value.code == "action.at"


def test_a_clock_of_ours_that_lags_never_moves_a_case_back(world, monkeypatch):
    case = world.bring(State.IN_PROGRESS)
    begun = case.cycles.get().first_handling_at
    monkeypatch.setattr("incidents.services.actions.timezone.now", lambda: begun - timedelta(hours=1))
    world.act(case.pk, Action.RESOLVE, Actor.ASSIGNEE)
    assert case.cycles.get().resolved_at == begun


def test_an_automatic_assignment_is_no_feedback(world):
    case = world.case()
    world.act(case.pk, Action.ASSIGN, Actor.SYSTEM)
    assert case.cycles.get().clocks()[Clock.FEEDBACK] is None


def test_what_happens_beside_the_work_makes_no_decision_stale(world):
    case = world.bring(State.ACCEPTED)
    seen = case.version
    world.act(case.pk, Action.ADD_NOTE, Actor.STREET_OFFICE)
    world.act(case.pk, Action.ESCALATE, Actor.SYSTEM)
    done = world.act(case.pk, Action.ASSIGN, Actor.GRID_LEAD, expected_version=seen)
    assert done.version == seen + 3
    assert world.act(case.pk, Action.REMIND, Actor.OPERATOR, expected_version=1).version == seen + 4
    for expected in (seen + 2, seen + 5, 99):
        with pytest.raises(Stale) as error:
            world.act(case.pk, Action.TAKE, Actor.ASSIGNEE, expected_version=expected)
        assert (error.value.details["action"], error.value.details["version"]) == ("assign", seen + 4)


def test_what_the_system_adds_is_in_the_event_and_hides_nothing_that_was_told(world):
    case = world.case()
    world.act(case.pk, Action.ESCALATE, Actor.SYSTEM, extra={"clock": "feedback", "as": "reporter"})
    assert case.events.latest("seq").details == {"clock": "feedback", "as": "system"}
