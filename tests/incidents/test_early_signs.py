"""Early signs, against slow plain Python, and against chance."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from math import comb

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gis_grids.levels import Level
from incidents.models import Incident, Matter
from incidents.selectors.early_signs import MOST_CELLS, early_signs, heat_cells
from incidents.selectors.rarity import chance, unusual
from incidents.workflow import State
from tests.factories import inside
from tests.incidents.making import Making

NOW = datetime(2026, 11, 21, 4, 30, tzinfo=UTC)
WEEK = timedelta(weeks=1)


def everything(world):
    return {world.town.units[Level.DISTRICT][0].pk}


@pytest.fixture
def make(world, settings):
    settings.TIME_ZONE = "Asia/Shanghai"
    make = Making(world)
    make(world.town.units[Level.RESIDENT_GROUP][-1], "road", NOW - 20 * WEEK)  # so old is the feed
    return make


def exactly(count, before, share):
    """The probability of so many or more, summed up one by one."""
    n = count + before
    return sum(comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(count, n + 1))


def test_the_chance_is_the_sum_of_the_probabilities():
    for count, before in [(0, 0), (0, 9), (1, 0), (3, 0), (4, 7), (12, 60), (1, 200), (30, 30)]:
        for share in (1 / 9, 1 / 2, 0.91):
            assert chance(count, before, share) == pytest.approx(exactly(count, before, share), rel=1e-9)


def test_unusual_is_what_the_procedure_of_benjamini_and_hochberg_leaves():
    # Their own example (1995, table 1): of fifteen p-values, four at 5 %.
    values = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240]
    values += [0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    assert unusual(dict(enumerate(values))) == [0, 1, 2, 3]
    assert unusual({}) == []
    assert unusual({"a": 0.06, "b": 0.9}) == []


def test_chance_alone_gives_few_signs():
    rng = random.Random(7)

    def poisson(mean):
        at, n = rng.expovariate(1), 0
        while at < mean:
            at, n = at + rng.expovariate(1), n + 1
        return n

    days_with_signs = 0
    for _ in range(300):
        rates = [rng.choice([0.05, 0.5, 3, 12]) for _ in range(60)]
        counts = [(poisson(rate), poisson(8 * rate)) for rate in rates]
        chances = {n: chance(now, past, 1 / 9) for n, (now, past) in enumerate(counts) if now}
        days_with_signs += bool(unusual(chances))
    assert days_with_signs <= 0.05 * 300 + 12


def test_a_burst_stands_out_and_the_usual_does_not(world, make):
    group, other = world.town.units[Level.RESIDENT_GROUP][0], world.town.units[Level.RESIDENT_GROUP][5]
    for week in range(1, 9):
        make(other, "rubbish", NOW - week * WEEK - timedelta(hours=1), 4)
    make(other, "rubbish", NOW - timedelta(hours=2), 4)
    make(group, "road", NOW - timedelta(minutes=10), 5)
    found = early_signs(everything(world), hours=6, now=NOW)
    [sign] = found.signs
    assert (sign.unit.unit_id, sign.matter, sign.count, sign.usual) == (group.pk, "road", 5, 0.0)
    assert sign.chance == pytest.approx((1 / 9) ** 5)
    lon, lat = inside(group)
    assert abs(sign.lon - lon) < 5e-4
    assert abs(sign.lat - lat) < 5e-4
    assert 20 < sign.radius_m < 60
    assert found.weeks == 8
    assert (found.window.until, found.window.since) == (NOW, NOW - timedelta(hours=6))
    usual = {round(cell.usual, 3): cell.count for cell in found.cells}
    assert usual == {4.0: 4, 0.0: 5}


def test_the_counts_are_those_of_the_reference(world, make):
    rng = random.Random(3)
    groups = rng.sample(world.town.units[Level.RESIDENT_GROUP], 4)
    made = []
    for _ in range(160):
        unit, matter = rng.choice(groups), rng.choice(["rubbish", "road"])
        at = (
            NOW
            - rng.choice([0, 0, 0, *range(1, 11)]) * WEEK
            - timedelta(hours=rng.choice([0, 2, 5.9, 6.1, 9]))
        )
        made.append((unit, matter, at))
        make(unit, matter, at)
    make(groups[0], "rubbish", NOW, 50, state=State.VOID)
    Matter.objects.filter(code="noise").update(is_private=True)
    make(groups[0], "noise", NOW - timedelta(minutes=1), 50)

    def inside_window(at, week):
        return NOW - week * WEEK - timedelta(hours=6) < at <= NOW - week * WEEK

    now, past = Counter(), Counter()
    for unit, matter, at in made:
        for length in (4, 6, 8, 10, 12, 14):  # the codes of the levels above, from the district down
            for key in ((unit.code[:length], matter), (unit.code[:length], "")):
                now[key] += inside_window(at, 0)
                past[key] += any(inside_window(at, week) for week in range(1, 9))
    found = early_signs(everything(world), hours=6, now=NOW)
    assert found.signs
    for sign in found.signs:
        key = (sign.unit.code, sign.matter)
        assert (sign.count, sign.usual) == (now[key], past[key] / 8)
        # Never less probable than if nothing were unusual elsewhere.
        assert sign.chance >= exactly(now[key], past[key], 1 / 9) * 0.999
    assert sum(cell.count for cell in found.cells) == sum(inside_window(at, 0) for *_, at in made)


def test_each_sign_speaks_of_other_cases(world, make):
    first, second = world.town.units[Level.RESIDENT_GROUP][:2]
    make(first, "rubbish", NOW - timedelta(hours=1), 6)
    make(second, "rubbish", NOW - timedelta(hours=1), 6)
    signs = early_signs(everything(world), hours=3, now=NOW).signs
    # Both together are rarer than each: one sign, for what is above them.
    [sign] = signs
    assert sign.count == 12
    assert first.code.startswith(sign.unit.code)
    assert second.code.startswith(sign.unit.code)


def test_on_a_day_on_which_there_is_more_everywhere_a_part_must_stand_out_from_the_others(world, make):
    groups = world.town.units[Level.RESIDENT_GROUP][::2]
    for group in groups:
        for week in range(1, 9):
            make(group, "rubbish", NOW - week * WEEK - timedelta(hours=1))
        make(group, "rubbish", NOW - timedelta(hours=1), 6)  # a storm
    make(groups[3], "rubbish", NOW - timedelta(hours=1), 24)
    signs = early_signs(everything(world), hours=6, now=NOW).signs
    whole, part = signs
    assert whole.unit.level == Level.DISTRICT
    assert whole.count == 6 * len(groups) + 24
    assert (part.unit.unit_id, part.count) == (groups[3].pk, 30)


def test_two_are_no_sign_and_a_new_feed_has_none(world, make):
    group = world.town.units[Level.RESIDENT_GROUP][0]
    make(group, "road", NOW - timedelta(minutes=10), 2)
    assert early_signs(everything(world), hours=6, now=NOW).signs == []
    make(group, "road", NOW - timedelta(minutes=10), 20)
    assert early_signs(everything(world), hours=6, now=NOW).signs
    Incident.objects.filter(received_at__lt=NOW - WEEK).delete()
    young = early_signs(everything(world), hours=6, now=NOW)
    assert (young.signs, young.weeks) == ([], 0)
    assert sum(cell.count for cell in young.cells) == 22


def test_only_what_lies_below_the_roots_counts(world, make):
    group = world.town.leaf
    make(group, "road", NOW - timedelta(minutes=10), 9)
    other, street = world.town.units[Level.STREET][1], world.town.units[Level.STREET][0]
    assert early_signs({other.pk}, hours=6, now=NOW).cells == []
    assert early_signs({group.pk}, hours=6, now=NOW).signs
    assert early_signs({other.pk, street.pk}, hours=6, now=NOW).signs
    assert early_signs(set(), hours=6, now=NOW).cells == []


def test_it_takes_few_statements(world, make):
    for group in world.town.units[Level.RESIDENT_GROUP][:8]:
        make(group, "road", NOW - timedelta(minutes=10), 9)
    with CaptureQueriesContext(connection) as queries:
        assert early_signs(everything(world), hours=6, now=NOW).signs
    assert len(queries) <= 6


def test_a_map_gets_so_many_cells_at_most():
    rng = random.Random(1)
    counted = [((rng.randrange(-300, 300), rng.randrange(-300, 300)), 1, 8) for _ in range(9000)]
    cells, step = heat_cells(counted, 8)
    assert len(cells) <= MOST_CELLS
    assert step > 0.0005
    assert (sum(cell.count for cell in cells), sum(cell.usual for cell in cells)) == (9000, 9000)
