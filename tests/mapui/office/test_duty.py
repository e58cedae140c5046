"""Rosters, turns, the calendar and emergencies, as a desk writes them."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from gis_grids.levels import Level, PostKind
from incidents.models import CalendarDay, DayKind, Duty, Emergency, Roster
from tests.factories import UserFactory, post
from tests.incidents.world import make_world

pytestmark = pytest.mark.django_db

HOURS = {"work_0_kind": "day", "work_0_starts": "08:30", "work_0_ends": "17:30"}


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def desk(client, world):
    client.force_login(world.lead)
    return client


def first_day() -> dt.date:
    return timezone.localdate() + dt.timedelta(days=7)


def told(world, **changes):
    community = world.town.units[Level.COMMUNITY][0]
    days = {"first": first_day(), "last": first_day() + dt.timedelta(days=27)}
    return {"name": "十二月", "unit_id": community.pk, **days, **HOURS} | changes


def drafted(desk, world) -> Roster:
    response = desk.post(reverse("office_roster_new"), told(world))
    assert response.status_code == 302
    return Roster.objects.get()


def change(desk, roster, deed, **fields):
    return desk.post(reverse("office_roster_change", args=[roster.pk, deed]), fields)


def test_a_draft_becomes_a_roster_that_counts(desk, world):
    roster = drafted(desk, world)
    [shift] = roster.shifts.all()
    assert (shift.day_kind, shift.starts, shift.ends) == (DayKind.WORK, dt.time(8, 30), dt.time(17, 30))
    assert change(desk, roster, "publish").status_code == 302
    roster.refresh_from_db()
    assert roster.published_by == world.lead
    page = desk.get(reverse("office_duty")).content.decode()
    assert "十二月" in page


def test_what_was_typed_stays_when_it_is_refused(desk, world):
    wrong = told(world, work_0_starts="18:00", work_0_ends="09:00", name="夜班")
    response = desk.post(reverse("office_roster_new"), wrong)
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="夜班"' in page
    assert 'value="18:00"' in page
    assert "00:00" in page
    assert not Roster.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"first": "tomorrow"},
        {"unit_id": "9999999"},
        {"work_1_starts": "10:00"},
        {"name": "坏\0名"},
        {"last": "2020-01-01"},
    ],
)
def test_bad_input_is_told_beside_its_field(desk, world, changes):
    response = desk.post(reverse("office_roster_new"), told(world, **changes))
    assert response.status_code == 422
    assert 'class="error"' in response.content.decode()
    assert not Roster.objects.exists()


def test_turns_are_given_shown_and_taken_away(desk, world):
    roster = drafted(desk, world)
    shift = roster.shifts.get()
    days = {"first": roster.days.lower, "last": roster.days.lower + dt.timedelta(days=6)}
    response = change(desk, roster, "assign", person_id=world.colleague.pk, shift_id=shift.pk, **days)
    assert response.status_code == 302
    turns = Duty.objects.filter(shift=shift)
    assert 1 <= turns.count() <= 7
    week = desk.get(reverse("office_roster", args=[roster.pk]), {"week": turns[0].date.isoformat()})
    assert "colleague" in week.content.decode()
    change(desk, roster, "remove", duty=turns[0].pk)
    assert Duty.objects.filter(shift=shift).count() < 7


def test_more_than_a_working_week_is_refused_with_the_form_kept(desk, world):
    roster = drafted(desk, world)
    desk.post(
        reverse("office_roster_edit", args=[roster.pk]),
        told(world, work_0_starts="06:00", work_0_ends="22:00"),
    )
    shift = roster.shifts.get()
    days = {"first": roster.days.lower, "last": roster.days.lower + dt.timedelta(days=20)}
    change(desk, roster, "assign", person_id=world.colleague.pk, shift_id=shift.pk, **days)
    refused = change(desk, roster, "publish")
    assert refused.status_code == 422
    assert "80" in refused.content.decode()
    assert Roster.objects.get().published_at is None


@pytest.mark.parametrize("name", ["worker", "stranger"])
def test_who_does_not_lead_the_grid_neither_writes_nor_publishes(desk, client, world, name):
    roster = drafted(desk, world)
    client.force_login(getattr(world, name))
    answers = [
        client.post(reverse("office_roster_new"), told(world)).status_code,
        change(client, roster, "publish").status_code,
        change(client, roster, "delete").status_code,
    ]
    assert set(answers) <= {403, 404, 422}
    assert Roster.objects.get().published_at is None


def test_a_planner_reads_a_roster_and_cannot_change_it(desk, client, world):
    roster = drafted(desk, world)
    reader = UserFactory()
    post(reader, world.town.units[Level.DISTRICT][0], PostKind.PLANNER)
    client.force_login(reader)
    page = client.get(reverse("office_roster", args=[roster.pk])).content.decode()
    assert '<form method="post" action="/office/duty' not in page
    assert change(client, roster, "publish").status_code == 422
    assert change(client, roster, "explode").status_code == 404


def test_a_day_of_the_calendar_is_set_and_forgotten_by_the_centre_only(client, world):
    day = timezone.localdate() + dt.timedelta(days=30)
    address = reverse("office_calendar_day")
    client.force_login(world.lead)
    client.post(address, {"date": day, "kind": "holiday", "note": "街道活动"})
    assert not CalendarDay.objects.exists()
    client.force_login(world.operator)
    client.post(address, {"date": day, "kind": "holiday", "note": "街道活动"})
    assert CalendarDay.objects.get().kind == DayKind.HOLIDAY
    page = client.get(reverse("office_duty"), {"month": f"{day:%Y-%m}"}).content.decode()
    assert "街道活动" in page
    client.post(address, {"date": day, "forget": "1"})
    assert not CalendarDay.objects.exists()


@pytest.mark.parametrize("month", ["2026-13", "x", "9999-12", "0001-01", "%00"])
def test_a_month_that_is_none_shows_the_present(desk, month):
    page = desk.get(reverse("office_duty"), {"month": month}).content.decode()
    assert f"{timezone.localdate():%Y-%m}</h2>" in page


def test_an_emergency_is_declared_and_ended(client, world):
    client.force_login(world.operator)
    district = world.town.units[Level.DISTRICT][0]
    address = reverse("office_emergencies")
    assert client.post(address, {"unit_id": district.pk, "reason": "暴雨红色预警"}).status_code == 302
    emergency = Emergency.objects.get()
    assert emergency.term.upper is None
    assert client.post(address, {"unit_id": district.pk, "reason": "再次"}).status_code == 422
    shown = client.get(address).content.decode()
    assert re.search(r"is-on.*暴雨红色预警", shown, re.DOTALL)
    client.force_login(world.stranger)
    client.post(reverse("office_emergency_end", args=[emergency.pk]))
    emergency.refresh_from_db()
    assert emergency.term.upper is None
    client.force_login(world.operator)
    client.post(reverse("office_emergency_end", args=[emergency.pk]))
    emergency.refresh_from_db()
    assert emergency.term.upper is not None
