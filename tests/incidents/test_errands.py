"""Errands taken at the counter: for a household that one may see, at its place."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.contrib.gis.geos import MultiPolygon, Point
from django.utils import timezone

from gis_grids.errors import BadInput, NotFound, Refused
from gis_grids.levels import Level
from gis_grids.models import Post
from households.models import Building, Dwelling, Household
from incidents.models import Incident
from incidents.services import create_errand
from incidents.workflow import Action, Actor, State
from tests.factories import inside
from tests.incidents.homes import household


@pytest.fixture
def home(world):
    return household(world.town.leaf)


def errand(world, home, **changes):
    told = {"actor": world.office, "household_id": home.pk, "matter": "errand", "text": "代办优待证"}
    return create_errand(**(told | changes))


def test_the_counter_takes_an_errand_for_a_household(world, home):
    done = errand(world, home, priority="urgent")
    case = Incident.objects.get(pk=done.incident_id)
    assert (case.household, case.unit, case.reporter, case.priority) == (
        home,
        world.town.leaf,
        world.office,
        "urgent",
    )
    assert case.place == home.place
    assert list(case.steps.values_list("title", flat=True)) == case.matter.errand_steps


def test_the_form_sent_twice_makes_one_errand(world, home):
    form = {"report_id": uuid4(), "observed_at": timezone.now(), "steps": ("取件", "送达")}
    first, again = errand(world, home, **form), errand(world, home, **form)
    assert (first.incident_id, again.is_repeat) == (again.incident_id, True)
    assert Incident.objects.get().steps.count() == 2


def test_an_errand_is_done_step_by_step(world, home):
    case = errand(world, home, steps=("取件", "送达")).incident_id
    for action, actor in ((Action.ASSIGN, Actor.GRID_LEAD), (Action.TAKE, Actor.ASSIGNEE)):
        world.act(case, action, actor)
    world.act(case, Action.COMPLETE_STEP, Actor.ASSIGNEE, step=1)
    world.act(case, Action.COMPLETE_STEP, Actor.ASSIGNEE, step=2)
    world.act(case, Action.RESOLVE, Actor.ASSIGNEE)
    assert Incident.objects.get().state == State.RESOLVED


def test_an_errand_handled_on_the_spot_has_all_its_steps_done(world, home):
    case = errand(world, home, actor=world.worker).incident_id
    world.act(case, Action.SELF_HANDLE, Actor.REPORTER)
    incident = Incident.objects.get(pk=case)
    assert incident.state == State.RESOLVED
    assert set(incident.steps.values_list("done_by", flat=True)) == {world.worker.pk}


def test_a_household_without_a_place_is_at_its_building(world, home):
    unit = world.town.leaf
    building = Building.objects.create(
        code="B1", footprint=MultiPolygon(Point(*inside(unit), srid=4326).buffer(0.0001), srid=4326)
    )
    dwelling = Dwelling.objects.create(building=building, floor=1, room="101")
    Household.objects.filter(pk=home.pk).update(
        place=None, place_source="", placed_on=None, dwelling=dwelling
    )
    case = Incident.objects.get(pk=errand(world, home).incident_id)
    assert building.footprint.covers(case.place)
    Household.objects.filter(pk=home.pk).update(dwelling=None)
    with pytest.raises(BadInput) as error:
        errand(world, home)
    assert error.value.code == "errand.no_place"


def test_only_errands_are_taken_this_way(world, home):
    for matter in ("rubbish", "nothing-such"):
        with pytest.raises(BadInput) as error:
            errand(world, home, matter=matter)
        assert error.value.code == "errand.matter"


def test_a_household_elsewhere_is_not_there(world, home):
    elsewhere = household(world.town.units[Level.RESIDENT_GROUP][-1])
    for changes in ({"household_id": elsewhere.pk}, {"household_id": 10**12}, {"actor": world.stranger}):
        with pytest.raises(NotFound) as error:
            errand(world, home, **changes)
        assert error.value.code == "household.not_found"
    Post.objects.filter(holder=world.office).delete()
    with pytest.raises((NotFound, Refused)):
        errand(world, home)
    assert not Incident.objects.exists()
