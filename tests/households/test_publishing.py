"""What a plan says of households is what its publication records: nobody is lost, nobody counted twice."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
import shapely
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gis_grids import hooks
from gis_grids.levels import Level
from gis_grids.models import Publication, Unit, UnitVersion
from gis_grids.selectors.plans import draft_of
from gis_grids.services import plans as services
from households.models import Dwelling, Household, HouseholdUnit
from households.selectors.census import Census
from households.selectors.drafts import zones_of
from households.services import home_households
from tests.factories import OPEN, inside
from tests.households.making import building, household
from tests.planning import SOUTH, STEP, WEST, approve, draw, key, make_world, published, split

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_checks(monkeypatch):
    """Publish whatever is drawn: who would be lost is tested here, not refused."""
    monkeypatch.setattr(hooks, "plan_checks", [])


@pytest.fixture
def world():
    """The street of the tests of plans, with households of every kind in its west."""
    world = make_world()
    rng = np.random.default_rng(7)
    areas = [world[f"west{n}"] for n in ("00", "01", "10", "11")]
    for n in range(60):
        place = (WEST + rng.uniform(0, 4 * STEP), SOUTH + rng.uniform(0, 2 * STEP))
        if n % 6 == 0:  # on the lines where areas meet
            place = (WEST + STEP * (n % 4 // 2), SOUTH + STEP * (n % 3))
        household(place, size=int(rng.integers(1, 5)))
    home_households(when=OPEN.lower)
    for area in areas:
        house = building(shapely.Point(inside(area)).buffer(0.0001), code=f"B{area.code}")
        dwelling = Dwelling.objects.create(building=house, floor=1, room="101")
        record(household(None, dwelling=dwelling), areas[0], "geometry")
        record(household(None), area, "geometry")
        record(household(inside(areas[0])), area, "manual")
        record(household(inside(world["east00"])), area, "entrance")
        record(household(inside(area)), world["east11"], "manual")
    return world


@pytest.fixture
def plan(world):
    return services.open_plan(
        scope_id=world["west"].pk, level=Level.AREA, title="A plan", actor=world["planner"]
    )


def record(one, unit, source):
    HouseholdUnit.objects.create(household=one, unit=unit, source=source, valid=OPEN)


def units_at(at):
    rows = HouseholdUnit.objects.filter(valid__contains=at)
    return dict(rows.values_list("household", "unit"))


def zones_told(plan):
    """Who will be in which zone by the plan, by its name."""
    draft = draft_of(plan)
    told = zones_of(draft, list(Household.objects.values_list("pk", flat=True)), timezone.now())
    return {pk: draft.zones[zone].name for pk, zone in told.items()}


def names_at(at, within):
    """Who is in which unit below another one at a time, by record."""
    versions = UnitVersion.objects.filter(valid__contains=at, parent=within)
    names = dict(versions.values_list("unit", "name"))
    return {pk: names[unit] for pk, unit in units_at(at).items() if unit in names}


def redrawn(plan, world):
    """Split an area, merge two, give another a new code: new units, ended ones, and one renumbered."""
    split(plan, world)
    draw(plan, world["planner"], kind="merge", keep=key(world["west01"]), others=[key(world["west11"])])
    draw(plan, world["planner"], kind="renumber", zone=key(world["west10"]), code="601")


def test_everybody_is_recorded_where_the_plan_says(world, plan):
    redrawn(plan, world)
    told, before = zones_told(plan), units_at(timezone.now())
    published(plan, world)
    now = timezone.now()
    assert names_at(now, world["west"]) == told
    assert HouseholdUnit.objects.filter(unit=Unit.objects.get(code="601"), source="entrance").count() == 1
    assert units_at(now).keys() == before.keys()


def test_history_stays_and_the_report_is_frozen(world, plan):
    before = units_at(OPEN.lower)
    redrawn(plan, world)
    published(plan, world)
    assert units_at(OPEN.lower) == before
    report = Publication.objects.get(plan=plan).report
    moved = {pk for move in report["households"]["moves"] for pk in move["households"]}
    assert moved
    assert report["cases"] == {"open": 0, "moving": []}


def test_the_register_is_read_once_to_judge_and_once_to_write(world, plan, monkeypatch):
    """By the checks, the figures, the people and the report together; and anew under the homing's lock."""
    monkeypatch.setattr(hooks, "plan_checks", [lambda compared: [] if compared.once(Census.of) else None])
    redrawn(plan, world)
    approve(plan, world)
    with CaptureQueriesContext(connection) as queries:
        services.publish(plan_id=plan.pk, actor=world["planner"])
    assert sum("h.place && " in query["sql"] for query in queries) == 2


def test_from_a_day_to_come_on_everybody_is_where_the_plan_says_then(world, plan):
    redrawn(plan, world)
    told, before = zones_told(plan), units_at(timezone.now())
    tomorrow = timezone.now() + timedelta(days=1)
    published(plan, world, effective_at=tomorrow)
    assert units_at(timezone.now()) == before
    assert names_at(tomorrow, world["west"]) == told


def test_what_is_taken_back_before_its_day_leaves_no_trace_in_the_records(world, plan):
    home_households()
    was = set(HouseholdUnit.objects.values_list("household", "unit", "source", "valid"))
    redrawn(plan, world)
    published(plan, world, effective_at=timezone.now() + timedelta(days=1))
    published(services.restore_plan(plan_id=plan.pk, actor=world["planner"]), world)
    assert set(HouseholdUnit.objects.values_list("household", "unit", "source", "valid")) == was


def test_who_is_put_into_the_register_before_that_day_is_where_he_belongs_then(world, plan):
    """Households that come, and one that moves, between the publication and its day."""
    split(plan, world)
    one, by_hand = (household((WEST + STEP / 4, SOUTH + STEP / 2)) for _ in range(2))
    record(by_hand, world["west00"], "manual")
    home_households()
    tomorrow = timezone.now() + timedelta(days=1)
    published(plan, world, effective_at=tomorrow)
    comers = [household((WEST + STEP * part, SOUTH + STEP / 2)) for part in (0.2, 0.7)]
    one.place.x = WEST + STEP * 1.5
    one.save()
    home_households(household_ids=[each.pk for each in (one, by_hand, *comers)])
    now, then = units_at(timezone.now()), units_at(tomorrow)
    assert [now[each.pk] for each in comers] == [world["west00"].pk] * 2
    assert len({then[each.pk] for each in comers}) == 2
    assert now[one.pk] == then[one.pk] == world["west10"].pk
    assert now[by_hand.pk] == then[by_hand.pk] == world["west00"].pk
    names, told = names_at(tomorrow, world["west"]), zones_told(plan)
    assert {each.pk: names[each.pk] for each in comers} == {each.pk: told[each.pk] for each in comers}
