"""Two plans of one scope are published at once: one wins, the other is told; nothing is half done."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.utils import timezone

from gis_grids import hooks
from gis_grids.errors import Conflict, Stale
from gis_grids.levels import Level
from gis_grids.models import Plan, Publication
from gis_grids.selectors import stored_tiling
from gis_grids.selectors.plans import base_draft
from gis_grids.services import plans as services
from tests.planning import approve, draw, key, make_world, split

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(monkeypatch):
    monkeypatch.setattr(hooks, "plan_checks", [])
    return make_world()


def opened(world, title):
    return services.open_plan(
        scope_id=world["west"].pk, level=Level.AREA, title=title, actor=world["planner"]
    )


def publish_at_once(plans, world):
    """Have each plan published by a thread of its own, all let go together; return what each was told."""
    ready, told = threading.Barrier(len(plans)), []

    def publish(plan):
        try:
            ready.wait()
            services.publish(plan_id=plan.pk, actor=world["planner"])
            told.append("published")
        except Conflict as error:
            told.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=publish, args=[plan]) for plan in plans]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(told)


def test_of_two_plans_one_wins(world):
    first, second = opened(world, "A"), opened(world, "B")
    split(first, world)
    draw(second, world["planner"], kind="merge", keep=key(world["west01"]), others=[key(world["west11"])])
    for plan in (first, second):
        approve(plan, world)
    assert publish_at_once([first, second], world) == ["plan.E10", "published"]
    assert Publication.objects.count() == 1
    winner = Plan.objects.get(status="published")
    assert len(base_draft(world["west"].pk, timezone.now()).zones) == (5 if winner == first else 3)
    assert not [problem for problem in stored_tiling().problems if problem.is_error]


def test_one_plan_is_published_once(world):
    plan = opened(world, "A")
    split(plan, world)
    approve(plan, world)
    assert publish_at_once([plan, plan, plan], world) == ["plan.state", "plan.state", "published"]
    assert len(base_draft(world["west"].pk, timezone.now()).zones) == 5


def test_what_was_drawn_at_once_is_drawn_one_after_the_other(world):
    plan = opened(world, "A")
    told = []

    def rename(n):
        try:
            draw(
                plan, world["planner"], base_rev=0, kind="rename", zone=key(world["west00"]), name=f"Name {n}"
            )
            told.append("drawn")
        except Stale as error:
            told.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=rename, args=[n]) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(told) == ["drawn", "plan.E11", "plan.E11", "plan.E11"]
    assert Plan.objects.get().rev == 1
