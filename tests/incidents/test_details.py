from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from gis_grids.errors import NotFound
from gis_grids.levels import Level, PostKind
from gis_grids.people import mask_name, name_of
from incidents.selectors import access_incident, assignable, details
from incidents.workflow import Action, Actor, Need, State
from tests.factories import UserFactory, post


def test_the_operator_reads_the_case_and_what_he_can_do(world):
    case = world.bring(State.IN_PROGRESS)
    shown = details(world.operator, case.pk)
    assert shown.card.id == case.pk
    assert (shown.matter.code, shown.text) == ("rubbish", case.text)
    assert [row.action for row in shown.history] == [Action.REPORT, Action.ASSIGN, Action.TAKE]
    assert [row.by_role for row in shown.history] == [Actor.REPORTER, Actor.GRID_LEAD, Actor.ASSIGNEE]
    assert shown.history[1].details == {"assignee": world.colleague.pk}
    assert {offer.action for offer in shown.actions} == {
        Action.RESOLVE,
        Action.SCHEDULE,
        Action.ASK,
        Action.TRANSFER,
        Action.GIVE_FEEDBACK,
    }
    assert next(o for o in shown.actions if o.action is Action.RESOLVE).needs == [Need.RESULT]
    assert shown.candidates == []
    assert [link.unit_id for link in shown.chain][-1] == world.town.leaf.pk
    assert len(shown.cycles) == 1


def test_names_are_for_those_with_a_part_in_the_case(world):
    case = world.bring(State.IN_PROGRESS)
    names = {"worker": name_of(world.worker), "colleague": name_of(world.colleague)}
    neighbour = UserFactory(password="x")
    post(neighbour, world.town.units[Level.STREET][0], PostKind.PLANNER)
    for reader in (world.lead, world.operator, world.office, world.colleague):
        shown = details(reader, case.pk)
        assert (shown.reporter.name, shown.assignee.name) == (names["worker"], names["colleague"])
    for reader in (world.worker, neighbour):
        shown = details(reader, case.pk)
        assert shown.assignee.name == mask_name(names["colleague"])
        assert name_of(world.lead) not in {row.by.name for row in shown.history}
    assert details(world.worker, case.pk).reporter.name == names["worker"]
    assert details(neighbour, case.pk).reporter.name == mask_name(names["worker"])


def test_a_case_is_hidden_from_all_others(world):
    case = world.case()
    gone = UserFactory(password="x", is_active=False)
    post(gone, world.town.units[Level.CITY][0], PostKind.COMMAND_OPERATOR)
    for reader in (world.stranger, UserFactory(password="x"), gone, AnonymousUser()):
        for read in (details, access_incident):
            with pytest.raises(NotFound) as error:
                read(reader, case.pk)
            assert error.value.code == "incident.not_found"


def test_a_post_below_the_case_s_unit_opens_nothing(world):
    sibling = UserFactory(password="x")
    post(sibling, world.town.units[Level.RESIDENT_GROUP][1], PostKind.GRID_LEADER)
    with pytest.raises(NotFound):
        access_incident(sibling, world.case().pk)


def test_who_was_given_the_case_sees_it_as_long_as_he_has_it(world):
    case = world.bring(State.ASSIGNED)
    world.colleague.posts.all().delete()
    assert access_incident(world.colleague, case.pk).actors == {Actor.ASSIGNEE}
    world.act(case.pk, Action.SEND_BACK, Actor.GRID_LEAD)
    with pytest.raises(NotFound):
        access_incident(world.colleague, case.pk)


def test_candidates_come_nearest_first_then_by_load(world):
    second = UserFactory(password="x", username="second")
    post(second, world.town.units[Level.AREA][0], PostKind.AREA_HEAD)
    post(second, world.town.units[Level.CITY][0], PostKind.PLANNER)
    gone = UserFactory(password="x", is_active=False)
    post(gone, world.town.leaf, PostKind.GRID_WORKER)
    post(None, world.town.leaf, PostKind.BUILDING_STEWARD)
    world.bring(State.ASSIGNED)
    world.bring(State.CLOSED)
    case = world.case()
    found = details(world.lead, case.pk).candidates
    assert [(one.user_id, one.open_cases) for one in found] == [
        (world.worker.pk, 0),
        (second.pk, 0),
        (world.colleague.pk, 1),
        (world.lead.pk, 0),
        (world.office.pk, 0),
        (world.operator.pk, 0),
    ]
    assert (found[1].post, found[1].unit_name) == (
        PostKind.AREA_HEAD,
        world.town.units[Level.AREA][0].versions.get().name,
    )
    assert assignable(details(world.lead, case.pk).chain) == found


def test_a_merged_case_is_told_with_its_master(world):
    master, case = world.case(), world.case()
    world.act(case.pk, Action.MERGE, Actor.GRID_LEAD, master_id=master.pk)
    assert details(world.operator, case.pk).merged_into == master.pk
    assert details(world.operator, master.pk).duplicates == [case.pk]
