from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from gis_grids.errors import BadInput, Conflict
from incidents.models import Incident, Matter
from incidents.services.deed import day_of
from incidents.workflow import Action, Actor, State
from tests.incidents.homes import household

LEAD = Actor.GRID_LEAD
DAY = timedelta(days=1)


def checks_of(case: Incident) -> set[object]:
    """When the jobs look at the case."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT scheduled_at FROM procrastinate_jobs WHERE (args->>'incident_id')::bigint = %s", [case.pk]
        )
        return {at for (at,) in cursor.fetchall()}


@pytest.mark.parametrize("days", [-1, 0, 400])
def test_a_case_is_held_until_a_day_to_come_within_a_year(world, days):
    case = world.bring(State.ACCEPTED)
    with pytest.raises(BadInput):
        world.act(case.pk, Action.HOLD, LEAD, date=day_of(timezone.now()) + days * DAY)


def test_what_was_scheduled_keeps_its_day_while_it_is_on_hold(world):
    case = world.bring(State.SCHEDULED)
    day = case.scheduled_for
    world.act(case.pk, Action.HOLD, LEAD, date=day + 3 * DAY)
    case.refresh_from_db()
    assert (case.state, case.state_before) == (State.ON_HOLD, State.SCHEDULED)
    assert (case.scheduled_for, case.held_until, case.assignee) == (day, day + 3 * DAY, world.colleague)
    world.act(case.pk, Action.RESUME, LEAD)
    case.refresh_from_db()
    assert (case.state, case.state_before, case.scheduled_for, case.held_until) == (
        State.SCHEDULED,
        "",
        day,
        None,
    )


def test_more_time_is_asked_for_and_given(world):
    case = world.bring(State.IN_PROGRESS)
    due = case.cycles.get().resolve_due_at
    wish = day_of(due) + 3 * DAY
    world.act(case.pk, Action.REQUEST_EXTENSION, Actor.ASSIGNEE, date=wish)
    cycle = case.cycles.get()
    assert (cycle.extension_asked, cycle.resolve_due_at) == (wish, due)
    world.act(case.pk, Action.EXTEND, LEAD, date=wish + DAY)
    cycle.refresh_from_db()
    assert cycle.extension_asked is None
    assert day_of(cycle.resolve_due_at - timedelta(seconds=1)) == wish + DAY
    moved = case.events.latest("seq").details["deadlines"]
    assert moved == {"resolve": [due.isoformat(), cycle.resolve_due_at.isoformat()]}
    assert cycle.next_check_at == cycle.resolve_warn_at
    assert cycle.next_check_at in checks_of(case)


def test_more_time_is_later_than_the_deadline(world):
    case = world.bring(State.IN_PROGRESS)
    due = day_of(case.cycles.get().resolve_due_at)
    for action, actor in ((Action.REQUEST_EXTENSION, Actor.ASSIGNEE), (Action.EXTEND, LEAD)):
        with pytest.raises(BadInput) as error:
            world.act(case.pk, action, actor, date=due)
        assert error.value.code == "extension.date"


def test_more_time_is_refused_only_while_it_is_asked_for(world):
    case = world.bring(State.IN_PROGRESS)
    with pytest.raises(Conflict) as error:
        world.act(case.pk, Action.REFUSE_EXTENSION, LEAD)
    assert error.value.code == "extension.not_asked"
    cycle = case.cycles.get()
    wish = day_of(cycle.resolve_due_at) + DAY
    world.act(case.pk, Action.REQUEST_EXTENSION, Actor.ASSIGNEE, date=wish)
    world.act(case.pk, Action.REFUSE_EXTENSION, LEAD)
    assert case.events.latest("seq").details["asked"] == wish.isoformat()
    assert case.cycles.get().extension_asked is None
    assert case.cycles.get().resolve_due_at == cycle.resolve_due_at


def test_the_clocks_stand_still_while_the_case_waits_and_the_event_says_how_far_they_moved(world):
    start = timezone.now() - timedelta(hours=5)
    case = world.case(received_at=start, observed_at=start, sent_at=start)
    hours = iter(range(1, 9))

    def do(action, actor):
        world.act(case.pk, action, actor, at=start + timedelta(minutes=10 * next(hours)))

    do(Action.REVIEW, LEAD)
    cycle = case.cycles.get()
    due = cycle.resolve_due_at
    assert (cycle.paused_since, cycle.next_check_at) == (start + timedelta(minutes=10), None)
    do(Action.REFER_UP, Actor.STREET_OFFICE)
    cycle.refresh_from_db()
    assert cycle.paused_since == start + timedelta(minutes=10)
    do(Action.SEND_BACK, Actor.DISTRICT_LEADER)
    cycle.refresh_from_db()
    assert (cycle.paused_since, cycle.resolve_due_at) == (None, due + timedelta(minutes=20))
    moved = case.events.latest("seq").details["deadlines"]
    assert moved["resolve"] == [due.isoformat(), cycle.resolve_due_at.isoformat()]
    assert cycle.next_check_at in checks_of(case)


def test_a_case_that_is_on_hold_or_with_others_runs_on(world):
    for state in (State.ON_HOLD, State.EXTERNAL):
        cycle = world.bring(state).cycles.get()
        assert (cycle.paused_since, cycle.next_check_at) == (None, cycle.resolve_warn_at)


def test_another_matter_brings_its_limits(world):
    case = world.bring(State.ACCEPTED)
    before = case.cycles.get()
    world.act(case.pk, Action.RECATEGORISE, LEAD, matter="drain")
    case.refresh_from_db()
    cycle, event = case.cycles.get(), case.events.latest("seq")
    assert case.matter.code == "drain"
    assert cycle.rule.matter == case.matter
    assert (event.details["matter"], event.details["former_matter"]) == ("drain", "rubbish")
    assert event.details["deadlines"]["resolve"] == [
        before.resolve_due_at.isoformat(),
        cycle.resolve_due_at.isoformat(),
    ]


def test_another_matter_is_one_of_the_catalogue_of_today(world):
    case = world.bring(State.ACCEPTED)
    Matter.objects.filter(code="lamp").update(is_current=False)
    for code, said in (("lamp", "matter.unknown"), ("xyz", "matter.unknown"), ("rubbish", "matter.same")):
        with pytest.raises(BadInput) as error:
            world.act(case.pk, Action.RECATEGORISE, LEAD, matter=code)
        assert error.value.code == said


def test_what_becomes_an_errand_is_for_a_household_and_has_its_steps(world):
    case = world.bring(State.ACCEPTED)
    with pytest.raises(BadInput) as error:
        world.act(case.pk, Action.RECATEGORISE, LEAD, matter="errand")
    assert error.value.code == "errand.household"
    Incident.objects.filter(pk=case.pk).update(household=household(world.town.leaf))
    world.act(case.pk, Action.RECATEGORISE, LEAD, matter="errand")
    case.refresh_from_db()
    assert list(case.steps.values_list("title", flat=True)) == case.matter.errand_steps != []


def test_another_priority_brings_its_limits(world):
    case = world.bring(State.ACCEPTED)
    before = case.cycles.get()
    world.act(case.pk, Action.PRIORITISE, LEAD, priority="critical")
    case.refresh_from_db()
    cycle, event = case.cycles.get(), case.events.latest("seq")
    assert (case.priority, cycle.rule.priority) == ("critical", "critical")
    assert (event.details["priority"], event.details["former_priority"]) == ("critical", "normal")
    assert cycle.resolve_due_at < before.resolve_due_at
    for priority, said in (("critical", "priority.same"), ("terrible", "priority.unknown")):
        with pytest.raises(BadInput) as error:
            world.act(case.pk, Action.PRIORITISE, LEAD, priority=priority)
        assert error.value.code == said
