"""The figures beside the map: whose they are, and what each viewer is told."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from gis_grids.levels import Level, PostKind
from incidents.models import Matter
from tests.factories import UserFactory, post
from tests.incidents.world import make_world


@pytest.fixture
def world(db):
    cache.clear()
    return make_world()


@pytest.fixture
def panels(client, world):
    """Return a function that reads the panels as an operator of the unit (the street of the cases)."""

    def read(unit=None, *, of=None, kind=PostKind.COMMAND_OPERATOR):
        viewer = UserFactory()
        post(viewer, of or world.town.units[Level.STREET][0], kind)
        client.force_login(viewer)
        return client.get("/api/wall/panels", {"unit": unit.pk} if unit else {})

    return read


def test_the_figures_are_those_of_the_unit(panels, world):
    here = world.case()
    street, other = world.town.units[Level.STREET]
    community = next(
        unit for unit in world.town.units[Level.COMMUNITY] if here.unit.code.startswith(unit.code)
    )
    empty = next(
        unit
        for unit in world.town.units[Level.COMMUNITY]
        if unit.code.startswith(street.code) and unit != community
    )
    for unit, count in ((None, 1), (community, 1), (empty, 0)):
        shown = panels(unit).json()
        assert (shown["figures"]["open"], shown["figures"]["today"]) == (count, count)
        assert sum(shown["trend"]["today"]) == sum(group["cases"] for group in shown["classes"]) == count
    assert panels(other).status_code == 404


def test_a_private_matter_counts_for_nobody_without_a_grant(panels, world):
    Matter.objects.filter(code=world.case().matter.code).update(is_private=True)
    shown = panels().json()
    assert shown["figures"]["open"] == 0
    assert sum(shown["trend"]["today"]) == 0


def test_satisfaction_is_told_only_of_enough_ratings(panels):
    assert panels().json()["satisfaction"] == {"mean": None, "ratings": 0}


def test_who_has_no_wall_is_refused(panels, world):
    assert panels(kind=PostKind.GRID_WORKER).status_code == 403


def test_two_hundred_walls_cost_as_much_as_one(client, panels, django_assert_max_num_queries):
    panels()
    # What is left is who asks: session, user, posts, grants.
    with django_assert_max_num_queries(4):
        client.get("/api/wall/panels")
