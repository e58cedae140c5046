"""The line of time: where bars, pauses and events lie."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from incidents.workflow import Action, Actor, Clock, State
from mapui.office.cases.timeline import timeline

START = datetime(2026, 11, 21, 8, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def cycle(number=1, opened_at=START, **clocks):
    fields = dict.fromkeys([*(clock.value for clock in Clock), "paused_since"])
    for name, hours in (("feedback", 1), ("handling", 4), ("resolve", 48)):
        fields[f"{name}_due_at"] = opened_at + hours * HOUR
        fields[f"{name}_warn_at"] = opened_at + hours * HOUR * 0.8
    return SimpleNamespace(number=number, opened_at=opened_at, **(fields | clocks))


def event(after, to=State.ACCEPTED, before=State.REPORTED, action=Action.ACCEPT, by=Actor.OPERATOR):
    return SimpleNamespace(at=START + after, action=action, from_state=before, to_state=to, by_role=by)


def share(text):
    assert text.endswith("%")
    return float(text[:-1])


def test_later_is_further_right_and_nothing_leaves_the_drawing():
    events = [event(after) for after in (0 * HOUR, MINUTE, HOUR, 30 * HOUR, 90 * HOUR)]
    [line] = timeline([cycle()], events, [], START + 100 * HOUR)
    at = [share(point.x) for point in line.points]
    assert at == sorted(at)
    assert len(set(at)) == len(at)
    assert at[0] == 0
    assert share(line.now) < 100
    assert [share(x) for x, _length in line.ticks] == sorted(share(x) for x, _length in line.ticks)


def test_a_clock_in_time_has_no_red_and_a_late_one_has():
    now = START + 3 * HOUR
    [line] = timeline([cycle(first_feedback_at=START + 2 * HOUR)], [], [], now)
    feedback, handling, _resolve = line.bars
    assert share(feedback.in_time) == pytest.approx(share(feedback.due))
    assert share(feedback.late) > 0
    assert not feedback.runs
    assert share(handling.late) == 0
    assert handling.runs
    assert share(handling.warn) < share(handling.due)
    assert share(handling.in_time) == pytest.approx(share(line.now))


def test_a_clock_that_stands_still_grows_no_further():
    paused = cycle(paused_since=START + HOUR)
    [line] = timeline([paused], [], [], START + 200 * HOUR)
    assert [share(bar.late) for bar in line.bars] == [0, 0, 0]


def test_pauses_begin_and_end_with_the_states_that_pause():
    events = [
        event(HOUR, State.NEED_INFO, State.IN_PROGRESS, Action.ASK),
        event(2 * HOUR, State.IN_PROGRESS, State.NEED_INFO, Action.ANSWER),
        event(3 * HOUR, State.ADMISSION_REVIEW, State.ACCEPTED, Action.REVIEW),
        event(4 * HOUR, State.DISTRICT_REVIEW, State.ADMISSION_REVIEW, Action.REFER_UP),
    ]
    [line] = timeline([cycle()], events, [], START + 5 * HOUR)
    assert [(pause.begins, pause.ends) for pause in line.pauses] == [
        (START + HOUR, START + 2 * HOUR),
        (START + 3 * HOUR, None),
    ]


def test_each_cycle_has_its_own_events_and_steps():
    again = START + 10 * HOUR
    cycles = [cycle(closed_at=START + 5 * HOUR), cycle(2, again)]
    events = [event(HOUR), event(11 * HOUR, action=Action.ESCALATE, by=Actor.SYSTEM)]
    step = SimpleNamespace(cycle=2, clock=Clock.FEEDBACK.value, step=80, at=START + 11 * HOUR)
    first, second = timeline(cycles, events, [step], START + 12 * HOUR)
    assert (len(first.points), len(second.points)) == (1, 1)
    assert first.now is None
    assert second.points[0].kind == "escalation"
    assert [len(bar.steps) for bar in first.bars + second.bars] == [0, 0, 0, 1, 0, 0]


def test_a_case_of_this_very_moment_can_be_drawn():
    [line] = timeline([cycle()], [], [], START)
    assert share(line.bars[0].in_time) == 0
