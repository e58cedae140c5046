from __future__ import annotations

from datetime import time, timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gis_grids.errors import NotFound
from gis_grids.levels import Level, PostKind
from gis_grids.people import mask_name, name_of
from incidents.models import Attachment, Escalation, Matter, MessageTemplate
from incidents.selectors import access_incident, assignable, details
from incidents.selectors.related import Relation
from incidents.services.escalations import escalate
from incidents.workflow import INTERNAL, TABLE, Action, Actor, Need, State
from tests.factories import UserFactory, post
from tests.incidents.duty_world import published
from tests.incidents.homes import household
from tests.incidents.test_access import grant


def test_the_operator_reads_the_case_and_what_he_can_do(world):
    case = world.bring(State.IN_PROGRESS)
    shown = details(world.operator, case.pk)
    assert shown.card.id == case.pk
    assert (shown.matter.code, shown.text) == ("rubbish", case.text)
    assert [row.action for row in shown.history] == [Action.REPORT, Action.ASSIGN, Action.TAKE]
    assert [row.by_role for row in shown.history] == [Actor.REPORTER, Actor.GRID_LEAD, Actor.ASSIGNEE]
    assert shown.history[1].details == {"assignee": world.colleague.pk}
    offered = {offer.action: offer for offer in shown.actions}
    allowed = {row.action for row in TABLE if case.state in row.sources and Actor.OPERATOR in row.actors}
    assert offered.keys() == allowed - {Action.COMPLETE_STEP, Action.REFUSE_EXTENSION}
    assert (offered[Action.RESOLVE].needs, offered[Action.RESOLVE].target) == ([Need.RESULT], State.RESOLVED)
    assert offered[Action.GIVE_FEEDBACK].target is None
    assert {one.user_id for one in shown.candidates} >= {world.colleague.pk, world.lead.pk}
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
        (world.head.pk, 0),
        (world.operator.pk, 0),
    ]
    assert (found[1].post, found[1].unit_name) == (
        PostKind.AREA_HEAD,
        world.town.units[Level.AREA][0].versions.get().name,
    )
    assert assignable(details(world.lead, case.pk).chain) == found
    assert not any(one.is_on_duty for one in found)


def test_candidates_are_marked_who_are_on_duty(world):
    case, at = world.case(), timezone.now()
    whole_day = ((time(0), time(0)),)
    roster = published(
        world, world.town.units[Level.COMMUNITY][0], work=whole_day, rest=whole_day, holiday=whole_day
    )
    for shift in roster.shifts.all():
        shift.duties.create(
            date=timezone.localdate(at, timezone.get_default_timezone()), person=world.colleague
        )
    on_duty = [one.user_id for one in assignable(details(world.lead, case.pk).chain, at) if one.is_on_duty]
    assert on_duty == [world.colleague.pk]


def test_a_merged_case_is_told_with_its_master(world):
    master, case = world.case(), world.case()
    world.act(case.pk, Action.MERGE, Actor.GRID_LEAD, master_id=master.pk)
    assert details(world.operator, case.pk).merged_into == master.pk
    assert details(world.operator, master.pk).duplicates == [case.pk]


def colleague_of(world, kind=PostKind.GRID_WORKER):
    """Return somebody who sees the cases by his post, and has no part in them."""
    user = UserFactory(password="x")
    post(user, world.town.units[Level.STREET][0], kind)
    return user


def test_what_is_internal_is_for_who_handles_the_case(world):
    case = world.bring(State.ASSIGNED)
    world.act(case.pk, Action.ADD_NOTE, Actor.GRID_LEAD, note="此人常投诉")
    world.act(case.pk, Action.PRIORITISE, Actor.GRID_LEAD, note="领导关注")
    world.act(case.pk, Action.REMIND, Actor.OPERATOR, note="快办")
    world.act(case.pk, Action.SEND_BACK, Actor.ASSIGNEE, note="不归我管")
    said = {"此人常投诉", "领导关注", "快办", "不归我管"}
    for reader in (world.worker, colleague_of(world)):
        shown = details(reader, case.pk)
        assert not said & {row.note for row in shown.history}
        assert not INTERNAL & {row.action for row in shown.history}
    for reader in (world.lead, world.operator, world.office, world.head):
        assert said <= {row.note for row in details(reader, case.pk).history}


def test_a_reporter_reads_nothing_of_others_cases_in_his_own(world):
    master, other = world.case(reporter=world.stranger.pk), world.case(reporter=world.colleague.pk)
    world.act(other.pk, Action.MERGE, Actor.GRID_LEAD, master_id=master.pk)
    told = details(world.stranger, master.pk)
    assert [row.details for row in told.history] == [{}, {}]
    assert (told.duplicates, told.related) == ([], [])
    assert details(world.lead, master.pk).history[1].details == {"duplicate": other.pk}
    merged = details(world.colleague, other.pk)
    assert merged.history[1].details == {"master": master.pk}
    assert merged.merged_into == master.pk


def test_the_cases_around_it_that_one_may_see(world):
    case = world.bring(State.ACCEPTED)
    world.act(case.pk, Action.SPLIT, Actor.GRID_LEAD)
    [part] = case.children.all()
    assert [(one.relation, one.incident_id) for one in details(world.lead, case.pk).related] == [
        (Relation.CHILD, part.pk)
    ]
    shown = details(world.lead, part.pk)
    assert [(one.relation, one.incident_id) for one in shown.related] == [(Relation.PARENT, case.pk)]
    assert Action.SPLIT not in {offer.action for offer in shown.actions}
    ended = world.bring(State.CLOSED)
    world.act(ended.pk, Action.FOLLOW_UP, Actor.GRID_LEAD)
    [follower] = ended.followers.all()
    assert details(world.lead, ended.pk).related[0].relation is Relation.FOLLOWER
    assert details(world.lead, follower.pk).related[0].relation is Relation.FOLLOWS
    Matter.objects.filter(code="rubbish").update(is_private=True)
    grant(world.lead, world.town.leaf, code="rubbish")
    assert details(world.worker, case.pk).related[0].incident_id == part.pk
    part.reporter = world.colleague
    part.save(update_fields=["reporter"])
    assert details(world.worker, case.pk).related == []
    assert details(world.lead, case.pk).related[0].incident_id == part.pk


def test_co_reporters_are_named_as_the_reporter_is(world):
    master, other = world.case(), world.case(reporter=world.colleague.pk)
    world.act(other.pk, Action.MERGE, Actor.GRID_LEAD, master_id=master.pk)
    name = name_of(world.colleague)
    assert [one.name for one in details(world.lead, master.pk).co_reporters] == [name]
    assert [one.name for one in details(world.worker, master.pk).co_reporters] == [mask_name(name)]
    assert Action.CANCEL not in {offer.action for offer in details(world.worker, master.pk).actions}


def test_what_was_escalated_and_to_whom(world):
    case = world.case()
    escalate(incident_id=case.pk, now=case.cycles.get().feedback_due_at + timedelta(seconds=1))
    assert Escalation.objects.filter(incident=case).exists()
    shown = details(world.lead, case.pk)
    assert [row.step for row in shown.escalations[:2]] == [80, 100]
    assert shown.card.escalated_to == shown.escalations[1].level
    told = {one.name for row in shown.escalations for one in row.told}
    assert told
    assert not any("*" in name for name in told)
    for reader in (world.worker, colleague_of(world)):
        assert details(reader, case.pk).escalations == []


def test_an_errand_s_household_is_masked_and_for_who_handles_it(world):
    home = household(world.town.leaf)
    home.householder, home.phone, home.address = "欧阳明", "10012345678", "春风路 1 号 101"
    home.save()
    case = world.bring(State.IN_PROGRESS, matter="errand", household=home.pk)
    for reader in (world.lead, world.operator, world.office, world.colleague):
        shown = details(reader, case.pk).household
        assert (shown.id, shown.householder, shown.phone) == (home.pk, "欧*", "100****5678")
    for reader in (world.worker, colleague_of(world)):
        assert details(reader, case.pk).household is None


def test_the_steps_of_an_errand_and_who_did_them(world):
    case = world.bring(State.IN_PROGRESS, matter="errand", household=household(world.town.leaf).pk)
    world.act(case.pk, Action.COMPLETE_STEP, Actor.ASSIGNEE)
    shown = details(world.lead, case.pk)
    assert [(step.number, step.done_by and step.done_by.user_id) for step in shown.steps][:2] == [
        (1, world.colleague.pk),
        (2, None),
    ]
    assert Action.COMPLETE_STEP in {offer.action for offer in shown.actions}
    case.steps.update(done_at=timezone.now(), done_by=world.colleague)
    assert Action.COMPLETE_STEP not in {offer.action for offer in details(world.lead, case.pk).actions}


def test_the_files_and_how_far_they_are(world):
    case = world.case()
    Attachment.objects.create(
        id=uuid4(), incident=case, origin=case, purpose="report", name="照片.jpg", media_type="image/jpeg",
        size=900, sha256=b"x" * 32, received=300, declared_at=timezone.now(), sender=world.worker,
    )  # fmt: skip
    [shown] = details(world.worker, case.pk).attachments
    assert (shown.name, shown.received, shown.size, shown.completed_at) == ("照片.jpg", 300, 900, None)


def test_an_extension_that_was_asked_for(world):
    case = world.bring(State.IN_PROGRESS)
    assert Action.REFUSE_EXTENSION not in {offer.action for offer in details(world.lead, case.pk).actions}
    until = case.cycles.get().resolve_due_at.date() + timedelta(days=3)
    world.act(case.pk, Action.REQUEST_EXTENSION, Actor.ASSIGNEE, date=until)
    shown = details(world.lead, case.pk)
    assert shown.extension_asked == until
    assert {Action.EXTEND, Action.REFUSE_EXTENSION} <= {offer.action for offer in shown.actions}
    assert details(world.worker, case.pk).extension_asked is None
    held = world.bring(State.ON_HOLD)
    assert details(world.worker, held.pk).held_until == held.held_until


def test_the_link_to_rate_is_for_who_sends_it_and_not_for_whose_work_is_rated(world):
    case = world.bring(State.RESOLVED)
    for reader in (world.lead, world.operator, world.office):
        assert details(reader, case.pk).rating_link.startswith("/rate/")
    for reader in (world.colleague, world.worker, colleague_of(world)):
        assert details(reader, case.pk).rating_link is None
    assert details(world.lead, world.bring(State.IN_PROGRESS).pk).rating_link is None
    world.act(case.pk, Action.RATE, Actor.REPORTER)
    shown = details(world.worker, case.pk)
    assert [rating.score for rating in shown.ratings] == [4]
    assert Action.RATE not in {offer.action for offer in shown.actions}


def test_who_triages_gets_what_he_needs_for_it_and_nobody_else(world):
    MessageTemplate.objects.create(matter_code="", state=State.ACCEPTED, text_zh="{number} 已受理")
    other, case = world.case(), world.case()
    shown = details(world.lead, case.pk)
    assert [one.incident_id for one in shown.similar] == [other.pk]
    assert shown.proposal.user_id in {one.user_id for one in shown.candidates}
    assert all(isinstance(reason, str) for reason in shown.proposal.reasons)
    assert f"{case.number} 已受理" in {each.text for each in shown.texts if each.state is State.ACCEPTED}
    for reader in (world.worker, colleague_of(world)):
        shown = details(reader, case.pk)
        assert (shown.similar, shown.candidates, shown.proposal, shown.texts) == ([], [], None, [])


def test_the_reads_do_not_grow(world):
    def count(case):
        with CaptureQueriesContext(connection) as queries:
            details(world.lead, case.pk)
        return len(queries)

    case = world.case()
    before = count(case)
    for _ in range(4):
        other = world.case(reporter=colleague_of(world).pk)
        world.act(other.pk, Action.MERGE, Actor.GRID_LEAD, master_id=case.pk)
        world.act(case.pk, Action.ADD_NOTE, Actor.GRID_LEAD)
        world.case()
    escalate(incident_id=case.pk, now=case.cycles.get().resolve_due_at)
    # One more: the names of the units that have to answer.
    assert count(case) <= before + 1 <= 30
