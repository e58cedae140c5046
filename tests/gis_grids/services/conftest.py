"""What tests of plans share: a world with one that is open."""

from __future__ import annotations

import pytest

from gis_grids import hooks
from gis_grids.levels import Level
from gis_grids.services import plans as services
from tests.planning import make_world


@pytest.fixture
def ground_floor_alone(monkeypatch):
    """What the floors above hold against a plan is tested there: nobody lives in these worlds."""
    monkeypatch.setattr(hooks, "plan_checks", [])


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def plan(world):
    return services.open_plan(
        scope_id=world["west"].pk, level=Level.AREA, title="A plan", actor=world["planner"]
    )
