"""Reports by residents without account: the same service as a worker's, with nobody as reporter."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from gis_grids.errors import BadInput, Conflict, NotFound, Refused
from gis_grids.levels import Level, PostKind
from gis_grids.personal import USUAL_DAYS, Keep
from gis_grids.services.retention import forget
from gis_grids.services.texts import read_phone
from households.models import AccessRecord
from incidents.models import Attachment, CoReporter, Incident, Matter, ResidentContact
from incidents.permissions import LinkHolder
from incidents.selectors import details, feed_after, reporter_snapshot, wall_snapshot
from incidents.selectors.attachments import attachment_state
from incidents.selectors.case_list import CaseFilter, Sort, each_case
from incidents.selectors.follow import FOLLOW_WINDOW, follow_path, followed
from incidents.selectors.performance import By, performance
from incidents.services import act, report_incident
from incidents.services.attachments import declare, receive
from incidents.services.contacts import read_contact
from incidents.services.ratings import link_for, rate
from incidents.services.residents import answer_by_link, object_by_link
from incidents.workflow import Action, Actor, State
from tests.factories import UserFactory, post
from tests.incidents.pictures import declared, picture

pytestmark = pytest.mark.django_db


def case_of(world, **changes) -> Incident:
    return world.case(reporter=None, **changes)


def bring(world, *steps, **changes) -> Incident:
    """Return a resident's case after these actions, each (action, actor)."""
    case = case_of(world, **changes)
    for action, actor in steps:
        world.act(case.pk, action, actor)
    case.refresh_from_db()
    return case


def token_of(case) -> str:
    return follow_path(case.pk).split("/")[-2]


ASSIGN, TAKE = (Action.ASSIGN, Actor.GRID_LEAD), (Action.TAKE, Actor.ASSIGNEE)
ASK, RESOLVE = (Action.ASK, Actor.ASSIGNEE), (Action.RESOLVE, Actor.ASSIGNEE)
REFUSE = ((Action.REVIEW, Actor.GRID_LEAD), (Action.REJECT, Actor.STREET_OFFICE))


# --- the report --------------------------------------------------------------------------------------


def test_it_goes_the_way_of_a_workers_report(world):
    case, other = case_of(world), world.case()
    assert case.reporter is None
    assert (case.unit, case.reported_version, case.state) == (other.unit, other.reported_version, other.state)
    mine, others = case.cycles.get(), other.cycles.get()
    assert mine.rule == others.rule
    assert mine.feedback_due_at - case.received_at == others.feedback_due_at - other.received_at
    event = case.events.get()
    assert (event.action, event.actor, event.details["as"]) == (Action.REPORT, None, Actor.REPORTER)


def test_the_same_report_twice_is_one_case(world):
    report = world.report(reporter=None, phone="13800001111")
    first = report_incident(report=report)
    again = report_incident(report=world.report(**vars_of(report) | {"phone": "13900002222"}))
    assert (again.incident_id, again.is_repeat) == (first.incident_id, True)
    assert read_contact(actor=world.operator, incident_id=first.incident_id, reason="回电") == "13800001111"
    with pytest.raises(Conflict):
        report_incident(report=world.report(**vars_of(report) | {"text": "另一件事"}))


def vars_of(report) -> dict:
    return {name: getattr(report, name) for name in report.__dataclass_fields__}


@pytest.mark.parametrize("matter", ["care", "dispute", "errand"])
def test_only_what_the_catalogue_opens_to_residents(world, matter):
    with pytest.raises(BadInput) as refused:
        case_of(world, matter=matter)
    assert refused.value.code in {"matter.not_for_residents", "report.household"}
    assert not Incident.objects.exists()


def test_an_errand_is_never_open_to_residents(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        Matter.objects.filter(code="errand").update(is_for_residents=True)


def test_a_household_is_nobodys_to_name_without_account(world):
    with pytest.raises(NotFound):
        case_of(world, household=1)


# --- what else assumes a reporter ------------------------------------------------------------------------


def test_feed_walls_phones_lists_and_figures_bear_it(world):
    case = bring(world, ASSIGN, TAKE, RESOLVE)
    assert {row.reporters for row in feed_after(0, 100).events} == {()}
    assert case.pk in {card.id for card in wall_snapshot([world.town.leaf.pk]).cards}
    assert case.pk not in {card.id for card in reporter_snapshot(world.worker.pk).cards}
    [row] = each_case(world.operator, CaseFilter(), Sort.RECEIVED, is_descending=True, limit=10)
    assert row.card.id == case.pk
    day = timedelta(days=1)
    now = timezone.now()
    figures = performance(world.head, since=now - day, until=now + day, by=By.UNIT)
    assert figures.total.cases == 1
    shown = details(world.operator, case.pk)
    assert (shown.reporter, shown.contact) == (None, "")
    assert shown.history[0].by is None


def test_a_merge_takes_the_resident_along_and_back(world):
    master, case = world.case(), case_of(world)
    world.act(case.pk, Action.MERGE, Actor.GRID_LEAD, master_id=master.pk)
    assert CoReporter.objects.get().user is None
    assert details(world.operator, master.pk).co_reporters == [None]
    assert feed_after(0, 100).events[-1].reporters == (world.worker.pk,)
    with pytest.raises(Conflict):  # somebody else waits for it now
        act(incident_id=master.pk, action=Action.CANCEL, actor=world.worker, note="不用了",
            expected_version=Incident.objects.get(pk=master.pk).version)  # fmt: skip
    shown = followed(token_of(case))
    assert (shown.is_merged, shown.state, shown.words, shown.responsible) == (True, State.REPORTED, [], None)
    world.act(case.pk, Action.UNMERGE, Actor.GRID_LEAD)
    assert not CoReporter.objects.exists()
    assert not followed(token_of(case)).is_merged


def test_a_workers_case_merged_into_a_residents(world):
    master, case = case_of(world), world.case()
    world.act(case.pk, Action.MERGE, Actor.GRID_LEAD, master_id=master.pk)
    assert feed_after(0, 100).events[-1].reporters == (world.worker.pk,)
    assert [person.user_id for person in details(world.operator, master.pk).co_reporters] == [world.worker.pk]


def test_parts_and_followers_of_it_are_nobodys_either(world):
    case = bring(world, ASSIGN)
    world.act(case.pk, Action.SPLIT, Actor.GRID_LEAD)
    assert case.children.get().reporter is None
    assert followed(token_of(case)).state is State.ASSIGNED


def test_a_rating_by_the_link_counts(world):
    case = bring(world, ASSIGN, TAKE, RESOLVE)
    rate(token=link_for(case).split("/")[2], score=5)
    assert case.ratings.get().score == 5


# --- following by the link --------------------------------------------------------------------------------


def test_the_link_tells_the_story_and_no_name(world):
    case = bring(world, ASSIGN, TAKE, ASK)
    shown = followed(token_of(case))
    assert (shown.state, shown.question) == (State.NEED_INFO, "请补充说明")
    assert [(word.text, word.is_own) for word in shown.words] == [("请补充说明", False)]
    answer_by_link(token=token_of(case), text="在三号楼北门")
    shown = followed(token_of(case))
    assert (shown.state, shown.question) == (State.IN_PROGRESS, "")
    assert [(word.text, word.is_own) for word in shown.words][1:] == [("在三号楼北门", True)]
    assert (shown.responsible.post, shown.responsible.unit_name) == (
        str(PostKind.GRID_WORKER.label),
        "Unit " + world.town.units[Level.AREA][0].code,
    )
    event = case.events.latest("seq")
    assert (event.actor, event.details["as"]) == (None, Actor.REPORTER)
    with pytest.raises(Conflict):
        answer_by_link(token=token_of(case), text="再说一次")
    assert "王" not in repr(shown)


def test_what_is_said_among_the_staff_is_not_told(world):
    case = bring(world, ASSIGN)
    for action, actor in (
        (Action.ADD_NOTE, Actor.GRID_LEAD), (Action.REMIND, Actor.OPERATOR),
        (Action.SEND_BACK, Actor.ASSIGNEE),
        (Action.RECATEGORISE, Actor.GRID_LEAD), (Action.VOID, Actor.OPERATOR),
    ):  # fmt: skip
        world.act(case.pk, action, actor)
    assert followed(token_of(case)).words == []


def test_resolved_it_can_be_rated_and_refused_it_can_be_objected_to_once(world):
    assert followed(token_of(bring(world, ASSIGN, TAKE))).rating_path is None
    done = bring(world, ASSIGN, TAKE, RESOLVE)
    shown = followed(token_of(done))
    assert (shown.rating_path, shown.may_object, shown.words[-1].text) == (link_for(done), False, "已清运")
    refused = bring(world, *REFUSE)
    assert followed(token_of(refused)).may_object
    object_by_link(token=token_of(refused), reason="就是社区的事")
    assert not followed(token_of(refused)).may_object
    assert refused.events.latest("seq").action == Action.REQUEST_REOPEN


def spoiled(world, case):
    token = token_of(case)
    other = token_of(case_of(world))
    yield from (
        "x",
        token[:-1],
        token.split(":")[0],
        other.split(":")[0] + ":" + token.split(":")[1],
        "",
        "\0",
    )
    yield link_for(bring(world, ASSIGN, TAKE, RESOLVE)).split("/")[2]  # signed, for something else
    yield token_of(world.case())  # signed, but somebody with an account reported it


def test_a_link_that_is_none_opens_nothing(world):
    case = bring(world, ASSIGN, TAKE, ASK)
    for token in spoiled(world, case):
        for attempt in (
            lambda: followed(token),  # noqa: B023 - called at once
            lambda: answer_by_link(token=token, text="不该看到"),  # noqa: B023
            lambda: object_by_link(token=token, reason="不该看到"),  # noqa: B023
        ):
            with pytest.raises(NotFound) as refused:
                attempt()
            assert refused.value.code == "follow.no_link"


def test_the_link_is_over_some_time_after_the_end(world):
    case = bring(world, *REFUSE)
    soon, late = (case.state_since + FOLLOW_WINDOW + timedelta(days=days) for days in (-1, 1))
    assert followed(token_of(case), soon).number == case.number
    with pytest.raises(NotFound):
        followed(token_of(case), late)
    open_case = case_of(world)
    assert followed(token_of(open_case), late + timedelta(days=1000)).number == open_case.number


def test_who_holds_the_link_of_one_case_can_do_nothing_with_another(world):
    mine, other = bring(world, ASSIGN, TAKE, ASK), bring(world, ASSIGN, TAKE, ASK)
    with pytest.raises(NotFound):
        act(incident_id=other.pk, action=Action.ANSWER, actor=LinkHolder(mine.pk), note="不是我的",
            expected_version=other.version)  # fmt: skip


# --- pictures ---------------------------------------------------------------------------------------------


def test_pictures_are_sent_by_who_holds_the_link_and_by_nobody_else(world):
    content = picture()
    first, second = declared(content), declared(content)
    case, other = case_of(world, attachments=(first,)), case_of(world)
    declare(actor=LinkHolder(case.pk), incident_id=case.pk, purpose="report", files=[second])
    assert set(Attachment.objects.values_list("sender", flat=True)) == {None}
    for stranger in (LinkHolder(other.pk), world.worker, world.operator):
        with pytest.raises(NotFound):
            receive(attachment_id=first.id, offset=0, piece=content, actor=stranger)
    with pytest.raises(NotFound):
        attachment_state(LinkHolder(other.pk), first.id)
    with pytest.raises(NotFound):
        declare(actor=LinkHolder(other.pk), incident_id=case.pk, purpose="report", files=[declared(content)])
    with pytest.raises(Refused):
        declare(actor=LinkHolder(case.pk), incident_id=case.pk, purpose="result", files=[declared(content)])
    done = receive(attachment_id=first.id, offset=0, piece=content, actor=LinkHolder(case.pk))
    assert done.completed_at
    assert attachment_state(LinkHolder(case.pk), first.id).received == len(content)
    assert attachment_state(world.operator, first.id).completed_at
    assert [file.completed_at is not None for file in followed(token_of(case)).files] == [True, False]


def test_a_worker_who_is_no_more_sends_nothing(world):
    file = declared(picture())
    world.case(attachments=(file,))
    world.worker.is_active = False
    world.worker.save()
    with pytest.raises(NotFound):
        receive(attachment_id=file.id, offset=0, piece=b"x", actor=world.worker)


# --- the number -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("13812341234", "13812341234"), (" 138 1234-1234 ", "13812341234"),
        ("１３８１２３４１２３４", "13812341234"),
        ("+86 (10) 6555.1234", "+861065551234"), ("", ""), ("  ", ""),
    ],
)  # fmt: skip
def test_a_number_is_read_as_people_write_it(written, read):
    assert read_phone(written) == read


@pytest.mark.parametrize(
    "written", ["张三", "1381234123x", "12", "1" * 16, "+", "13812341234 13912341234", "\0"]
)
def test_what_is_no_number_is_told_so(world, written):
    with pytest.raises(BadInput) as refused:
        case_of(world, phone=written)
    assert refused.value.code == "contact.phone"
    assert not Incident.objects.exists()


def test_the_number_is_nowhere_in_clear(world):
    case = case_of(world, phone="13812341234")
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM incidents_residentcontact")
        assert b"13812341234" not in cursor.fetchone()[0]
    report = world.report(reporter=None, phone="13812341234")
    seen = [report, details(world.operator, case.pk), followed(token_of(case))]
    for told in (*seen, *feed_after(0, 9).events, *wall_snapshot([case.unit_id]).cards):
        assert "13812341234" not in repr(told)
    assert details(world.operator, case.pk).contact == "138****1234"


def test_who_may_read_it_says_why_and_it_is_written_down(world):
    case = bring(world, ASSIGN, phone="13812341234")
    for reader in (world.lead, world.operator, world.office, world.head, world.colleague):
        assert read_contact(actor=reader, incident_id=case.pk, reason="回电核实") == "13812341234"
    assert AccessRecord.objects.filter(reason="回电核实", what="contact", about=case.pk).count() == 5
    planner, steward = UserFactory(), UserFactory()
    post(planner, world.town.units[Level.COMMUNITY][0], PostKind.PLANNER)
    post(steward, world.town.units[Level.BUILDING_GROUP][0], PostKind.BUILDING_STEWARD)
    for reader in (planner, steward):
        assert details(reader, case.pk).contact == ""
        with pytest.raises(Refused):
            read_contact(actor=reader, incident_id=case.pk, reason="好奇")
    with pytest.raises(NotFound):
        read_contact(actor=world.stranger, incident_id=case.pk, reason="好奇")
    with pytest.raises(BadInput):
        read_contact(actor=world.operator, incident_id=case.pk, reason="  ")
    with pytest.raises(NotFound):
        read_contact(actor=world.operator, incident_id=case_of(world).pk, reason="回电")
    assert AccessRecord.objects.count() == 5
    with pytest.raises(DatabaseError), transaction.atomic():
        AccessRecord.objects.all().delete()


def forgotten(keep, run):
    return sum(part["count"] for part in run.found if part["keep"] == keep)


def test_it_is_forgotten_some_time_after_the_end_and_not_before(world):
    gone, kept = bring(world, *REFUSE, phone="13800000001"), bring(world, ASSIGN, phone="13800000002")
    merged = case_of(world, phone="13800000003")
    world.act(merged.pk, Action.MERGE, Actor.GRID_LEAD, master_id=kept.pk)
    end = timezone.now()
    days = USUAL_DAYS[Keep.CONTACT]
    assert forgotten(Keep.CONTACT, forget(is_dry=False, now=end + timedelta(days=days - 1))) == 0
    assert forgotten(Keep.CONTACT, forget(is_dry=True, now=end + timedelta(days=days + 1))) == 1
    assert ResidentContact.objects.count() == 3
    assert forgotten(Keep.CONTACT, forget(is_dry=False, now=end + timedelta(days=days + 1))) == 1
    assert set(ResidentContact.objects.values_list("incident", flat=True)) == {kept.pk, merged.pk}
    assert details(world.operator, gone.pk).contact == ""


def test_a_key_that_was_taken_away_breaks_no_page(world, settings):
    case = case_of(world, phone="13812341234")
    settings.DATA_KEYS = ()
    assert details(world.operator, case.pk).contact == "****"
    with pytest.raises(NotFound):
        read_contact(actor=world.operator, incident_id=case.pk, reason="回电")
