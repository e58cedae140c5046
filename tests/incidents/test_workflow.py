"""The table by itself: no database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from incidents import workflow
from incidents.workflow import (
    CONSEQUENCES,
    ENDED,
    INTERNAL,
    ON_TIMEOUT,
    PAUSED,
    REOPEN_WINDOW,
    STATE_LIMITS,
    TABLE,
    Action,
    Actor,
    Clock,
    Need,
    State,
    Whither,
)

MOVES = {
    # incidents.md 1.3, written out by hand: from each state to each other.
    State.REPORTED: "accepted assigned duplicate admission_review cancelled resolved void",
    State.ACCEPTED: "assigned need_info duplicate admission_review on_hold void",
    State.ASSIGNED: "in_progress accepted scheduled assigned on_hold void",
    State.SCHEDULED: "in_progress accepted assigned resolved on_hold void",
    State.IN_PROGRESS: "resolved need_info scheduled external assigned on_hold void",
    State.NEED_INFO: "accepted in_progress void",
    State.EXTERNAL: "in_progress resolved void",
    State.ADMISSION_REVIEW: "assigned rejected district_review accepted void",
    State.DISTRICT_REVIEW: "assigned rejected accepted void",
    State.ON_HOLD: "accepted assigned scheduled in_progress void",
    State.RESOLVED: "closed reopened",
    State.CLOSED: "reopened",
    State.REJECTED: "reopened",
    State.CANCELLED: "reopened",
    State.VOID: "reopened",
    State.DUPLICATE: "reported",
    State.REOPENED: "assigned void",
}
WAITING = {State.NEED_INFO, State.ON_HOLD}


def targets(state: State) -> set[State]:
    before = {source for row in TABLE if row.target is state for source in row.sources}
    rows = [row for row in TABLE if state in row.sources and row.target is not Whither.STAYS]
    return {workflow.target_of(row, state, each) for row in rows for each in before or {None}}


@pytest.mark.parametrize("state", State)
def test_the_table_leads_where_the_paper_says(state):
    assert targets(state) == {State(word) for word in MOVES[state].split()}


def test_every_state_is_reached_from_the_report():
    reached, ahead = set(), {State.REPORTED}
    while ahead:
        reached |= ahead
        ahead = {target for state in ahead for target in targets(state)} - reached
    assert reached == set(State)


def test_no_two_rows_answer_for_the_same_action_state_and_actor():
    cells = [(row.action, state, actor) for row in TABLE for state in row.sources for actor in row.actors]
    assert len(cells) == len(set(cells))


def test_every_action_that_is_asked_for_has_its_row():
    assert {row.action for row in TABLE} == set(Action) - CONSEQUENCES


def test_the_ended_are_left_only_by_the_way_back():
    rows = [row for row in TABLE if row.target is not Whither.STAYS]
    ways = {(state, row.action) for row in rows for state in row.sources & ENDED}
    assert ways == {
        (State.CLOSED, Action.REOPEN),
        (State.REJECTED, Action.REOPEN),
        (State.CANCELLED, Action.REOPEN),
        (State.VOID, Action.REOPEN),
        (State.DUPLICATE, Action.UNMERGE),
    }


def test_a_reopenable_end_stops_the_clock_that_its_window_runs_from():
    reopenable = {state for row in TABLE if row.action is Action.REOPEN for state in row.sources & ENDED}
    for row in TABLE:
        if row.target in reopenable:
            assert Clock.CLOSED in row.clocks


def test_what_ends_by_itself_has_a_row_for_the_system():
    assert ON_TIMEOUT.keys() == STATE_LIMITS.keys() | {State.ON_HOLD}
    assert STATE_LIMITS.keys() >= PAUSED
    for state, action in ON_TIMEOUT.items():
        row = workflow.find(action, state, {Actor.SYSTEM})
        assert row is not None
        assert not row.needs
        assert row.clocks <= {Clock.CLOSED}


def test_a_person_s_decision_counts_as_feedback_the_system_s_and_the_reporter_s_do_not():
    for row in TABLE:
        by_others = row.actors - {Actor.SYSTEM, Actor.REPORTER}
        excused = {Action.UNMERGE, Action.ANSWER, Action.REOPEN, Action.RESUME, Action.FOLLOW_UP}
        if by_others and row.action not in excused | {Action.ATTACH} | INTERNAL:
            assert Clock.FEEDBACK in row.clocks
        if row.actors == {Actor.SYSTEM}:
            assert Clock.FEEDBACK not in row.clocks


def test_the_words_for_needs_are_told_in_order():
    row = next(row for row in TABLE if row.action is Action.REJECT)
    assert workflow.missing(row, {}) == [Need.REASON, Need.ITEM]
    assert workflow.missing(row, {Need.REASON: "no", Need.ITEM: ""}) == [Need.ITEM]
    assert workflow.missing(row, {Need.REASON: "no", Need.ITEM: "4.2"}) == []


@given(
    state=st.sampled_from(State), actors=st.frozensets(st.sampled_from(Actor)), action=st.sampled_from(Action)
)
def test_what_is_offered_is_what_is_found(state, actors, action):
    offered = [row for row in workflow.actions_for(state, actors) if row.action is action]
    found = workflow.find(action, state, actors)
    assert (found is None) == (not offered)
    if found:
        assert found in offered
        assert workflow.acting_as(found, actors) in actors & found.actors
    if not actors:
        assert not offered


@given(days=st.floats(0, 60))
def test_the_window_of_reopening(days):
    end = datetime(2026, 1, 1, tzinfo=UTC)
    at = end + timedelta(days=days)
    assert workflow.may_reopen(end, at) == (at - end <= REOPEN_WINDOW)
    assert workflow.may_reopen(None, at)


class Case(RuleBasedStateMachine):
    """A case that anybody does anything with, as time goes on."""

    def __init__(self):
        super().__init__()
        self.state, self.before = State.REPORTED, None
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self.clocks = dict.fromkeys(Clock)

    @rule(minutes=st.integers(0, 100_000))
    def wait(self, minutes):
        self.now += timedelta(minutes=minutes)

    @precondition(lambda self: workflow.actions_for(self.state, set(Actor)))
    @rule(data=st.data(), actors=st.frozensets(st.sampled_from(Actor), min_size=1))
    def move(self, data, actors):
        rows = workflow.actions_for(self.state, actors)
        if not rows:
            return
        row = data.draw(st.sampled_from(rows))
        target = workflow.target_of(row, self.state, self.before)
        assert target in targets(self.state) | {self.state}
        stopped = workflow.stopped(row, self.clocks, self.now)
        assert all(self.clocks[clock] is None for clock in stopped)
        if target is State.REOPENED:
            self.clocks = dict.fromkeys(Clock)
        else:
            self.clocks |= stopped
        if target is not self.state:
            self.before = self.state if target in WAITING else None
            self.state = target

    @invariant()
    def clocks_stand_in_their_order(self):
        handling, resolved, closed = (
            self.clocks[clock] for clock in (Clock.HANDLING, Clock.RESOLVED, Clock.CLOSED)
        )
        if resolved:
            assert handling is not None
            assert handling <= resolved
        if resolved and closed:
            assert resolved <= closed
        assert all(at is None or at <= self.now for at in self.clocks.values())

    @invariant()
    def who_waits_for_an_answer_knows_where_it_leads(self):
        assert (self.before is not None) == (self.state in WAITING)

    @invariant()
    def an_end_and_its_clock_agree(self):
        if self.state in ENDED - {State.DUPLICATE}:
            assert self.clocks[Clock.CLOSED] is not None
        elif self.state is not State.DUPLICATE:
            assert self.clocks[Clock.CLOSED] is None


TestCase = Case.TestCase
