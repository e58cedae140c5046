"""People move in and out, and roles change hands: dated, by who keeps the record, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from gis_grids.errors import BadInput, Conflict, NotFound, Refused
from gis_grids.levels import PostKind
from gis_grids.models import Correction
from households.models import Household, HouseholdChange, Residence, Resident
from households.permissions import REGISTER_READERS
from households.selectors.whole import whole_household
from households.services.residences import (
    Role,
    change_head,
    change_representative,
    change_role,
    correct_days,
    move_in,
    move_out,
)
from households.services.residents import Person, correct_resident
from tests.factories import UserFactory
from tests.households.register_world import (
    AUTUMN,
    LI,
    SMALL,
    SPRING,
    SUMMER,
    ZHANG,
    Register,
    Relation,
    stays,
)

pytestmark = pytest.mark.django_db
_LEFT = Residence.LeftFor


@pytest.fixture
def register():
    return Register()


# --- in ---------------------------------------------------------------------------------------------------


def test_nobody_lives_anywhere_before_he_is_born(register):
    with pytest.raises(BadInput, match="2012-01-01") as early:
        register.enter(SMALL, Relation.CHILD, since=date(2011, 12, 31))
    assert early.value.code == "residence.before_birth"
    residence = register.enter(SMALL, Relation.CHILD, since=date(2012, 1, 1))
    with pytest.raises(BadInput) as earlier:
        correct_days(actor=register.clerk, residence_id=residence.pk, since=date(2011, 12, 31))
    assert earlier.value.code == "residence.before_birth"
    later = replace(SMALL, born_on=date(2012, 1, 2))
    with pytest.raises(BadInput) as born:
        correct_resident(actor=register.clerk, resident_id=residence.resident_id, person=later)
    assert born.value.code == "residence.before_birth"


def test_since_when_somebody_lives_here_is_not_since_when_he_has_his_role(register):
    register.enter()
    child = register.enter(SMALL, Relation.CHILD, moved_from="上海")
    change_role(
        actor=register.clerk, residence_id=child.pk, role=Role(relation=Relation.GRANDCHILD), day=SUMMER
    )
    [row] = [row for row in whole_household(register.clerk, register.home.pk).residents if not row.is_head]
    assert (row.here_since, row.since, row.moved_from) == (SPRING, SUMMER, "上海")
    earlier = SPRING - timedelta(days=40)
    correct_days(actor=register.clerk, residence_id=row.residence_id, since=earlier)
    assert stays(child.resident_id) == [
        (register.home.pk, earlier, SUMMER, "child"),
        (register.home.pk, SUMMER, None, "grandchild"),
    ]
    with pytest.raises(BadInput) as late:
        correct_days(actor=register.clerk, residence_id=row.residence_id, since=SUMMER)
    assert late.value.code == "residence.before_it_began"


def test_a_form_that_was_opened_before_the_role_changed_is_told_so(register):
    child = register.enter(SMALL, Relation.CHILD)
    change_role(actor=register.clerk, residence_id=child.pk, role=Role(), day=SUMMER)
    with pytest.raises(Conflict) as stale:
        move_out(actor=register.clerk, residence_id=child.pk, day=AUTUMN, left_for=_LEFT.DIED)
    assert stale.value.code == "residence.changed"


def test_who_is_entered_where_he_lives_is_told_so(register):
    register.enter()
    with pytest.raises(Conflict) as twice:
        register.enter(relation=Relation.OTHER)
    assert twice.value.code == "resident.lives_here"


def test_who_moves_in_is_counted_and_the_head_is_the_householder(register):
    register.enter()
    assert register.row() == ("张三", "10000000001", 2)
    register.enter(LI, Relation.SPOUSE)
    register.enter(SMALL, Relation.CHILD, since=SUMMER, was_counted=False)
    assert register.row() == ("张三", "10000000001", 3)
    assert [(change.what, change.day, change.actor) for change in HouseholdChange.objects.order_by("pk")] == [
        ("moved_in", SPRING, register.clerk),
        ("moved_in", SPRING, register.clerk),
        ("moved_in", SUMMER, register.clerk),
    ]


def test_the_identity_number_tells_birth_and_gender_and_is_not_kept(register, settings):
    resident = register.enter(replace(ZHANG, gender="female")).resident
    resident.refresh_from_db()
    assert (resident.gender, resident.born_on) == ("female", date(1949, 12, 31))
    assert (resident.identity_last_four, resident.identity_number) == ("002X", "")
    assert len(bytes(resident.identity_digest)) == 32
    settings.KEEP_IDENTITY_NUMBERS = True
    correct_resident(actor=register.clerk, resident_id=resident.pk, person=ZHANG)
    resident.refresh_from_db()
    assert resident.identity_number == "11010519491231002X"


def test_who_is_known_by_the_number_moves_over_only_if_it_is_said(register):
    first = register.enter()
    clerk = register.clerk_of_both()
    given = {"actor": clerk, "household_id": register.neighbour.pk, "role": Role(), "since": SUMMER}
    again = Person(name="张三", identity="１１０１０５１９４９１２３１００２x")
    with pytest.raises(Conflict, match="another household"):
        move_in(person=again, **given)
    with pytest.raises(Conflict, match="give the day"):
        move_in(person=again, leaves_other=True, **given | {"since": None})
    moved = move_in(person=again, leaves_other=True, **given)
    assert moved.resident_id == first.resident_id
    assert Resident.objects.get().phone == "10000000001"  # what isn't told again stays
    assert stays(first.resident_id) == [
        (register.home.pk, SPRING, SUMMER, "head"),
        (register.neighbour.pk, SUMMER, None, "other"),
    ]
    assert register.row() == ("", "", 1)
    assert register.row(register.neighbour)[2] == 2


def test_the_same_name_twice_needs_a_day_of_birth(register):
    register.enter(replace(LI, born_on=None))
    with pytest.raises(Conflict, match="day of birth"):
        register.enter(LI, Relation.CHILD)
    register.enter(Person(name="李四一", born_on=date(2010, 1, 1)), Relation.CHILD)
    one = Resident.objects.get(name="李四")
    correct_resident(actor=register.clerk, resident_id=one.pk, person=LI)
    register.enter(replace(LI, born_on=date(2001, 1, 1)), Relation.CHILD)


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"since": timezone.localdate() + timedelta(days=2)}, BadInput, "still to come"),
        ({"since": date(1899, 12, 31)}, BadInput, "before 1900"),
        ({"person": Person(name=" ")}, BadInput, "name"),
        ({"person": replace(LI, phone="12")}, BadInput, "telephone"),
        ({"person": replace(LI, identity="110105194912310021")}, BadInput, "last sign"),
        ({"person": LI, "relation": Relation.HEAD}, Conflict, "has a head"),
        ({"person": LI, "relation": Relation.OTHER, "is_representative": True}, Conflict, "representative"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(register, changes, error, words):
    register.enter(is_representative=True)
    before = (list(Resident.objects.values()), list(Residence.objects.values()), register.row())
    with pytest.raises(error, match=words):
        register.enter(**{"person": LI, "relation": Relation.SPOUSE, "since": SUMMER} | changes)
    assert (list(Resident.objects.values()), list(Residence.objects.values()), register.row()) == before


# --- out --------------------------------------------------------------------------------------------------


def test_who_moves_out_leaves_his_history(register):
    head = register.enter()
    child = register.enter(SMALL, Relation.CHILD)
    move_out(
        actor=register.clerk,
        residence_id=child.pk,
        day=AUTUMN,
        left_for=_LEFT.MOVED_AWAY,
        moved_to="天津",
    )
    assert stays(child.resident_id) == [(register.home.pk, SPRING, AUTUMN, "child")]
    assert register.row() == ("张三", "10000000001", 1)
    with pytest.raises(Conflict, match="any more"):
        move_out(actor=register.clerk, residence_id=child.pk, day=AUTUMN, left_for=_LEFT.DIED)
    with pytest.raises(BadInput, match="only since"):
        move_out(actor=register.clerk, residence_id=head.pk, day=SPRING, left_for=_LEFT.DIED)


def test_with_the_last_one_the_household_ends(register):
    head = register.enter()
    Household.objects.filter(pk=register.home.pk).update(size=1)
    move_out(actor=register.clerk, residence_id=head.pk, day=AUTUMN, left_for=_LEFT.DIED)
    home = Household.objects.get(pk=register.home.pk)
    assert (home.ended_on, home.ended_why, home.householder) == (AUTUMN, "died", "张三")
    assert not home.memberships.filter(valid__upper_inf=True).exists()


# --- roles ------------------------------------------------------------------------------------------------


def test_a_new_head_and_what_the_others_are_to_him(register):
    head = register.enter(is_representative=True)
    child = register.enter(SMALL, Relation.CHILD)
    register.enter(Person(name="王五"), Relation.TENANT)
    change_head(
        actor=register.clerk,
        residence_id=child.pk,
        day=AUTUMN,
        relations={head.pk: Relation.PARENT},
    )
    assert stays(head.resident_id) == [
        (register.home.pk, SPRING, AUTUMN, "head"),
        (register.home.pk, AUTUMN, None, "parent"),
    ]
    assert stays(child.resident_id)[-1] == (register.home.pk, AUTUMN, None, "head")
    assert register.row() == ("张小小", "", 3)
    assert Residence.objects.get(resident=head.resident_id, days__upper_inf=True).is_representative


def test_a_head_from_the_first_day_on_replaces_the_other(register):
    head, child = register.enter(), register.enter(SMALL, Relation.CHILD)
    change_head(actor=register.clerk, residence_id=child.pk, day=SPRING)
    assert stays(head.resident_id) == [(register.home.pk, SPRING, None, "other")]
    assert stays(child.resident_id) == [(register.home.pk, SPRING, None, "head")]
    with pytest.raises(BadInput, match="only since"):
        change_head(actor=register.clerk, residence_id=head.pk, day=SPRING - timedelta(days=1))
    with pytest.raises(BadInput, match="one head"):
        change_head(
            actor=register.clerk, residence_id=head.pk, day=AUTUMN, relations={child.pk: Relation.HEAD}
        )


def test_one_speaks_for_the_household(register):
    head = register.enter(is_representative=True)
    spouse = register.enter(LI, Relation.SPOUSE)
    change_representative(actor=register.clerk, residence_id=spouse.pk, day=SUMMER)
    speaking = Residence.objects.filter(is_representative=True).order_by("days")
    assert [(one.resident_id, one.days.lower, one.days.upper) for one in speaking] == [
        (head.resident_id, SPRING, SUMMER),
        (spouse.resident_id, SUMMER, None),
    ]


def test_a_role_changes_with_a_day_or_was_always_wrong(register):
    tenant = register.enter(LI, Relation.TENANT)
    role = Role(relation=Relation.OTHER, registration="floating")
    change_role(actor=register.clerk, residence_id=tenant.pk, role=role)
    assert stays(tenant.resident_id) == [(register.home.pk, SPRING, None, "other")]
    change_role(actor=register.clerk, residence_id=tenant.pk, role=Role(), day=SUMMER)
    now = Residence.objects.get(resident=tenant.resident_id, days__upper_inf=True)
    assert (now.days.lower, now.registration) == (SUMMER, "")


# --- persons ----------------------------------------------------------------------------------------------


def test_a_corrected_person_keeps_what_was_written_before(register):
    head = register.enter()
    person = replace(ZHANG, name="张珊", phone="10000000009", identity="")
    correct_resident(actor=register.clerk, resident_id=head.resident_id, person=person)
    assert register.row()[:2] == ("张珊", "10000000009")
    resident = Resident.objects.get()
    assert resident.identity_last_four == "002X"
    assert Correction.objects.get(row=resident.pk, field="name").before == "张三"
    change = HouseholdChange.objects.get(what="person")
    assert (change.resident, "张" in change.fields) == (resident, False)
    assert {"name", "phone"} <= set(change.fields.split(","))


def test_a_number_is_of_one_person(register):
    register.enter()
    other = register.enter(LI, Relation.SPOUSE)
    with pytest.raises(Conflict, match="Somebody else"):
        correct_resident(actor=register.clerk, resident_id=other.resident_id, person=ZHANG)


# --- rights -----------------------------------------------------------------------------------------------


def test_only_the_office_of_the_subtree_writes(register):
    head = register.enter()
    for kind in PostKind:
        if kind == PostKind.OFFICE_CLERK:
            continue
        somebody = register.person(kind, register.west)
        expected = Refused if kind in REGISTER_READERS else NotFound
        with pytest.raises(expected):
            move_out(actor=somebody, residence_id=head.pk, day=AUTUMN, left_for=_LEFT.DIED)
    for somebody in (register.person(PostKind.OFFICE_CLERK, register.east), UserFactory()):
        with pytest.raises(NotFound):
            register.enter(LI, Relation.SPOUSE, actor=somebody)
        with pytest.raises(NotFound):
            correct_resident(actor=somebody, resident_id=head.resident_id, person=LI)
    assert Residence.objects.count() == 1
