"""Working time: what must hold for all hours, and days as they really are in China."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.models import DayKind
from incidents.selectors.duty import day_kind
from incidents.worktime import NoHours, RoundTheClock, WorkTime

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")

MIDNIGHT = time(0, 0)
#: An office with a noon shift and an evening shift on work days, a day's duty at week-ends and holidays.
OFFICE = {
    DayKind.WORK: [(time(8, 30), time(12)), (time(12), time(14)), (time(14), time(17, 30))],
    DayKind.REST: [(time(9), time(11))],
    DayKind.HOLIDAY: [(time(10), time(12)), (time(20), MIDNIGHT)],
}
#: The same without any duty outside work days.
WORK_DAYS = {DayKind.WORK: [(time(9), time(12)), (time(14), time(18))]}


def calendar(hours, zone=SHANGHAI):
    return WorkTime(lambda day: hours.get(day_kind(day, {}), ()), zone)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


minutes_of_day = st.integers(0, 24 * 60 - 1)


@st.composite
def weeks(draw):
    """Hours for each weekday; at least one of them has some."""
    spans = st.tuples(minutes_of_day, minutes_of_day).filter(lambda span: span[0] != span[1])
    week = draw(st.lists(st.lists(spans, max_size=3), min_size=7, max_size=7).filter(any))
    return [
        [(_time(min(span)), MIDNIGHT if n == 0 else _time(max(span))) for n, span in enumerate(day)]
        for day in week
    ]


def _time(minute: int) -> time:
    return time(minute // 60, minute % 60)


times = weeks().flatmap(
    lambda week: st.sampled_from([SHANGHAI, NEW_YORK]).map(
        lambda zone: WorkTime(lambda day: week[day.weekday()], zone)
    )
)
_FIRST, _LAST = datetime(2026, 1, 1), datetime(2026, 12, 31)  # noqa: DTZ001 - the zone is added
moments = st.datetimes(_FIRST, _LAST, timezones=st.just(UTC))
spells = st.timedeltas(timedelta(0), timedelta(hours=60))


@given(times, moments, spells)
def test_what_was_added_is_what_lies_between(work, at, spell):
    end = work.add(at, spell)
    assert end >= at
    assert work.between(at, end) == spell


@given(times, moments, spells, spells)
def test_a_deadline_in_two_steps_is_that_in_one(work, at, one, two):
    assert work.add(work.add(at, one), two) == work.add(at, one + two)


@given(times, moments, moments, spells, spells)
def test_later_and_longer_is_never_due_earlier(work, a, b, one, two):
    early, late = sorted((a, b))
    short, long = sorted((one, two))
    assert work.add(early, short) <= work.add(late, long)


@given(times, moments, moments, moments)
def test_time_that_counts_adds_up(work, a, b, c):
    first, second, third = sorted((a, b, c))
    assert work.between(first, second) + work.between(second, third) == work.between(first, third)
    assert work.between(third, first) == timedelta(0) or third == first


@given(moments, spells)
def test_round_the_clock_everything_counts(at, spell):
    always = RoundTheClock(SHANGHAI)
    assert always.add(at, spell) == at + spell
    assert always.between(at, at + spell) == spell


@pytest.mark.parametrize(
    ("hours", "at", "spell", "due"),
    [
        # A Thursday afternoon, into the next morning; over the noon break.
        (WORK_DAYS, "2026-11-19T17:00", timedelta(hours=2), "2026-11-20T10:00"),
        (WORK_DAYS, "2026-11-19T11:00", timedelta(hours=2), "2026-11-19T15:00"),
        # Used up at the end of a shift: over then, not on the next morning.
        (WORK_DAYS, "2026-11-20T16:00", timedelta(hours=2), "2026-11-20T18:00"),
        # A Friday evening: Monday.
        (WORK_DAYS, "2026-11-20T19:00", timedelta(hours=1), "2026-11-23T10:00"),
        # Saturday 10 October 2026 is a work day, made up for National Day (调休).
        (WORK_DAYS, "2026-10-09T17:00", timedelta(hours=2), "2026-10-10T10:00"),
        # Before the National Day week: Wednesday 30 September to Thursday 8 October.
        (WORK_DAYS, "2026-09-30T17:30", timedelta(hours=1), "2026-10-08T09:30"),
        # Spring Festival 2026: work on Saturday the 14th of February, then off until the 23rd.
        (WORK_DAYS, "2026-02-13T17:00", timedelta(hours=4), "2026-02-14T12:00"),
        (WORK_DAYS, "2026-02-14T17:00", timedelta(hours=3), "2026-02-24T11:00"),
        # The noon shift closes the gap: it counts through.
        (OFFICE, "2026-11-19T11:00", timedelta(hours=4), "2026-11-19T15:00"),
        # Duty on a Sunday.
        (OFFICE, "2026-11-22T08:00", timedelta(hours=1), "2026-11-22T10:00"),
        # The evening shift of a holiday ends at midnight; the next day is one as well.
        (OFFICE, "2026-10-01T21:00", timedelta(hours=3), "2026-10-02T00:00"),
        (OFFICE, "2026-10-01T21:00", timedelta(hours=3, minutes=30), "2026-10-02T10:30"),
        # A moment in a gap counts from the next shift.
        (WORK_DAYS, "2026-11-19T12:30", timedelta(minutes=20), "2026-11-19T14:20"),
        # Seen from elsewhere: 01:00 UTC is nine in the morning.
        (WORK_DAYS, "2026-11-19T00:00", timedelta(minutes=1), "2026-11-19T09:01"),
    ],
)
def test_deadlines_as_people_expect_them(hours, at, spell, due):
    work = calendar(hours)
    assert work.add(local(at), spell) == local(due)
    assert work.between(local(at), local(due)) == spell
    assert work.add(local(at).astimezone(UTC), spell) == local(due)


def test_shifts_that_overlap_count_once():
    work = WorkTime(lambda _day: [(time(9), time(13)), (time(12), time(14)), (time(12), time(13))], SHANGHAI)
    assert work.between(local("2026-11-19T00:00"), local("2026-11-20T00:00")) == timedelta(hours=5)


def test_the_whole_day_counts_whole_when_clocks_change():
    work = WorkTime(lambda _day: [(MIDNIGHT, MIDNIGHT)], NEW_YORK)
    spring = datetime(2026, 3, 8, tzinfo=NEW_YORK)
    assert work.between(spring, datetime(2026, 3, 9, tzinfo=NEW_YORK)) == timedelta(hours=23)


def test_the_end_of_duty_of_a_day():
    work = calendar(WORK_DAYS)
    assert work.end_of(date(2026, 11, 19)) == local("2026-11-19T18:00")
    assert work.end_of(date(2026, 11, 21)) == local("2026-11-22T00:00")
    assert RoundTheClock(SHANGHAI).end_of(date(2026, 11, 19)) == local("2026-11-20T00:00")


def test_a_calendar_without_hours_says_so_and_ends():
    work = WorkTime(lambda _day: (), SHANGHAI)
    with pytest.raises(NoHours):
        work.add(local("2026-11-19T12:00"), timedelta(minutes=1))
    assert work.between(local("2026-11-19T12:00"), local("2027-11-19T12:00")) == timedelta(0)


def test_an_hour_a_day_reaches_a_year_of_minutes():
    work = WorkTime(lambda _day: [(time(9), time(10))], SHANGHAI)
    year = timedelta(minutes=525_600)
    end = work.add(local("2026-01-01T00:00"), year)
    assert end == local("2049-12-25T10:00")
    assert work.between(local("2026-01-01T00:00"), end) == year


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2026, 11, 19), DayKind.WORK),
        (date(2026, 11, 21), DayKind.REST),
        (date(2026, 10, 1), DayKind.HOLIDAY),
        (date(2026, 10, 10), DayKind.WORK),
        (date(2026, 2, 14), DayKind.WORK),
        (date(2026, 2, 20), DayKind.HOLIDAY),
        # Years that nobody has published: weekdays alone.
        (date(2031, 10, 1), DayKind.WORK),
        (date(2031, 10, 4), DayKind.REST),
    ],
)
def test_what_a_day_is(day, kind):
    assert day_kind(day, {}) is kind


def test_the_days_of_the_place_go_first():
    own = {date(2031, 10, 1): "holiday", date(2026, 11, 19): "rest"}
    assert day_kind(date(2031, 10, 1), own) is DayKind.HOLIDAY
    assert day_kind(date(2026, 11, 19), own) is DayKind.REST
