"""Households are entered, put right, merged, split and ended; what they were stays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from gis_grids.errors import BadInput, Conflict, NotFound, Refused
from gis_grids.levels import PostKind
from gis_grids.models import Correction
from gis_grids.permissions import scope_of
from households.models import EndedWhy, Household, HouseholdChange, HouseholdCount, Need, Residence
from households.selectors.access import access_register
from households.selectors.coverage import coverage
from households.services import home_households
from households.services.ending import end_household, reopen_household
from households.services.lineage import merge_households, split_household
from households.services.needs import change_need, note_need
from households.services.openings import HouseholdFields, correct_household, open_household
from households.services.residents import Person
from tests.households.making import open_unit
from tests.households.register_world import (
    AUTUMN,
    LI,
    SMALL,
    SPRING,
    SUMMER,
    Register,
    Relation,
    stays,
)

pytestmark = pytest.mark.django_db
WANG = Person(name="王五")


@pytest.fixture
def register():
    return Register()


def need(register, **changes):
    given = {"actor": register.clerk, "household_id": register.home.pk, "kind": Need.Kind.ELDERLY}
    given |= {"people": 1, "purpose": "送餐", "first": SPRING, "last": date(2027, 2, 28)}
    return note_need(**given | changes)


# --- entered and put right --------------------------------------------------------------------------------


def test_a_household_in_a_dwelling_has_its_place_and_unit(register):
    fields = HouseholdFields(
        address="幸福里3号201室", dwelling_id=register.free.pk, tenure="tenant", since=SPRING
    )
    one = open_household(actor=register.clerk, fields=fields)
    one.refresh_from_db()
    assert (one.place_source, one.tenure, open_unit(one)) == ("building", "tenant", register.west.pk)
    assert HouseholdChange.objects.get(household=one).what == "opened"
    with pytest.raises(Conflict, match="already"):
        open_household(actor=register.clerk, fields=fields)
    assert open_household(actor=register.clerk, fields=fields, shares=True).pk != one.pk


def test_without_a_dwelling_somebody_says_the_unit(register):
    fields = HouseholdFields(address="幸福里 临时房")
    with pytest.raises(BadInput, match="unit"):
        open_household(actor=register.clerk, fields=fields)
    one = open_household(actor=register.clerk, fields=fields, unit_id=register.west.pk)
    assert one.memberships.get().source == "manual"
    with pytest.raises(BadInput, match="another office"):
        open_household(actor=register.clerk, fields=fields, unit_id=register.east.pk)
    assert Household.objects.filter(address=fields.address).count() == 1


def test_a_household_is_put_right_and_moved_to_its_dwelling(register):
    given = {"address": "幸福里3号201室", "size": 2, "dwelling_id": register.dwelling.pk}
    typed = HouseholdFields(**given, householder="赵六", phone="100 0000 0007")
    correct_household(actor=register.clerk, household_id=register.home.pk, fields=typed)
    assert register.row() == ("赵六", "10000000007", 2)
    register.enter()
    moved = HouseholdFields(**given | {"dwelling_id": register.free.pk}, householder="别人")
    correct_household(actor=register.clerk, household_id=register.home.pk, fields=moved)
    home = Household.objects.get(pk=register.home.pk)
    assert (home.householder, home.dwelling, home.place_source) == ("张三", register.free, "building")
    assert Correction.objects.get(row=home.pk, field="address").before == "幸福里3号101室"
    register.enter(LI, Relation.SPOUSE)
    fields = HouseholdFields(address="幸福里", size=1)
    with pytest.raises(BadInput, match="2 residents"):
        correct_household(actor=register.clerk, household_id=register.home.pk, fields=fields)


# --- ended -------------------------------------------------------------------------------------------------


def test_what_ended_leaves_lists_and_counts_and_keeps_its_history(register):
    head = register.enter()
    need(register)
    assert coverage(scope_of(register.clerk)).households == 1
    end_household(
        actor=register.clerk,
        household_id=register.home.pk,
        day=AUTUMN,
        why=EndedWhy.MOVED_AWAY,
        moved_to="天津",
    )
    assert coverage(scope_of(register.clerk)).households == 0
    assert HouseholdCount.objects.get(building=register.house).n == 0
    residence = Residence.objects.get(pk=head.pk)
    assert (residence.days.upper, residence.left_for, residence.moved_to) == (AUTUMN, "moved_away", "天津")
    assert Need.objects.get().days.upper == AUTUMN
    home_households()
    assert open_unit(register.home) is None
    assert access_register(register.clerk, register.home.pk).is_named  # found where it was last
    with pytest.raises(NotFound):
        access_register(register.person(PostKind.OFFICE_CLERK, register.east), register.home.pk)
    with pytest.raises(Conflict, match="Reopen"):
        register.enter(LI, Relation.SPOUSE)


def test_an_end_by_mistake_is_taken_back(register):
    head, child = register.enter(), register.enter(SMALL, Relation.CHILD)
    given = {"actor": register.clerk, "household_id": register.home.pk}
    with pytest.raises(Conflict, match="hasn't ended"):
        reopen_household(**given)
    end_household(**given, day=AUTUMN, why=EndedWhy.MISTAKE)
    reopen_household(**given)
    for one in (head, child):
        assert Residence.objects.get(pk=one.pk).days.upper is None
    assert open_unit(register.home) == register.west.pk
    assert register.row() == ("张三", "10000000001", 2)


@pytest.mark.parametrize(
    ("day", "why", "words"),
    [
        (date(2026, 1, 1), EndedWhy.DIED, "here since"),
        (AUTUMN, EndedWhy.MERGED, "with which"),
        (timezone.localdate() + timedelta(days=2), EndedWhy.DIED, "still to come"),
    ],
)
def test_an_end_is_possible(register, day, why, words):
    Household.objects.filter(pk=register.home.pk).update(since=SPRING)
    with pytest.raises(BadInput, match=words):
        end_household(actor=register.clerk, household_id=register.home.pk, day=day, why=why)
    assert Household.objects.get(pk=register.home.pk).ended_on is None


# --- merged and split --------------------------------------------------------------------------------------


def test_two_households_become_one(register):
    clerk = register.clerk_of_both()
    register.enter()
    other = register.enter(LI, household_id=register.neighbour.pk, actor=clerk)
    need(register)
    need(register, household_id=register.neighbour.pk)
    need(register, household_id=register.neighbour.pk, kind=Need.Kind.MINOR)
    merge_households(actor=clerk, household_id=register.home.pk, other_id=register.neighbour.pk, day=SUMMER)
    assert stays(other.resident_id) == [
        (register.neighbour.pk, SPRING, SUMMER, "head"),
        (register.home.pk, SUMMER, None, "other"),
    ]
    assert register.row() == ("张三", "10000000001", 3)
    gone = Household.objects.get(pk=register.neighbour.pk)
    assert (gone.ended_on, gone.ended_why, gone.merged_into_id) == (SUMMER, "merged", register.home.pk)
    here = Need.objects.filter(household=register.home, days__contains=AUTUMN).order_by("kind")
    assert [(one.kind, one.people, one.days.lower) for one in here] == [
        ("elderly", 2, SPRING),
        ("minor", 1, SUMMER),
    ]
    assert not Need.objects.filter(household=gone, days__contains=AUTUMN).exists()
    with pytest.raises(Conflict, match="merged"):
        reopen_household(actor=clerk, household_id=gone.pk)


def test_a_merge_needs_the_right_to_both_and_two_of_them(register):
    given = {"actor": register.clerk, "household_id": register.home.pk, "day": SUMMER}
    with pytest.raises(NotFound):
        merge_households(other_id=register.neighbour.pk, **given)
    with pytest.raises(BadInput, match="another household"):
        merge_households(other_id=register.home.pk, **given)
    assert not Household.objects.exclude(ended_on=None).exists()


def test_one_household_becomes_two(register):
    head, child = register.enter(), register.enter(SMALL, Relation.CHILD)
    tenant = register.enter(WANG, Relation.TENANT, was_counted=False)
    given = {"actor": register.clerk, "household_id": register.home.pk, "day": SUMMER}
    new = split_household(residence_ids=[child.pk, tenant.pk], head_id=child.pk, **given)
    assert (new.householder, new.size, new.split_from_id, new.since) == (
        "张小小",
        2,
        register.home.pk,
        SUMMER,
    )
    assert (new.dwelling, new.place.coords) == (register.dwelling, register.home.place.coords)
    assert open_unit(new) == register.west.pk
    assert stays(child.resident_id)[-1] == (new.pk, SUMMER, None, "head")
    assert stays(tenant.resident_id)[-1] == (new.pk, SUMMER, None, "tenant")
    assert stays(head.resident_id) == [(register.home.pk, SPRING, None, "head")]
    assert register.row() == ("张三", "10000000001", 1)
    with pytest.raises(BadInput, match="must stay"):
        split_household(residence_ids=[head.pk], head_id=head.pk, **given)


def test_a_split_says_who_and_whose(register):
    head, child = register.enter(), register.enter(SMALL, Relation.CHILD)
    given = {"actor": register.clerk, "household_id": register.home.pk, "day": SUMMER}
    with pytest.raises(BadInput, match="Choose who"):
        split_household(residence_ids=[], head_id=child.pk, **given)
    with pytest.raises(BadInput, match="new head"):
        split_household(residence_ids=[child.pk], head_id=head.pk, **given)
    assert Household.objects.count() == 2


def test_who_was_set_by_hand_is_split_where_he_was_set(register):
    fields = HouseholdFields(address="塔楼")
    one = open_household(actor=register.clerk, fields=fields, unit_id=register.west.pk)
    register.enter(household_id=one.pk)
    child = register.enter(SMALL, Relation.CHILD, household_id=one.pk, was_counted=False)
    new = split_household(
        actor=register.clerk, household_id=one.pk, residence_ids=[child.pk], head_id=child.pk, day=SUMMER
    )
    assert new.memberships.get().source == "manual"


# --- needs -------------------------------------------------------------------------------------------------


def test_a_need_has_a_purpose_and_an_end_and_is_looked_at_again(register):
    one = need(register)
    assert (one.days.lower, one.days.upper) == (SPRING, date(2027, 3, 1))
    change_need(actor=register.clerk, need_id=one.pk, last=date(2027, 8, 31))
    assert Need.objects.get().days.upper == date(2027, 9, 1)
    change_need(actor=register.clerk, need_id=one.pk, last=AUTUMN)
    need(register, first=AUTUMN + timedelta(days=1))
    with pytest.raises(Conflict, match="Extend"):
        change_need(actor=register.clerk, need_id=one.pk, last=date(2027, 1, 1))
    change_need(actor=register.clerk, need_id=one.pk, last=SPRING - timedelta(days=1))
    assert Need.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"purpose": "  "}, BadInput, "noted for"),
        ({"last": date(2026, 2, 28)}, BadInput, "before the first"),
        ({"last": date(2099, 1, 1)}, BadInput, "two years"),
        ({"first": timezone.localdate() + timedelta(days=9)}, BadInput, "still to come"),
    ],
)
def test_a_need_that_cannot_be_is_refused(register, changes, error, words):
    with pytest.raises(error, match=words):
        need(register, **changes)
    assert not Need.objects.exists()


# --- rights ------------------------------------------------------------------------------------------------


def test_nobody_but_the_office_of_the_subtree(register):
    one = need(register)
    stranger = register.person(PostKind.OFFICE_CLERK, register.east)
    lead = register.person(PostKind.GRID_LEADER, register.west)
    for actor, error in ((stranger, NotFound), (lead, Refused)):
        given = {"actor": actor, "household_id": register.home.pk}
        for deed in (
            lambda: end_household(**given, day=AUTUMN, why=EndedWhy.DIED),  # noqa: B023 - called at once
            lambda: reopen_household(**given),  # noqa: B023
            lambda: correct_household(**given, fields=HouseholdFields(address="x")),  # noqa: B023
            lambda: split_household(**given, residence_ids=[1], head_id=1, day=AUTUMN),  # noqa: B023
            lambda: need(register, actor=actor),  # noqa: B023
            lambda: change_need(actor=actor, need_id=one.pk, last=AUTUMN),  # noqa: B023
        ):
            with pytest.raises(error):
                deed()
    assert Need.objects.get().days == one.days
