"""Rosters: drafted, checked, published, followed; turns, and who is on duty."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from gis_grids.errors import BadInput, Conflict, LingeError, NotFound, Refused
from gis_grids.levels import Level
from gis_grids.selectors import chains
from incidents.models import CalendarDay, DayKind, Duty, Roster, Shift
from incidents.selectors.duty import calendar_known_until, on_duty
from incidents.services.rosters import (
    ShiftHours,
    copy_roster,
    delete_roster,
    end_roster,
    publish_roster,
    save_roster,
)
from incidents.services.turns import assign_turns, give_time_off, remove_turn
from tests.incidents.duty_world import at_home

DAY = timedelta(days=1)
#: Three weeks from a Monday on, far enough ahead that no holiday is known there.
MONDAY = date(2031, 3, 3)
LAST = MONDAY + 20 * DAY


def hours(day_kind, kind, starts, ends):
    return ShiftHours(day_kind=day_kind, kind=kind, starts=time(*starts), ends=time(*ends))


MORNING = hours(DayKind.WORK, Shift.Kind.MORNING, (8, 0), (12, 0))
NOON = hours(DayKind.WORK, Shift.Kind.NOON, (11, 30), (14, 0))
LONG = hours(DayKind.WORK, Shift.Kind.DAY, (8, 0), (17, 0))
EVENING = hours(DayKind.WORK, Shift.Kind.EVENING, (20, 0), (0, 0))
WEEKEND = hours(DayKind.REST, Shift.Kind.DAY, (9, 0), (11, 0))


@pytest.fixture
def community(world):
    return world.town.units[Level.COMMUNITY][0]


@pytest.fixture
def draft(world, community):
    """Return a maker of drafts with these shifts."""

    def make(*shifts, **changes):
        said = {"actor": world.lead, "unit_id": community.pk, "name": "三月", "first": MONDAY, "last": LAST}
        return save_roster(**(said | {"shifts": shifts or (MORNING, NOON, EVENING, WEEKEND)} | changes))

    return make


def shift_of(roster, hours):
    return roster.shifts.get(day_kind=hours.day_kind, kind=hours.kind, starts=hours.starts)


def give(world, roster, hours, first=MONDAY, last=LAST, *, person=None):
    """Assign the shift's turns in these days to somebody of the community."""
    return assign_turns(
        actor=world.lead,
        shift_id=shift_of(roster, hours).pk,
        person_id=(person or world.worker).pk,
        first=first,
        last=last,
    )


def code_of(error) -> str:
    assert isinstance(error.value, LingeError)
    return error.value.code


def test_a_draft_is_written_anew_and_keeps_the_turns_that_stay(world, draft):
    roster = draft()
    assert (roster.days.lower, roster.days.upper) == (MONDAY, LAST + DAY)
    give(world, roster, MORNING)
    give(world, roster, NOON, person=world.colleague)
    again = draft(MORNING, MORNING, EVENING, roster_id=roster.pk, name="三月上旬", last=MONDAY + 6 * DAY)
    assert (again.pk, again.name) == (roster.pk, "三月上旬")
    assert {shift.kind for shift in again.shifts.all()} == {"morning", "evening"}
    assert set(Duty.objects.values_list("date", flat=True)) == {MONDAY + n * DAY for n in range(5)}
    assert set(Duty.objects.values_list("person", flat=True)) == {world.worker.pk}


@pytest.mark.parametrize("who", ["worker", "colleague", "operator", "stranger"])
def test_others_write_no_rosters(world, draft, who):
    roster = draft()
    give(world, roster, MORNING, last=MONDAY)
    shift, duty, actor = shift_of(roster, MORNING), Duty.objects.get(), getattr(world, who)
    attempts = [
        lambda: draft(actor=actor),
        lambda: draft(actor=actor, roster_id=roster.pk),
        lambda: publish_roster(actor=actor, roster_id=roster.pk),
        lambda: copy_roster(actor=actor, roster_id=roster.pk, first=MONDAY, last=LAST),
        lambda: end_roster(actor=actor, roster_id=roster.pk, last=MONDAY),
        lambda: delete_roster(actor=actor, roster_id=roster.pk),
        lambda: assign_turns(
            actor=actor, shift_id=shift.pk, person_id=world.worker.pk, first=MONDAY, last=LAST
        ),
        lambda: remove_turn(actor=actor, duty_id=duty.pk),
        lambda: give_time_off(actor=actor, duty_id=duty.pk),
    ]
    for attempt in attempts:
        with pytest.raises(Refused) as refused:
            attempt()
        assert code_of(refused) == "roster.not_yours"
    assert (Roster.objects.count(), Duty.objects.count()) == (1, 1)


def test_the_street_office_writes_for_its_communities(world, draft):
    publish_roster(actor=world.office, roster_id=draft(actor=world.office).pk)


def test_a_draft_can_not_be_given_to_a_unit_of_others(world, draft):
    roster = draft()
    with pytest.raises(Refused):
        draft(roster_id=roster.pk, unit_id=world.town.units[Level.COMMUNITY][2].pk)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": "  "}, "roster.name"),
        ({"name": "长" * 61}, "text.too_long"),
        ({"last": MONDAY - DAY}, "roster.days"),
        ({"last": MONDAY + 733 * DAY}, "roster.days"),
        ({"shifts": [hours(DayKind.WORK, Shift.Kind.EVENING, (22, 0), (6, 0))]}, "shift.hours"),
        ({"shifts": [hours(DayKind.WORK, Shift.Kind.EVENING, (22, 0), (22, 0))]}, "shift.hours"),
        ({"unit_id": 0}, "unit.unknown"),
        ({"roster_id": 0}, "roster.unknown"),
    ],
)
def test_what_no_draft_can_be(draft, changes, code):
    with pytest.raises(LingeError) as error:
        draft(**changes)
    assert code_of(error) == code
    assert not Roster.objects.exists()


def test_a_published_roster_is_followed_not_changed(world, draft):
    roster = draft()
    published = publish_roster(actor=world.lead, roster_id=roster.pk)
    assert published.roster.published_by == world.lead
    for attempt in (
        lambda: draft(roster_id=roster.pk),
        lambda: publish_roster(actor=world.lead, roster_id=roster.pk),
    ):
        with pytest.raises(Conflict) as error:
            attempt()
        assert code_of(error) == "roster.published"
    copy = copy_roster(actor=world.lead, roster_id=roster.pk, first=LAST, last=LAST + 30 * DAY)
    assert set(copy.shifts.values_list("kind", "starts", "ends")) == set(
        roster.shifts.values_list("kind", "starts", "ends")
    )
    with pytest.raises(Conflict) as error:
        publish_roster(actor=world.lead, roster_id=copy.pk)
    assert code_of(error) == "roster.overlaps"
    end_roster(actor=world.lead, roster_id=roster.pk, last=LAST - DAY)
    publish_roster(actor=world.lead, roster_id=copy.pk)


def test_what_can_not_be_published(world, draft):
    with pytest.raises(NotFound):
        publish_roster(actor=world.lead, roster_id=0)
    empty = draft(shifts=())
    with pytest.raises(BadInput) as error:
        publish_roster(actor=world.lead, roster_id=empty.pk)
    assert code_of(error) == "roster.no_shifts"
    past = draft(first=timezone.localdate() - 9 * DAY, last=timezone.localdate() - DAY)
    with pytest.raises(BadInput) as error:
        publish_roster(actor=world.lead, roster_id=past.pk)
    assert code_of(error) == "roster.past"


def test_how_a_roster_ends(world, draft):
    roster = draft()
    with pytest.raises(Conflict) as error:
        end_roster(actor=world.lead, roster_id=roster.pk, last=MONDAY)
    assert code_of(error) == "roster.draft"
    publish_roster(actor=world.lead, roster_id=roster.pk)
    for last in (MONDAY - DAY, LAST + DAY):
        with pytest.raises(BadInput) as error:
            end_roster(actor=world.lead, roster_id=roster.pk, last=last)
        assert code_of(error) == "roster.end"
    delete_roster(actor=world.lead, roster_id=roster.pk)
    today = timezone.localdate()
    begun = draft(first=today - DAY, last=today + 9 * DAY)
    publish_roster(actor=world.lead, roster_id=begun.pk)
    with pytest.raises(Conflict) as error:
        delete_roster(actor=world.lead, roster_id=begun.pk)
    assert code_of(error) == "roster.begun"
    with pytest.raises(BadInput):
        end_roster(actor=world.lead, roster_id=begun.pk, last=today - DAY)
    assert end_roster(actor=world.lead, roster_id=begun.pk, last=today).days.upper == today + DAY


def test_turns_are_given_on_the_days_of_the_shift(world, draft):
    roster = draft()
    assert give(world, roster, MORNING, MONDAY - 9 * DAY, LAST + 9 * DAY) == 15
    assert give(world, roster, MORNING) == 0
    CalendarDay.objects.create(date=MONDAY + 5 * DAY, kind=DayKind.WORK, note="调休上班")
    assert give(world, roster, MORNING) == 1
    assert give(world, roster, WEEKEND) == 5
    for first, last in ((MONDAY, MONDAY + 4 * DAY), (LAST + DAY, LAST + 9 * DAY), (LAST, MONDAY)):
        with pytest.raises(BadInput) as error:
            give(world, roster, WEEKEND, first, last)
        assert code_of(error) == "duty.no_such_day"


def test_only_people_of_the_place_are_on_duty_there(world, draft):
    with pytest.raises(BadInput) as error:
        give(world, draft(), MORNING, person=world.stranger)
    assert code_of(error) == "duty.not_here"


def test_nobody_is_on_duty_twice_at_once(world, draft):
    roster = draft()
    give(world, roster, MORNING, last=MONDAY)
    give(world, roster, NOON, last=MONDAY)
    with pytest.raises(BadInput) as error:
        publish_roster(actor=world.lead, roster_id=roster.pk)
    assert code_of(error) == "duty.overlap"
    assert error.value.details == {"date": MONDAY.isoformat(), "person_id": world.worker.pk}
    remove_turn(actor=world.lead, duty_id=Duty.objects.filter(shift__kind="noon").get().pk)
    publish_roster(actor=world.lead, roster_id=roster.pk)
    with pytest.raises(BadInput):
        give(world, roster, NOON, last=MONDAY)
    assert Duty.objects.count() == 1


def test_another_roster_counts_as_well(world, draft):
    publish_roster(actor=world.lead, roster_id=(first := draft()).pk)
    give(world, first, MORNING, last=MONDAY)
    group = draft(MORNING, unit_id=world.town.leaf.pk)
    give(world, group, MORNING, last=MONDAY)
    with pytest.raises(BadInput) as error:
        publish_roster(actor=world.lead, roster_id=group.pk)
    assert code_of(error) == "duty.overlap"


def test_there_are_no_extra_hours_without_time_off(world, draft, settings):
    roster = draft(LONG, EVENING, WEEKEND)
    give(world, roster, LONG, last=MONDAY + 4 * DAY)
    with pytest.raises(BadInput, match="45") as error:
        publish_roster(actor=world.lead, roster_id=roster.pk)
    assert code_of(error) == "duty.extra_hours"
    friday = Duty.objects.get(date=MONDAY + 4 * DAY)
    give_time_off(actor=world.lead, duty_id=friday.pk)
    publish_roster(actor=world.lead, roster_id=roster.pk)
    with pytest.raises(BadInput):
        give_time_off(actor=world.lead, duty_id=friday.pk, is_compensated=False)
    with pytest.raises(BadInput):
        give(world, roster, EVENING, MONDAY, MONDAY + DAY)
    settings.LINGE_WEEK_HOURS = 44
    assert give(world, roster, EVENING, MONDAY, MONDAY) == 1


def test_weekend_duty_asks_for_time_off(world, draft):
    roster = draft()
    give(world, roster, WEEKEND, last=MONDAY + 6 * DAY)
    give(world, roster, MORNING, last=MONDAY)
    saturday, sunday = Duty.objects.filter(shift__day_kind="rest").order_by("date")
    give_time_off(actor=world.lead, duty_id=saturday.pk)
    assert publish_roster(actor=world.lead, roster_id=roster.pk).without_time_off == [sunday]


def test_what_is_not_there_is_not_found(world):
    for attempt in (
        lambda: remove_turn(actor=world.lead, duty_id=0),
        lambda: give_time_off(actor=world.lead, duty_id=0),
        lambda: assign_turns(
            actor=world.lead, shift_id=0, person_id=world.worker.pk, first=MONDAY, last=MONDAY
        ),
        lambda: delete_roster(actor=world.lead, roster_id=0),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_who_is_on_duty_now(world, draft):
    chain = chains([world.town.leaf.pk])[world.town.leaf.pk]
    roster = draft(MORNING, EVENING)
    give(world, roster, MORNING, last=MONDAY)
    give(world, roster, EVENING, last=MONDAY, person=world.colleague)
    ten, eleven_pm = at_home("2031-03-03T10:00"), at_home("2031-03-03T23:00")
    assert on_duty(chain, ten) == [], "a draft counts for nothing"
    publish_roster(actor=world.lead, roster_id=roster.pk)
    [found] = on_duty(chain, ten)
    assert (found.user_id, found.unit_id, found.shift, found.ends) == (
        world.worker.pk,
        roster.unit_id,
        "morning",
        time(12),
    )
    assert [each.user_id for each in on_duty(chain, eleven_pm)] == [world.colleague.pk]
    assert on_duty(chain, at_home("2031-03-03T12:00")) == on_duty(chain, at_home("2031-03-04T10:00")) == []
    nearer = draft(MORNING, unit_id=world.town.leaf.pk)
    publish_roster(actor=world.lead, roster_id=nearer.pk)
    assert on_duty(chain, ten) == [], "the nearest roster counts, even if nobody is named in it"


def test_how_far_the_calendar_is_known(db):
    known = calendar_known_until()
    assert known >= date(2026, 12, 31)
    CalendarDay.objects.create(date=date(known.year + 1, 3, 1), kind=DayKind.REST)
    assert calendar_known_until() == known
    CalendarDay.objects.create(date=date(known.year + 1, 10, 1), kind=DayKind.HOLIDAY)
    assert calendar_known_until() == date(known.year + 1, 12, 31)
