"""The page of a case, and what is late and with whom: what they show to whom."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient
from django.utils import timezone, translation

from gis_grids.levels import Level, PostKind
from incidents.models import Escalation, Incident, IncidentCycle, MessageTemplate, NegativeItem
from incidents.workflow import Action, Actor, Clock, State
from tests.factories import UserFactory, post
from tests.incidents.world import make_world
from tests.mapui.office.case_pages import LATE, LIST, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english(client):
    client.cookies.load({"django_language": "en"})
    with translation.override("en"):
        yield


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def visit(client):
    """Return a function that opens an address as a person."""

    def go(person, address=LIST, **data):
        client.force_login(person)
        return client.post(address, data) if data else client.get(address)

    return go


# One case.


def test_a_case_is_shown_with_its_history_and_what_is_around_it(world, visit):
    case = world.bring(State.RESOLVED)
    world.act(case.pk, Action.ADD_NOTE, Actor.GRID_LEAD, note="只限内部")
    follower = world.case()
    Incident.objects.filter(pk=follower.pk).update(follows=case)
    answer = visit(world.lead, f"/office/cases/{case.number}/")
    said = text(answer)
    for words in ("三号楼旁垃圾堆积", "Resolved", "to 王colleague", "只限内部", "已清运", follower.number):
        assert words in said
    assert 'class="is-internal' in answer.content.decode()


def test_the_line_of_time_shows_cycles_pauses_and_escalations(world, visit):
    case = world.bring(State.REOPENED)
    waiting = world.bring(State.NEED_INFO)
    Escalation.objects.create(
        incident=waiting, cycle=1, clock=Clock.RESOLVED, step=80, level=Level.COMMUNITY,
        unit=world.town.units[Level.COMMUNITY][0], told=[], due_at=timezone.now(), at=timezone.now(),
    )  # fmt: skip
    page = visit(world.lead, f"/office/cases/{case.number}/").content.decode()
    assert page.count('class="cycle"') == 2
    assert 'class="pause"' not in page
    page = visit(world.lead, f"/office/cases/{waiting.number}/").content.decode()
    assert page.count('class="pause"') == 1
    assert "80 %</title>" in page


def test_a_case_has_one_address(world, visit):
    case = world.case()
    for address in (f"/office/cases/{case.pk}/", f"/office/cases/19991231-{case.pk}/"):
        answer = visit(world.lead, address)
        assert (answer.status_code, answer.url) == (302, f"/office/cases/{case.number}/")


@pytest.mark.parametrize("number", ["0", "x", "20261121-", "9" * 12, "9" * 40])
def test_a_case_that_is_not_there_is_not_found(world, visit, number):
    assert visit(world.lead, f"/office/cases/{number}/").status_code == 404


def test_another_area_s_case_is_not_found(world, visit):
    case = world.case()
    assert visit(world.stranger, f"/office/cases/{case.number}/").status_code == 404


def test_names_are_masked_on_the_page_for_who_may_not_read_them(world, visit):
    case = world.bring(State.ASSIGNED)
    planner = UserFactory()
    post(planner, world.town.units[Level.DISTRICT][0], PostKind.PLANNER)
    said = visit(planner, f"/office/cases/{case.number}/").content.decode()
    assert "王colleague" not in said
    assert "王worker" not in said
    assert "to 王*" in unescape(said)


# What is late.


def late_case(world, **changes):
    case = world.case(**changes)
    now = timezone.now()
    IncidentCycle.objects.filter(incident=case).update(
        feedback_warn_at=now - timedelta(hours=2), feedback_due_at=now - timedelta(hours=1)
    )
    return case


def test_what_is_late_stands_under_the_unit_that_answers_for_it(world, visit):
    case, near = late_case(world), world.case()
    now = timezone.now()
    IncidentCycle.objects.filter(incident=near).update(
        feedback_warn_at=now - timedelta(minutes=1), feedback_due_at=now + timedelta(minutes=9)
    )
    community, street = world.town.units[Level.COMMUNITY][0], world.town.units[Level.STREET][0]
    before, after = text(visit(world.operator, LATE)).split("Nearly late", 1)
    assert "1 case is late." in before
    assert f"Unit {community.code} Community 1" in before
    assert "nobody has it" in before
    assert case.number in before
    assert near.number in after
    Incident.objects.filter(pk=case.pk).update(escalated_to=Level.STREET)
    Escalation.objects.create(
        incident=case, cycle=1, clock=Clock.FEEDBACK, step=100, level=Level.STREET, unit=street,
        told=[world.office.pk], due_at=now, at=now,
    )  # fmt: skip
    assert f"Unit {street.code} Street 1" in text(visit(world.operator, LATE))
    mine = text(visit(world.office, LATE))
    assert "told: 王office" in mine
    assert mine.index("Escalated to me") < mine.index(case.number)
    assert "Nothing waits for your answer." not in mine
    assert "Nothing waits for your answer." in text(visit(world.operator, LATE))


def test_what_is_late_elsewhere_is_nobody_s_business_here(world, visit):
    case = late_case(world)
    assert case.number not in text(visit(world.stranger, LATE))


# What the page of a case offers.


def test_the_forms_offer_the_proposal_with_its_reasons_and_the_office_s_words(world, visit):
    MessageTemplate.objects.create(state=State.REPORTED, text_zh="{number}已收", text_en="{number} received")
    NegativeItem.objects.create(
        number="N-1",
        title="家务纠纷",
        matter_code="noise",
        decided_by=world.office,
        decided_at=timezone.now(),
    )
    case = world.case()
    choices = visit(world.lead, f"/office/cases/{case.number}/").context["choices"]
    assert choices["proposal"]["user_id"] == world.worker.pk
    assert choices["proposal"]["reasons"]
    assert {"state": "reported", "text": f"{case.number} received"} in choices["templates"]
    assert world.town.units[Level.RESIDENT_GROUP][1].pk in [unit["id"] for unit in choices["units"]]
    assert choices["items"] == []
    review = world.bring(State.ADMISSION_REVIEW)
    assert visit(world.office, f"/office/cases/{review.number}/").context["choices"]["items"] == [
        "N-1 家务纠纷"
    ]


def test_the_link_of_the_call_back_is_for_those_who_call_back(world, visit):
    case = world.bring(State.RESOLVED)
    planner = UserFactory()
    post(planner, world.town.units[Level.DISTRICT][0], PostKind.PLANNER)
    address = f"/office/cases/{case.number}/"
    link = visit(world.lead, address).context["rating_link"]
    assert link.startswith("http://testserver/rate/")
    assert visit(planner, address).context["rating_link"] == ""
    assert "/rate/" not in visit(planner, address).content.decode()


def test_the_link_is_a_whole_address_as_the_server_itself_makes_it(world):
    case = world.bring(State.RESOLVED)
    client = AsyncClient()
    client.force_login(world.lead)
    shown = async_to_sync(client.get)(f"{LIST}{case.number}/")  # under ASGI a request has a scope of its own
    assert shown.status_code == 200
    assert "http://testserver/rate/" in shown.content.decode()


def test_what_may_be_the_same_is_offered_to_be_merged(world, visit):
    case, other = world.case(), world.case(text="同一处垃圾")
    answer = visit(world.lead, f"/office/cases/{case.number}/")
    assert f'data-merge="{other.number}"' in answer.content.decode()
    [master] = answer.context["choices"]["masters"]
    assert master["number"] == other.number
    assert "同一处垃圾" in master["label"]
