"""Units are loaded whole or not at all, and the upper levels are the unions of the lower."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import shapely
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from shapely import Polygon, box

from gis_grids import hooks
from gis_grids.errors import Conflict
from gis_grids.levels import Level
from gis_grids.models import Unit, UnitVersion
from gis_grids.models.shapes import from_stored
from gis_grids.selectors import map_version, unit_at
from gis_grids.services import LoadOptions, NewUnit, UnitsRefused, load_units
from tests.factories import LONG_AGO, TOWN_BOX, cells, make_grid, make_unit, shape_of

pytestmark = pytest.mark.django_db
WEST, SOUTH, EAST, NORTH = TOWN_BOX
MIDDLE = (WEST + EAST) / 2
METRE = 1 / 111_000


def halves(parent="S", gap=0.0, level=Level.COMMUNITY):
    """Two units side by side; the right one begins `gap` degrees after the left one ends."""
    left, right = box(WEST, SOUTH, MIDDLE, NORTH), box(MIDDLE + gap, SOUTH, EAST, NORTH)
    return [
        NewUnit(
            code=f"{parent}{n}", name=f"Half {n}", level=level, shape=shape, parent_code=parent, feature=n
        )
        for n, shape in enumerate((left, right), start=1)
    ]


def problems_of(units, **options):
    with pytest.raises(UnitsRefused) as caught:
        load_units(units=units, options=LoadOptions(**options))
    return caught.value.problems


def codes_of(problems):
    return [problem.code for problem in problems if problem.is_error]


def street(shape=None, **fields):
    return make_unit(shape or box(*TOWN_BOX), code="S", **fields)


def test_children_that_tile_are_loaded():
    street()
    loaded = load_units(units=halves())
    assert set(loaded.unit_ids) == {"S1", "S2"}
    assert [link.code for link in unit_at(WEST, SOUTH).chain] == ["S", "S1"]
    version = UnitVersion.objects.get(unit__code="S2")
    assert (version.name, version.depth, version.valid.lower) == ("Half 2", 3, loaded.valid_from)
    assert map_version("units") > 0


def test_the_parent_becomes_the_union_of_its_children_from_then_on():
    parent = street(valid=DateTimeTZRange(LONG_AGO, None))
    at = datetime(2026, 5, 1, tzinfo=UTC)
    loaded = load_units(units=halves(), options=LoadOptions(valid_from=at))

    assert loaded.reshaped == ("S",)
    old, new = parent.versions.order_by("valid")
    assert (old.valid.upper, new.valid.lower, new.valid.upper) == (at, at, None)
    children = [from_stored(v.boundary) for v in UnitVersion.objects.filter(parent=parent)]
    union = shapely.coverage_union_all([part for child in children for part in child.geoms])
    assert from_stored(new.boundary).equals(union)
    assert shapely.get_num_coordinates(from_stored(new.boundary)) == 7  # the children's two corners on top
    assert (new.name, new.parent_id, new.depth) == (old.name, old.parent_id, old.depth)


def test_a_parent_that_is_the_union_already_stays_as_it_is():
    top = Polygon(
        [(WEST, SOUTH), (MIDDLE, SOUTH), (EAST, SOUTH), (EAST, NORTH), (MIDDLE, NORTH), (WEST, NORTH)]
    )
    parent = street(top)
    assert load_units(units=halves()).reshaped == ()
    assert parent.versions.count() == 1


def test_a_parent_that_begins_at_the_same_moment_is_corrected_not_doubled():
    parent = street()
    load_units(units=halves(), options=LoadOptions(valid_from=LONG_AGO))
    version = parent.versions.get()
    assert version.valid.lower == LONG_AGO
    assert shapely.get_num_coordinates(from_stored(version.boundary)) == 7


def test_the_whole_line_above_is_redrawn():
    district = make_unit(box(*TOWN_BOX), level=Level.DISTRICT, code="D")
    street(parent=district)
    assert set(load_units(units=halves()).reshaped) == {"S", "D"}
    shapes = {v.unit.code: shape_of(v.unit) for v in UnitVersion.objects.filter(valid__upper_inf=True)}
    assert shapes["D"].normalize() == shapes["S"].normalize()


def test_all_levels_may_come_at_once_and_the_upper_ones_without_shape():
    units = [
        NewUnit(code="D", name="District", level=Level.DISTRICT),
        NewUnit(code="S", name="Street", level=Level.STREET, parent_code="D"),
        *halves(),
    ]
    loaded = load_units(units=units)
    assert len(loaded.unit_ids) == 4
    assert loaded.reshaped == ()
    assert [link.code for link in unit_at(EAST, SOUTH).chain] == ["D", "S", "S2"]
    assert shape_of(Unit.objects.get(code="D")).area == pytest.approx(box(*TOWN_BOX).area, rel=1e-6)


def test_a_gap_is_refused_with_place_and_size_and_nothing_is_written():
    street()
    before = list(UnitVersion.objects.values())
    (gap,) = [p for p in problems_of(halves(gap=METRE)) if p.is_error]
    assert gap.code == "E01"
    assert set(gap.features) == {1, 2}
    assert gap.place[0] == pytest.approx(MIDDLE, abs=METRE)
    assert gap.size == pytest.approx(0.77 * 888, rel=0.02)
    assert list(UnitVersion.objects.values()) == before
    assert map_version("units") == 0


def test_an_overlap_and_ground_outside_are_refused():
    street()
    assert codes_of(problems_of(halves(gap=-METRE))) == ["E02"]
    wide = [
        *halves()[:1],
        NewUnit("S2", "Wide", Level.COMMUNITY, box(MIDDLE, SOUTH, EAST + METRE, NORTH), "S"),
    ]
    assert codes_of(problems_of(wide)) == ["E03"]


def test_less_than_a_centimetre_is_no_gap():
    street()
    load_units(units=halves(gap=0.002 * METRE))
    assert not shape_of(Unit.objects.get(code="S")).geoms[0].interiors


def test_stored_siblings_count():
    street()
    load_units(units=halves())
    more = [NewUnit("S3", "Third", Level.COMMUNITY, box(WEST, SOUTH, MIDDLE, NORTH), "S")]
    assert "E02" in codes_of(problems_of(more))


def test_units_without_parent_tile_with_their_stored_siblings():
    make_unit(box(WEST, SOUTH, MIDDLE, NORTH), code="A", level=Level.STREET)
    make_unit(box(WEST, SOUTH, EAST, NORTH), code="D", level=Level.DISTRICT)
    beside = NewUnit("B", "Beside", Level.STREET, box(MIDDLE, SOUTH, EAST, NORTH))
    over = NewUnit("C", "Over", Level.STREET, box(MIDDLE - METRE, SOUTH, EAST, NORTH))
    assert codes_of(problems_of([over])) == ["E02"]
    load_units(units=[beside])


def test_old_faults_of_others_do_not_stop_new_units():
    make_unit(box(WEST, SOUTH, MIDDLE, NORTH), code="A", level=Level.STREET)
    make_unit(box(WEST, SOUTH, MIDDLE, NORTH), code="B", level=Level.STREET)
    load_units(units=[NewUnit("C", "New", Level.STREET, box(MIDDLE, SOUTH, EAST, NORTH))])


def test_an_outline_of_another_source_refuses_unless_the_children_count():
    rough = box(WEST - 100 * METRE, SOUTH, EAST - 50 * METRE, NORTH)
    parent = street(rough)
    assert codes_of(problems_of(halves())) == ["E01", "E03"]

    load_units(units=halves(), options=LoadOptions(reshape_parents=True))
    assert shape_of(parent).bounds == TOWN_BOX


def test_a_reshaped_parent_still_fits_its_siblings():
    district = make_unit(box(WEST, SOUTH, EAST + 0.1, NORTH), level=Level.DISTRICT, code="D")
    street(box(WEST, SOUTH, EAST - 50 * METRE, NORTH), parent=district)
    make_unit(box(EAST - 50 * METRE, SOUTH, EAST + 0.1, NORTH), parent=district, code="T")
    (overlap,) = [p for p in problems_of(halves(), reshape_parents=True) if p.is_error]
    assert (overlap.code, set(overlap.units)) == ("E02", {"S", "T"})


def test_several_parts_are_remarked_for_divisions_and_refused_for_grids():
    parts = shapely.MultiPolygon(
        [box(WEST, SOUTH, WEST + 0.001, NORTH), box(EAST - 0.001, SOUTH, EAST, NORTH)]
    )
    rest = box(WEST + 0.001, SOUTH, EAST - 0.001, NORTH)

    def units(level, parent, prefix):
        return [
            NewUnit(f"{prefix}1", "Parts", level, parts, parent),
            NewUnit(f"{prefix}2", "Rest", level, rest, parent),
        ]

    assert [p.code for p in load_units(units=units(Level.STREET, None, "S")).remarks] == ["E04"]
    make_unit(box(*TOWN_BOX), code="X")
    assert codes_of(problems_of(units(Level.COMMUNITY, "X", "C"))) == ["E04"]
    load_units(units=units(Level.COMMUNITY, "X", "C"), options=LoadOptions(allow_parts=True))


def test_a_broken_ring_is_named():
    bow = Polygon([(WEST, SOUTH), (EAST, NORTH), (EAST, SOUTH), (WEST, NORTH)])
    problems = problems_of([NewUnit("B", "Bow", Level.STREET, bow, feature=7)])
    assert codes_of(problems) == ["E05"]
    assert problems[0].features == (7,)
    assert problems[0].place == pytest.approx((MIDDLE, (SOUTH + NORTH) / 2))


def test_everything_wrong_with_codes_names_and_parents_is_listed():
    make_unit(box(0, 0, 1, 1), code="taken", level=Level.CITY)
    make_unit(box(0, 0, 1, 1), code="gone", valid=DateTimeTZRange(LONG_AGO, LONG_AGO + timedelta(days=1)))
    make_unit(box(0, 0, 1, 1), code="low", level=Level.AREA)
    shapes = iter(cells(1, 8))

    def unit(code, name="Name", parent=None, shape=None):
        return NewUnit(code, name, Level.COMMUNITY, shape or next(shapes), parent)

    problems = problems_of(
        [
            unit("taken"),
            unit("twice"),
            unit("twice"),
            unit("bad code"),
            unit("x" * 33),
            unit("nameless", name=""),
            unit("long", name="名" * 101),
            unit("c1", parent="nobody"),
            unit("c2", parent="low", shape=box(0, 0, 1, 1)),
            unit("c3", parent="gone", shape=box(0, 0, 1, 1)),
            NewUnit("c4", "No polygon", Level.COMMUNITY),
            NewUnit("c5", "Empty", Level.COMMUNITY, Polygon()),
        ]
    )
    named = {problem.code: str(problem) for problem in problems if problem.is_error}
    assert set(named) == {
        *("unit.code_taken", "unit.code_twice", "unit.bad_code", "unit.no_name", "unit.long_name"),
        *("unit.no_parent", "unit.parent_level", "unit.parent_not_yet", "unit.no_polygon"),
    }
    assert "nobody" in named["unit.no_parent"]
    assert codes_of(problems).count("unit.bad_code") == 2
    assert codes_of(problems).count("unit.no_polygon") == 2
    assert not Unit.objects.filter(code="twice").exists()


def test_units_without_code_are_numbered_west_to_east_and_north_to_south():
    grid = cells(2, 2)
    units = [NewUnit("", f"Cell {n}", Level.STREET, shape) for n, shape in enumerate(grid)]
    loaded = load_units(units=list(reversed(units)))
    by_name = {unit.name: unit.code for unit in loaded.units}
    assert by_name == {f"Cell {n}": f"street-000{n + 1}" for n in range(4)}
    assert [problem.code for problem in loaded.remarks] == ["unit.code_given"] * 4


def test_numbers_under_a_parent_go_on_after_the_highest_ever_used():
    street()
    make_unit(box(0, 0, 1, 1), code="S007", level=Level.CITY)
    first, second = halves()
    loaded = load_units(units=[NewUnit("", first.name, first.level, first.shape, "S"), second])
    assert set(loaded.unit_ids) == {"S008", "S2"}


def test_a_dry_run_says_the_same_and_writes_nothing():
    street()
    versions = UnitVersion.objects.count()
    loaded = load_units(units=halves(), options=LoadOptions(dry_run=True))
    assert (set(loaded.unit_ids), loaded.reshaped) == ({"S1", "S2"}, ("S",))
    assert UnitVersion.objects.count() == versions
    assert not Unit.objects.filter(code="S1").exists()
    assert map_version("units") == 0


def test_other_floors_take_part_in_the_transaction(monkeypatch):
    parent = street()
    told = []
    monkeypatch.setattr(hooks, "on_boundaries_changed", [told.append])
    loaded = load_units(units=halves())
    changed = frozenset({parent.pk, *loaded.unit_ids.values()})
    assert told == [hooks.BoundaryChange(changed, loaded.valid_from)]


def test_a_hook_that_fails_undoes_everything(monkeypatch):
    street()

    def fail(_change):
        raise RuntimeError

    monkeypatch.setattr(hooks, "on_boundaries_changed", [fail])
    with pytest.raises(RuntimeError):
        load_units(units=halves())
    assert list(Unit.objects.values_list("code", flat=True)) == ["S"]


def test_a_change_that_is_planned_comes_first():
    change = datetime(2999, 1, 1, tzinfo=UTC)
    district = make_unit(
        box(*TOWN_BOX), level=Level.DISTRICT, code="D", valid=DateTimeTZRange(LONG_AGO, change)
    )
    street(parent=district)
    with pytest.raises(Conflict) as caught:
        load_units(units=halves())
    assert caught.value.code == "unit.changes_later"


def test_units_dated_back_live_with_all_that_came_since():
    make_unit(box(*TOWN_BOX), code="A", valid=DateTimeTZRange(datetime(2024, 1, 1, tzinfo=UTC), None))
    over = [NewUnit("B", "Over", Level.STREET, box(MIDDLE, SOUTH, EAST, NORTH))]
    assert codes_of(problems_of(over, valid_from=LONG_AGO)) == ["E02"]


def test_nothing_to_load_changes_nothing():
    make_grid(1, 1)
    loaded = load_units(units=[])
    assert loaded.units == ()
    assert UnitVersion.objects.count() == 1


class AnyCutOfATown(TestCase):
    """Whatever way a town is cut into communities, the street above is their union, bit by bit."""

    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        xs=st.lists(st.floats(WEST + 1e-4, EAST - 1e-4), max_size=4, unique_by=lambda x: round(x, 5)),
        bend=st.floats(-1e-5, 1e-5),
    )
    def test_it_tiles(self, xs, bend):
        cuts = [WEST, *sorted(xs), EAST]
        middle = (SOUTH + NORTH) / 2
        lines = [[(x, SOUTH), (x + (bend if WEST < x < EAST else 0), middle), (x, NORTH)] for x in cuts]
        units = [NewUnit("S", "Street", Level.STREET)]
        for n, (left, right) in enumerate(pairwise(lines)):
            units.append(NewUnit(f"S{n}", f"C{n}", Level.COMMUNITY, Polygon([*left, *reversed(right)]), "S"))
        load_units(units=units)
        street_shape = shape_of(Unit.objects.get(code="S"))
        children = [shape_of(unit) for unit in Unit.objects.filter(level=Level.COMMUNITY)]
        assert shapely.equals(street_shape, shapely.union_all(children))
