"""The list of cases: who sees which, what filters find, and in which order."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gis_grids.errors import NotFound
from gis_grids.levels import Level, PostKind
from incidents.models import CoReporter, Escalation, Incident, IncidentCycle, Matter, MatterGrant, Rating
from incidents.selectors import access_incident
from incidents.selectors.case_list import (
    PAGE_SIZE,
    CaseFilter,
    Sort,
    case_page,
    case_rows,
    count_cases,
    each_case,
    open_counts,
)
from incidents.selectors.clock_states import Band
from incidents.selectors.related import Relation, related_cases
from incidents.selectors.visible import visible_cases
from incidents.workflow import ENDED, Action, Actor, Clock, State
from tests.factories import UserFactory, inside, post
from tests.incidents.world import make_world

pytestmark = pytest.mark.django_db
OPEN = frozenset(State) - ENDED


@pytest.fixture
def world():
    return make_world()


def found(user, sort=Sort.RECEIVED, *, is_descending=False, **chosen):
    page = case_page(user, CaseFilter(**chosen), sort, is_descending=is_descending, number=1)
    return [row.card.id for row in page.rows]


def shift(case, clock="feedback", *, warn, due):
    """Move a deadline of the case: minutes from now."""
    now = timezone.now()
    IncidentCycle.objects.filter(incident=case).update(
        **{
            f"{clock}_warn_at": now + timedelta(minutes=warn),
            f"{clock}_due_at": now + timedelta(minutes=due),
        }
    )


# Who sees what.


def can_open(user, case):
    try:
        access_incident(user, case.pk)
    except NotFound:
        return False
    return True


def test_the_list_and_the_page_agree_on_who_sees_a_case(world):
    plain, merged = world.case(), world.case(matter="rubbish")
    private = world.case(matter=Matter.objects.filter(is_current=True).exclude(code="rubbish").first().code)
    Matter.objects.filter(pk=private.matter_id).update(is_private=True)
    granted = UserFactory()
    post(granted, world.town.units[Level.DISTRICT][0], PostKind.COMMAND_OPERATOR)
    now = timezone.now()
    MatterGrant.objects.create(
        matter_code=private.matter.code,
        unit=world.town.units[Level.STREET][0],
        holder=granted,
        granted_by=world.operator,
        term=(now - timedelta(days=1), None),
    )
    outsider = UserFactory()
    CoReporter.objects.create(incident=plain, user=outsider, origin=merged)
    gone = UserFactory(is_active=False)
    post(gone, world.town.units[Level.CITY][0], PostKind.COMMAND_OPERATOR)
    people = [world.worker, world.lead, world.operator, world.office, world.stranger, granted, outsider, gone]
    seen = {
        (person.username, case.pk)
        for person in people
        for case in visible_cases(person).filter(pk__in=[plain.pk, merged.pk, private.pk])
    }
    cases = [plain, merged, private]
    assert seen == {
        (person.username, case.pk) for person in people for case in cases if can_open(person, case)
    }
    assert (world.operator.username, private.pk) not in seen
    assert (granted.username, private.pk) in seen
    assert (outsider.username, plain.pk) in seen
    assert not any(name == world.stranger.username for name, _case in seen)


def test_rows_are_refused_to_who_may_not_see_the_case(world):
    case = world.case()
    assert case_rows(world.stranger, [case.pk]) == []
    assert [row.card.id for row in case_rows(world.lead, [case.pk])] == [case.pk]


def test_the_assignee_is_masked_as_on_the_page(world):
    world.bring(State.ASSIGNED)
    planner = UserFactory()
    post(planner, world.town.units[Level.DISTRICT][0], PostKind.PLANNER)
    names = {}
    for person in (world.lead, planner):
        [row] = case_page(person, CaseFilter(), Sort.RECEIVED, is_descending=False, number=1).rows
        names[person] = row.assignee.name
    assert names == {world.lead: "王colleague", planner: "王*"}


# What filters find.


def test_words_find_the_text_and_the_number(world):
    lamp, rubbish = world.case(text="路灯不亮 42%_"), world.case(text="垃圾满溢")
    assert found(world.lead, words="路灯") == [lamp.pk]
    assert found(world.lead, words="42%_") == [lamp.pk]
    assert found(world.lead, words="%") == [lamp.pk]
    assert found(world.lead, words=rubbish.number) == [rubbish.pk]
    assert found(world.lead, words=str(rubbish.pk)) == [rubbish.pk]
    assert found(world.lead, words="没有") == []


def test_those_of_residents(world):
    world.case()
    case = world.case(reporter=None)
    assert found(world.lead, is_by_resident=True) == [case.pk]
    assert found(world.worker, is_reported_by_me=True, is_by_resident=True) == []


def test_people_states_and_priorities(world):
    reported, assigned, closed = world.case(), world.bring(State.ASSIGNED), world.bring(State.CLOSED)
    Incident.objects.filter(pk=assigned.pk).update(priority="urgent")
    assert found(world.lead, states=OPEN) == [reported.pk, assigned.pk]
    assert found(world.lead, states=frozenset({State.CLOSED})) == [closed.pk]
    assert found(world.lead, is_unassigned=True, states=OPEN) == [reported.pk]
    assert found(world.lead, assignee_id=world.colleague.pk, states=OPEN) == [assigned.pk]
    assert found(world.colleague, is_mine=True, states=OPEN) == [assigned.pk]
    assert found(world.worker, is_reported_by_me=True) == [reported.pk, assigned.pk, closed.pk]
    assert found(world.lead, priority="urgent") == [assigned.pk]
    assert found(world.lead, sort=Sort.PRIORITY, states=OPEN) == [assigned.pk, reported.pk]
    assert open_counts(world.lead) == {State.REPORTED: 1, State.ASSIGNED: 1}


def test_a_unit_is_its_whole_subtree_within_what_one_may_see(world):
    case = world.case()
    area, other = world.town.units[Level.AREA][0], world.town.units[Level.AREA][1]
    assert found(world.lead, unit_id=area.pk) == [case.pk]
    assert found(world.lead, unit_id=other.pk) == []
    assert found(world.stranger, unit_id=area.pk) == []


def test_days_are_those_of_the_district_and_both_included(world):
    case = world.case()
    today = timezone.localdate(case.received_at)
    assert found(world.lead, received_from=today, received_to=today) == [case.pk]
    assert found(world.lead, received_to=today - timedelta(days=1)) == []
    assert found(world.lead, received_from=today + timedelta(days=1)) == []


def test_bands_go_by_the_worst_clock_or_by_one(world):
    good, near, late = world.case(), world.case(), world.case()
    shift(near, warn=-5, due=5)
    shift(late, warn=-10, due=-5)
    shift(late, "handling", warn=-5, due=5)
    assert found(world.lead, band=Band.LATE) == [late.pk]
    assert found(world.lead, band=Band.NEAR) == [near.pk]
    assert found(world.lead, band=Band.GOOD) == [good.pk]
    assert found(world.lead, band=Band.NEAR, clock=Clock.HANDLING) == [late.pk]
    assert found(world.lead, sort=Sort.URGENCY) == [late.pk, near.pk, good.pk]
    assert count_cases(world.lead, CaseFilter(band=Band.LATE)) == 1


def test_a_clock_that_stands_still_is_judged_when_it_was_stopped(world):
    case = world.case()
    shift(case, warn=-10, due=-5)
    IncidentCycle.objects.filter(incident=case).update(paused_since=timezone.now() - timedelta(minutes=20))
    assert found(world.lead, band=Band.LATE) == []
    [row] = case_rows(world.lead, [case.pk])
    assert [(clock.band, clock.is_paused) for clock in row.clocks] == [(Band.GOOD, True)] * 3


def test_a_clock_that_was_stopped_is_not_late_any_more(world):
    case = world.bring(State.ACCEPTED)
    shift(case, warn=-10, due=-5)
    assert found(world.lead, band=Band.LATE) == []
    [row] = case_rows(world.lead, [case.pk])
    assert row.clocks[0].stopped_at is not None
    assert row.clocks[0].band is Band.LATE


def test_escalated_to_me_and_rated(world):
    case, other = world.case(), world.bring(State.RESOLVED)
    Incident.objects.filter(pk=case.pk).update(escalated_to=Level.COMMUNITY)
    Escalation.objects.create(
        incident=case,
        cycle=1,
        clock=Clock.FEEDBACK,
        step=100,
        level=Level.COMMUNITY,
        unit=world.town.units[Level.COMMUNITY][0],
        told=[world.lead.pk],
        due_at=timezone.now(),
        at=timezone.now(),
    )
    Rating.objects.create(incident=other, cycle=1, score=4, at=timezone.now())
    assert found(world.lead, is_escalated_to_me=True) == [case.pk]
    assert found(world.operator, is_escalated_to_me=True) == []
    assert found(world.operator, escalated_to=Level.COMMUNITY) == [case.pk]
    assert found(world.operator, is_rated=True) == [other.pk]
    [row] = case_rows(world.operator, [other.pk])
    assert row.rating == 4


# Pages.


def test_every_case_is_on_one_page_exactly_once(world):
    cases = {world.case().pk for _ in range(PAGE_SIZE + 3)}
    pages = [
        case_page(world.lead, CaseFilter(), Sort.STATE, is_descending=False, number=n) for n in (1, 2, 99)
    ]
    assert [page.number for page in pages] == [1, 2, 2]
    first, second, last = ([row.card.id for row in page.rows] for page in pages)
    assert len(first) == PAGE_SIZE
    assert second == last
    assert sorted(first + second) == sorted(cases)
    everything = each_case(world.lead, CaseFilter(), Sort.STATE, is_descending=False, limit=PAGE_SIZE + 1)
    assert [row.card.id for row in everything] == (first + second)[: PAGE_SIZE + 1]


def test_the_page_asks_the_database_as_often_for_many_as_for_few(world):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            case_page(world.lead, CaseFilter(), Sort.URGENCY, is_descending=False, number=1)
        return len(asked)

    world.bring(State.ASSIGNED)
    few = queries()
    for _ in range(5):
        world.bring(State.ASSIGNED)
    assert queries() == few <= 16


# Around a case.


def test_cases_around_a_case_are_shown_as_far_as_one_may_see_them(world):
    case, child, follower = world.case(), world.case(), world.case()
    x, y = inside(world.town.units[Level.RESIDENT_GROUP][-1])
    hidden = world.case(lon=x, lat=y)
    duplicate = world.case()
    world.act(duplicate.pk, Action.MERGE, Actor.GRID_LEAD, master_id=case.pk)
    Incident.objects.filter(pk=child.pk).update(parent=case)
    Incident.objects.filter(pk__in=[follower.pk, hidden.pk]).update(follows=case)
    case.refresh_from_db()
    around = [(each.relation, each.incident_id) for each in related_cases(world.lead, case)]
    assert around == [
        (Relation.CHILD, child.pk),
        (Relation.DUPLICATE, duplicate.pk),
        (Relation.FOLLOWER, follower.pk),
    ]
    child.refresh_from_db()
    [only] = related_cases(world.lead, child)
    assert (only.relation, only.incident_id) == (Relation.PARENT, case.pk)
