"""The trend of hours and days, and who is on duty, against plain counting."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from gis_grids.levels import Level, PostKind
from incidents.models import Duty, Incident, IncidentCycle, Matter, Shift
from incidents.selectors.staffing import Staffing, staffing
from incidents.selectors.trends import DAYS, trend
from incidents.workflow import State
from tests.factories import LONG_AGO, UserFactory, post
from tests.incidents.duty_world import at_home, published
from tests.incidents.test_performance import make_history

NOW = at_home("2026-11-21T14:30")


@pytest.fixture
def history(world, settings):
    settings.TIME_ZONE = "Asia/Shanghai"
    Matter.objects.filter(code="noise").update(is_private=True)
    make_history(world, random.Random(4), 150)
    return world


def counted(world, street):
    below = [
        unit.pk for level in Level for unit in world.town.units[level] if unit.code.startswith(street.code)
    ]
    cases = Incident.objects.filter(unit__in=below, matter__is_private=False)
    return cases.exclude(state__in=[State.VOID, State.DUPLICATE])


def test_hours_and_days_are_those_of_the_district(history):
    street = history.town.units[Level.STREET][0]
    ours = counted(history, street)
    shift = at_home("2026-11-21T00:00") - NOW
    # Some of the cases of the last weeks are put into these two days, one of them just before midnight.
    for n, pk in enumerate(ours.order_by("pk").values_list("pk", flat=True)[:40]):
        Incident.objects.filter(pk=pk).update(received_at=NOW - timedelta(hours=n, minutes=3))
    Incident.objects.filter(pk=ours.last().pk).update(received_at=NOW + shift - timedelta(seconds=1))
    found = trend([street.pk], NOW)

    local = [at.astimezone(NOW.tzinfo) for at in ours.values_list("received_at", flat=True) if at <= NOW]
    hours = Counter((at.date(), at.hour) for at in local)
    today, yesterday = NOW.date(), NOW.date() - timedelta(days=1)
    assert list(found.today) == [hours[today, hour] for hour in range(24)]
    assert list(found.yesterday) == [hours[yesterday, hour] for hour in range(24)]
    assert found.yesterday[23] > 0
    until = NOW - timedelta(days=1)
    assert found.yesterday_by_now == sum(at.date() == yesterday and at <= until for at in local) > 0

    done = IncidentCycle.objects.filter(incident__in=ours, resolved_at__lte=NOW)
    resolved = Counter(at.astimezone(NOW.tzinfo).date() for at in done.values_list("resolved_at", flat=True))
    received = Counter(at.date() for at in local)
    assert len(found.days) == DAYS
    assert found.days[-1].date == today
    assert [(day.received, day.resolved) for day in found.days] == [
        (received[day.date], resolved[day.date]) for day in found.days
    ]
    assert sum(day.resolved for day in found.days) > 0


def test_nothing_is_counted_of_other_units(history):
    one, other = (history.town.units[Level.STREET][n] for n in (0, 1))
    both = trend([one.pk, other.pk], NOW)
    parts = [trend([unit.pk], NOW) for unit in (one, other)]
    assert [day.received for day in both.days] == [
        sum(days) for days in zip(*([day.received for day in part.days] for part in parts), strict=True)
    ]


def test_on_duty_is_whose_turn_runs_now(world):
    street, community = world.town.units[Level.STREET][0], world.town.units[Level.COMMUNITY][0]
    foreign = world.town.units[Level.STREET][1]
    here, off, elsewhere = UserFactory(), UserFactory(), UserFactory()
    for person, unit in ((here, community), (off, community), (elsewhere, foreign)):
        post(person, unit)
    post(None, community, PostKind.GRID_LEADER)
    before = staffing([street.pk], NOW)
    roster = published(world, street, rest=world_hours())
    for shift in Shift.objects.filter(roster=roster, day_kind="rest"):
        for person in (here, elsewhere):
            Duty.objects.create(shift=shift, date=NOW.date(), person=person)
    assert staffing([street.pk], NOW) == Staffing(before.holders, 1, before.vacant)
    assert before.vacant == 1
    assert staffing([community.pk], NOW).on_duty == 1
    assert staffing([foreign.pk], NOW).on_duty == 0
    assert staffing([street.pk], at_home("2026-11-21T22:00")).on_duty == 0


def world_hours():
    """Return the afternoon of 2026-11-21, a Saturday."""
    return ((at_home("2026-11-21T13:00").time(), at_home("2026-11-21T18:00").time()),)


def test_who_held_a_post_once_is_not_there_any_more(world):
    community = world.town.units[Level.COMMUNITY][0]
    before = staffing([community.pk], NOW)
    post(UserFactory(), community, term=DateTimeTZRange(LONG_AGO, NOW - timedelta(days=1)))
    post(UserFactory(is_active=False), community)
    assert staffing([community.pk], NOW) == before
