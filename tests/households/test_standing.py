"""Householder, telephone and size follow who lives there; what was typed is lost to nothing else."""

from __future__ import annotations

from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from gis_grids.sealing import digest
from households.models import Household, Residence, Resident
from households.services.standing import keep_in_step
from tests.households.making import household

pytestmark = pytest.mark.django_db
PAST, LATELY = date(2020, 1, 1), date(2024, 1, 1)
ALWAYS = DateRange(PAST, None)


def lives(home, name, days=None, **values):
    person = Resident.objects.create(name=name, phone=values.pop("phone", ""))
    return Residence.objects.create(resident=person, household=home, days=days or ALWAYS, **values)


def row(home):
    one = Household.objects.get(pk=home.pk)
    return one.householder, one.phone, one.size


@pytest.fixture
def home():
    return household(None, householder="赵六", phone="10000000001", size=3)


def test_without_a_head_it_stays_as_it_was_typed(home):
    lives(home, "李四")
    keep_in_step(household_ids=[home.pk])
    assert row(home) == ("赵六", "10000000001", 3)


def test_the_head_is_the_householder(home):
    lives(home, "张三", relation="head", phone="10000000002")
    keep_in_step(household_ids=[home.pk])
    assert row(home) == ("张三", "10000000002", 3)
    assert bytes(Household.objects.get(pk=home.pk).phone_digest) == digest("10000000002", "phone")


def test_a_head_who_has_left_takes_his_name_along(home):
    lives(home, "张三", DateRange(PAST, LATELY), relation="head", phone="10000000002")
    keep_in_step(household_ids=[home.pk])
    assert row(home) == ("", "", 3)
    assert Household.objects.get(pk=home.pk).phone_digest is None


def test_no_less_live_there_than_are_known_by_name(home):
    for name in "甲乙丙丁":
        lives(home, name)
    lives(home, "戊", DateRange(PAST, LATELY))
    keep_in_step(household_ids=[home.pk])
    assert row(home)[2] == 4
    keep_in_step(household_ids=[home.pk], size_by={home.pk: 2})
    assert row(home)[2] == 6


def test_many_at_once_each_by_its_own(home):
    other = household(None, householder="孙七", size=2)
    lives(home, "张三", relation="head")
    keep_in_step(household_ids=[home.pk], size_by={other.pk: -1})
    assert row(home) == ("张三", "", 3)
    assert row(other) == ("孙七", "", 1)
