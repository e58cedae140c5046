from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone, translation

from gis_grids.errors import BadInput, Conflict, NotFound, Refused
from gis_grids.levels import Level, PostKind
from gis_grids.models import Post
from gis_grids.selectors import chains
from incidents.models import Incident, IncidentEvent, Matter, RoutingRule
from incidents.selectors import feed_position
from incidents.selectors.routing import Outcome, propose_all, routing_rules, step_of
from incidents.selectors.rulebook import rulebook
from incidents.services import report_incident, report_incidents
from incidents.services.routing import delete_route, propose, save_route
from incidents.workflow import Action, Actor, State
from tests.factories import LONG_AGO, post
from tests.incidents.counting import statements

WORKER, LEADER = PostKind.GRID_WORKER, PostKind.GRID_LEADER


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def chain_of(world, unit=None):
    unit = unit or world.town.leaf
    return chains([unit.pk])[unit.pk]


def matter(code="rubbish"):
    return Matter.objects.get(code=code, is_current=True)


def unit(world, level):
    return world.town.units[level][0]


def proposed(world, code="rubbish"):
    return propose(chain_of(world), matter(code))


def found(proposal):
    return [(step.post, step.is_deputy, step.outcome) for step in proposal.steps]


def rule(matter_code="", at=None, posts=(LEADER,), **fields):
    return RoutingRule.objects.create(matter_code=matter_code, unit=at, posts=list(posts), **fields)


def someone(name, *, is_active=True):
    return User.objects.create(username=name, is_active=is_active)


# Who is proposed.


def test_the_responsible_post_of_the_smallest_unit_has_the_case(world):
    proposal = proposed(world)
    assert proposal.user_id == world.worker.pk
    assert found(proposal) == [(WORKER, False, Outcome.CHOSEN)]
    assert proposal.steps[0].unit_id == world.town.leaf.pk


def test_a_vacant_post_leads_one_unit_up_and_the_reasons_say_so(world):
    Post.objects.filter(holder=world.worker).update(holder=None)
    proposal = proposed(world)
    assert proposal.user_id == world.colleague.pk
    assert found(proposal) == [
        (WORKER, False, Outcome.VACANT),
        (LEADER, False, Outcome.NO_SUCH_POST),
        (WORKER, False, Outcome.NO_SUCH_POST),
        (LEADER, False, Outcome.NO_SUCH_POST),
        (WORKER, False, Outcome.CHOSEN),
    ]
    units = [Level.RESIDENT_GROUP] * 2 + [Level.BUILDING_GROUP] * 2 + [Level.AREA]
    assert [step.unit_id for step in proposal.steps] == [unit(world, level).pk for level in units]


def test_a_planner_gets_no_case_whatever_an_old_rule_says(world):
    post(someone("planner"), world.town.leaf, PostKind.PLANNER)
    rule(posts=[PostKind.PLANNER, WORKER])
    proposal = proposed(world)
    assert proposal.user_id == world.worker.pk
    assert found(proposal)[0] == (PostKind.PLANNER, False, Outcome.NO_SUCH_POST)


def test_posts_are_tried_in_the_order_of_the_route_in_each_unit(world):
    leader = someone("leader")
    post(leader, world.town.leaf, LEADER)
    rule(posts=[LEADER, WORKER])
    assert proposed(world).user_id == leader.pk


def test_deputies_come_after_holders_and_who_is_not_active_is_passed_over(world):
    Post.objects.filter(holder=world.worker).delete()
    deputy, gone = someone("deputy"), someone("gone", is_active=False)
    post(deputy, world.town.leaf, is_deputy=True)
    post(gone, world.town.leaf)
    proposal = proposed(world)
    assert proposal.user_id == deputy.pk
    assert found(proposal) == [(WORKER, False, Outcome.NOT_ACTIVE), (WORKER, True, Outcome.CHOSEN)]


def test_a_term_that_is_over_or_to_come_does_not_count(world):
    Post.objects.filter(holder=world.worker).update(term=DateTimeTZRange(LONG_AGO, timezone.now()))
    assert found(proposed(world))[0] == (WORKER, False, Outcome.NO_SUCH_POST)


def test_with_nobody_on_the_way_up_the_steps_say_where_was_looked(world):
    rule(posts=[PostKind.BUILDING_STEWARD])
    proposal = proposed(world)
    assert proposal.user_id is None
    assert {step.outcome for step in proposal.steps} == {Outcome.NO_SUCH_POST}
    assert [step.unit_id for step in proposal.steps] == [link.unit_id for link in reversed(chain_of(world))]


def test_the_reasons_are_sentences_in_both_languages_and_survive_in_an_event(world):
    Post.objects.filter(holder=world.worker).update(holder=None)
    post(None, world.town.leaf, is_deputy=True)
    steps = proposed(world).steps
    assert tuple(step_of(step.details()) for step in steps) == steps
    name = steps[0].unit_name
    with translation.override("en"):
        assert str(steps[0]) == f"The post “Grid worker” of {name} is vacant."
        assert str(steps[1]) == f"The post “Grid worker (deputy)” of {name} is vacant."
        assert str(steps[2]) == f"{name} has no post “Grid leader”."
        assert str(steps[-1]).startswith("The case goes to who holds the post “Grid worker” of ")


# Which rule counts.


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ((), WORKER),
        ((("", None),), 0),
        ((("", None), ("rubbish", None)), 1),
        ((("rubbish", None), ("", Level.STREET)), 1),
        ((("rubbish", Level.STREET), ("", Level.COMMUNITY)), 1),
        ((("", Level.COMMUNITY), ("rubbish", Level.COMMUNITY)), 1),
        ((("noise", Level.RESIDENT_GROUP), ("rubbish", None)), 1),
    ],
)
def test_the_smallest_unit_counts_then_the_matter(world, rules, expected):
    made = [rule(code, unit(world, level) if level else None) for code, level in rules]
    assert proposed(world).rule == (made[expected] if made else None)


def test_a_rule_of_a_unit_elsewhere_does_not_count(world):
    rule("rubbish", world.town.units[Level.STREET][1])
    assert proposed(world).rule is None


def test_many_proposals_take_two_queries(world, django_assert_num_queries):
    cases = [(chain_of(world, leaf), each) for leaf in world.town.units[Level.RESIDENT_GROUP][:6]
             for each in Matter.objects.all()]  # fmt: skip
    rulebook()
    with django_assert_num_queries(2):
        assert len(propose_all(cases)) == len(cases)


# With the report.


def automatic(code="rubbish"):
    Matter.objects.filter(code=code).update(is_automatic=True)


def test_an_automatic_matter_is_assigned_with_its_report(world):
    automatic()
    case = world.case()
    assert (case.state, case.version, case.assignee) == (State.ASSIGNED, 2, world.worker)
    assert case.state_since == case.received_at
    first, second = case.events.order_by("seq")
    assert (first.action, first.to_state, first.incident_version) == (Action.REPORT, State.REPORTED, 1)
    assert (second.action, second.from_state, second.to_state) == (
        Action.ASSIGN,
        State.REPORTED,
        State.ASSIGNED,
    )
    assert (second.incident_version, second.actor, second.unit_id) == (2, None, case.unit_id)
    assert second.details["as"] == Actor.SYSTEM
    assert second.details["assignee"] == world.worker.pk
    assert [step_of(step).outcome for step in second.details["why"]] == [Outcome.CHOSEN]
    assert not any(case.cycles.get().clocks().values()), "what the system does stops no clock"


def test_the_assignee_goes_on_with_it(world):
    automatic()
    case = world.case()
    world.act(case.pk, Action.TAKE, Actor.ASSIGNEE, actor=world.worker)
    case.refresh_from_db()
    assert (case.state, case.version) == (State.IN_PROGRESS, 3)


def test_in_a_batch_each_report_goes_its_way_and_the_feed_has_no_gap(world):
    automatic()
    before = feed_position()
    reports = [world.report(), world.report(matter="noise"), world.report(), world.report(matter="nothing")]
    answers = report_incidents(reports=reports)
    states = dict(Incident.objects.values_list("pk", "state"))
    assert [states[answer.incident_id] for answer in answers[:3]] == ["assigned", "reported", "assigned"]
    assert answers[3].code == "matter.unknown"
    assert [answer.position for answer in answers[:3]] == [before + n for n in (1, 2, 3)]
    assert feed_position() == before + 5 == IncidentEvent.objects.latest("seq").seq


def test_a_repeat_is_answered_as_the_first_time_and_assigned_once(world):
    automatic()
    report = world.report()
    first, again = report_incident(report=report), report_incident(report=report)
    assert (again.position, again.is_repeat) == (first.position, True)
    assert IncidentEvent.objects.filter(incident=first.incident_id).count() == 2


def test_a_rule_decides_for_its_unit_whether_to_assign_at_once(world):
    automatic()
    rule("rubbish", unit(world, Level.COMMUNITY), is_automatic=False)
    rule("noise", unit(world, Level.COMMUNITY), is_automatic=True)
    assert world.case().state == State.REPORTED
    case = world.case(matter="noise")
    assert (case.state, case.assignee) == (State.ASSIGNED, world.lead)


def test_with_nobody_to_have_it_an_automatic_case_is_reported_as_any_other(world):
    rule("rubbish", None, posts=[PostKind.BUILDING_STEWARD], is_automatic=True)
    case = world.case()
    assert (case.state, case.version, case.assignee) == (State.REPORTED, 1, None)
    assert case.events.count() == 1


def test_statements_do_not_grow_with_the_batch(world):
    automatic()
    rule("noise", None, is_automatic=True)
    few, many = [
        statements([world.report(matter=("noise", "rubbish")[n % 2]) for n in range(size)]) for size in (2, 7)
    ]
    assert few == many


# Rules are set by the office.


def save(world, actor, **changes):
    fields = {"matter_code": "rubbish", "unit_id": None, "posts": [LEADER], "is_automatic": False}
    return save_route(actor=actor, **fields | changes)


def test_the_office_adds_changes_and_deletes_routes(world):
    made = save(world, world.head)
    assert list(routing_rules()) == [made]
    changed = save(world, world.head, rule_id=made.pk, posts=[WORKER, LEADER, WORKER], is_automatic=True)
    assert (changed.pk, changed.posts, changed.is_automatic) == (made.pk, [WORKER, LEADER], True)
    delete_route(actor=world.head, rule_id=made.pk)
    assert not RoutingRule.objects.exists()


def test_the_street_sets_routes_for_its_own_grids_alone(world):
    here, elsewhere = unit(world, Level.COMMUNITY), world.town.units[Level.STREET][1]
    made = save(world, world.office, unit_id=here.pk)
    assert made.unit == here
    for unit_id in (None, elsewhere.pk):
        with pytest.raises(Refused, match="district"):
            save(world, world.office, unit_id=unit_id)
        with pytest.raises(Refused):
            save(world, world.office, unit_id=unit_id, rule_id=made.pk)
    other = save(world, world.head, unit_id=elsewhere.pk)
    with pytest.raises(Refused):
        save(world, world.office, unit_id=here.pk, rule_id=other.pk)
    with pytest.raises(Refused):
        delete_route(actor=world.office, rule_id=other.pk)
    made.refresh_from_db()
    other.refresh_from_db()
    assert (made.unit, other.unit) == (here, elsewhere)


@pytest.mark.parametrize("name", ["worker", "colleague", "lead", "stranger"])
def test_who_works_in_the_field_sets_no_routes(world, name):
    actor = getattr(world, name)
    for unit_id in (None, world.town.leaf.pk, world.town.units[Level.STREET][1].pk):
        with pytest.raises(Refused):
            save(world, actor, unit_id=unit_id)
    made = rule()
    with pytest.raises(Refused):
        delete_route(actor=actor, rule_id=made.pk)
    assert list(RoutingRule.objects.all()) == [made]


@pytest.mark.parametrize(
    ("changes", "error", "code"),
    [
        ({"matter_code": "nothing"}, BadInput, "matter.unknown"),
        ({"posts": []}, BadInput, "route.posts"),
        ({"posts": ["king"]}, BadInput, "route.posts"),
        ({"posts": [PostKind.PLANNER]}, BadInput, "route.posts"),
        ({"unit_id": 0}, NotFound, "unit.unknown"),
        ({"rule_id": 0}, NotFound, "route.unknown"),
    ],
)
def test_what_makes_no_route_is_refused(world, changes, error, code):
    with pytest.raises(error) as caught:
        save(world, world.head, **changes)
    assert caught.value.code == code
    assert not RoutingRule.objects.exists()


def test_who_names_a_wrong_post_reads_the_names_of_the_right_ones(world):
    with pytest.raises(BadInput) as caught:
        save(world, world.head, posts=[PostKind.PLANNER, "king"])
    assert str(caught.value).startswith("“Planner、king” is no post")
    assert "Grid worker、" in str(caught.value)


def test_one_route_for_a_matter_and_grid(world):
    save(world, world.head)
    with pytest.raises(Conflict) as caught:
        save(world, world.head, posts=[WORKER])
    assert caught.value.code == "route.there_already"
    assert [fields_of(each) for each in RoutingRule.objects.all()] == [("rubbish", None, [LEADER])]


def fields_of(each):
    return each.matter_code, each.unit_id, each.posts
