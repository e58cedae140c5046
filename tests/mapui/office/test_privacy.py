"""Personal data on the office's pages: asked for with a reason, taken along by right, audited, forgotten."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from gis_grids.levels import Level, PostKind
from gis_grids.models import Correction, RetentionRule, RetentionRun
from gis_grids.services.retention import forget
from households.models import (
    AccessRecord,
    Household,
    ImportRun,
    Need,
    Residence,
    Resident,
    Visit,
    Volunteer,
)
from households.services import home_households
from incidents.models import Incident, IncidentEvent
from mapui.office.persons.views import CONFIRMATION
from tests.factories import UserFactory, inside, post
from tests.households.making import household
from tests.incidents.world import make_world

pytestmark = pytest.mark.django_db
NAME, PHONE, SPOUSE = "张三丰", "10012345678", "李秀英"
PERSONAL = (NAME, PHONE, SPOUSE)


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def home(world):
    home = household(
        inside(world.town.leaf), address="幸福里1号楼101", is_party_member_household=True, size=2
    )
    home_households()
    days = DateRange(date(2020, 1, 1), None)
    for name, relation, phone in ((NAME, "head", PHONE), (SPOUSE, "spouse", "")):
        person = Resident.objects.create(name=name, phone=phone, gender="male", born_on=date(1950, 2, 3))
        Residence.objects.create(resident=person, household=home, days=days, relation=relation)
    Household.objects.filter(pk=home.pk).update(householder=NAME)
    home.refresh_from_db()
    home.phone = PHONE
    home.save()
    return home


def head():
    return Resident.objects.earliest("pk")


def with_post(world, kind, level=Level.DISTRICT):
    person = UserFactory()
    post(person, world.town.units[level][0], kind)
    return person


def keeper(world):
    """The office of the community: it keeps the register there."""
    return with_post(world, PostKind.OFFICE_CLERK, Level.COMMUNITY)


# --- in clear, for a reason


def test_a_name_is_asked_for_shown_and_on_record(client, world, home):
    client.force_login(world.lead)
    address = reverse("office_household_reveal", args=[home.pk])
    page = client.get(address).content.decode()
    assert "张*" in page
    assert NAME not in page
    refused = client.post(address, {"reason": " "})
    assert refused.status_code == 422
    assert NAME not in refused.content.decode()
    shown = client.post(address, {"reason": "电话预约走访"})
    assert NAME in shown.content.decode()
    assert PHONE in shown.content.decode()
    assert "no-store" in shown.headers["Cache-Control"]
    assert AccessRecord.objects.get().reader == world.lead


def test_a_grid_worker_has_no_office_and_may_ask_all_the_same(client, world, home):
    client.force_login(world.worker)
    address = reverse("office_household_reveal", args=[home.pk])
    assert client.get(reverse("office")).status_code == 403
    assert "张*" in client.get(address).content.decode()
    assert PHONE in client.post(address, {"reason": "电话预约走访"}).content.decode()
    client.force_login(world.stranger)
    assert client.post(address, {"reason": "好奇"}).status_code in {403, 404}
    assert AccessRecord.objects.count() == 1


def test_too_many_are_held_back_in_words(client, world, home, settings):
    settings.REVEALS_PER_HOUR = 1
    client.force_login(world.lead)
    address = reverse("office_household_reveal", args=[home.pk])
    client.post(address, {"reason": "走访"})
    answer = client.post(address, {"reason": "走访"})
    assert answer.status_code == 429
    assert PHONE not in answer.content.decode()


# --- lists as files


def taken(client, **said):
    return client.post(reverse("office_exports"), {"register": "households", "kind": "csv"} | said)


def lines_of(answer):
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_a_list_is_masked_marked_and_on_record(client, world, home):
    client.force_login(world.lead)
    unit = world.town.units[Level.COMMUNITY][0].pk
    rows = lines_of(taken(client, unit=unit))
    text = str(rows)
    assert "张*" in text
    assert "100****5678" in text
    assert not any(word in text for word in PERSONAL)
    assert world.lead.username in rows[-1][0]
    assert dict(zip(rows[0], rows[1], strict=True))["党员户"] == ""
    record = AccessRecord.objects.get()
    assert (record.what, record.detail, record.households) == ("export", "households.csv", 0)


def test_in_clear_only_for_the_keeper_and_with_a_reason(client, world, home):
    unit = world.town.units[Level.COMMUNITY][0].pk
    client.force_login(world.lead)
    assert taken(client, unit=unit, in_clear="on", reason="普查").status_code == 422
    client.force_login(keeper(world))
    assert taken(client, unit=unit, in_clear="on").status_code == 422
    assert not AccessRecord.objects.exists()
    text = taken(client, unit=unit, in_clear="on", reason="普查").content.decode()
    assert NAME in text
    assert PHONE in text
    assert AccessRecord.objects.get().households == 1


def test_the_mark_is_on_every_sheet_and_in_the_properties(client, world, home):
    person = keeper(world)
    client.force_login(person)
    answer = taken(client, register="residents", kind="xlsx", unit=world.town.units[Level.COMMUNITY][0].pk)
    book = load_workbook(io.BytesIO(answer.content))
    for sheet in book:
        assert person.username in sheet.cell(sheet.max_row, 1).value
        assert person.username in sheet.oddFooter.center.text
    assert person.username in book.properties.description
    cells = {cell.value for row in book.active.iter_rows() for cell in row}
    assert "李*" in cells
    assert date(1950, 2, 3) not in {getattr(value, "date", lambda: None)() for value in cells}


@pytest.mark.parametrize("register", ["households", "residents", "members", "organisations", "posts"])
def test_every_list_can_be_taken_by_its_keeper(client, world, home, register):
    client.force_login(keeper(world))
    answer = taken(client, register=register, unit=world.town.units[Level.COMMUNITY][0].pk)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/csv")


def test_who_keeps_no_register_is_not_even_offered_party_members(client, world, home):
    client.force_login(world.lead)
    assert "members" not in client.get(reverse("office_exports")).content.decode()
    unit = world.town.units[Level.COMMUNITY][0].pk
    assert taken(client, register="members", unit=unit).status_code == 422


def test_units_of_others_and_too_many_rows_are_refused(client, world, home, monkeypatch):
    client.force_login(world.lead)
    assert taken(client, unit=world.town.units[Level.DISTRICT][0].pk).status_code == 422
    monkeypatch.setattr("mapui.office.exports.views.MOST_ROWS", 0)
    assert taken(client, unit=world.town.units[Level.COMMUNITY][0].pk).status_code == 422
    assert not AccessRecord.objects.exists()


# --- auditors


def test_an_auditor_finds_who_read_what_and_why(client, world, home):
    client.force_login(world.lead)
    client.post(reverse("office_household_reveal", args=[home.pk]), {"reason": "电话预约走访"})
    client.force_login(with_post(world, PostKind.AUDITOR))
    address, today = reverse("office_access"), timezone.localdate()
    page = client.get(address).content.decode()
    assert world.lead.username in page
    assert "电话预约走访" in page
    assert "office/cases" not in page  # the way to other pages isn't shown
    days = {"first": today.isoformat(), "last": today.isoformat()}

    def found(**asked):
        return "电话预约走访" in client.post(address, days | asked).content.decode()

    assert found(reader=world.lead.username[2:], what="household", about=home.pk, words="预约")
    assert not found(what="export")
    assert not found(reader="nobody-like-this")
    assert not found(about=home.pk + 1)
    assert not found(first="2020-01-01", last="2020-01-02")
    assert client.post(address, {"first": "2026-02-01", "last": "2026-01-01"}).status_code == 422
    rows = lines_of(client.post(reverse("office_access_export", args=["csv"]), days))
    assert rows[1][-1] == "电话预约走访"


def test_an_auditor_sees_the_readers_of_his_own_units_and_nothing_else(client, world, home):
    client.force_login(world.lead)
    client.post(reverse("office_household_reveal", args=[home.pk]), {"reason": "电话预约走访"})
    elsewhere = UserFactory()
    post(elsewhere, world.town.units[Level.RESIDENT_GROUP][1], PostKind.AUDITOR)
    client.force_login(elsewhere)
    assert "电话预约走访" not in client.get(reverse("office_access")).content.decode()
    assert client.get(reverse("office")).status_code == 403
    assert client.get(reverse("office_household_reveal", args=[home.pk])).status_code == 403
    assert client.get("/phone/").status_code == 200  # the shell knows nobody
    assert client.get("/api/phone/profile").status_code == 403


# --- a resident's own data


def test_a_resident_gets_a_copy_of_all_that_is_known(client, world, home):
    now = timezone.now()
    Visit.objects.create(
        id=UUID(int=1),
        household=home,
        visitor=world.worker,
        at=now,
        received_at=now,
        result="met",
        note="近况良好",
    )
    volunteer(world, head())
    client.force_login(keeper(world))
    address = reverse("office_person_data", args=[head().pk])
    assert client.post(address, {"deed": "json", "reason": ""}).status_code == 422
    answer = client.post(address, {"deed": "json", "reason": "本人持身份证申请"})
    text = answer.content.decode()
    assert all(word in text for word in (NAME, PHONE, "近况良好", "1950-02-03", "急救"))
    assert SPOUSE not in text
    assert NAME not in answer.headers["Content-Disposition"]
    assert json.loads(text)
    book = client.post(address, {"deed": "xlsx", "reason": "本人持身份证申请"})
    assert len(load_workbook(io.BytesIO(book.content)).sheetnames) == 8
    assert {record.what for record in AccessRecord.objects.all()} == {"copy"}


def test_an_erased_resident_is_a_number_and_the_history_stays(client, world, home):
    now, person = timezone.now(), head()
    case = world.case()
    Incident.objects.filter(pk=case.pk).update(household=home, text=f"为{NAME}代办")
    Visit.objects.create(
        id=UUID(int=1), household=home, visitor=world.worker, at=now, received_at=now, result="met", note=NAME
    )
    Correction.objects.create(
        model="households.resident", row=str(person.pk), field="name", before=NAME, actor=world.office
    )
    Need.objects.create(
        household=home, kind="elderly", purpose="送餐", days=DateRange(timezone.localdate(), None)
    )
    helper = volunteer(world, person)
    row, change, run = imported(world, person)
    client.force_login(keeper(world))
    address = reverse("office_person_data", args=[person.pk])
    unsure = client.post(address, {"deed": "erase", "reason": "本人申请"})
    assert unsure.status_code == 422
    assert 'value="本人申请"' in unsure.content.decode()
    assert head().name == NAME
    for one in Resident.objects.all():
        said = {"deed": "erase", "reason": "本人申请", "confirmation": str(CONFIRMATION)}
        assert client.post(reverse("office_person_data", args=[one.pk]), said).status_code == 302
    person.refresh_from_db()
    assert (person.name, person.phone, person.born_on, person.phone_digest) == (
        f"#{person.pk}",
        "",
        None,
        None,
    )
    assert Residence.objects.filter(resident=person, relation="head").exists()
    assert Visit.objects.get().result == "met"
    assert not Need.objects.exists()
    case.refresh_from_db()
    assert (case.household, case.text) == (None, "")
    assert IncidentEvent.objects.filter(incident=case).exists()
    home.refresh_from_db()
    assert home.householder == ""
    assert home.phone == ""
    assert in_database(*PERSONAL) == []
    assert AccessRecord.objects.filter(what="erasure").count() == 2
    assert "confirmation" not in client.get(address).content.decode()  # once is enough
    assert "已清除" in client.get(reverse("office_household", args=[home.pk])).content.decode()
    helper.refresh_from_db()
    assert (helper.name, helper.phone, helper.skills) == (f"#{person.pk}", "", "")
    assert helper.days.upper is not None  # serves no more
    assert set(Correction.objects.values_list("before", flat=True)) == {""}
    for each in (row, change, run):
        each.refresh_from_db()
    assert (row.proposal, row.cells, change.before, change.after, run.sample) == ("", "", "", "", "")


def volunteer(world, person):
    days = DateRange(timezone.localdate() - timedelta(days=30), None)
    unit = world.town.units[Level.COMMUNITY][0]
    one = Volunteer.objects.create(
        unit=unit, resident=person, name=NAME, phone=PHONE, skills="急救", days=days
    )
    Correction.objects.create(
        model="households.volunteer", row=str(one.pk), field="name", before=NAME, actor=world.office
    )
    return one


def imported(world, person):
    """An import that changed somebody, as it is kept until its time has run out."""
    unit = world.town.units[Level.COMMUNITY][0]
    run = ImportRun.objects.create(
        kind="residents", unit=unit, file_name="居民.xlsx", file_size=1, author=world.office, sample=NAME
    )
    row = run.rows.create(number=2, outcome="changed", target=person.pk, proposal=NAME, cells=NAME)
    change = run.changes.create(model="households.resident", object_id=person.pk, before=NAME, after="d" * 32)
    return row, change, run


def in_database(*words):
    """Return in which tables one of the words stands in clear: as a dump of the database would show it."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            rows = [row[0] for row in cursor.fetchall()]
            found += [(table, word) for word in words if any(word in row for row in rows)]
    return found


def test_numbers_are_nowhere_in_clear(world, home):
    assert {word for _table, word in in_database(PHONE)} == set()


@pytest.mark.parametrize("who", ["lead", "worker", "stranger"])
def test_nobody_but_the_keeper_gives_out_or_erases(client, world, home, who):
    client.force_login(getattr(world, who))
    address = reverse("office_person_data", args=[head().pk])
    for deed in ("json", "erase"):
        answer = client.post(address, {"deed": deed, "reason": "申请", "confirmation": str(CONFIRMATION)})
        assert answer.status_code in {403, 404}
    assert head().name == NAME
    assert not AccessRecord.objects.exists()


# --- in time


def test_who_left_long_ago_becomes_a_number_by_itself(home):
    person, ended = head(), timezone.localdate() - timedelta(days=3 * 365 + 1)
    Residence.objects.filter(resident=person).update(days=DateRange(date(2020, 1, 1), ended))
    forget(is_dry=True)
    assert head().name == NAME
    forget(is_dry=False)
    assert head().name == f"#{person.pk}"
    assert Resident.objects.get(name=SPOUSE)


def test_the_district_sets_a_rule_and_tries_it_out(client, world):
    client.force_login(with_post(world, PostKind.OFFICE_CLERK))
    address = reverse("office_retention")
    wrong = client.post(address, {"keep": "track", "days": 0, "basis": ""})
    assert wrong.status_code == 422
    assert client.post(address, {"keep": "track", "days": 30, "basis": "区政府通知"}).status_code == 302
    assert client.post(address).status_code == 302
    assert RetentionRule.objects.get().days == 30
    assert RetentionRun.objects.get().is_dry
    assert "区政府通知" in client.get(address).content.decode()
    client.force_login(world.lead)
    assert client.post(address).status_code == 403
    assert RetentionRun.objects.count() == 1
