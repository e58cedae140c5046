"""The pages of the party register: who gets in, what they show, and that everything can be done on them."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.urls import reverse
from django.utils import translation

from gis_grids.levels import Level, PostKind
from households.models import (
    ContactLink,
    ContactLog,
    HubMember,
    JointDuty,
    JointMember,
    PartyHub,
    PartyMember,
    PartyOrganisation,
    PartyRole,
    Resident,
)
from households.services.party.contacts import begin_contacts
from households.services.party.hubs import open_hub
from tests.factories import UserFactory, post
from tests.households.partying import BEGUN, Kind, days_ago, make_party, today

pytestmark = pytest.mark.django_db
MOST_QUERIES = 40


@pytest.fixture(autouse=True)
def _in_english(client):
    client.cookies.load({"django_language": "en"})
    with translation.override("en"):
        yield


@pytest.fixture
def party(client):
    made = make_party()
    client.force_login(made.clerk)
    return made


def text(answer):
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def day(value=None):
    return (value or today()).isoformat()


def said(answer):
    """Return what the page after a small form says."""
    return [str(message) for message in answer.context["messages"]]


def test_an_organisation_is_founded_corrected_and_ended(client, party):
    area = party.town.units[Level.AREA][1]
    form = {"kind": "branch", "name": "Second", "parent_id": party.committee.pk, "unit_ids": [area.pk]}
    new = reverse("office_party_organisation_new")
    refused = client.post(new, form | {"on": day(), "name": "Branch"})
    assert refused.status_code == 422
    assert "organisation of this name" in refused.content.decode()
    assert client.post(new, form | {"on": day(days_ago(3))}).status_code == 302
    made = PartyOrganisation.objects.get(name="Second")
    edit = reverse("office_party_organisation_edit", args=[made.pk])
    assert f'value="{area.pk}" selected' in client.get(edit).content.decode()
    assert client.post(edit, form | {"name": "Third", "on": day()}).status_code == 302
    assert "Third" in text(client.get("/office/party/"))
    end = reverse("office_party_organisation_change", args=[made.pk, "end"])
    assert said(client.post(end, {"on": day()}, follow=True)) == ["The organisation has ended."]
    assert "ended on" in text(client.get(reverse("office_party_organisation", args=[made.pk])))
    assert "Third" not in text(client.get("/office/party/"))


def test_a_member_is_found_entered_appointed_and_released(client, party):
    resident = party.resident(party.home(), "李晓明")
    find = reverse("office_party_find")
    found = client.post(find, {"name": "李晓"}).content.decode()
    new = reverse("office_party_member_new", args=[resident.pk])
    assert new in found
    form = {"organisation_id": party.branch.pk, "attendance": "active", "on": day(BEGUN)}
    assert client.post(new, form | {"stage": "probationary"}).status_code == 403
    assert client.post(new, form | {"stage": "full"}).status_code == 302
    member = PartyMember.objects.get(resident=resident)
    page = reverse("office_party_member", args=[member.pk])
    assert page in client.post(find, {"name": "李晓"}).content.decode()

    def do(deed, **told):
        address = reverse("office_party_member_change", args=[member.pk, deed])
        return said(client.post(address, {"on": day(days_ago(1))} | told, follow=True))

    assert do("appoint", organisation_id=party.branch.pk, kind="secretary") == ["The term begins."]
    role = PartyRole.objects.get()
    assert "Secretary: 李晓明" in text(
        client.get(reverse("office_party_organisation", args=[party.branch.pk]))
    )
    ending = reverse("office_party_role_end", args=[party.branch.pk, role.pk])
    assert said(client.post(ending, {"on": day()}, follow=True)) == ["The term has ended."]
    assert do("hub") == ["The home of the member is a hub now."]
    assert do("hub", on="never") == ["From: Enter a valid date."]
    assert said(client.post(page, {"attendance": "mobile", "on": day()}, follow=True)) == [
        "The change is saved."
    ]
    assert do("transfer", organisation_id=party.committee.pk) == ["The member is transferred."]
    assert do("approve") == ["The street approves members, not the community. Enter the person as proposed."]
    assert do("release", on=day()) == ["The member has left."]
    assert "left on" in text(client.get(page))
    assert "李晓明" not in text(client.get("/office/party/members/?attendance=mobile&stage=full"))
    assert client.post(reverse("office_party_member_change", args=[member.pk, "praise"])).status_code == 404


def test_the_street_decides_on_who_is_proposed(client, party):
    member = party.member(stage=PartyMember.Stage.PROPOSED)
    assert member.resident.name in text(client.get("/office/party/approvals/"))
    page = reverse("office_party_member", args=[member.pk])
    assert "Decision of the street" not in text(client.get(page))
    client.force_login(party.street)
    assert "Decision of the street" in text(client.get(page))
    approve = reverse("office_party_member_change", args=[member.pk, "approve"])
    assert said(client.post(approve, {"on": day()}, follow=True)) == ["The approval is noted."]
    assert "Probationary" in text(client.get("/office/party/members/?stage=probationary"))


def test_a_member_of_the_list_is_found_by_how_his_name_begins(client, party):
    member, other = party.member(), party.member()
    Resident.objects.filter(pk=member.resident_id).update(name="李晓明")
    Resident.objects.filter(pk=other.resident_id).update(name="王晓明")
    for name, found in (("李晓", 1), ("李晓明", 1), ("晓明", 0), ("", 2)):
        answer = client.post("/office/party/members/", {"name": name, "stage": "full"})
        assert len(answer.context["page"].rows) == found
    assert "李晓明" not in text(client.post("/office/party/members/", {"name": "李", "stage": "proposed"}))


def test_a_hub_gets_its_members(client, party):
    keeper, other = party.member(party.home()), party.member()
    hub = open_hub(actor=party.clerk, member_id=keeper.pk, on=BEGUN)
    page = reverse("office_party_hub", args=[hub.pk])
    assert other.resident.name in text(client.get(page))
    assert client.post(page, {"member_ids": [other.pk], "on": day()}).status_code == 302
    assert HubMember.objects.get().member == other
    assert f"{keeper.resident.name}" in text(client.get("/office/party/hubs/"))
    end = reverse("office_party_hub_end", args=[hub.pk])
    assert said(client.post(end, {"on": day()}, follow=True)) == ["The hub has ended."]
    assert PartyHub.objects.get().days.upper == today()


def test_a_contact_begins_is_logged_and_ends(client, party):
    member, needy = party.member(party.home()), party.home(need=True, address="幸福里3号")
    choose = reverse("office_party_choose", args=[member.pk])
    assert "幸福里3号" in text(client.get(choose))
    assert "幸福里3号" not in text(client.post(choose, {"find": 1, "address": "和平路"}))
    assert client.post(choose, {"choose": 1, "address": "", "on": day()}).status_code == 422
    begun = {"choose": 1, "household_ids": [needy.pk], "on": day(days_ago(1))}
    assert client.post(choose, begun).status_code == 302
    link = ContactLink.objects.get()
    page = reverse("office_party_contact", args=[link.pk])
    refused = client.post(page, {"on": day(days_ago(2)), "way": "visit", "text": "陪同就医"})
    assert refused.status_code == 422
    assert "陪同就医" in refused.content.decode()
    assert client.post(page, {"on": day(), "way": "visit", "text": "陪同就医"}).status_code == 302
    assert "陪同就医" in text(client.get(page))
    assert ContactLog.objects.get().written_by == party.clerk
    assert "幸福里3号" in text(client.get(reverse("office_party_member", args=[member.pk])))
    end = reverse("office_party_contact_end", args=[link.pk])
    assert said(client.post(end, {"on": day()}, follow=True)) == ["The contact has ended."]


def test_the_page_of_a_household_says_what_the_party_has_to_do_with_it(client, party):
    home, lived_in = party.home(), party.home()
    member = party.member(lived_in)
    open_hub(actor=party.clerk, member_id=member.pk, on=BEGUN)
    begin_contacts(actor=party.clerk, member_id=member.pk, household_ids=[home.pk], on=today())
    assert f"{member.resident.name} keeps contact" in text(client.get(f"/office/households/{home.pk}/"))
    assert "Full member · Branch Hub household" in text(client.get(f"/office/households/{lived_in.pk}/"))
    lead = UserFactory()
    post(lead, party.town.units[Level.COMMUNITY][0], PostKind.GRID_LEADER)
    client.force_login(lead)
    page = text(client.get(f"/office/households/{home.pk}/"))
    assert "keeps contact" not in page
    assert member.resident.name not in page


def test_a_joint_committee_is_kept_on_its_page(client, party):
    joint = party.found("Joint", Kind.JOINT_COMMITTEE, Level.AREA, parent_id=party.committee.pk)
    page = reverse("office_party_organisation", args=[joint.pk])
    join = reverse("office_party_organisation_change", args=[joint.pk, "join"])
    assert said(client.post(join, {"organisation_id": party.branch.pk, "on": day(BEGUN)}, follow=True)) == [
        "It is a member from now on."
    ]
    duty = reverse("office_party_organisation_change", args=[joint.pk, "duty"])
    told = {"kind": "pledge", "text": "Parking at night", "due_on": day(days_ago(2)), "is_public": "on"}
    told |= {"joint_member_id": JointMember.objects.get().pk}
    assert said(client.post(duty, told, follow=True)) == ["It is noted."]
    assert "Parking at night" in text(client.get(page))
    assert f"Joint Pledge due on {day(days_ago(2))}" in text(client.get("/office/party/"))
    group, elsewhere = (party.town.units[Level.RESIDENT_GROUP][n] for n in (0, -1))
    assert "Parking at night Branch · by" in text(client.get(f"/report/{group.code}/"))
    assert "Parking at night" not in text(client.get(f"/report/{elsewhere.code}/"))
    one = JointDuty.objects.get()
    done = reverse("office_party_duty_done", args=[joint.pk, one.pk])
    assert said(client.post(done, {"on": day(), "outcome": "Open"}, follow=True)) == ["It is noted as done."]
    leave = reverse("office_party_joint_end", args=[joint.pk, JointMember.objects.get().pk])
    assert said(client.post(leave, {"on": day()}, follow=True)) == ["It is a member no more."]


def test_gaps_are_on_a_map_that_leads_on_and_in_a_list(client, party):
    ours, bare = party.town.units[Level.COMMUNITY][0], party.town.units[Level.AREA][1]
    answer = client.get("/office/party/gaps/")
    page = answer.content.decode()
    assert page.count('class="light light-red" d=') == page.count('class="light light-green" d=') == 1
    assert f"show=organisation&amp;unit={bare.code}" in page
    assert f"/office/units/{bare.code}/" in page
    assert "There is none" in text(
        client.get(f"/office/party/gaps/?unit={party.town.units[Level.AREA][0].code}")
    )
    needy = party.home(need=True, address="幸福里3号")
    assert "幸福里3号" in text(client.get(f"/office/party/gaps/?show=contact&unit={ours.code}"))
    member = party.member(party.home())
    begin_contacts(actor=party.clerk, member_id=member.pk, household_ids=[needy.pk], on=today())
    assert "幸福里3号" not in text(client.get("/office/party/gaps/?show=contact&after=x"))
    shown = text(client.get("/office/party/gaps/?show=member"))
    assert re.search(rf"{member.resident.name} .* 1 \(5 – 20\)", shown)
    assert "Contact with 1; the norm is 5 – 20" in text(client.get(f"/office/party/members/{member.pk}/"))
    assert client.get(f"/office/party/gaps/?unit={party.town.units[Level.STREET][1].code}").status_code == 404


def test_the_first_page_asks_the_database_as_often_however_many_there_are(
    client, party, django_assert_max_num_queries
):
    for number in range(3):
        party.member()
        party.found(f"Group {number}", Kind.GROUP, Level.BUILDING_GROUP, parent_id=party.branch.pk)
    with django_assert_max_num_queries(MOST_QUERIES):
        page = text(client.get("/office/party/"))
    assert "Too few active members" not in page


def test_another_office_finds_nothing_and_other_posts_are_refused(client, party):
    member = party.member(party.home())
    hub = open_hub(actor=party.clerk, member_id=member.pk, on=BEGUN)
    begin_contacts(actor=party.clerk, member_id=member.pk, household_ids=[party.home().pk], on=today())
    pages = [
        reverse("office_party_organisation", args=[party.branch.pk]),
        reverse("office_party_organisation_edit", args=[party.branch.pk]),
        reverse("office_party_member", args=[member.pk]),
        reverse("office_party_choose", args=[member.pk]),
        reverse("office_party_hub", args=[hub.pk]),
        reverse("office_party_contact", args=[ContactLink.objects.get().pk]),
        reverse("office_party_member_new", args=[member.resident_id]),
    ]
    client.force_login(party.neighbour)
    assert {client.get(page).status_code for page in pages} == {404}
    assert member.resident.name not in text(client.get("/office/party/members/"))
    for kind in PostKind:
        if kind != PostKind.OFFICE_CLERK:
            person = UserFactory()
            post(person, party.town.units[Level.DISTRICT][0], kind)
            client.force_login(person)
            assert {client.get(page).status_code for page in (*pages, "/office/party/")} == {403}
