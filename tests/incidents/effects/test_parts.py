from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from gis_grids.errors import BadInput, Conflict
from incidents.models import Incident, IncidentEvent, Matter
from incidents.selectors import feed_position
from incidents.services import act, move_on
from incidents.workflow import MAX_PARTS, Action, Actor, State
from tests.incidents.homes import household
from tests.incidents.world import PATHS

LEAD = Actor.GRID_LEAD


def part(text="清运", matter=None, assignee_id=None):
    return {"text": text, "matter": matter, "assignee_id": assignee_id}


def end(world, case: Incident) -> None:
    for action, actor in PATHS[State.CLOSED]:
        world.act(case.pk, action, actor)


def test_each_part_is_a_case_of_its_own_with_time_from_the_split(world):
    long_ago = timezone.now() - timedelta(days=3)
    case = world.case(received_at=long_ago, observed_at=long_ago, sent_at=long_ago)
    world.act(case.pk, Action.ACCEPT, LEAD)
    world.act(case.pk, Action.PRIORITISE, LEAD)
    world.act(case.pk, Action.SPLIT, LEAD, parts=[part("清运"), part("修路", "road", world.colleague.pk)])
    case.refresh_from_db()
    event = case.events.latest("seq")
    waiting, assigned = case.children.order_by("pk")
    assert event.details["children"] == [waiting.pk, assigned.pk]
    for child in (waiting, assigned):
        assert (child.place, child.unit, child.reported_version) == (
            case.place,
            case.unit,
            case.reported_version,
        )
        assert (child.reporter, child.priority, child.household) == (world.worker, "urgent", None)
        cycle = child.cycles.get()
        assert cycle.opened_at == child.received_at == event.at
        assert cycle.rule.priority == "urgent"
        first = child.events.get(incident_version=1)
        assert (first.action, first.actor, first.details["as"]) == (Action.REPORT, world.lead, LEAD)
        assert first.details["source"] == case.pk
    assert (waiting.state, waiting.matter, waiting.text) == (State.REPORTED, case.matter, "清运")
    assert (assigned.state, assigned.matter.code) == (State.ASSIGNED, "road")
    assert (assigned.assignee, assigned.version) == (world.colleague, 2)
    assert assigned.cycles.get().first_feedback_at == event.at
    assert assigned.events.get(incident_version=2).action == Action.ASSIGN
    assert waiting.cycles.get().first_feedback_at is None
    assert feed_position() == IncidentEvent.objects.count()


def test_a_split_sent_twice_makes_its_parts_once(world):
    case, command = world.bring(State.ACCEPTED), uuid4()
    asked = {"incident_id": case.pk, "action": Action.SPLIT, "actor": world.lead, "expected_version": 2}
    for _time in range(2):
        act(**asked, command_id=command, parts=[part("一"), part("二")])
    assert case.children.count() == 2
    with pytest.raises(Conflict) as error:
        act(**asked, command_id=command, parts=[part("一")])
    assert error.value.code == "command.other_content"


def test_at_most_ten_parts_over_the_life_of_a_case_and_no_parts_of_parts(world):
    case = world.bring(State.ACCEPTED)
    world.act(case.pk, Action.SPLIT, LEAD, parts=[part()] * (MAX_PARTS - 1))
    with pytest.raises(Conflict) as error:
        world.act(case.pk, Action.SPLIT, LEAD, parts=[part()] * 2)
    assert (error.value.code, case.children.count()) == ("split.too_many", MAX_PARTS - 1)
    world.act(case.pk, Action.SPLIT, LEAD)
    child = case.children.first()
    world.act(child.pk, Action.ACCEPT, LEAD)
    with pytest.raises(Conflict) as error:
        world.act(child.pk, Action.SPLIT, LEAD)
    assert error.value.code == "split.part"


def test_a_part_that_can_not_be_makes_none_of_them(world):
    case = world.bring(State.ACCEPTED)
    for wrong, code in (
        (part(""), "split.text"),
        (part(matter="no-such"), "matter.unknown"),
        (part(assignee_id=world.stranger.pk), "assignee.not_here"),
    ):
        with pytest.raises(BadInput) as error:
            world.act(case.pk, Action.SPLIT, LEAD, parts=[part(), wrong])
        assert error.value.code == code
    assert not case.children.exists()


def test_nothing_ends_before_its_parts(world):
    case = world.bring(State.IN_PROGRESS)
    world.act(case.pk, Action.SPLIT, LEAD)
    child = case.children.get()
    for action, actor in ((Action.RESOLVE, Actor.ASSIGNEE), (Action.VOID, Actor.OPERATOR)):
        with pytest.raises(Conflict, match=child.number) as error:
            world.act(case.pk, action, actor)
        assert error.value.code == "parts.open"
    end(world, child)
    world.act(case.pk, Action.RESOLVE, Actor.ASSIGNEE)


def test_a_part_comes_back_only_after_the_whole(world):
    case = world.bring(State.IN_PROGRESS)
    world.act(case.pk, Action.SPLIT, LEAD)
    child = case.children.get()
    end(world, child)
    world.act(case.pk, Action.RESOLVE, Actor.ASSIGNEE)
    for _state in (State.RESOLVED, State.CLOSED):
        with pytest.raises(Conflict, match=case.number) as error:
            world.act(child.pk, Action.REOPEN, LEAD)
        assert error.value.code == "parent.done"
        if _state is State.RESOLVED:
            world.act(case.pk, Action.CLOSE, LEAD)
    assert move_on() == []
    world.act(case.pk, Action.REOPEN, LEAD)
    world.act(child.pk, Action.REOPEN, LEAD)


def test_what_follows_an_ended_case_is_a_report_of_its_own(world):
    case = world.bring(State.CLOSED)
    world.act(case.pk, Action.FOLLOW_UP, LEAD, note="又来了")
    new = case.followers.get()
    event = case.events.latest("seq")
    assert event.details["follower"] == new.pk
    assert (new.state, new.text, new.version) == (State.REPORTED, "又来了", 1)
    assert (new.place, new.unit, new.reported_version) == (case.place, case.unit, case.reported_version)
    assert (new.reporter, new.matter, new.priority) == (world.worker, case.matter, "normal")
    assert new.events.get().actor == world.lead
    assert new.cycles.get().opened_at == event.at
    case.refresh_from_db()
    assert (case.state, case.cycle) == (State.CLOSED, 1)


def test_a_matter_that_is_withdrawn_is_not_reported_anew(world):
    case = world.bring(State.CANCELLED)
    Matter.objects.filter(pk=case.matter_id).update(is_current=False)
    with pytest.raises(Conflict) as error:
        world.act(case.pk, Action.FOLLOW_UP, Actor.REPORTER)
    assert error.value.code == "matter.withdrawn"


def test_an_errand_goes_step_by_step_and_ends_after_the_last(world):
    case = world.bring(State.IN_PROGRESS, matter="errand", household=household(world.town.leaf).pk)
    *_first, last = case.steps.values_list("number", flat=True)
    with pytest.raises(Conflict, match="核对材料") as error:
        world.act(case.pk, Action.RESOLVE, Actor.ASSIGNEE)
    assert error.value.code == "steps.open"
    for number in range(1, last + 1):
        world.act(case.pk, Action.COMPLETE_STEP, Actor.ASSIGNEE, step=number)
    step = case.steps.get(number=1)
    assert (step.done_by, step.done_at) == (
        world.colleague,
        case.events.filter(action=Action.COMPLETE_STEP).earliest("seq").at,
    )
    for number, kind, code in ((1, Conflict, "step.done"), (99, BadInput, "step.unknown")):
        with pytest.raises(kind) as error:
            world.act(case.pk, Action.COMPLETE_STEP, Actor.ASSIGNEE, step=number)
        assert error.value.code == code
    world.act(case.pk, Action.RESOLVE, Actor.ASSIGNEE)


def test_a_part_that_is_an_errand_has_its_steps_and_the_household_of_the_whole(world):
    case, errand = world.bring(State.ACCEPTED), Matter.objects.get(code="errand", is_current=True)
    with pytest.raises(BadInput) as error:
        world.act(case.pk, Action.SPLIT, LEAD, parts=[part(matter="errand")])
    assert error.value.code == "errand.household"
    home = household(world.town.leaf)
    Incident.objects.filter(pk=case.pk).update(household=home)
    world.act(case.pk, Action.SPLIT, LEAD, parts=[part(matter="errand")])
    child = case.children.get()
    assert child.household == home
    assert list(child.steps.values_list("title", flat=True)) == errand.errand_steps
