"""The party register: who may write what, what the database refuses, and what follows from what."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from gis_grids.errors import BadInput, Conflict, NotFound, Refused
from gis_grids.hooks import BoundaryChange
from gis_grids.levels import Level
from gis_grids.models import Correction
from gis_grids.permissions import scope_of
from households.models import (
    ContactLink,
    HubMember,
    PartyAffiliation,
    PartyDecision,
    PartyGround,
    PartyHub,
    PartyMember,
    PartyOrganisation,
    PartyRole,
    Residence,
)
from households.selectors.party.tree import Warn, party_tree
from households.services.party.contacts import begin_contacts
from households.services.party.hubs import open_hub, serve_members
from households.services.party.marks import follow_marks
from households.services.party.members import (
    appoint,
    correct_member,
    decide_on_member,
    end_role,
    enrol_member,
    release_member,
    transfer_member,
)
from households.services.party.organisations import (
    correct_organisation,
    end_organisation,
    follow_codes,
)
from tests.factories import LONG_AGO
from tests.households.partying import BEGUN, Kind, days_ago, make_party, marks, today

pytestmark = pytest.mark.django_db
Stage, Attendance, Role = PartyMember.Stage, PartyMember.Attendance, PartyRole.Kind
SECRETARY = Role.SECRETARY


@pytest.fixture
def party():
    return make_party()


def row_of(party, organisation, user=None):
    return next(row for row in party_tree(scope_of(user or party.clerk)) if row.id == organisation.pk)


# The tree.


@pytest.mark.parametrize(
    ("above", "below"),
    [(Kind.GROUP, Kind.BRANCH), (Kind.BRANCH, Kind.BRANCH), (Kind.JOINT_COMMITTEE, Kind.BRANCH)],
)
def test_the_database_keeps_the_tree_in_order(party, above, below):
    top = party.found("Top", above, Level.COMMUNITY)
    with pytest.raises(Conflict) as refused:
        party.found("Below", below, Level.AREA, parent_id=top.pk)
    assert refused.value.code == "party.parent"
    with pytest.raises(IntegrityError), transaction.atomic():
        PartyOrganisation.objects.create(kind=below, name="Past it", parent=top, days=DateRange(BEGUN, None))


def test_a_name_is_given_once_under_one_parent(party):
    with pytest.raises(Conflict) as refused:
        party.found("Branch", Kind.BRANCH, Level.AREA, parent_id=party.committee.pk)
    assert refused.value.code == "party.name_taken"


def test_an_organisation_is_found_and_written_by_its_office_only(party):
    told = {"organisation_id": party.branch.pk, "name": "Taken over", "on": today()}
    ours = [party.town.units[Level.COMMUNITY][1].pk]
    with pytest.raises(NotFound):
        correct_organisation(actor=party.neighbour, unit_ids=ours, **told)
    with pytest.raises(BadInput) as refused:
        party.found("Foreign", Kind.BRANCH, Level.COMMUNITY, at=1)
    assert refused.value.code == "party.no_unit"
    assert not list(party_tree(scope_of(party.neighbour)))
    assert [row.name for row in party_tree(scope_of(party.street))] == ["Committee", "Branch"]


def test_a_correction_dates_the_ground_and_keeps_the_name_that_was(party):
    first, second = party.town.units[Level.AREA][:2]
    correct_organisation(
        actor=party.clerk, organisation_id=party.branch.pk, name="First branch", unit_ids=[second.pk],
        on=days_ago(3), parent_id=party.committee.pk,
    )  # fmt: skip
    grounds = dict(PartyGround.objects.filter(organisation=party.branch).values_list("unit", "days"))
    assert grounds == {first.pk: DateRange(BEGUN, days_ago(3)), second.pk: DateRange(days_ago(3), None)}
    assert Correction.objects.get(field="name").before == "Branch"


def test_an_organisation_with_members_does_not_end(party):
    member = party.member()
    told = {"actor": party.clerk, "organisation_id": party.branch.pk, "on": today()}
    with pytest.raises(Conflict):
        end_organisation(**told)
    release_member(actor=party.clerk, member_id=member.pk, on=days_ago(1))
    end_organisation(**told)
    assert [row.name for row in party_tree(scope_of(party.clerk))] == ["Committee"]


def test_what_was_for_a_unit_is_for_it_under_its_new_code_too(party):
    old, new = party.town.units[Level.AREA][0], party.town.units[Level.AREA][1]
    follow_codes(BoundaryChange(frozenset({old.pk, new.pk}), LONG_AGO.replace(year=2025), {old.pk: new.pk}))
    open_ones = PartyGround.objects.filter(organisation=party.branch, days__upper_inf=True)
    assert list(open_ones.values_list("unit", flat=True)) == [new.pk]


# Members.


def test_the_marks_of_a_household_follow_its_members(party):
    home = party.home()
    assert marks(home) == (False, False)
    member = party.member(home)
    assert marks(home) == (True, False)
    hub = open_hub(actor=party.clerk, member_id=member.pk, on=BEGUN)
    assert marks(home) == (True, True)
    Residence.objects.filter(resident=member.resident_id).update(days=DateRange(BEGUN, days_ago(1)))
    follow_marks(household_ids=[home.pk])
    hub.refresh_from_db()
    assert marks(home) == (False, False)
    assert hub.days.upper == today()


def test_a_mark_that_came_without_a_name_stands_until_a_member_is_known(party):
    home = party.home(is_party_member_household=True)
    follow_marks(household_ids=[home.pk])
    assert marks(home) == (True, False)
    member = party.member(home)
    release_member(actor=party.clerk, member_id=member.pk, on=today())
    assert marks(home) == (False, False)


def test_the_community_proposes_and_the_street_approves(party):
    with pytest.raises(Refused) as refused:
        party.member(stage=Stage.PROBATIONARY)
    assert refused.value.code == "party.approval_of_street"
    home = party.home()
    member = party.member(home, stage=Stage.PROPOSED)
    assert marks(home) == (False, False)
    told = {"member_id": member.pk, "is_approved": True, "on": days_ago(9)}
    with pytest.raises(Refused):
        decide_on_member(actor=party.clerk, **told)
    assert decide_on_member(actor=party.street, **told).stage == Stage.PROBATIONARY
    assert marks(home) == (True, False)
    decided = decide_on_member(actor=party.street, **told | {"on": today()})
    assert (decided.stage, decided.joined_on) == (Stage.FULL, days_ago(9))
    assert PartyDecision.objects.filter(member=member, is_approved=True, decided_by=party.street).count() == 2
    with pytest.raises(Conflict):
        decide_on_member(actor=party.street, **told)


def test_who_is_not_admitted_is_in_the_register_no_more(party):
    member = party.member(stage=Stage.PROPOSED)
    decide_on_member(actor=party.street, member_id=member.pk, is_approved=False, on=today())
    member.refresh_from_db()
    assert member.left_on == today()


def test_a_resident_is_a_member_once_and_of_one_organisation_at_a_time(party):
    member = party.member()
    told = {"actor": party.clerk, "resident_id": member.resident_id, "stage": Stage.FULL, "on": today()}
    with pytest.raises(Conflict) as refused:
        enrol_member(organisation_id=party.committee.pk, **told)
    assert refused.value.code == "party.is_member"
    with pytest.raises(IntegrityError), transaction.atomic():
        PartyAffiliation.objects.create(
            member=member, organisation=party.committee, days=DateRange(today(), None)
        )
    transfer_member(
        actor=party.clerk, member_id=member.pk, organisation_id=party.committee.pk, on=days_ago(2)
    )
    ends = list(member.affiliations.order_by("days").values_list("days", flat=True))
    assert ends == [DateRange(BEGUN, days_ago(2)), DateRange(days_ago(2), None)]


def test_members_of_another_office_are_not_there(party):
    member = party.member()
    stranger = party.resident(party.home(at=8))
    for deed in (
        lambda: release_member(actor=party.neighbour, member_id=member.pk, on=today()),
        lambda: open_hub(actor=party.neighbour, member_id=member.pk, on=today()),
        lambda: enrol_member(actor=party.clerk, resident_id=stranger.pk, organisation_id=party.branch.pk,
                             stage=Stage.FULL, on=today()),
        lambda: begin_contacts(actor=party.clerk, member_id=member.pk, household_ids=[party.home(at=8).pk],
                               on=today()),
    ):  # fmt: skip
        with pytest.raises(NotFound):
            deed()


def test_who_leaves_takes_roles_hub_and_contacts_along(party):
    home, other = party.home(), party.home()
    member, served = party.member(home), party.member()
    appoint(actor=party.clerk, member_id=member.pk, organisation_id=party.branch.pk, kind=SECRETARY, on=BEGUN)
    hub = open_hub(actor=party.clerk, member_id=member.pk, on=BEGUN)
    serve_members(actor=party.clerk, hub_id=hub.pk, member_ids=[served.pk], on=BEGUN)
    begin_contacts(actor=party.clerk, member_id=member.pk, household_ids=[other.pk], on=BEGUN)
    release_member(actor=party.clerk, member_id=member.pk, on=today())
    for rows, name in (
        (PartyRole.objects.all(), "term"),
        (PartyHub.objects.all(), "days"),
        (HubMember.objects.all(), "days"),
        (ContactLink.objects.all(), "days"),
    ):
        assert rows.values_list(name, flat=True).get() == DateRange(BEGUN, today())
    assert marks(home) == (False, False)
    again = enrol_member(
        actor=party.clerk, resident_id=member.resident_id, organisation_id=party.branch.pk,
        stage=Stage.FULL, on=today(),
    )  # fmt: skip
    assert again.pk == member.pk


def test_a_correction_of_a_member_keeps_what_was(party):
    member = party.member()
    told = {"joined_on": BEGUN, "on": today()}
    correct_member(actor=party.clerk, member_id=member.pk, attendance=Attendance.MOBILE, **told)
    assert Correction.objects.get(field="attendance").before == "active"
    assert row_of(party, party.branch).counts.mobile == 1


@pytest.mark.parametrize("days", [1, 400])
def test_what_is_to_come_is_not_written_down(party, days):
    with pytest.raises(BadInput) as refused:
        party.member(on=days_ago(-days))
    assert refused.value.code == "party.future"


# Warnings of seed 000.


def test_a_branch_is_warned_of_too_few_active_members_and_of_a_secretary_from_outside(party):
    inside, outside = party.member(), party.member()
    assert set(row_of(party, party.branch).warnings) == {Warn.FEW_ACTIVE, Warn.NO_SECRETARY}
    party.member(stage=Stage.PROPOSED)
    party.member(attendance=Attendance.EXCUSED)
    assert Warn.FEW_ACTIVE in row_of(party, party.branch).warnings
    group = party.found("Group", Kind.GROUP, Level.BUILDING_GROUP, parent_id=party.branch.pk)
    party.member(organisation_id=group.pk)
    appointed = {"actor": party.clerk, "on": BEGUN}
    appoint(member_id=inside.pk, organisation_id=party.committee.pk, kind=Role.COMMITTEE_MEMBER, **appointed)
    appoint(member_id=outside.pk, organisation_id=party.branch.pk, kind=SECRETARY, **appointed)
    assert row_of(party, party.branch).warnings == (Warn.SECRETARY_FROM_OUTSIDE,)
    appointed |= {"on": today()}
    role = appoint(member_id=inside.pk, organisation_id=party.branch.pk, kind=SECRETARY, **appointed)
    assert row_of(party, party.branch).warnings == ()
    assert PartyRole.objects.filter(kind=SECRETARY, term__upper_inf=True).get() == role
    end_role(actor=party.clerk, role_id=role.pk, on=today())
    assert row_of(party, party.branch).warnings == (Warn.NO_SECRETARY,)


def test_a_secretary_may_be_of_any_committee_above(party):
    inside, outside = party.member(), party.member()
    general = party.found("General", Kind.GENERAL_BRANCH, Level.AREA, parent_id=party.committee.pk)
    branch = party.found("Under it", Kind.BRANCH, Level.AREA, parent_id=general.pk)
    appointed = {"actor": party.clerk, "on": days_ago(1)}
    appoint(member_id=inside.pk, organisation_id=party.committee.pk, kind=Role.COMMITTEE_MEMBER, **appointed)
    appoint(member_id=outside.pk, organisation_id=branch.pk, kind=SECRETARY, **appointed)
    assert Warn.SECRETARY_FROM_OUTSIDE in row_of(party, branch).warnings
    appoint(member_id=inside.pk, organisation_id=branch.pk, kind=SECRETARY, **appointed | {"on": today()})
    assert Warn.SECRETARY_FROM_OUTSIDE not in row_of(party, branch).warnings
