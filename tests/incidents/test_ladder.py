"""The ladder by itself: where it begins, where it ends, who is passed over."""

from __future__ import annotations

import pytest

from gis_grids.levels import Level
from gis_grids.selectors import ChainLink
from incidents.models import Mode
from incidents.services.ladder import Step, who_answers

WHOLE = tuple(Level)


def chain(*levels):
    """Return a chain whose units have the ids of their levels' depths."""
    return [ChainLink(level.depth, 0, level.value, level, level.value) for level in levels]


def answers(step, *, levels=WHOLE, manned=WHOLE, reached=None, mode=Mode.NORMAL):
    """Return the level that answers, and who is told: each level has one person, by its depth."""
    people = {level.depth: [100 + level.depth] for level in manned}
    found = who_answers(step, chain(*levels), people, reached=reached, mode=mode)
    assert found.unit_id == found.level.depth
    return found.level, [told - 100 for told in found.told]


def test_step_by_step_from_the_resident_group():
    assert answers(Step.WARNING) == (Level.RESIDENT_GROUP, [6])
    assert answers(Step.LATE) == (Level.BUILDING_GROUP, [5])
    assert answers(Step.VERY_LATE, reached=Level.BUILDING_GROUP) == (Level.AREA, [4])
    assert answers(Step.STREET, reached=Level.AREA) == (Level.STREET, [2])


def test_the_street_is_the_least_at_the_last_step():
    assert answers(Step.STREET, reached=Level.DISTRICT) == (Level.DISTRICT, [1])
    assert answers(Step.STREET, reached=Level.STREET) == (Level.STREET, [2])


@pytest.mark.parametrize("step", [Step.VERY_LATE, Step.STREET])
def test_the_district_is_the_top(step):
    assert answers(step, reached=Level.DISTRICT) == (Level.DISTRICT, [1])


def test_a_case_of_the_city_stays_there():
    for step in Step:
        assert answers(step, levels=[Level.CITY]) == (Level.CITY, [0])


def test_a_tree_without_districts_ends_where_it_ends():
    levels = [Level.COMMUNITY, Level.AREA]
    assert answers(Step.LATE, levels=levels) == (Level.COMMUNITY, [3])
    assert answers(Step.STREET, levels=levels, reached=Level.COMMUNITY) == (Level.COMMUNITY, [3])


def test_levels_that_a_place_has_not_are_no_rungs():
    levels = [Level.DISTRICT, Level.STREET, Level.COMMUNITY, Level.RESIDENT_GROUP]
    assert answers(Step.LATE, levels=levels) == (Level.COMMUNITY, [3])


def test_vacant_posts_are_passed_over_upward():
    manned = [Level.CITY, Level.STREET, Level.RESIDENT_GROUP]
    assert answers(Step.LATE, manned=manned) == (Level.STREET, [2])
    assert answers(Step.VERY_LATE, manned=manned, reached=Level.STREET) == (Level.DISTRICT, [])
    assert answers(Step.WARNING, manned=[Level.AREA]) == (Level.AREA, [4])


def test_in_an_emergency_the_community_is_first_and_the_street_knows():
    def emergency(step, **changes):
        return answers(step, mode=Mode.EMERGENCY, **changes)

    assert emergency(Step.WARNING) == (Level.COMMUNITY, [3])
    assert emergency(Step.LATE) == (Level.COMMUNITY, [2, 3])
    assert emergency(Step.VERY_LATE, reached=Level.COMMUNITY) == (Level.STREET, [2])
    assert emergency(Step.STREET, reached=Level.STREET) == (Level.STREET, [2])
    above = [Level.CITY, Level.DISTRICT, Level.STREET]
    assert emergency(Step.LATE, levels=above) == (Level.STREET, [2])
