"""Escalation: each step once, up the ladder, told to those who are there."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from gis_grids.levels import Level, PostKind
from incidents.models import Escalation, IncidentCycle, IncidentEvent, TimeLimit
from incidents.selectors.escalations import escalated_to_me, late_cases
from incidents.services import deadlines
from incidents.services.emergencies import declare_emergency
from incidents.services.escalations import escalate
from incidents.workflow import Action, Actor, Clock, State
from tests.factories import UserFactory, post
from tests.incidents.duty_world import at_home, published
from tests.incidents.world import make_world

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def limits(world):
    """Return the world with limits of 1, 10 and 100 hours, half of that in an emergency."""
    return with_limits(world)


def with_limits(world):
    for mode, hours in (("normal", 60), ("emergency", 30)):
        TimeLimit.objects.filter(mode=mode).update(
            feedback_minutes=hours,
            handling_minutes=10 * hours,
            resolve_minutes=100 * hours,
            calendar="always",
        )
    return world


def old_case(world, age, **changes):
    """Return a case reported so long ago that nobody has looked at since."""
    at = timezone.now() - age
    return world.case(received_at=at, observed_at=at, sent_at=at, **changes)


def steps_of(case):
    rows = Escalation.objects.filter(incident=case).order_by("clock", "step")
    return [(row.clock, row.step, row.level) for row in rows]


def told(case, step, clock=Clock.FEEDBACK):
    return Escalation.objects.get(incident=case, step=step, clock=clock).told


def test_nothing_happens_before_its_time(limits):
    case = old_case(limits, 47 * MINUTE)
    assert escalate(incident_id=case.pk) == 0
    assert steps_of(case) == []
    case.refresh_from_db()
    assert (case.version, case.escalated_to) == (1, "")


def test_eighty_per_cent_warns_the_assignee(limits):
    case = limits.bring(State.ASSIGNED)
    IncidentCycle.objects.filter(incident=case).update(handling_warn_at=timezone.now() - MINUTE)
    assert escalate(incident_id=case.pk) == 1
    assert told(case, 80, Clock.HANDLING) == [limits.colleague.pk]
    case.refresh_from_db()
    assert case.escalated_to == "", "a warning is no escalation"


def test_without_assignee_those_are_warned_who_would_do_it(limits):
    case = old_case(limits, 49 * MINUTE)
    assert escalate(incident_id=case.pk) == 1
    assert steps_of(case) == [(Clock.FEEDBACK, 80, Level.RESIDENT_GROUP)]
    assert told(case, 80) == [limits.worker.pk]


def test_late_goes_one_level_up_and_past_vacant_posts(limits):
    case = old_case(limits, 61 * MINUTE)
    assert escalate(incident_id=case.pk) == 2
    # Nobody answers for the building group, and the area has a worker only: the community's lead is next.
    assert steps_of(case)[-1] == (Clock.FEEDBACK, 100, Level.COMMUNITY)
    assert told(case, 100) == [limits.lead.pk]
    case.refresh_from_db()
    assert (case.escalated_to, case.state, case.assignee) == (Level.COMMUNITY, State.REPORTED, None)
    event = IncidentEvent.objects.filter(incident=case).latest("seq")
    assert (event.action, event.actor, event.to_state) == (Action.ESCALATE, None, State.REPORTED)
    row = Escalation.objects.get(incident=case, step=100)
    assert event.details["as"] == Actor.SYSTEM
    assert {key: event.details[key] for key in ("clock", "step", "level", "unit", "told")} == {
        "clock": Clock.FEEDBACK,
        "step": 100,
        "level": Level.COMMUNITY,
        "unit": row.unit_id,
        "told": [limits.lead.pk],
    }


def test_the_whole_ladder(limits):
    for level, kind in (
        (Level.RESIDENT_GROUP, PostKind.RESIDENT_GROUP_LEADER),
        (Level.BUILDING_GROUP, PostKind.BUILDING_STEWARD),
        (Level.AREA, PostKind.AREA_HEAD),
    ):
        post(UserFactory(), limits.town.units[level][0], kind)
    case = old_case(limits, 181 * MINUTE)
    assert escalate(incident_id=case.pk) == 4
    levels = [level for clock, _step, level in steps_of(case) if clock == Clock.FEEDBACK]
    assert levels == [Level.RESIDENT_GROUP, Level.BUILDING_GROUP, Level.AREA, Level.STREET]
    assert told(case, 300) == [limits.office.pk]


def test_the_second_level_is_above_the_one_that_was_reached(limits):
    case = old_case(limits, 121 * MINUTE)
    escalate(incident_id=case.pk)
    assert [level for _clock, _step, level in steps_of(case)][1:] == [Level.COMMUNITY, Level.STREET]


def test_a_clock_does_not_hide_another(limits):
    case = old_case(limits, 11 * HOUR)
    escalate(incident_id=case.pk)
    assert {(clock, step) for clock, step, _level in steps_of(case)} == {
        *((Clock.FEEDBACK, step) for step in (80, 100, 200, 300)),
        (Clock.HANDLING, 80),
        (Clock.HANDLING, 100),
    }


def test_the_level_of_a_case_only_rises(limits):
    case = old_case(limits, 11 * HOUR)
    escalate(incident_id=case.pk)
    case.refresh_from_db()
    assert steps_of(case)[-1] == (Clock.HANDLING, 100, Level.COMMUNITY)
    assert case.escalated_to == Level.STREET


def test_what_fell_due_while_nothing_ran_happens_once_with_its_own_moment(limits):
    case = old_case(limits, 10 * HOUR + MINUTE)
    before = timezone.now()
    assert escalate(incident_id=case.pk) == 6
    opened = case.cycles.get().opened_at
    rows = Escalation.objects.filter(incident=case).order_by("pk")
    assert [row.due_at - opened for row in rows] == [
        48 * MINUTE,
        HOUR,
        2 * HOUR,
        3 * HOUR,
        8 * HOUR,
        10 * HOUR,
    ]
    assert all(before <= row.at for row in rows)
    assert escalate(incident_id=case.pk) == 0
    events = IncidentEvent.objects.filter(incident=case, action=Action.ESCALATE)
    assert events.count() == 6
    case.refresh_from_db()
    assert case.version == 7


def test_the_next_check_is_stored_and_enqueued(limits):
    case = old_case(limits, 49 * MINUTE)
    escalate(incident_id=case.pk)
    cycle = case.cycles.get()
    assert cycle.next_check_at == cycle.feedback_due_at
    assert (case.pk, cycle.feedback_due_at) in jobs()


def jobs():
    with connection.cursor() as cursor:
        cursor.execute("SELECT (args ->> 'incident_id')::bigint, scheduled_at FROM procrastinate_jobs")
        return set(cursor.fetchall())


@pytest.mark.parametrize("state", [State.NEED_INFO, State.ADMISSION_REVIEW])
def test_who_waits_for_others_is_not_late(limits, state):
    case = limits.bring(state)
    IncidentCycle.objects.filter(incident=case).update(
        resolve_due_at=timezone.now(), handling_due_at=timezone.now()
    )
    assert escalate(incident_id=case.pk, now=timezone.now() + 500 * HOUR) == 0


@pytest.mark.parametrize(
    "state", [State.CLOSED, State.REJECTED, State.CANCELLED, State.VOID, State.DUPLICATE, State.RESOLVED]
)
def test_what_is_over_is_not_escalated(limits, state):
    case = limits.bring(state)
    assert escalate(incident_id=case.pk, now=timezone.now() + 500 * HOUR) == 0
    assert case.cycles.get().next_check_at is None


def test_a_clock_that_was_stopped_is_not_escalated(limits):
    case = limits.bring(State.IN_PROGRESS)
    escalate(incident_id=case.pk, now=timezone.now() + 81 * HOUR)
    assert [(clock, step) for clock, step, _level in steps_of(case)] == [(Clock.RESOLVED, 80)]


def test_a_reopened_case_is_escalated_anew(limits):
    case = old_case(limits, 2 * HOUR)
    escalate(incident_id=case.pk)
    limits.act(case.pk, Action.SELF_HANDLE, Actor.OPERATOR)
    limits.act(case.pk, Action.REOPEN, Actor.REPORTER)
    case.refresh_from_db()
    assert (case.cycle, case.escalated_to) == (2, "")
    escalate(incident_id=case.pk, now=timezone.now() + HOUR + MINUTE)
    assert Escalation.objects.filter(incident=case, cycle=2, clock=Clock.FEEDBACK).count() == 2
    case.refresh_from_db()
    assert case.escalated_to == Level.COMMUNITY


def test_an_emergency_begins_at_the_community_and_is_shown_at_the_street(limits):
    street = limits.town.units[Level.STREET][0]
    declare_emergency(actor=limits.operator, unit_id=street.pk, reason="内涝", at=timezone.now() - 10 * HOUR)
    steward = UserFactory()
    post(steward, limits.town.units[Level.BUILDING_GROUP][0], PostKind.BUILDING_STEWARD)
    case = old_case(limits, 61 * MINUTE)
    escalate(incident_id=case.pk)
    levels = [level for _clock, _step, level in steps_of(case)]
    assert levels == [Level.COMMUNITY, Level.COMMUNITY, Level.STREET]
    assert told(case, 80) == [limits.lead.pk]
    assert told(case, 100) == sorted([limits.lead.pk, limits.office.pk])


def test_nobody_above_is_written_down_as_that(limits):
    limits.lead.posts.all().delete()
    limits.office.posts.all().delete()
    for user in (limits.operator, limits.head):
        user.is_active = False
        user.save()
    case = old_case(limits, 61 * MINUTE)
    escalate(incident_id=case.pk)
    assert steps_of(case)[-1] == (Clock.FEEDBACK, 100, Level.BUILDING_GROUP)
    assert told(case, 100) == []


def test_late_beyond_the_deadline_counts_in_the_time_that_counts(limits):
    TimeLimit.objects.update(calendar="duty", feedback_minutes=120)
    published(limits, limits.town.units[Level.COMMUNITY][0])
    friday = at_home("2026-11-13T16:00")
    case = limits.case(received_at=friday, observed_at=friday, sent_at=friday)
    escalate(incident_id=case.pk, now=at_home("2026-11-16T14:01"))
    rows = Escalation.objects.filter(incident=case, clock=Clock.FEEDBACK).order_by("step")
    assert [row.due_at for row in rows][1:] == [
        at_home("2026-11-13T18:00"),
        at_home("2026-11-16T11:00"),
        at_home("2026-11-16T14:00"),
    ]


def test_an_extension_puts_the_escalation_off(limits):
    case = limits.bring(State.IN_PROGRESS)
    cycle = case.cycles.select_related("rule").get()
    deadlines.extend(cycle, (), timezone.localdate() + timedelta(days=30))
    cycle.save()
    assert escalate(incident_id=case.pk, now=timezone.now() + 101 * HOUR) == 0


def test_what_is_late_and_with_whom(limits):
    late = old_case(limits, 3 * HOUR)
    later = old_case(limits, 2 * HOUR)
    old_case(limits, MINUTE)
    for case in (late, later):
        escalate(incident_id=case.pk)
    rows = late_cases(limits.lead)
    assert [row.incident_id for row in rows] == [late.pk, later.pk]
    assert (rows[0].clock, rows[0].step, rows[0].level) == (Clock.FEEDBACK, 300, Level.STREET)
    assert rows[0].told == (limits.office.pk,)
    assert late_cases(limits.stranger) == []
    assert [row.incident_id for row in escalated_to_me(limits.office)] == [late.pk, later.pk]
    assert escalated_to_me(limits.worker) == [], "a warning is no escalation"
    limits.act(late.pk, Action.ACCEPT, Actor.OPERATOR)
    assert [row.incident_id for row in escalated_to_me(limits.office)] == [later.pk]


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_at_once_take_each_step_once():
    world = with_limits(make_world())
    cases = [old_case(world, 11 * HOUR) for _ in range(5)]
    start = threading.Barrier(4)

    def run():
        try:
            start.wait(30)
            return sum(escalate(incident_id=case.pk) for case in cases)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        taken = sum(future.result(60) for future in [pool.submit(run) for _ in range(4)])
    assert taken == 6 * len(cases)
    assert Escalation.objects.count() == taken
    assert IncidentEvent.objects.filter(action=Action.ESCALATE).count() == taken
    for case in cases:
        case.refresh_from_db()
        assert case.version == 7
