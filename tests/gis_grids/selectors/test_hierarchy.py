from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from shapely import box

from gis_grids.levels import Level
from gis_grids.models import Unit, UnitVersion
from gis_grids.selectors import ancestors, chains, descendant_ids
from tests.factories import LONG_AGO, OPEN, TOWN_BOX, UnitVersionFactory, make_town, make_unit

pytestmark = pytest.mark.django_db
CHANGE = datetime(2024, 1, 1, tzinfo=UTC)
BEFORE = datetime(2023, 1, 1, tzinfo=UTC)


def below(*units, when=None):
    found = Unit.objects.filter(id__in=descendant_ids({unit.pk for unit in units}, when))
    return set(found.values_list("pk", flat=True))


def test_ancestors_run_from_the_top_down_in_one_query(django_assert_num_queries):
    town = make_town()
    asked = [town.leaf, town.units[Level.CITY][0]]
    with django_assert_num_queries(1):
        found = ancestors([unit.pk for unit in asked])
    assert found == {unit.pk: tuple(above.pk for above in town.chain(unit)) for unit in asked}


def test_unknown_ids_are_left_out_and_nothing_costs_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert ancestors([]) == {}
    assert chains([12345]) == {}


def test_everything_below_a_unit_counts_itself_too():
    town = make_town()
    street, other = town.units[Level.STREET]
    expected = {unit.pk for units in town.units.values() for unit in units if street in town.chain(unit)}
    assert len(expected) == 1 + 2 + 4 + 8 + 16
    assert below(street) == expected
    assert below(street, other) | below(town.units[Level.CITY][0]) == set(
        Unit.objects.values_list("pk", flat=True)
    )
    assert below() == set()


def test_descendants_work_as_a_filter_on_a_foreign_key(django_assert_num_queries):
    town = make_town()
    street = town.units[Level.STREET][0]
    with django_assert_num_queries(1):
        assert UnitVersion.objects.filter(unit__in=descendant_ids({street.pk})).count() == 31


def test_a_unit_that_changed_its_parent_is_where_it_then_was():
    left, right = make_unit(box(*TOWN_BOX)), make_unit(box(*TOWN_BOX))
    moved = make_unit(
        box(*TOWN_BOX), level=Level.COMMUNITY, parent=left, valid=DateTimeTZRange(LONG_AGO, CHANGE)
    )
    UnitVersionFactory(unit=moved, parent=right, name="Now", valid=DateTimeTZRange(CHANGE, None))

    assert ancestors([moved.pk])[moved.pk] == (right.pk, moved.pk)
    assert ancestors([moved.pk], BEFORE)[moved.pk] == (left.pk, moved.pk)
    assert chains([moved.pk])[moved.pk][-1].name == "Now"
    assert below(left) == {left.pk}
    assert below(right) == {right.pk, moved.pk}
    assert below(left, when=BEFORE) == {left.pk, moved.pk}


def test_a_retired_unit_keeps_its_last_place():
    ended = DateTimeTZRange(LONG_AGO, CHANGE)
    top = make_unit(box(*TOWN_BOX))
    community = make_unit(box(*TOWN_BOX), level=Level.COMMUNITY, parent=top, valid=ended)
    area = make_unit(box(*TOWN_BOX), level=Level.AREA, parent=community, valid=ended)

    assert ancestors([area.pk])[area.pk] == (top.pk, community.pk, area.pk)
    assert below(top) == {top.pk, community.pk, area.pk}


def test_a_circle_of_parents_does_not_hang():
    one = make_unit(box(*TOWN_BOX), level=Level.COMMUNITY)
    two = make_unit(box(*TOWN_BOX), level=Level.AREA, parent=one)
    one.versions.update(parent=two)
    assert [link.unit_id for link in chains([two.pk])[two.pk]] == [one.pk, two.pk]
    assert below(one) == {one.pk, two.pk}
    assert two.versions.get().valid == OPEN
