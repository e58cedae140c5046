"""The register's pages: who sees whom how, what is looked for and nowhere written, each deed by its form."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from gis_grids.levels import PostKind
from households.models import AccessRecord, Household, Need, Residence, Resident, Visit
from households.selectors.listing import HouseholdFilter, household_page
from households.services.ending import end_household
from households.services.needs import note_need
from incidents.models import Incident
from incidents.services import load_matters
from mapui.office.households.deeds import DEEDS
from mapui.office.households.relations import relation_to
from tests.factories import inside
from tests.households.making import household
from tests.households.register_world import LI, SMALL, SPRING, SUMMER, ZHANG, Register, Relation

pytestmark = pytest.mark.django_db
LIST = "/office/households/"


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def register(client):
    register = Register()
    register.enter()
    client.force_login(register.clerk)
    return register


def text_of(client, address):
    answer = client.get(address, headers={"accept-language": "en"})
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def sent(client, register, deed, about=None, **told):
    """Post a deed's form; return the answer."""
    address = f"{LIST}{register.home.pk}/{deed}/" + (f"{about}/" if about else "")
    return client.post(address, told, headers={"accept-language": "en"})


def found(user, **wanted):
    return [row.address for row in household_page(user, HouseholdFilter(**wanted)).rows]


# --- the list ---------------------------------------------------------------------------------------------


def test_who_keeps_the_record_reads_names_others_read_them_masked(client, register):
    register.enter(LI, Relation.SPOUSE)
    note_need(
        actor=register.clerk, household_id=register.home.pk, kind=Need.Kind.ELDERLY, people=1, purpose="送餐",
        first=SPRING, last=date(2027, 1, 1),
    )  # fmt: skip
    page = text_of(client, LIST)
    assert "张三" in page
    assert "Old people living alone" in page
    assert "和平里" not in page  # the neighbour's office keeps that one
    for kind in (PostKind.GRID_LEADER, PostKind.COMMAND_OPERATOR, PostKind.PLANNER):
        client.force_login(register.person(kind, register.west))
        for address in (LIST, f"{LIST}{register.home.pk}/"):
            page = text_of(client, address)
            assert "张*" in page
            for hidden in ("张三", "李四", "10000000001", "002X", "Old people", "1949-12-31", "Spouse"):
                assert hidden not in page, (kind, address)
        assert client.get(f"{LIST}{register.home.pk}/end/").status_code == 403
        assert client.get(f"{LIST}{register.neighbour.pk}/").status_code == 404
        assert client.get(f"{LIST}new/").status_code == 403
        assert client.get(f"{LIST}needs/").status_code == 403


def test_what_is_looked_for_stands_in_no_address(client, register):
    for name, value in (("name", "张"), ("phone", "100-0000 0001"), ("address", "幸福 101")):
        answer = client.post(LIST, {name: value, "need": ""})
        assert answer.headers["Location"] == LIST
        assert "幸福里3号101室" in text_of(client, LIST)
        client.post(LIST, {name: "9999999"})
        assert "No household" in text_of(client, LIST)
    client.post(LIST)
    assert "幸福里3号101室" in text_of(client, LIST)
    assert client.get(f"{LIST}?unit={register.west.code}").headers["Location"] == LIST
    assert "幸福里3号101室" in text_of(client, LIST)


def test_each_filter_narrows(register):
    clerk = register.clerk_of_both()
    household(None, address="人户分离", householder="孙七")
    Household.objects.filter(pk=register.neighbour.pk).update(is_party_member_household=True)
    note_need(
        actor=clerk, household_id=register.neighbour.pk, kind=Need.Kind.MINOR, people=1, purpose="课后看护",
        first=SPRING, last=date(2027, 1, 1),
    )  # fmt: skip
    here, there, nowhere = "幸福里3号101室", "和平里1号", "人户分离"
    assert set(found(clerk)) == {here, there}
    assert found(clerk, unit_id=register.east.pk) == [there]
    assert found(clerk, address="3号 幸福") == [here]
    assert found(clerk, name="张") == found(clerk, phone="10000000001") == [here]
    assert found(clerk, name="孙") == found(clerk, placed="no", address="人户") == [nowhere]
    assert found(clerk, placed="nowhere") == [nowhere]
    assert set(found(clerk, placed="yes")) == {here, there}
    assert found(clerk, need="minor") == found(clerk, party="member") == [there]
    assert found(clerk, party="hub") == []
    end_household(actor=clerk, household_id=register.neighbour.pk, day=SUMMER, why="died")
    assert found(clerk, has_ended=True) == [there]
    assert found(clerk) == [here]


def test_a_search_by_person_tells_nothing_to_who_sees_no_names(register):
    lead = register.person(PostKind.GRID_LEADER, register.west)
    assert found(lead) == ["幸福里3号101室"]
    assert found(lead, name="张") == found(lead, phone="10000000001") == []


def test_pages_follow_one_another_without_gaps(register):
    x, y = inside(register.west)
    for n in (5, 3, 4, 1, 2):
        one = household((x, y), address=f"幸福里3号{n}")
        one.memberships.create(unit=register.west, source="geometry", valid=(timezone.now(), None))
    seen, after = [], None
    while True:
        page = household_page(register.clerk, HouseholdFilter(), after=after, size=2)
        seen += [row.address for row in page.rows]
        if page.after is None:
            break
        after = page.after
    assert len(seen) == len(set(seen)) == 6
    assert seen == sorted(seen)


# --- the deeds --------------------------------------------------------------------------------------------


def test_every_deed_has_a_page_and_none_is_there_for_another_office(client, register):
    need = note_need(
        actor=register.clerk, household_id=register.home.pk, kind=Need.Kind.ELDERLY, people=1, purpose="送餐",
        first=SPRING, last=date(2027, 1, 1),
    )  # fmt: skip
    residence = Residence.objects.get()
    addresses = [
        f"{LIST}{register.home.pk}/{name}/"
        + (f"{need.pk if name == 'need-days' else residence.pk}/" if deed.is_about_one else "")
        for name, deed in DEEDS.items()
    ]
    for address in addresses:
        text_of(client, address)
    assert client.get(f"{LIST}{register.home.pk}/burn/").status_code == 404
    assert client.get(f"{LIST}{register.home.pk}/head/999/").status_code == 404
    assert client.get(f"{LIST}{register.home.pk}/head/").status_code == 404
    client.force_login(register.person(PostKind.OFFICE_CLERK, register.east))
    for address in addresses:
        assert client.get(address).status_code == client.post(address).status_code == 404, address
    assert Residence.objects.count() == 1


def test_a_life_by_the_forms(client, register):
    head = Residence.objects.get()
    told = {"name": "张小小", "born_on": "2012-01-01", "relation": "child", "since": "2026-03-01"}
    assert sent(client, register, "move-in", **told, was_counted="on").status_code == 302
    child = Residence.objects.get(resident__name="张小小")
    assert (
        sent(client, register, "role", child.pk, relation="child", registration="permanent").status_code
        == 302
    )
    day = {"day": "2026-06-01"}
    assert sent(client, register, "representative", child.pk, **day).status_code == 302
    assert sent(client, register, "days", child.pk, since="2026-06-02").status_code == 422
    assert sent(client, register, "person", head.pk, name="张珊", note="听力不好").status_code == 302
    assert Resident.objects.get(name="张珊").phone == "10000000001"
    now = Residence.objects.get(resident=child.resident, days__upper_inf=True)
    answer = sent(client, register, "head", now.pk, **day | {f"relation_{head.pk}": "parent"})
    assert answer.status_code == 302
    assert register.row()[0] == "张小小"
    page = text_of(client, f"{LIST}{register.home.pk}/")
    for said in ("张珊", "听力不好", "Parent", "Representative", "New head", "…002X", "100****0001"):
        assert said in page, said
    assert "10000000001" not in page
    parent = Residence.objects.get(resident=head.resident, days__upper_inf=True)
    answer = sent(client, register, "split", residents=[parent.pk], head=parent.pk, day="2026-07-01")
    new = Household.objects.get(split_from=register.home)
    assert answer.headers["Location"] == f"{LIST}{new.pk}/"
    assert sent(client, register, "merge", day="2026-08-01").status_code == 422
    assert sent(client, register, "merge", other=new.pk, day="2026-08-01").status_code == 302
    parent = Residence.objects.get(resident=head.resident, days__upper_inf=True)
    out = {"day": "2026-09-01", "left_for": "moved_away", "moved_to": "天津"}
    assert sent(client, register, "move-out", parent.pk, **out).status_code == 302
    assert (
        sent(client, register, "correct", address="幸福里3号101", size=1, tenure="owner").status_code == 302
    )
    assert sent(client, register, "end", day="2026-10-01", why="died").status_code == 302
    assert "Ended on 2026-10-01" in text_of(client, f"{LIST}{register.home.pk}/")
    assert sent(client, register, "reopen").status_code == 302
    assert Household.objects.get(pk=register.home.pk).ended_on is None


def test_a_number_is_read_for_a_reason(client, register):
    register.enter(replace(LI, phone="10000000002"), Relation.SPOUSE)
    page = text_of(client, f"{LIST}{register.home.pk}/")
    reveal = reverse("office_household_reveal", args=[register.home.pk])
    assert reveal in page
    assert "10000000002" not in page
    page = client.post(reveal, {"reason": "停水通知"}).content.decode()
    assert "10000000001" in page
    assert "10000000002" in page
    assert AccessRecord.objects.get().reason == "停水通知"


def test_a_refusal_keeps_what_was_typed(client, register):
    told = {"name": "李四", "relation": "head", "since": "2026-03-01", "moved_from": "天津"}
    answer = sent(client, register, "move-in", **told)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "has a head" in page
    assert 'value="天津"' in page
    assert not Resident.objects.filter(name="李四").exists()


def test_needs_that_end_soon_are_listed_until_they_go_on(client, register):
    today = timezone.localdate()
    told = {"kind": "elderly", "people": 1, "purpose": "送餐", "first": str(today)}
    assert sent(client, register, "need", **told, last=str(today + timedelta(days=10))).status_code == 302
    assert "送餐" in text_of(client, f"{LIST}needs/")
    need = Need.objects.get()
    later = str(today + timedelta(days=200))
    assert sent(client, register, "need-days", need.pk, last=later).status_code == 302
    assert "送餐" not in text_of(client, f"{LIST}needs/")


def test_an_evening_visit_opens_a_case_once(client, register):
    load_matters()
    sunday_evening = timezone.localtime() - timedelta(days=(timezone.localtime().weekday() + 1) % 7 + 7)
    told = {
        "visit_id": str(uuid4()),
        "report_id": str(uuid4()),
        "at": sunday_evening.strftime("%Y-%m-%dT21:30"),
        "result": "to_do",
        "note": "楼道灯不亮",
        "place_lon": str(inside(register.west)[0]),
        "place_lat": str(inside(register.west)[1]),
        "matter": "rubbish",
        "text": "楼道堆物",
    }
    for _time in range(2):
        answer = sent(client, register, "visit", **told)
        assert answer.status_code == 302, re.findall(r'class="error".*?<', answer.content.decode())
    case, visit = Incident.objects.get(), Visit.objects.get()
    assert visit.follow_up == case.report_id
    assert visit.place.coords == pytest.approx(inside(register.west), abs=1e-7)
    page = text_of(client, f"{LIST}{register.home.pk}/")
    assert reverse("office_case", args=[case.number]) in page
    assert "楼道灯不亮" in page
    assert f"at {visit.place.x:.5f}, {visit.place.y:.5f}" in page
    to_come = told | {"visit_id": str(uuid4()), "at": "2999-01-01T10:00"}
    assert "still to come" in sent(client, register, "visit", **to_come).content.decode()
    swapped = told | {"place_lon": told["place_lat"], "place_lat": told["place_lon"]}
    answer = sent(client, register, "visit", **swapped | {"visit_id": str(uuid4())})
    assert answer.status_code == 422
    assert "楼道堆物" in answer.content.decode()
    Household.objects.filter(pk=register.home.pk).update(
        place=None, place_source="", placed_on=None, dwelling=None
    )
    answer = sent(client, register, "visit", **told | {"visit_id": str(uuid4()), "report_id": str(uuid4())})
    assert answer.status_code == 422  # no place for the case: then no visit either
    assert Visit.objects.count() == 1


def test_a_new_household_by_its_address_or_by_its_unit(client, register):
    told = {
        "address": "幸福里3号201",
        "name": "王五",
        "size": "3",
        "since": "2026-05-01",
        "phone": "10000000005",
    }
    answer = client.post(f"{LIST}new/", told)
    assert answer.status_code == 302, re.findall(r'class="error".*?<', answer.content.decode())
    one = Household.objects.get(householder="王五")
    assert (one.dwelling, one.size, one.place_source) == (register.free, 3, "building")
    elsewhere = {"address": "河边棚户", "name": "赵六", "size": "1"}
    answer = client.post(f"{LIST}new/", elsewhere, headers={"accept-language": "en"})
    assert answer.status_code == 422
    assert "choose the dwelling, or the unit" in answer.content.decode()
    assert client.post(f"{LIST}new/", elsewhere | {"unit": register.west.code}).status_code == 302
    assert Household.objects.get(householder="赵六").memberships.get().unit == register.west


def test_relations_are_seen_anew():
    assert relation_to(Relation.SPOUSE, Relation.HEAD) == Relation.SPOUSE
    assert relation_to(Relation.CHILD, Relation.HEAD) == Relation.PARENT
    assert relation_to(Relation.CHILD, Relation.CHILD) == Relation.SIBLING
    assert relation_to(Relation.PARENT, Relation.TENANT) == Relation.TENANT
    assert relation_to(Relation.OTHER, Relation.HEAD) == Relation.OTHER
    assert ZHANG.name not in repr(ZHANG)
    assert SMALL.name not in repr(SMALL)
