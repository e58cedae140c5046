"""The world of the planner's pages, and a plan in it."""

from __future__ import annotations

import pytest

from tests.mapui.planner.making import make_world


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def plan(world):
    return world.merged()
