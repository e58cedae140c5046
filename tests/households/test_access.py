"""Names and numbers in clear: who may ask, what it takes, and that it is on record before they are shown."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from gis_grids.errors import BadInput, NotFound, RateLimited
from gis_grids.levels import Level, PostKind
from households.models import AccessRecord
from households.services import home_households
from households.services.access import record_access, reveal_household
from tests.factories import UserFactory, inside, make_town, post
from tests.households.making import household

pytestmark = pytest.mark.django_db
NAME, PHONE = "张三丰", "10012345678"


@pytest.fixture
def town(db):
    return make_town()


@pytest.fixture
def home(town):
    home = household(inside(town.leaf), householder=NAME, phone=PHONE)
    home_households()
    return home


def holder(town, kind, level=Level.COMMUNITY):
    person = UserFactory()
    post(person, town.units[level][0], kind)
    return person


def reveal(person, home, reason="电话预约走访"):
    return reveal_household(household_id=home.pk, reason=reason, reader=person)


@pytest.mark.parametrize(
    "kind", [PostKind.GRID_LEADER, PostKind.GRID_WORKER, PostKind.COMMAND_OPERATOR, PostKind.OFFICE_CLERK]
)
def test_who_works_there_reads_it_and_that_is_on_record(town, home, kind):
    reader = holder(town, kind)
    found = reveal(reader, home)
    assert (found.householder, found.phone) == (NAME, PHONE)
    assert NAME not in repr(found)
    record = AccessRecord.objects.get()
    assert (record.reader, record.what, record.about) == (reader, "household", home.pk)
    assert (record.households, record.reason) == (1, "电话预约走访")


@pytest.mark.parametrize("kind", [PostKind.PLANNER, PostKind.AUDITOR])
def test_who_needs_nobody_s_name_is_told_nothing(town, home, kind):
    with pytest.raises(NotFound):
        reveal(holder(town, kind), home)
    assert not AccessRecord.objects.exists()


def test_a_household_of_others_is_not_there(town, home):
    stranger = UserFactory()
    post(stranger, town.units[Level.RESIDENT_GROUP][1], PostKind.GRID_WORKER)
    for person in (stranger, UserFactory()):
        with pytest.raises(NotFound):
            reveal(person, home)
    assert not AccessRecord.objects.exists()


@pytest.mark.parametrize("reason", ["", "   ", "x" * 201])
def test_without_a_reason_nothing_is_shown_or_recorded(town, home, reason):
    with pytest.raises(BadInput):
        reveal(holder(town, PostKind.GRID_WORKER), home, reason)
    assert not AccessRecord.objects.exists()


def test_an_hour_has_room_for_so_many_and_the_next_one_again(town, home, settings, monkeypatch):
    settings.REVEALS_PER_HOUR = 2
    reader, other = holder(town, PostKind.GRID_WORKER), holder(town, PostKind.GRID_LEADER)
    reveal(reader, home)
    reveal(reader, home)
    with pytest.raises(RateLimited) as refused:
        reveal(reader, home)
    assert 0 < refused.value.details["retry_after_s"] <= 3600
    assert AccessRecord.objects.count() == 2
    reveal(other, home)  # each has his own hour
    later = timezone.now() + timedelta(minutes=61)
    monkeypatch.setattr("households.services.access.timezone.now", lambda: later)
    assert reveal(reader, home).phone == PHONE


def test_what_is_on_record_stays(town, home):
    reader = holder(town, PostKind.GRID_WORKER)
    record = record_access(
        reader=reader, what=AccessRecord.What.EXPORT, named=9, reason="核对", detail="households.xlsx"
    )
    assert str(record).endswith("export households.xlsx")
    with pytest.raises(DatabaseError), transaction.atomic():
        AccessRecord.objects.update(reason="")
    with pytest.raises(DatabaseError), transaction.atomic():
        AccessRecord.objects.all().delete()
