"""Whom a problem of a plan is about: one by one, masked, and nobody else."""

from __future__ import annotations

import pytest

from gis_grids.selectors.plans import problems_of
from households.models import HouseholdUnit
from tests.factories import OPEN
from tests.households.making import household
from tests.mapui.planner.making import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(world):
    """A plan that ends the area of a household without a place."""
    lost = household(None, householder="王小明", phone="13812345678")
    HouseholdUnit.objects.create(household=lost, unit=world.areas[1, 0], source="manual", valid=OPEN)
    return world.merged()


@pytest.fixture
def get(plan):
    def fetch(person, mark):
        return client_of(person).get(f"/planner/{plan.pk}/problems/households/", {"mark": mark})

    return fetch


def test_the_household_that_is_lost_is_listed_masked(world, plan, get):
    [problem] = [one for one in problems_of(plan) if one.code == "E07"]
    [told] = [
        one
        for one in client_of(world.planner).get(f"/api/plans/{plan.pk}/problems").json()["problems"]
        if one["code"] == "E07"
    ]
    assert (told["households"], told["mark"]) == (1, problem.mark)
    text = get(world.planner, problem.mark).content.decode()
    assert "Households that belong to no grid: 1 (see the list)." in text
    assert "王*" in text
    assert "138****5678" in text
    assert "王小明" not in text


def test_a_problem_without_a_list_and_a_stranger_find_nothing(world, get):
    assert get(world.planner, "E07:nothing").status_code == 404
    assert get(world.stranger, "E07:").status_code == 404
    assert get(world.worker, "E07:").status_code == 403
