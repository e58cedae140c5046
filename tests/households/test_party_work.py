"""Party work: hubs, contacts, gaps, joint committees, and what the register's own services bring along."""

from __future__ import annotations

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from gis_grids.errors import BadInput, Conflict, NotFound
from gis_grids.levels import Level
from gis_grids.permissions import scope_of
from households.models import (
    ContactLink,
    ContactLog,
    EndedWhy,
    HubMember,
    JointDuty,
    PartyHub,
    PartyMember,
    Residence,
)
from households.selectors.party.gaps import Gap, Lack, grids_below, lack_by_unit
from households.selectors.party.hubs import hub_rows
from households.selectors.party.keeping import keeping
from households.selectors.party.members import off_norm_members
from households.services.ending import end_household
from households.services.erasing import pseudonymise
from households.services.party.contacts import begin_contacts, end_contact, log_contact
from households.services.party.hubs import end_hub, open_hub, serve_members
from households.services.party.joint import finish_duty, join_committee, set_duty
from households.services.residences import move_out
from tests.households.partying import BEGUN, Kind, days_ago, make_party, marks, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def party():
    return make_party()


# Hubs and contacts.


def test_a_hub_serves_members_of_whom_each_has_one_hub(party):
    keepers = [party.member(party.home()) for _ in range(2)]
    first, second = (open_hub(actor=party.clerk, member_id=one.pk, on=BEGUN) for one in keepers)
    served = party.member()
    serve_members(actor=party.clerk, hub_id=first.pk, member_ids=[served.pk], on=BEGUN)
    serve_members(actor=party.clerk, hub_id=second.pk, member_ids=[served.pk], on=today())
    assert [(row.id, row.served, row.fits) for row in hub_rows(scope_of(party.clerk))] == [
        (first.pk, 0, False),
        (second.pk, 1, False),
    ]
    with pytest.raises(Conflict):
        open_hub(actor=party.clerk, member_id=keepers[0].pk, on=today())
    end_hub(actor=party.clerk, hub_id=second.pk, on=today())
    assert not HubMember.objects.filter(days__upper_inf=True).exists()


def test_a_contact_has_a_log_and_an_end(party):
    member, home = party.member(), party.home()
    begin_contacts(actor=party.clerk, member_id=member.pk, household_ids=[home.pk], on=days_ago(5))
    begin_contacts(actor=party.clerk, member_id=member.pk, household_ids=[home.pk], on=today())
    link = ContactLink.objects.get()
    told = {"actor": party.clerk, "link_id": link.pk, "way": ContactLog.Way.VISIT}
    log_contact(on=days_ago(1), text="All is well", **told)
    with pytest.raises(Conflict) as refused:
        log_contact(on=days_ago(6), **told)
    assert refused.value.code == "party.contact_not_then"
    with pytest.raises(NotFound):
        log_contact(**told | {"actor": party.neighbour, "on": today()})
    end_contact(actor=party.clerk, link_id=link.pk, on=today())
    link.refresh_from_db()
    assert link.days == DateRange(days_ago(5), today())
    assert link.log.get().note == "All is well"


# Gaps.


def test_grids_without_organisation_or_hub_and_people_without_contact_are_told(party):
    ours = party.town.units[Level.COMMUNITY][0]
    covered, bare = grids_below([ours.pk])
    assert [covered.organisations, bare.organisations] == [1, 0]
    joint = party.found("Joint", Kind.JOINT_COMMITTEE, Level.AREA, at=1, parent_id=party.committee.pk)
    lack = lack_by_unit(grids_below([ours.pk]), Gap.ORGANISATION)
    assert (lack[ours.pk].lacking, lack[ours.pk].all) == (1, 2), joint
    member, needy = party.member(party.home()), party.home(need=True)
    open_hub(actor=party.clerk, member_id=member.pk, on=BEGUN)
    covered, bare = grids_below([ours.pk])
    assert [(covered.hubs, covered.hubs_fit), (bare.hubs, bare.hubs_fit)] == [(1, False), (0, False)]
    assert covered.lack(Gap.HUB).lacking == 0
    assert (covered.without_contact, covered.in_need) == (1, 1)
    begin_contacts(actor=party.clerk, member_id=member.pk, household_ids=[needy.pk], on=today())
    assert grids_below([ours.pk])[0].without_contact == 0


def test_an_active_member_keeps_contact_with_as_many_households_as_the_norm_says(party):
    ours = party.town.units[Level.COMMUNITY][0]
    home = party.home()
    member = party.member(home)
    party.member(home, attendance=PartyMember.Attendance.EXCUSED)
    party.member(home, stage=PartyMember.Stage.PROPOSED)

    def told():
        everybody = keeping(PartyMember.objects.all())
        lack = grids_below([ours.pk])[0].lack(Gap.MEMBER)
        rows = off_norm_members(scope_of(party.clerk), [ours.pk])
        return everybody[member.pk].fits, len(everybody), lack, [row.id for row in rows]

    assert told() == (False, 1, Lack(1, 1), [member.pk])
    homes = [party.home().pk for _ in range(5)]
    begin_contacts(actor=party.clerk, member_id=member.pk, household_ids=homes[:4], on=days_ago(1))
    assert not told()[0], "four are too few"
    begin_contacts(actor=party.clerk, member_id=member.pk, household_ids=homes[4:], on=days_ago(1))
    assert told() == (True, 1, Lack(0, 1), [])
    end_contact(actor=party.clerk, link_id=ContactLink.objects.latest("pk").pk, on=today())
    assert not told()[0]
    assert off_norm_members(scope_of(party.clerk), [party.town.units[Level.AREA][1].pk]) == []


# The joint committee.


def test_a_joint_committee_has_members_and_duties(party):
    joint = party.found("Joint", Kind.JOINT_COMMITTEE, Level.AREA, parent_id=party.committee.pk)
    told = {"actor": party.clerk, "committee_id": joint.pk}
    member = join_committee(organisation_id=party.branch.pk, on=BEGUN, **told)
    with pytest.raises(Conflict):
        join_committee(organisation_id=party.branch.pk, on=today(), **told)
    with pytest.raises(BadInput):
        join_committee(on=today(), **told)
    with pytest.raises(BadInput):
        party.member(organisation_id=joint.pk)
    duty = set_duty(
        kind=JointDuty.Kind.PLEDGE, text="80 parking spaces at night", due_on=days_ago(1),
        joint_member_id=member.pk, is_public=True, **told,
    )  # fmt: skip
    finish_duty(actor=party.clerk, duty_id=duty.pk, on=today(), outcome="Open")
    with pytest.raises(Conflict):
        finish_duty(actor=party.clerk, duty_id=duty.pk, on=today())
    with pytest.raises(Conflict) as refused:
        set_duty(**told | {"committee_id": party.branch.pk}, kind="notice", text="x", due_on=today())
    assert refused.value.code == "party.not_joint"


# What the register's own services bring along.


def test_who_dies_or_whose_household_ends_is_served_no_longer(party):
    home, needy = party.home(), party.home()
    member = party.member(home)
    open_hub(actor=party.clerk, member_id=member.pk, on=BEGUN)
    begin_contacts(actor=party.clerk, member_id=member.pk, household_ids=[needy.pk], on=BEGUN)
    needy.refresh_from_db()
    assert needy.is_party_contact_household
    end_household(actor=party.clerk, household_id=needy.pk, day=days_ago(2), why=EndedWhy.MOVED_AWAY)
    needy.refresh_from_db()
    assert not needy.is_party_contact_household
    assert ContactLink.objects.get().days.upper == days_ago(2)
    lives = Residence.objects.get(resident=member.resident_id)
    move_out(actor=party.clerk, residence_id=lives.pk, day=days_ago(1), left_for=Residence.LeftFor.DIED)
    member.refresh_from_db()
    assert member.left_on == days_ago(1)
    assert PartyHub.objects.get().days.upper is not None
    assert marks(home) == (False, False)


def test_who_is_erased_is_a_number_in_the_party_register_and_a_member_no_more(party):
    home, needy = party.home(), party.home()
    member = party.member(home, joined_on=BEGUN)
    begin_contacts(actor=party.clerk, member_id=member.pk, household_ids=[needy.pk], on=BEGUN)
    told = {"actor": party.clerk, "link_id": ContactLink.objects.get().pk, "way": ContactLog.Way.PHONE}
    log_contact(on=days_ago(1), text="Her son came", **told)
    pseudonymise([member.resident_id])
    member.refresh_from_db()
    assert (member.left_on, member.joined_on, member.resident.name) == (
        today(),
        None,
        f"#{member.resident_id}",
    )
    assert ContactLog.objects.get().note == ""
    needy.refresh_from_db()
    assert (marks(home), needy.is_party_contact_household) == ((False, False), False)
