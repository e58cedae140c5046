"""The office's list of cases: what is shown to whom, views, bulk, files, and what it does with bad input."""

from __future__ import annotations

import io
import logging
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone, translation
from openpyxl import load_workbook

from gis_grids.levels import Level, PostKind
from incidents.models import Incident, IncidentCycle, Matter, SavedView
from incidents.services.saved_views import MAX_VIEWS
from incidents.workflow import Action, Actor, State
from mapui.office.cases import export
from tests.factories import UserFactory, post
from tests.incidents.world import make_world
from tests.mapui.office.case_pages import LIST, rows, text

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


def ticked(*cases):
    return [f"{case.pk}:{case.version}:{case.number}" for case in cases]


# The list.


def test_the_list_shows_what_the_viewer_may_see(world, visit):
    case = world.bring(State.ASSIGNED)
    said = text(visit(world.lead))
    assert case.number in said
    assert "王colleague" in said
    assert rows(visit(world.stranger)) == []


def test_a_private_matter_is_in_no_list_of_who_has_no_grant(world, visit):
    case = world.case()
    Matter.objects.filter(pk=case.matter_id).update(is_private=True)
    assert rows(visit(world.lead)) == []
    assert visit(world.lead, f"/office/cases/{case.number}/").status_code == 404
    assert case.number not in visit(world.lead, "/office/cases/export/csv/").content.decode()


def test_open_cases_are_shown_unless_others_are_asked_for(world, visit):
    open_one, closed = world.case(), world.bring(State.CLOSED)
    assert rows(visit(world.lead)) == [open_one.number]
    assert rows(visit(world.lead, f"{LIST}?state=ended")) == [closed.number]
    assert rows(visit(world.lead, f"{LIST}?state=all&sort=-received")) == [closed.number, open_one.number]
    assert rows(visit(world.lead, f"{LIST}?state=closed")) == [closed.number]


@pytest.mark.parametrize(
    "query",
    [
        "state=nonsense", "matter=none", "class=x", "unit=00", "priority=x", "who=somebody",
        "who=99999999999999",
        "clock=x", "band=purple", "level=moon", "from=yesterday", "to=2026-13-41", "from=0001-01-01",
        "sort=name", "page=-1", "page=zz", "page=999999999", "unit=%00", "who=0",
    ],
)  # fmt: skip
def test_what_can_not_be_understood_is_said_and_left_out(world, visit, query):
    case = world.case()
    answer = visit(world.lead, f"{LIST}?{query}")
    assert rows(answer) == [case.number]
    assert answer.content.decode().count('class="problem"') == (0 if query == "unit=%00" else 1)


@pytest.mark.parametrize("query", ["q=%00", "q=" + "x" * 5000, "q=%27%22%3Cscript%3E", "q=%ED%A0%80"])
def test_any_words_can_be_looked_for(world, visit, query):
    world.case()
    answer = visit(world.lead, f"{LIST}?{query}")
    assert answer.status_code == 200
    assert b"<script>" not in answer.content.replace(b"<script src", b"")


def test_clocks_are_marked_green_yellow_red_and_paused(world, visit):
    now = timezone.now()
    case = world.case()
    IncidentCycle.objects.filter(incident=case).update(
        feedback_warn_at=now - timedelta(hours=3), feedback_due_at=now - timedelta(hours=2, minutes=30),
        handling_warn_at=now - timedelta(minutes=1), handling_due_at=now + timedelta(minutes=30, seconds=30),
    )  # fmt: skip
    answer = visit(world.lead)
    said = text(answer)
    assert "Late +2 h 30 min" in said
    assert "Nearly late 30 min" in said
    assert 'clock clock-good"' in answer.content.decode()
    IncidentCycle.objects.filter(incident=case).update(paused_since=now - timedelta(hours=4))
    assert text(visit(world.lead)).count("Paused") == 3


# Views of one's own.


def test_a_view_is_kept_renamed_and_deleted_by_its_owner_alone(world, visit):
    views = f"{LIST}views/"
    answer = visit(world.lead, views, name="Mine", query="who=me&page=3&junk=1&state=new")
    assert (answer.status_code, answer.url) == (302, f"{LIST}?state=new&who=me")
    view = SavedView.objects.get()
    assert (view.owner, view.name, view.query) == (world.lead, "Mine", "state=new&who=me")
    assert "Mine" in text(visit(world.lead))
    assert "Mine" not in text(visit(world.operator))
    for do in ("rename", "delete"):
        visit(world.operator, views, do=do, view=view.pk, name="Yours")
        view.refresh_from_db()
        assert view.name == "Mine"
    visit(world.lead, views, do="rename", view=view.pk, name="Renamed")
    view.refresh_from_db()
    assert view.name == "Renamed"
    visit(world.lead, views, do="delete", view=view.pk)
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    "asked",
    [
        {"name": ""}, {"name": "x" * 41}, {"name": "a\0b"}, {"do": "rename", "view": "9" * 40, "name": "a"},
        {"do": "delete", "view": "x"}, {"do": "rename", "view": "1", "name": " "},
    ],
)  # fmt: skip
def test_a_view_that_can_not_be_kept_is_explained(world, visit, client, asked):
    answer = client.post(f"{LIST}views/", {"query": "", **asked}) if visit(world.lead) else None
    assert answer.status_code == 302
    assert 'class="error"' in client.get(LIST).content.decode()
    assert not SavedView.objects.exists()


def test_names_are_told_apart_and_there_is_an_end(world, visit, client):
    first, second = (SavedView.objects.create(owner=world.lead, name=name) for name in "ab")
    visit(world.lead, f"{LIST}views/", do="rename", view=second.pk, name="a")
    assert "Another of your views is called so" in text(client.get(LIST))
    SavedView.objects.bulk_create(SavedView(owner=world.lead, name=f"view {n}") for n in range(MAX_VIEWS - 2))
    visit(world.lead, f"{LIST}views/", name="one more", query="")
    assert "Delete one" in text(client.get(LIST))
    visit(world.lead, f"{LIST}views/", name=first.name, query="who=me")
    first.refresh_from_db()
    assert first.query == "who=me"


# Many at once.


def test_what_is_ticked_is_done_and_what_fails_stays_ticked_and_says_why(world, visit):
    good, stale, done = world.case(), world.case(), world.bring(State.ACCEPTED)
    old = ticked(stale)
    world.act(stale.pk, Action.PRIORITISE, Actor.GRID_LEAD)
    answer = visit(world.lead, action="accept", case=[*ticked(good, done), *old], batch=uuid4())
    states = dict(Incident.objects.values_list("pk", "state"))
    assert (states[good.pk], states[stale.pk]) == (State.ACCEPTED, State.REPORTED)
    said = text(answer)
    assert f"{good.number} Done: Accepted" in said
    assert "has changed meanwhile" in said
    assert "is not possible while the case is" in said
    page = answer.content.decode()
    boxes = re.findall(r'name="case" value="(\d+):[^"]*"[^>]*checked', page)
    assert sorted(boxes) == sorted([str(stale.pk), str(done.pk)])


def test_a_form_sent_twice_is_carried_out_once(world, visit):
    case, batch = world.case(), uuid4()
    form = {"action": "remind", "note": "请尽快", "case": ticked(case), "batch": batch}
    first, second = visit(world.lead, **form), visit(world.lead, **form)
    assert "Done" in text(first)
    assert "Done" in text(second)
    assert case.events.filter(action=Action.REMIND).count() == 1


def test_many_are_assigned_to_one(world, visit):
    cases = [world.case(), world.case()]
    visit(world.lead, action="assign", assignee=world.colleague.pk, case=ticked(*cases), batch=uuid4())
    assert set(Incident.objects.values_list("assignee", "state")) == {(world.colleague.pk, State.ASSIGNED)}


def test_who_may_not_act_on_a_case_is_refused_one_by_one(world, visit):
    case = world.case()
    said = text(visit(world.stranger, action="accept", case=ticked(case), batch=uuid4()))
    assert "There is no such case in your area." in said
    said = text(visit(world.office, action="accept", case=ticked(case), batch=uuid4()))
    assert "is not for you to do" in said
    case.refresh_from_db()
    assert case.state == State.REPORTED


@pytest.mark.parametrize(
    "form",
    [
        {"action": "void", "case": "1:1:x"}, {"action": "accept"}, {"action": "accept", "case": "x:y"},
        {"action": "accept", "case": "9" * 30 + ":1:x"}, {"action": "", "case": "1:1:1", "batch": "no uuid"},
        {"action": "assign", "case": "1:1:1", "assignee": "x"},
    ],
)  # fmt: skip
def test_a_form_that_makes_no_sense_is_answered_in_words(world, visit, form):
    answer = visit(world.lead, **form)
    assert answer.status_code == 200
    assert 'class="outcome-bad"' in answer.content.decode()


def test_too_many_at_once_are_refused_whole(world, visit):
    case = world.case()
    boxes = [*ticked(case), *(f"{n}:1:x" for n in range(10**6, 10**6 + 200))]
    assert "too many at once" in text(visit(world.lead, action="accept", case=boxes, batch=uuid4()))
    case.refresh_from_db()
    assert case.state == State.REPORTED


# The file.


def test_no_cell_of_the_file_is_a_formula(world, visit):
    evil = '=HYPERLINK("http://evil.example","x")'
    world.case(text=evil)
    lines = visit(world.lead, "/office/cases/export/csv/").content.decode("utf-8-sig").splitlines()
    assert f'"\'{evil.replace(chr(34), chr(34) * 2)}"' in lines[1]
    sheet = load_workbook(io.BytesIO(visit(world.lead, "/office/cases/export/xlsx/").content)).active
    [cell] = [cell for cell in sheet[2] if cell.value == evil]
    assert cell.data_type == "s"


def test_the_file_holds_what_was_chosen_with_names_by_right_and_no_name_in_the_log(world, visit, caplog):
    assigned, _other = world.bring(State.ASSIGNED), world.case()
    planner = UserFactory()
    post(planner, world.town.units[Level.DISTRICT][0], PostKind.PLANNER)
    with caplog.at_level(logging.INFO, logger=export.__name__):
        clear = visit(world.lead, "/office/cases/export/csv/?state=assigned").content.decode()
    masked = visit(planner, "/office/cases/export/csv/?state=assigned").content.decode()
    assert clear.count("\r\n") == masked.count("\r\n") == 2
    assert assigned.number in clear
    assert "王colleague" in clear
    assert "王*" in masked
    assert "colleague" not in masked
    [line] = caplog.messages
    assert str(world.lead.pk) in line
    assert "王" not in line


def test_a_file_that_would_be_too_long_is_refused_in_words(world, visit, client, monkeypatch):
    monkeypatch.setattr(export, "MOST_ROWS", 1)
    world.case()
    assert visit(world.lead, "/office/cases/export/csv/").status_code == 200
    world.case()
    answer = visit(world.lead, "/office/cases/export/csv/?state=new")
    assert (answer.status_code, answer.url) == (302, f"{LIST}?state=new")
    assert "holds no more than 1 cases" in text(client.get(answer.url))
    assert visit(world.lead, "/office/cases/export/exe/").status_code == 404
