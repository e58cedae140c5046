"""Deadlines: by rule, mode and hours of duty; what moves them, and what never does."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gis_grids.levels import Level
from gis_grids.selectors import chains
from incidents.models import CalendarDay, Incident, IncidentCycle, Matter, Mode, Shift, TimeLimit
from incidents.selectors.duty import mode_of
from incidents.selectors.rulebook import rulebook
from incidents.services import deadlines
from incidents.services.deadlines import MAX_PAUSE, Opening, deadlines_for, next_check, open_cycle
from incidents.services.emergencies import declare_emergency
from incidents.services.rosters import end_roster
from incidents.workflow import Clock, Priority, State
from tests.incidents.duty_world import at_home, published

HOUR = timedelta(hours=1)
#: A Friday in November at nine in the morning, as people there say.
FRIDAY = at_home("2026-11-27T09:00")


def rule_of(code: str, calendar: str, minutes: tuple[int, int, int]) -> int:
    """Set the limits of a matter in every priority and mode; an emergency has half of them."""
    matter = Matter.objects.get(code=code, is_current=True)
    for limit in matter.limits.all():
        half = 2 if limit.mode == Mode.EMERGENCY else 1
        limit.feedback_minutes, limit.handling_minutes, limit.resolve_minutes = (m // half for m in minutes)
        limit.calendar = calendar if limit.mode == Mode.NORMAL else "always"
        limit.save()
    return matter.pk


@pytest.fixture
def on_duty_hours(world):
    """Return the world with a matter whose limits of 2, 4 and 16 hours count in duty hours."""
    world.matter = rule_of("rubbish", "duty", (120, 240, 960))
    world.chain = chains([world.town.leaf.pk])[world.town.leaf.pk]
    return world


def opened(world, at, priority=Priority.NORMAL):
    [found] = deadlines_for([Opening(world.matter, priority, world.chain, at)])
    return found


def test_without_a_roster_all_time_counts(on_duty_hours):
    found = opened(on_duty_hours, FRIDAY)
    assert found.feedback_due_at == FRIDAY + 2 * HOUR
    assert found.resolve_due_at == FRIDAY + 16 * HOUR
    assert found.feedback_warn_at == found.next_check_at == FRIDAY + 1.6 * HOUR


def test_the_roster_of_the_nearest_unit_counts(on_duty_hours):
    world = on_duty_hours
    published(world, world.town.units[Level.STREET][0])
    assert opened(world, FRIDAY).resolve_due_at == at_home("2026-11-30T18:00")
    published(world, world.town.units[Level.COMMUNITY][0], rest=[(time(9), time(11))])
    # Eight hours on Friday, two each on Saturday and Sunday, the rest on Monday.
    assert opened(world, FRIDAY).resolve_due_at == at_home("2026-11-30T14:00")


def test_eighty_per_cent_are_of_the_time_that_counts(on_duty_hours):
    published(on_duty_hours, on_duty_hours.town.units[Level.COMMUNITY][0])
    found = opened(on_duty_hours, at_home("2026-11-27T17:00"))
    assert found.feedback_due_at == at_home("2026-11-30T10:00")
    assert found.feedback_warn_at == at_home("2026-11-30T09:36")


def test_a_holiday_of_the_office_is_one(on_duty_hours):
    published(on_duty_hours, on_duty_hours.town.units[Level.COMMUNITY][0])
    CalendarDay.objects.create(date=date(2026, 11, 30), kind="holiday", note="停电检修")
    assert opened(on_duty_hours, at_home("2026-11-27T17:00")).feedback_due_at == at_home("2026-12-01T10:00")


def test_days_that_no_roster_covers_count_whole(on_duty_hours):
    world = on_duty_hours
    published(world, world.town.units[Level.COMMUNITY][0], last=date(2026, 11, 27))
    # One hour of Friday's duty, one of the Saturday that has no roster.
    assert opened(world, at_home("2026-11-27T17:00")).feedback_due_at == at_home("2026-11-28T01:00")


def test_a_roster_without_enough_hours_gives_no_more_time(on_duty_hours):
    world = on_duty_hours
    roster = published(world, world.town.units[Level.COMMUNITY][0])
    Shift.objects.filter(roster=roster).update(day_kind="holiday")
    CalendarDay.objects.bulk_create(
        CalendarDay(date=FRIDAY.date() + timedelta(days=n), kind="work") for n in range(26 * 366)
    )
    roster.days = type(roster.days)(FRIDAY.date(), None)
    roster.save()
    assert opened(world, FRIDAY).feedback_due_at == FRIDAY + 2 * HOUR


def test_in_an_emergency_its_own_limits_count_round_the_clock(on_duty_hours):
    world = on_duty_hours
    street = world.town.units[Level.STREET][0]
    published(world, street)
    declare_emergency(actor=world.operator, unit_id=street.pk, reason="台风", at=FRIDAY)
    assert opened(world, FRIDAY).feedback_due_at == FRIDAY + HOUR
    assert opened(world, FRIDAY - HOUR).feedback_due_at == FRIDAY + 2 * HOUR
    other = chains([world.town.units[Level.STREET][1].pk]).popitem()[1]
    assert mode_of(other, FRIDAY) is Mode.NORMAL


def test_the_queries_do_not_grow_with_the_batch(on_duty_hours):
    world = on_duty_hours
    published(world, world.town.units[Level.STREET][0])
    leaves = world.town.units[Level.RESIDENT_GROUP]
    places = chains([leaf.pk for leaf in leaves])
    many = [Opening(world.matter, Priority.NORMAL, places[leaf.pk], FRIDAY) for leaf in leaves * 10]

    def queries(openings):
        with CaptureQueriesContext(connection) as captured:
            deadlines_for(openings)
        return len(captured)

    rulebook()
    assert queries(many[:1]) == queries(many) == 4
    rule_of("rubbish", "always", (120, 240, 960))
    rulebook()
    assert queries(many) == 1


def case_with_cycle(world) -> tuple[Incident, IncidentCycle]:
    case = world.case(received_at=FRIDAY, observed_at=FRIDAY, sent_at=FRIDAY)
    cycle = case.cycles.select_related("rule").get()
    return case, cycle


def test_what_is_stored_stays_when_rules_and_rosters_change(on_duty_hours):
    world = on_duty_hours
    roster = published(world, world.town.units[Level.COMMUNITY][0], first=date(2026, 11, 1))
    case, cycle = case_with_cycle(world)
    stored = IncidentCycle.objects.values().get(pk=cycle.pk)
    rule_of("rubbish", "always", (2, 2, 2))
    Shift.objects.filter(roster=roster).delete()
    CalendarDay.objects.create(date=date(2026, 11, 30), kind="holiday")
    declare_emergency(actor=world.operator, unit_id=case.unit_id, reason="暴雨", at=FRIDAY - HOUR)
    world.act(case.pk, "accept", "operator")
    now = IncidentCycle.objects.values().get(pk=cycle.pk)
    for column in stored.keys() - {"first_feedback_at", "next_check_at"}:
        assert now[column] == stored[column], column


def test_a_pause_gives_back_the_time_that_counts(on_duty_hours):
    world = on_duty_hours
    published(world, world.town.units[Level.COMMUNITY][0])
    _case, cycle = case_with_cycle(world)
    assert deadlines.pause(cycle, FRIDAY + HOUR) == {}
    assert next_check(cycle) is None
    # From Friday ten o'clock to Monday eleven: the week-end doesn't count, nor is it given back.
    moved = deadlines.go_on(cycle, world.chain, at_home("2026-11-30T11:00"))
    assert cycle.paused_since is None
    assert cycle.feedback_due_at == at_home("2026-11-30T12:00")
    was_and_is = [datetime.fromisoformat(text) for text in moved["feedback"]]
    assert was_and_is == [at_home("2026-11-27T11:00"), at_home("2026-11-30T12:00")]
    assert set(moved) == {"feedback", "handling", "resolve"}


def test_a_pause_brings_no_deadline_nearer_that_lies_outside_duty(on_duty_hours):
    world = on_duty_hours
    published(world, world.town.units[Level.COMMUNITY][0])
    _case, cycle = case_with_cycle(world)
    deadlines.extend(cycle, world.chain, date(2026, 12, 6))
    assert cycle.resolve_due_at == at_home("2026-12-07T00:00")  # a Sunday ends; duty did on Friday
    deadlines.pause(cycle, FRIDAY)
    assert "resolve" not in deadlines.go_on(cycle, world.chain, FRIDAY)
    assert cycle.resolve_due_at == at_home("2026-12-07T00:00")


def test_a_pause_does_not_rescue_a_clock_that_is_late(on_duty_hours):
    world = on_duty_hours
    _case, cycle = case_with_cycle(world)
    late = cycle.feedback_due_at
    deadlines.pause(cycle, late + timedelta(minutes=1))
    moved = deadlines.go_on(cycle, world.chain, late + 3 * HOUR)
    assert cycle.feedback_due_at == late
    assert "feedback" not in moved
    assert "handling" in moved


def test_a_pause_ends_at_the_latest_with_the_limit(on_duty_hours):
    world = on_duty_hours
    _case, cycle = case_with_cycle(world)
    due = cycle.resolve_due_at
    deadlines.pause(cycle, FRIDAY)
    deadlines.pause(cycle, FRIDAY + HOUR)
    deadlines.go_on(cycle, world.chain, FRIDAY + 100 * MAX_PAUSE)
    assert cycle.resolve_due_at == due + MAX_PAUSE
    assert deadlines.go_on(cycle, world.chain, FRIDAY + 200 * MAX_PAUSE) == {}


def test_clocks_that_are_stopped_do_not_move(on_duty_hours):
    world = on_duty_hours
    _case, cycle = case_with_cycle(world)
    cycle.first_feedback_at = FRIDAY
    deadlines.pause(cycle, FRIDAY)
    assert set(deadlines.go_on(cycle, world.chain, FRIDAY + HOUR)) == {"handling", "resolve"}
    for clock in (Clock.HANDLING, Clock.RESOLVED):
        setattr(cycle, clock, FRIDAY)
    assert deadlines.extend(cycle, world.chain, date(2026, 12, 24)) == {}
    assert next_check(cycle) is None


def test_an_extension_lasts_until_the_end_of_duty_and_never_takes_time_away(on_duty_hours):
    world = on_duty_hours
    published(world, world.town.units[Level.COMMUNITY][0])
    _case, cycle = case_with_cycle(world)
    assert deadlines.extend(cycle, world.chain, date(2026, 11, 27)) == {}
    assert set(deadlines.extend(cycle, world.chain, date(2026, 12, 2))) == {"resolve"}
    assert cycle.resolve_due_at == at_home("2026-12-02T18:00")
    # Four days of eight hours: 80 % are over after 25.6 of the 32.
    assert cycle.resolve_warn_at == at_home("2026-12-02T10:36")


def test_another_priority_counts_from_the_opening(on_duty_hours):
    world = on_duty_hours
    case, cycle = case_with_cycle(world)
    urgent = TimeLimit.objects.get(matter=world.matter, priority="urgent", mode="normal")
    urgent.handling_minutes, urgent.resolve_minutes = 180, 480
    urgent.save()
    case.priority = Priority.URGENT
    cycle.first_feedback_at = FRIDAY
    moved = deadlines.recompute(case, cycle, world.chain, FRIDAY + HOUR)
    assert set(moved) == {"handling", "resolve"}
    assert (cycle.rule_id, cycle.handling_due_at) == (urgent.pk, FRIDAY + 3 * HOUR)
    assert cycle.handling_warn_at == FRIDAY + 2.4 * HOUR
    assert deadlines.recompute(case, cycle, world.chain, FRIDAY + HOUR) == {}


def test_another_matter_keeps_the_time_that_was_given(on_duty_hours):
    world = on_duty_hours
    case, cycle = case_with_cycle(world)
    deadlines.pause(cycle, FRIDAY)
    deadlines.go_on(cycle, world.chain, FRIDAY + 5 * HOUR)
    case.matter_id = rule_of("errand", "always", (120, 360, 600))
    deadlines.recompute(case, cycle, world.chain, FRIDAY + 5 * HOUR)
    assert cycle.handling_due_at == FRIDAY + 11 * HOUR


def test_nobody_becomes_late_in_the_past(on_duty_hours):
    world = on_duty_hours
    case, cycle = case_with_cycle(world)
    case.matter_id = rule_of("errand", "always", (10, 10, 10))
    at = FRIDAY + 3 * HOUR
    deadlines.recompute(case, cycle, world.chain, at)
    assert cycle.feedback_due_at == FRIDAY + 2 * HOUR, "as late as it was"
    assert cycle.handling_due_at == cycle.handling_warn_at == at


def test_another_matter_stays_in_the_mode_of_the_opening(on_duty_hours):
    world = on_duty_hours
    case, cycle = case_with_cycle(world)
    declare_emergency(actor=world.operator, unit_id=case.unit_id, reason="暴雨", at=FRIDAY - HOUR)
    case.matter_id = rule_of("errand", "always", (60, 60, 60))
    deadlines.recompute(case, cycle, world.chain, FRIDAY)
    assert cycle.rule.mode == Mode.NORMAL


def test_a_new_cycle_has_deadlines_of_its_own(on_duty_hours):
    world = on_duty_hours
    case, first = case_with_cycle(world)
    case.cycle = 2
    second = open_cycle(case, world.chain, FRIDAY + 10 * HOUR)
    assert (second.number, second.opened_at) == (2, FRIDAY + 10 * HOUR)
    assert second.feedback_due_at == FRIDAY + 12 * HOUR
    assert IncidentCycle.objects.get(pk=first.pk).feedback_due_at == first.feedback_due_at


def test_an_ended_case_is_looked_at_no_more(on_duty_hours):
    case, cycle = case_with_cycle(on_duty_hours)
    cycle.incident = case
    assert next_check(cycle) == cycle.feedback_warn_at
    case.state = State.DUPLICATE
    assert next_check(cycle) is None


def test_the_end_of_a_roster_changes_only_what_comes(on_duty_hours):
    world = on_duty_hours
    today = timezone.localdate()
    roster = published(
        world, world.town.units[Level.COMMUNITY][0], first=today, last=today + timedelta(days=60)
    )
    case = world.case()
    before = case.cycles.get().resolve_due_at
    end_roster(actor=world.lead, roster_id=roster.pk, last=today)
    assert case.cycles.get().resolve_due_at == before


def test_moments_are_utc(on_duty_hours):
    published(on_duty_hours, on_duty_hours.town.units[Level.COMMUNITY][0])
    assert opened(on_duty_hours, datetime(2026, 11, 27, 1, tzinfo=UTC)).feedback_due_at.tzinfo is UTC
