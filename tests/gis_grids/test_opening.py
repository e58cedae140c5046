"""Opening times: read as people write them, and whether it is open now."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from gis_grids.opening import Day, HoursUnreadable, is_open, kind_of, read_spans, written

OPENING = {"workday": [["08:30", "12:00"], ["13:30", "24:00"]], "weekend": []}


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("", []),
        ("8:30-12:00", [["08:30", "12:00"]]),
        ("８：３０－１２：００，13:30–17:30", [["08:30", "12:00"], ["13:30", "17:30"]]),
        ("8:30至12:00、13:30 ~ 24:00", [["08:30", "12:00"], ["13:30", "24:00"]]),
        ("13:30-17:30; 8:30-12:00", [["08:30", "12:00"], ["13:30", "17:30"]]),
        ("8点30分到12点00分", [["08:30", "12:00"]]),
    ],
)
def test_hours_are_read_as_people_write_them(text, spans):
    assert read_spans(text) == spans
    assert read_spans(written(spans)) == spans


@pytest.mark.parametrize(
    "text",
    [
        "always",
        "8:30",
        "12:00-8:30",
        "8:30-8:30",
        "8:30-12:00, 11:00-13:00",
        "8:30-25:00",
        "8:30-12:00 or so",
        "1:00-2:00,3:00-4:00,5:00-6:00,7:00-8:00,9:00-10:00",
    ],
)
def test_what_cannot_be_read_is_no_hours(text):
    with pytest.raises(HoursUnreadable):
        read_spans(text)


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2026, 11, 27), Day.WORKDAY),
        (date(2026, 11, 28), Day.WEEKEND),
        (date(2026, 10, 1), Day.HOLIDAY),
        (date(2026, 10, 10), Day.WORKDAY),  # a Saturday worked in return (调休)
        (date(2090, 1, 1), Day.WEEKEND),  # a Sunday that no calendar knows yet
    ],
)
def test_days_by_the_calendar(day, kind):
    assert kind_of(day) is kind


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-27 08:29", False),
        ("2026-11-27 08:30", True),
        ("2026-11-27 12:00", False),
        ("2026-11-27 23:59", True),
        ("2026-11-28 10:00", False),
        ("2026-10-01 10:00", None),
    ],
)
def test_open_now(at, expected):
    assert is_open(OPENING, datetime.fromisoformat(at)) is expected
