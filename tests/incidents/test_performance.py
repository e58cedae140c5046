"""The figures of units and matters, against slow plain Python over random histories."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from statistics import fmean
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gis_grids.errors import NotFound
from gis_grids.levels import Level, PostKind
from incidents.models import Incident, IncidentCycle, Matter, Rating, TimeLimit
from incidents.selectors.performance import By, InTime, Performance, Times, performance
from incidents.workflow import State
from tests.factories import UserFactory, inside, post

NOW = datetime(2026, 11, 21, 4, tzinfo=UTC)
SINCE, UNTIL = NOW - timedelta(days=60), NOW - timedelta(days=5)
ZONE = ZoneInfo("Asia/Shanghai")
CLOCKS = {
    "feedback": ("first_feedback_at", "feedback_due_at"),
    "handling": ("first_handling_at", "handling_due_at"),
    "resolution": ("resolved_at", "resolve_due_at"),
}


@pytest.fixture
def history(world, settings, request):
    settings.TIME_ZONE = "Asia/Shanghai"
    rng = random.Random(request.param)
    Matter.objects.filter(code="noise").update(is_private=True)
    make_history(world, rng, 150)
    return world


def make_history(world, rng, count):
    units = rng.sample(world.town.units[Level.RESIDENT_GROUP], 9)
    units += [world.town.units[Level.COMMUNITY][0], world.town.units[Level.DISTRICT][0]]
    places = {unit: (Point(*inside(unit), srid=4326), unit.versions.get()) for unit in units}
    matters = list(Matter.objects.filter(code__in=["rubbish", "parking", "noise", "errand"]))
    rules = {m.pk: TimeLimit.objects.get(matter=m, priority="normal", mode="normal") for m in matters}
    for _ in range(count):
        unit, matter = rng.choice(units), rng.choice(matters)
        received = SINCE + timedelta(seconds=rng.uniform(-5, 65) * 86400)
        observed = received - timedelta(seconds=rng.choice([rng.uniform(-200, 200), rng.uniform(0, 90_000)]))
        kept = rng.choice([0, rng.uniform(0, 290), rng.uniform(310, 90_000)])
        cycles, state = rng.choice([1, 1, 1, 2, 3]), rng.choice(list(State))
        skew = rng.choice([None, rng.uniform(-290, 290), rng.uniform(-90_000, 90_000)])
        more = {"scheduled_for": NOW.date(), "held_until": NOW.date()}
        incident = Incident.objects.create(
            report_id=UUID(int=rng.getrandbits(128)),
            digest=b"",
            matter=matter,
            place=places[unit][0],
            position_source="device",
            unit=unit,
            reported_version=places[unit][1],
            reporter=world.worker,
            state=State.REPORTED if state is State.DUPLICATE else state,
            state_since=received,
            observed_at=observed,
            device_sent_at=observed + timedelta(seconds=kept),
            clock_skew_s=skew,
            received_at=received,
            cycle=cycles,
            **more,
        )
        if state is State.DUPLICATE:
            master = Incident.objects.first()
            if master != incident:
                Incident.objects.filter(pk=incident.pk).update(state=state, merged_into=master)
        for number in range(1, cycles + 1):
            make_cycle(rng, incident, number, rules[matter.pk])


def make_cycle(rng, incident, number, rule):
    opened = incident.received_at + timedelta(days=number - 1)

    def some(days, missing):
        return None if rng.random() < missing else opened + timedelta(days=rng.uniform(0, days))

    dues = {
        name: opened + timedelta(days=rng.choice([1, 3, 30])) for name in ("feedback", "handling", "resolve")
    }
    # Some clocks stop exactly when they are due: that is in time.
    clocks = {
        "first_feedback_at": rng.choice([some(3, 0.2), dues["feedback"]]),
        "first_handling_at": some(5, 0.3),
        "resolved_at": some(9, 0.4),
        "closed_at": some(20, 0.6),
    }
    IncidentCycle.objects.create(
        incident=incident,
        number=number,
        rule=rule,
        opened_at=opened,
        paused_since=some(4, 0.8),
        **{f"{name}_due_at": due for name, due in dues.items()},
        **{f"{name}_warn_at": opened for name in dues},
        **clocks,
    )
    if rng.random() < 0.5:
        Rating.objects.create(
            incident=incident, cycle=number, score=rng.randint(1, 5), at=opened + timedelta(days=1)
        )


# --- the reference ---


def percentile(values, share):
    """Between the two nearest values, in proportion."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def times(values):
    if not values:
        return Times(0, None, None)
    return Times(len(values), percentile(values, 0.5), percentile(values, 0.9))


def first_of(case):
    return next(cycle for cycle in case.cycles.all() if cycle.number == 1)


def in_time(cases, clock, due):
    kept = known = 0
    for case in cases:
        cycle = first_of(case)
        stopped, deadline = getattr(cycle, clock), getattr(cycle, due)
        if stopped is not None:
            known += 1
            kept += stopped <= deadline
        elif deadline < (cycle.paused_since or cycle.closed_at or NOW):
            known += 1
    return InTime(kept, known)


def reference(key, cases) -> Performance:
    collected = defaultdict(list)
    for case in cases:
        if case.clock_skew_s is not None and abs(case.clock_skew_s) <= 300:
            is_offline = (case.device_sent_at - case.observed_at).total_seconds() > 300
            collected[is_offline].append(max(0.0, (case.received_at - case.observed_at).total_seconds()))
    firsts = {case: first_of(case) for case in cases}
    took = {
        name: [
            (getattr(cycle, clock) - case.received_at).total_seconds()
            for case, cycle in firsts.items()
            if getattr(cycle, clock)
        ]
        for name, (clock, _due) in CLOCKS.items()
    }
    scores = [rating.score for case in cases for rating in case.ratings.all()]
    return Performance(
        key=key,
        cases=len(cases),
        collection=times(collected[False]),
        collection_offline=times(collected[True]),
        **{name: times(values) for name, values in took.items()},
        **{f"{name}_in_time": in_time(cases, *columns) for name, columns in CLOCKS.items()},
        finished=sum(bool(cycle.resolved_at or cycle.closed_at) for cycle in firsts.values()),
        reopened=sum(case.cycle > 1 for case in cases),
        ratings=len(scores),
        satisfaction=fmean(scores) if scores else None,
    )


def counted(root):
    return [
        case
        for case in Incident.objects.select_related("matter", "unit").prefetch_related("cycles", "ratings")
        if SINCE <= case.received_at < UNTIL
        and case.state not in {State.VOID, State.DUPLICATE}
        and not case.matter.is_private
        and case.unit.code.startswith(root.code)
    ]


def group_of(case, by, root, town):
    day = case.received_at.astimezone(ZONE).date()
    if by is By.UNIT:
        children = [unit for level in town.units.values() for unit in level if is_child(unit, root)]
        above = [unit for unit in children if case.unit.code.startswith(unit.code)]
        return above[0].pk if above else root.pk
    return {
        By.MATTER: case.matter.code,
        By.CLASS: case.matter.matter_class,
        By.DAY: day,
        By.WEEK: day - timedelta(days=day.weekday()),
        By.MONTH: day.replace(day=1),
    }[by]


def is_child(unit, root):
    return unit.code.startswith(root.code) and len(unit.code) == len(root.code) + 2


def same(found: Performance, expected: Performance):
    for name in Performance.__slots__:
        left, right = getattr(found, name), getattr(expected, name)
        if isinstance(right, Times):
            assert left.count == right.count, name
            assert [left.median_s, left.p90_s] == [
                value if value is None else pytest.approx(value, abs=1e-3)
                for value in (right.median_s, right.p90_s)
            ], name
        elif isinstance(right, float):
            assert left == pytest.approx(right), name
        else:
            assert left == right, name


@pytest.mark.parametrize("history", range(4), indirect=True)
def test_the_figures_are_those_of_the_reference(history):
    for level in (Level.DISTRICT, Level.COMMUNITY):
        root = history.town.units[level][0]
        cases = counted(root)
        for by in By:
            groups = defaultdict(list)
            for case in cases:
                groups[group_of(case, by, root, history.town)].append(case)
            assert groups
            table = performance(history.operator, since=SINCE, until=UNTIL, by=by, unit_id=root.pk, now=NOW)
            assert [each.key for each in table.groups] == sorted(groups)
            for each in table.groups:
                same(each, reference(each.key, groups[each.key]))
            same(table.total, reference(None, cases))


@pytest.mark.parametrize("history", [9], indirect=True)
def test_somebody_s_whole_scope_counts_each_case_once(history):
    both = UserFactory()
    street, community = history.town.units[Level.STREET][0], history.town.units[Level.COMMUNITY][0]
    for unit in (street, community):
        post(both, unit, PostKind.GRID_LEADER)
    cases = counted(street)
    table = performance(both, since=SINCE, until=UNTIL, by=By.MATTER, now=NOW)
    same(table.total, reference(None, cases))
    by_unit = performance(both, since=SINCE, until=UNTIL, by=By.UNIT, now=NOW)
    below = [case for case in cases if case.unit.code.startswith(community.code)]
    assert {each.key: each.cases for each in by_unit.groups} == {
        street.pk: len(cases) - len(below),
        community.pk: len(below),
    }


@pytest.mark.parametrize("history", [3], indirect=True)
def test_it_takes_few_statements(history):
    with CaptureQueriesContext(connection) as queries:
        performance(
            history.operator,
            since=SINCE,
            until=UNTIL,
            by=By.UNIT,
            unit_id=history.town.units[Level.STREET][0].pk,
        )
    assert len(queries) <= 5


def test_nothing_is_none(world):
    table = performance(world.operator, since=SINCE, until=UNTIL, by=By.DAY)
    assert table.groups == []
    assert (table.total.cases, table.total.ratings, table.total.satisfaction) == (0, 0, None)
    assert (table.total.reopen_rate, table.total.feedback_in_time.rate) == (None, None)


def test_a_unit_elsewhere_is_not_there(world):
    for user in (world.stranger, UserFactory()):
        with pytest.raises(NotFound):
            performance(user, since=SINCE, until=UNTIL, by=By.UNIT, unit_id=world.town.leaf.pk)
    assert performance(UserFactory(), since=SINCE, until=UNTIL, by=By.UNIT).total.cases == 0


def test_few_ratings_are_not_published(world):
    at = UNTIL - timedelta(days=1)
    for number in range(1, 6):
        case = world.case(received_at=at, observed_at=at, sent_at=at)
        Rating.objects.create(incident=case, cycle=1, score=number, at=at)
        total = performance(world.operator, since=SINCE, until=UNTIL, by=By.DAY).total
        assert (total.ratings, total.satisfaction) == (number, (number + 1) / 2)
        assert total.public_satisfaction == (None if number < 5 else 3.0)


def test_no_figure_is_of_a_person():
    assert {by.value for by in By} == {"unit", "matter", "class", "day", "week", "month"}
