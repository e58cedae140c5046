from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gis_grids.levels import Level, PostKind
from gis_grids.models import MapVersion
from gis_grids.selectors import current_versions, extent, map_version, tree
from tests.factories import LONG_AGO, TOWN_BOX, UserFactory, make_grid, make_town, post

pytestmark = pytest.mark.django_db


def test_the_versions_in_force_come_from_the_top_down():
    town = make_town()
    assert [v.unit_id for v in current_versions(Level.STREET)] == [u.pk for u in town.units[Level.STREET]]
    depths = [version.depth for version in current_versions()]
    assert depths == sorted(depths)
    assert len(depths) == 1 + 1 + 2 + 4 + 8 + 16 + 32
    assert not current_versions(when=LONG_AGO - timedelta(days=1)).exists()
    assert current_versions(when=datetime(2021, 1, 1, tzinfo=UTC)).count() == len(depths)


def test_the_extent_is_the_box_around_everything():
    assert extent() is None
    make_grid(2, 2)
    assert extent() == TOWN_BOX
    assert extent().west == TOWN_BOX[0]


def test_a_layer_that_never_changed_has_version_zero():
    assert map_version("units") == 0
    MapVersion.objects.create(layer="units", version=7)
    assert map_version("units") == 7


def test_the_tree_reads_depth_first_with_posts_and_counts(django_assert_num_queries):
    town = make_town()
    user = UserFactory(last_name="王", first_name="")
    post(user, town.leaf, PostKind.GRID_WORKER)
    post(None, town.leaf, PostKind.GRID_LEADER)
    with django_assert_num_queries(2):
        rows = tree()

    assert [row.code for row in rows] == sorted(row.code for row in rows)
    assert rows[0].parent_id is None
    assert (rows[0].children, rows[0].units_below) == (1, 63)
    leaf = next(row for row in rows if row.unit_id == town.leaf.pk)
    assert (leaf.level, leaf.name, leaf.children) == (Level.RESIDENT_GROUP, f"Unit {town.leaf.code}", 0)
    assert [(p.kind, p.holder_id, p.holder_name) for p in leaf.posts] == [
        (PostKind.GRID_LEADER, None, ""),
        (PostKind.GRID_WORKER, user.pk, "王"),
    ]


def test_the_tree_below_a_unit_begins_with_it():
    town = make_town()
    street = town.units[Level.STREET][1]
    rows = tree({street.pk})
    assert rows[0].unit_id == street.pk
    assert len(rows) == 31
    assert tree(set()) == []
