"""Early signs over HTTP: to whom, of what, and what is refused. What they are is tested with the selector."""

from __future__ import annotations

import pytest

from gis_grids.levels import Level
from tests.incidents.world import make_world

ADDRESS = "/api/wall/hotspots"


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def ask(client):
    def ask(user, query=""):
        client.force_login(user)
        return client.get(f"{ADDRESS}?{query}")

    return ask


def test_cells_and_window_without_any_person(world, ask):
    for _ in range(2):
        world.case()
    answer = ask(world.operator, "hours=3")
    assert answer.status_code == 200
    found = answer.json()
    [cell] = found["cells"]
    assert (cell["count"], cell["usual"], found["signs"], found["weeks"]) == (2, 0, [], 0)
    assert set(cell) == {"lon", "lat", "count", "usual"}
    assert set(found) == {"window", "weeks", "signs", "cells", "step"}


def test_only_what_the_viewer_s_wall_shows(world, ask):
    world.case()
    community = world.town.units[Level.COMMUNITY][0]
    assert len(ask(world.lead, f"unit={community.pk}").json()["cells"]) == 1
    assert ask(world.stranger).json()["cells"] == []
    assert ask(world.stranger, f"unit={community.pk}").status_code == 404
    assert ask(world.worker).status_code == 403  # who has no post of the wall


@pytest.mark.parametrize(
    "query", ["hours=0", "hours=73", "hours=x", "unit=x", "at=soon", "at=2999-01-01T00:00Z"]
)
def test_what_can_not_be_had_is_refused(world, ask, query):
    answer = ask(world.operator, query)
    assert answer.status_code == 422 if "2999" not in query else answer.status_code in {400, 422}
    assert answer.json()["code"]


def test_a_moment_of_the_past_can_be_asked_for(world, ask):
    world.case()
    assert ask(world.operator, "at=2026-01-01T00:00:00Z").json()["cells"] == []
