"""Households out of a table: new ones, changes, what stays out, and all of it undone."""

from __future__ import annotations

import pytest

from households.models import Household, HouseholdUnit, ImportPart
from tests.households.imports.making import World, workbook

pytestmark = pytest.mark.django_db

HEAD = ["地址", "户主", "电话", "人口"]


@pytest.fixture
def world():
    return World()


def test_households_come_in_with_dwelling_place_and_unit(world):
    run = world.imported(
        workbook(
            HEAD,
            ["阳光花园1号楼1单元101", "张三", "13800000001", 3],
            ["阳光花园2号楼2-202", "李四", None, "2人"],
        )
    )
    assert (run.state, run.counts) == ("done", {"new": 2})
    one, other = Household.objects.order_by("pk")
    assert (one.householder, one.phone, one.size, one.dwelling.room) == ("张三", "13800000001", 3, "101")
    assert (other.dwelling.entrance.number, other.dwelling.room, other.place_source) == (2, "202", "building")
    assert set(HouseholdUnit.objects.values_list("unit", flat=True)) == {world.leaf.pk}
    assert not ImportPart.objects.exists()
