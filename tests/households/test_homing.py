"""Every household in exactly one leaf unit: against brute force, at borders, by hand, and at once."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
import shapely
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis_grids.hooks import BoundaryChange, on_boundaries_changed
from gis_grids.levels import Level
from gis_grids.models import UnitVersion
from gis_grids.selectors import locate
from households.geometry import first_covering
from households.models import Dwelling, Household, HouseholdUnit
from households.services import home_households
from tests.factories import (
    LONG_AGO,
    OPEN,
    TOWN_BOX,
    UnitFactory,
    boundary_of,
    cells,
    inside,
    make_grid,
    make_town,
    make_unit,
    shape_of,
)
from tests.households.making import building, household, open_unit

pytestmark = pytest.mark.django_db
WEST, SOUTH, EAST, NORTH = TOWN_BOX


def unit_of(one):
    return HouseholdUnit.objects.get(household=one, valid__upper_inf=True).unit


# --- the pure rule -----------------------------------------------------------------------------------

coordinates = st.floats(-2, 12, allow_nan=False) | st.integers(-1, 11).map(float)


@given(points=st.lists(st.tuples(coordinates, coordinates), max_size=40), seed=st.integers(0, 2**16))
def test_first_covering_agrees_with_brute_force(points, seed):
    rng = np.random.default_rng(seed)
    corners = rng.integers(0, 10, (12, 2)).astype(float)
    polygons = [
        shapely.box(x, y, x + w, y + h)
        for (x, y), (w, h) in zip(corners, rng.integers(1, 6, (12, 2)), strict=True)
    ]
    polygons[0] = shapely.Point(5, 5).buffer(4).difference(shapely.box(4, 4, 6, 6))
    xs, ys = np.array([p[0] for p in points], float), np.array([p[1] for p in points], float)
    expected = [
        next((i for i, polygon in enumerate(polygons) if polygon.covers(shapely.Point(point))), -1)
        for point in points
    ]
    assert first_covering(xs, ys, np.array(polygons)).tolist() == expected


def test_a_point_without_coordinates_lies_nowhere():
    nan = np.array([np.nan])
    assert first_covering(nan, nan, np.array([shapely.box(-180, -90, 180, 90)])).tolist() == [-1]


# --- in the database ---------------------------------------------------------------------------------


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**31))
def test_homing_agrees_with_the_answer_for_each_point(seed):
    with transaction.atomic():
        town = make_town()
        rng = np.random.default_rng(seed)
        # Half of the places on the lines where units meet, where the tie rule decides.
        places = [(rng.uniform(WEST, EAST), rng.uniform(SOUTH, NORTH)) for _ in range(20)]
        places += [(x, rng.uniform(SOUTH, NORTH)) for x in rng.choice(np.linspace(WEST, EAST, 17), 20)]
        homes = [household(place) for place in places]
        home_households()
        answers = {
            one.pk: where.unit_id
            for one, where in zip(homes, locate([h.place.coords for h in homes]), strict=True)
        }
        assert dict(HouseholdUnit.objects.values_list("household", "unit")) == answers
        assert {unit.pk for unit in town.units[Level.RESIDENT_GROUP]} >= set(answers.values())
        transaction.set_rollback(True)


def test_a_place_outside_every_unit_or_none_at_all_stays_without_a_unit():
    make_grid(1, 2)
    far, nowhere = household((WEST - 1, SOUTH)), household(None)
    homed = home_households()
    assert (homed.examined, homed.settled, homed.unsettled) == (2, 0, 2)
    assert open_unit(far) is None
    assert open_unit(nowhere) is None


def test_a_gap_between_the_parts_of_a_unit_is_no_leaf():
    street = make_unit(shapely.box(*TOWN_BOX))
    first, *_rest = cells(1, 2)
    make_unit(first, level=Level.COMMUNITY, parent=street)
    in_gap = household((EAST - 0.001, (SOUTH + NORTH) / 2))
    home_households()
    assert open_unit(in_gap) is None


def test_homing_again_changes_nothing():
    units = make_grid(1, 2)
    household(inside(units[0]))
    home_households()
    before = list(HouseholdUnit.objects.values())
    assert home_households().settled == 0
    assert list(HouseholdUnit.objects.values()) == before


def test_what_is_set_by_hand_or_by_entrance_stays():
    drawn, other = make_grid(1, 2)
    by_record = UnitFactory(level=Level.RESIDENT_GROUP)
    homes = {
        source: household(inside(drawn))
        for source in (HouseholdUnit.Source.MANUAL, HouseholdUnit.Source.ENTRANCE)
    }
    for source, unit in zip(homes, (other, by_record), strict=True):
        HouseholdUnit.objects.create(
            household=homes[source], unit=unit, source=source, valid=DateTimeTZRange(LONG_AGO, None)
        )
    home_households()
    assert [unit_of(one) for one in homes.values()] == [other, by_record]
    assert HouseholdUnit.objects.count() == 2


def redraw(units, line, when):
    """Move the border between two neighbours to `line`, as a service of the ground floor would."""
    for unit, shape in zip(
        units, (shapely.box(WEST, SOUTH, line, NORTH), shapely.box(line, SOUTH, EAST, NORTH)), strict=True
    ):
        old = unit.versions.get(valid__upper_inf=True)
        UnitVersion.objects.filter(pk=old.pk).update(valid=DateTimeTZRange(old.valid.lower, when))
        UnitVersion.objects.create(
            unit=unit,
            parent=old.parent,
            name=old.name,
            depth=old.depth,
            boundary=boundary_of(shape),
            valid=DateTimeTZRange(when, None),
        )
    tell(units, when)


def tell(units, when, **more):
    for hook in on_boundaries_changed:
        hook(BoundaryChange(frozenset(unit.pk for unit in units), when, **more))


def test_a_redraw_moves_those_it_concerns_and_keeps_the_history():
    left, right = make_grid(1, 2)
    middle = (WEST + EAST) / 2
    stays, moves = household((WEST + 0.001, SOUTH + 0.001)), household((middle - 0.001, SOUTH + 0.001))
    home_households(when=LONG_AGO)
    when = timezone.now()
    redraw((left, right), middle - 0.002, when)
    assert unit_of(stays) == left
    assert unit_of(moves) == right
    history = moves.memberships.order_by("valid").values_list("unit", "valid")
    assert list(history) == [
        (left.pk, DateTimeTZRange(LONG_AGO, when)),
        (right.pk, DateTimeTZRange(when, None)),
    ]
    assert stays.memberships.count() == 1


def test_a_redraw_to_come_that_is_taken_back_leaves_no_trace():
    left, right, third = make_grid(1, 3)
    moves, by_hand = household(inside(left)), household(inside(third))
    member(by_hand, left, OPEN, "manual")
    home_households(when=LONG_AGO)
    was = list(HouseholdUnit.objects.order_by("pk").values())
    when, shape = timezone.now() + timedelta(days=1), shape_of(left)
    left.versions.update(valid=DateTimeTZRange(LONG_AGO, when))
    again = make_unit(shape, level=Level.COMMUNITY, valid=DateTimeTZRange(when, None))
    tell([left, right, again], when, renumbered={left.pk: again.pk})
    assert unit_of(moves) == unit_of(by_hand) == again
    again.versions.all().delete()
    left.versions.update(valid=OPEN)
    tell([left, right, again], when)
    assert list(HouseholdUnit.objects.order_by("pk").values()) == was


def test_a_redraw_that_fails_later_moves_nobody():
    left, right = make_grid(1, 2)
    middle = (WEST + EAST) / 2
    one = household((middle - 0.001, SOUTH + 0.001))
    home_households()
    with transaction.atomic():
        redraw((left, right), middle - 0.002, timezone.now())
        transaction.set_rollback(True)
    assert unit_of(one) == left


def test_a_unit_that_is_divided_hands_its_households_down_and_gets_them_back():
    street = make_unit(shapely.box(*TOWN_BOX))
    one = household((WEST + 0.001, SOUTH + 0.001))
    home_households(when=LONG_AGO)
    assert unit_of(one) == street
    parts = make_grid(1, 2, parent=street)
    divided = timezone.now()
    home_households(unit_ids=[unit.pk for unit in parts], when=divided)
    assert unit_of(one) == parts[0]
    joined = divided + timedelta(minutes=1)
    UnitVersion.objects.filter(unit__in=parts).update(valid=DateTimeTZRange(LONG_AGO, joined))
    home_households(unit_ids=[unit.pk for unit in parts], when=joined)
    assert unit_of(one) == street


@pytest.mark.parametrize("source", ["manual", "entrance"])
def test_who_was_put_into_a_unit_that_ends_goes_by_his_place(source):
    left, right, third = make_grid(1, 3)
    one, other = household(inside(right)), household(inside(right))
    for who, unit in ((one, left), (other, third)):
        member(who, unit, OPEN, source)
    when = timezone.now()
    left.versions.update(valid=DateTimeTZRange(LONG_AGO, when))
    tell([left, right], when)
    assert unit_of(one) == right
    assert one.memberships.get(valid__upper_inf=True).source == "geometry"
    assert other.memberships.get() == HouseholdUnit.objects.get(unit=third, source=source)


def test_who_is_in_a_unit_by_record_goes_with_it_when_its_code_changes():
    left, right = make_grid(1, 2)
    by_hand, by_place, nowhere = household(inside(right)), household(inside(left)), household(None)
    member(by_hand, left, OPEN, "entrance")
    member(nowhere, left, OPEN, "geometry")
    home_households(when=LONG_AGO)
    when = timezone.now()
    shape = shape_of(left)
    left.versions.update(valid=DateTimeTZRange(LONG_AGO, when))
    again = make_unit(shape, level=Level.COMMUNITY, valid=DateTimeTZRange(when, None))
    tell([left, again], when, renumbered={left.pk: again.pk})
    assert [unit_of(one) for one in (by_hand, by_place, nowhere)] == [again] * 3
    assert list(by_hand.memberships.order_by("valid").values_list("unit", "source", "valid")) == [
        (left.pk, "entrance", DateTimeTZRange(LONG_AGO, when)),
        (again.pk, "entrance", DateTimeTZRange(when, None)),
    ]


def test_who_has_no_place_goes_with_his_building_and_without_one_stays():
    left, right = make_grid(1, 2)
    house = building(shapely.Point(inside(right)).buffer(0.0001), code="B1")
    dwelling = Dwelling.objects.create(building=house, floor=1, room="101")
    one, stays, nowhere = household(None, dwelling=dwelling), household(None), household(None)
    member(one, left, OPEN, "geometry")
    member(stays, left, OPEN, "geometry")
    home_households()
    assert (unit_of(one), unit_of(stays), open_unit(nowhere)) == (right, left, None)


def test_two_changes_at_the_same_moment_leave_one_record():
    _left, right = make_grid(1, 2)
    middle, when = (WEST + EAST) / 2, timezone.now()
    one = household((middle - 0.001, SOUTH + 0.001))
    home_households(household_ids=[one.pk], when=when)
    one.place.x = middle + 0.001
    one.save()
    home_households(household_ids=[one.pk], when=when)
    assert list(one.memberships.values_list("unit", "valid")) == [(right.pk, DateTimeTZRange(when, None))]


def test_a_change_dated_back_does_not_rewrite_an_earlier_record():
    left, _right = make_grid(1, 2)
    middle, when = (WEST + EAST) / 2, timezone.now()
    one = household((middle - 0.001, SOUTH + 0.001))
    home_households(when=LONG_AGO)
    one.place.x = middle + 0.001
    one.save()
    home_households(when=when)
    one.place.x = middle - 0.001
    one.save()
    home_households(when=datetime(2021, 1, 1, tzinfo=UTC))
    assert list(one.memberships.order_by("valid").values_list("unit", "valid")) == [
        (left.pk, DateTimeTZRange(LONG_AGO, when)),
        (left.pk, DateTimeTZRange(when, None)),
    ]


# --- what the database enforces ----------------------------------------------------------------------


def member(one, unit, valid, source="manual"):
    return HouseholdUnit.objects.create(household=one, unit=unit, source=source, valid=valid)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (DateTimeTZRange(LONG_AGO, None), DateTimeTZRange(LONG_AGO + timedelta(1), None)),
        (DateTimeTZRange(LONG_AGO, LONG_AGO + timedelta(2)), DateTimeTZRange(LONG_AGO + timedelta(1), None)),
    ],
)
def test_the_database_refuses_a_second_unit_at_the_same_time(first, second):
    left, right = make_grid(1, 2)
    one = household(inside(left))
    member(one, left, first)
    with pytest.raises(IntegrityError), transaction.atomic():
        member(one, right, second)


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_leave_one_open_record():
    units = make_grid(1, 4)
    one = household(inside(units[0]))
    start, refused = threading.Barrier(4), []

    def write(unit):
        try:
            start.wait(10)
            member(one, unit, DateTimeTZRange(LONG_AGO, None))
        except IntegrityError as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(unit,)) for unit in units]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 3
    assert HouseholdUnit.objects.filter(household=one, valid__upper_inf=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_homings_at_once_wait_for_one_another():
    units = make_grid(1, 2)
    homes = [household(inside(unit)) for unit in units for _ in range(50)]
    start, failures = threading.Barrier(4), []

    def run():
        try:
            start.wait(10)
            home_households()
        except Exception as error:  # noqa: BLE001 - whatever it is, the test must name it
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert HouseholdUnit.objects.count() == len(homes)


def test_an_impossible_household_is_refused_by_the_database():
    for wrong in (
        {"is_party_hub_household": True},
        {"place_source": "survey"},
        {"place_accuracy_m": 0.0},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Household.objects.create(**wrong)
