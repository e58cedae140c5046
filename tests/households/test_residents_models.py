"""What the database itself refuses of residents, and that ended households count nowhere."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from shapely import box

from households.models import Dwelling, Household, HouseholdCount, Residence, Resident
from households.selectors.register import register
from tests.factories import TOWN_BOX
from tests.households.making import building, household

pytestmark = pytest.mark.django_db
WEST, SOUTH, _EAST, _NORTH = TOWN_BOX
SPRING, SUMMER, AUTUMN = date(2026, 3, 1), date(2026, 6, 1), date(2026, 9, 1)
ALL_YEAR = DateRange(date(2026, 1, 1), None)


def lives(resident, home, days=ALL_YEAR, **values):
    return Residence.objects.create(resident=resident, household=home, days=days, **values)


@pytest.fixture
def home():
    return household((WEST + 1e-4, SOUTH + 1e-4))


@pytest.fixture
def person():
    return Resident.objects.create(name="张三")


def refuses(constraint, make):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make()


def test_a_resident_is_in_one_household_a_day(home, person):
    other = household(None)
    lives(person, home, DateRange(None, SUMMER))
    refuses("residence_one_household_a_day", lambda: lives(person, other, DateRange(SPRING, None)))
    lives(person, other, DateRange(SUMMER, None))


@pytest.mark.parametrize(
    ("role", "constraint"),
    [
        ({"relation": "head"}, "residence_one_head_a_day"),
        ({"is_representative": True}, "residence_one_representative_a_day"),
    ],
)
def test_a_household_has_one_head_and_one_representative_a_day(home, person, role, constraint):
    lives(person, home, DateRange(SPRING, AUTUMN), **role)
    second = Resident.objects.create(name="李四")
    refuses(constraint, lambda: lives(second, home, DateRange(SUMMER, None), **role))
    lives(second, home, DateRange(AUTUMN, None), **role)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"days": DateRange(SPRING, SPRING)}, "residence_days_not_empty"),
        ({"left_for": "died"}, "residence_left_is_over"),
        ({"relation": "friend"}, "residence_relation_known"),
        ({"registration": "urban"}, "residence_registration_known"),
    ],
)
def test_a_residence_is_sound(home, person, values, constraint):
    refuses(constraint, lambda: lives(person, home, **values))


def test_an_identity_number_is_of_one_person(person):
    known = {"identity_digest": b"ab" * 16, "identity_last_four": "002X"}
    Resident.objects.filter(pk=person.pk).update(**known)
    refuses("resident_identity_once", lambda: Resident.objects.create(name="李四", **known))
    refuses(
        "resident_identity_whole", lambda: Resident.objects.create(name="王五", identity_last_four="002X")
    )


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"ended_on": SPRING}, "household_end_is_whole"),
        ({"ended_why": "died"}, "household_end_is_whole"),
        ({"ended_on": SPRING, "ended_why": "merged"}, "household_end_is_whole"),
        ({"since": SUMMER, "ended_on": SPRING, "ended_why": "died"}, "household_ends_after_it_began"),
        ({"tenure": "lodger"}, "household_tenure_known"),
    ],
)
def test_the_end_of_a_household_is_whole(values, constraint):
    refuses(constraint, lambda: Household.objects.create(**values))


def test_what_has_ended_is_in_no_count_and_no_register():
    house = building(box(WEST, SOUTH, WEST + 2e-4, SOUTH + 2e-4), code="B1")
    dwelling = Dwelling.objects.create(building=house, floor=1, room="101")
    stays, goes = household(None, dwelling=dwelling), household(None, dwelling=dwelling)
    assert HouseholdCount.objects.get(building=house).n == 2
    Household.objects.filter(pk=goes.pk).update(ended_on=SPRING, ended_why="moved_away")
    assert HouseholdCount.objects.get(building=house).n == 1
    assert register()["id"].tolist() == [stays.pk]
    assert list(Household.objects.current()) == [stays]
    Household.objects.filter(pk=goes.pk).update(ended_on=None, ended_why="")
    assert HouseholdCount.objects.get(building=house).n == 2
