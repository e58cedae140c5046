"""The tree as a page shows it, and figures that never flatter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis_grids.levels import Level, PostKind
from gis_grids.selectors import PostRow, TreeRow
from households.selectors import UnitCount
from mapui.office.figures import Bar, altogether, by_level, share
from mapui.office.outline import MOST_FOUND, Search, outline

STREET, COMMUNITY, AREA = list(Level).index(Level.STREET), 3, 4


def rows(shape, depth=STREET, parent=None, code="9"):
    """Make rows depth first out of nested lists: [[], [[]]] is two units, the second with one below."""
    found = []
    for number, inner in enumerate(shape, start=1):
        unit = int(f"{parent or ''}{number}")
        below = rows(inner, depth + 1, unit, f"{code}{number}")
        level = list(Level)[depth]
        name = f"Unit {code}{number}"
        row = TreeRow(unit, parent, f"{code}{number}", level, name, (), len(inner), len(below))
        found += [row, *below]
    return found


def with_post(row, *, vacant, is_deputy=False):
    post = PostRow(1, PostKind.GRID_WORKER, is_deputy, None if vacant else 5, "" if vacant else "Li")
    return TreeRow(
        row.unit_id,
        row.parent_id,
        row.code,
        row.level,
        row.name,
        (*row.posts, post),
        row.children,
        row.units_below,
    )


def codes(branches):
    return [code for branch in branches for code in (branch.row.code, *codes(branch.branches))]


def test_a_district_is_shown_down_to_the_area_with_two_levels_open():
    shape = [[[[[[]]]], [[[[]], [[]]]]]]
    [district] = outline(rows(shape, depth=1), {}, Search()).branches
    [first, second] = district.branches
    assert codes([district]) == ["91", "911", "9111", "91111", "912", "9121", "91211", "91212"]
    assert [one.is_open for one in (district, first, first.branches[0])] == [True, True, False]
    assert first.branches[0].branches[0].unseen == 1
    assert (district.unseen, second.unseen) == (3, 2)


def test_an_area_shows_everything_below_it():
    [area] = outline(rows([[[[]], [[], []]]], depth=AREA), {}, Search()).branches
    assert area.unseen == 0
    assert area.shown == len(codes([area])) == 6


def test_a_top_is_a_unit_whose_parent_is_not_shown():
    below_two = [row for row in rows([[[]], [[]]]) if row.level is Level.COMMUNITY]
    assert [branch.row.code for branch in outline(below_two, {}, Search()).branches] == ["911", "921"]


@pytest.mark.parametrize(("words", "found"), [("unit 9122", 1), ("9122", 1), ("122", 1), ("22", 1), ("x", 0)])
def test_a_search_shows_what_it_found_and_all_above_it(words, found):
    many = rows([[[], [[], []]]])
    shown = outline(many, {}, Search(words))
    assert shown.found == found
    assert codes(shown.branches) == (["91", "912", "9122"] if found else [])


def test_a_code_is_found_by_its_beginning_only():
    row = rows([[]])[0]
    assert Search("9").finds(row)
    renamed = TreeRow(1, None, "910", Level.STREET, "Jianwai", (), 0, 0)
    assert not Search("10").finds(renamed)
    assert Search("JIANWAI").finds(renamed)


def test_vacancies_are_found_wherever_they_are():
    [street, community, area] = rows([[[[]]]])
    tree = [with_post(street, vacant=False), community, with_post(area, vacant=True)]
    shown = outline(tree, {}, Search(only_vacant=True))
    assert (shown.found, codes(shown.branches)) == (1, ["91", "911", "9111"])
    assert outline(tree, {}, Search("Unit 91", only_vacant=True)).found == 1
    assert outline(tree, {}, Search("91112", only_vacant=True)).found == 0


def test_no_more_is_shown_than_a_person_reads():
    shown = outline(rows([[[] for _ in range(MOST_FOUND + 20)]]), {}, Search("Unit"))
    assert shown.is_cut
    assert shown.found == MOST_FOUND + 21
    assert len(codes(shown.branches)) == MOST_FOUND


def test_each_branch_has_its_counts():
    [branch] = outline(rows([[]]), {1: UnitCount(8, 6, 1)}, Search()).branches
    assert branch.coverage == 75.0
    [empty] = outline(rows([[]]), {}, Search()).branches
    assert empty.coverage is None


def test_levels_and_totals_agree():
    [street, *others] = rows([[[], []]])
    tree = [with_post(with_post(street, vacant=True), vacant=False, is_deputy=True), *others]
    figures = [(line.level, line.units, line.posts, line.vacant, line.deputies) for line in by_level(tree)]
    assert figures == [(Level.STREET, 1, 2, 1, 1), (Level.COMMUNITY, 2, 0, 0, 0)]
    total = altogether(tree)
    assert (total.level, total.units, total.posts, total.vacant, total.deputies) == (None, 3, 2, 1, 1)


@given(st.integers(1, 10**6).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_a_share_is_never_rounded_up(numbers):
    part, whole = numbers
    assert share(part, whole) * whole <= part * 100 + 1e-6
    assert (share(part, whole) == 100) == (part == whole)


def test_nothing_has_no_share():
    assert share(0, 0) is None
    assert Bar(0, 0).share is None
    assert Bar(19_999, 20_000).share == 99.9
