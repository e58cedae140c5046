"""What somebody has to do, as his phone lists it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from incidents.selectors.tasks import my_tasks, tasks_gone
from incidents.workflow import Action, Actor, State
from tests.incidents.world import make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


def test_only_what_is_open_and_ones_own(world):
    begun = world.bring(State.IN_PROGRESS)
    world.bring(State.CLOSED)
    world.case()
    assert [task.card.id for task in my_tasks(world.colleague)] == [begun.pk]
    assert [task.text for task in my_tasks(world.colleague)] == [begun.text]
    assert my_tasks(world.worker) == []
    assert my_tasks(world.operator) == []


def test_what_is_handed_over_leaves_the_list(world):
    begun = world.bring(State.IN_PROGRESS)
    world.act(begun.pk, Action.HAND_OVER, Actor.ASSIGNEE, assignee_id=world.worker.pk)
    assert my_tasks(world.colleague) == []
    assert [task.card.id for task in my_tasks(world.worker)] == [begun.pk]


def test_what_can_be_done_comes_before_what_waits_and_then_by_its_next_deadline(world):
    waits = world.bring(State.NEED_INFO)
    later, sooner = world.bring(State.ASSIGNED), world.bring(State.ASSIGNED)
    soon = timezone.now() + timedelta(minutes=1)
    sooner.cycles.update(handling_warn_at=soon, handling_due_at=soon)
    assert [task.card.id for task in my_tasks(world.colleague)] == [sooner.pk, later.pk, waits.pk]


def test_the_day_that_it_is_planned_for(world):
    planned = world.bring(State.SCHEDULED)
    [task] = my_tasks(world.colleague)
    assert task.scheduled_for == planned.scheduled_for is not None


def test_who_was_disabled_has_no_tasks(world):
    world.bring(State.ASSIGNED)
    world.colleague.is_active = False
    world.colleague.save()
    assert my_tasks(world.colleague) == []


def test_three_queries_however_many(world, django_assert_num_queries):
    for _each in range(3):
        world.bring(State.ASSIGNED)
    with django_assert_num_queries(3):
        assert len(my_tasks(world.colleague)) == 3


def test_who_lost_a_task_is_told_how_and_not_what_happened_afterwards(world):
    case = world.case()
    world.act(case.pk, Action.ASSIGN, Actor.GRID_LEAD, assignee_id=world.colleague.pk)
    assert tasks_gone(world.colleague, [case.pk]) == []
    world.act(case.pk, Action.RECALL, Actor.GRID_LEAD, note="消防已到场")
    world.act(case.pk, Action.REVIEW, Actor.GRID_LEAD, note="与他无关")
    [gone] = tasks_gone(world.colleague, [case.pk])
    assert (gone.action, gone.note, gone.is_own) == (Action.RECALL, "消防已到场", False)
    assert tasks_gone(world.worker, [case.pk]) == []
