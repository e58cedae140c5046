"""Open cases under a plan: how many each zone has, and that the re-homing does what the report says."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import shapely
from django.utils import timezone

from gis_grids import hooks
from gis_grids.drafts import SCOPE, Staff
from gis_grids.drafts.comparison import Comparison
from gis_grids.levels import Level, PostKind
from incidents.models import Incident, Matter
from incidents.selectors.plans import impact, zone_figures
from incidents.services.rehoming import rehome
from incidents.workflow import Action, Actor, State
from tests.factories import TOWN_BOX, UserFactory, inside, post, shape_of
from tests.households.drafting import changed, draft_of, key, merged
from tests.incidents.test_rehoming import draw

pytestmark = pytest.mark.django_db


@pytest.fixture
def leaves(world):
    return world.town.units[Level.RESIDENT_GROUP]


@pytest.fixture
def draft(world):
    return draft_of(world.town.units[Level.STREET][0])


def case_in(world, unit):
    return world.case(lon=inside(unit)[0], lat=inside(unit)[1])


def move(world, case, unit):
    world.act(case.pk, Action.MOVE, Actor.GRID_LEAD, unit_id=unit.pk)


def open_cases(draft, *units):
    figures = zone_figures(draft, [key(unit) for unit in units], timezone.now())
    return [figures[key(unit)]["open_cases"] for unit in units]


def report(before, after):
    found = impact(Comparison(before, after, timezone.now()))
    assert json.loads(json.dumps(found)) == found
    return found


def ways(found):
    return {row["number"]: (row["from"], row["to"]) for row in found["moving"]}


def test_the_floor_takes_part_in_plans():
    assert zone_figures in hooks.zone_figures
    assert hooks.plan_impacts["cases"] is impact


def test_without_cases(draft, leaves):
    assert open_cases(draft, leaves[0]) == [0]
    assert zone_figures(draft, [], timezone.now()) == {}
    assert report(draft, draft) == {"open": 0, "moving": []}


def test_open_cases_count_on_every_level_and_ended_ones_dont(world, draft, leaves):
    case_in(world, leaves[0])
    case_in(world, leaves[1])
    world.bring(State.CLOSED)
    case_in(world, leaves[-1])  # in the other street
    group, area = (world.town.units[level][0] for level in (Level.BUILDING_GROUP, Level.AREA))
    assert open_cases(draft, leaves[0], leaves[1], group, area) == [1, 1, 2, 2]
    assert open_cases(merged(draft, leaves[0], leaves[1]), leaves[0], group) == [2, 2]


def test_what_somebody_moved_stays_with_its_unit_while_that_lasts(world, draft, leaves):
    by_hand, above, beyond = (case_in(world, leaves[0]) for _ in range(3))
    move(world, by_hand, leaves[1])
    Incident.objects.filter(pk=above.pk).update(unit=world.town.units[Level.AREA][0])
    Incident.objects.filter(pk=beyond.pk).update(unit=leaves[-1])
    assert open_cases(draft, leaves[0], leaves[1], world.town.units[Level.AREA][0]) == [0, 1, 2]
    without = merged(draft, leaves[2], leaves[1])
    assert open_cases(without, leaves[0], leaves[2], world.town.units[Level.AREA][0]) == [1, 0, 2]
    assert ways(report(draft, without)) == {by_hand.number: (key(leaves[1]), key(leaves[0]))}


def test_a_case_beside_all_grids_stays_with_the_nearest_one(world, draft, leaves):
    west, south, _east, _north = TOWN_BOX
    case = world.case(lon=west - 0.0005, lat=south + 0.001)
    assert case.outside_m > 0
    assert open_cases(draft, leaves[1]) == [1]
    assert report(draft, draft) == {"open": 1, "moving": []}


def test_the_report_names_the_case_and_who_has_it_before_and_after(world, draft, leaves):
    case = world.bring(State.IN_PROGRESS)
    secret = case_in(world, leaves[0])
    Incident.objects.filter(pk=secret.pk).update(matter=Matter.objects.get(code="noise"))
    Matter.objects.filter(code="noise").update(is_private=True)
    after = merged(draft, leaves[1], leaves[0])
    chosen = UserFactory(last_name="李", first_name="四")
    after = changed(
        after, replace(after.zones[key(leaves[1])], staff=(Staff(PostKind.GRID_WORKER, chosen.pk),))
    )
    post(UserFactory(last_name="陈", first_name="一"), leaves[1])
    found = report(draft, after)
    assert found["open"] == 2
    first, second = found["moving"]
    assert first == {
        "number": case.number,
        "matter": case.matter.name,
        "from": key(leaves[0]),
        "to": key(leaves[1]),
        "assignee": "王colleague",
        "people_before": ["王worker"],
        "people_after": ["李四"],
        "may_stay": False,
    }
    assert (second["number"], second["matter"], second["assignee"]) == (secret.number, "", "")


def test_whose_own_grid_stays_and_the_one_above_ends_changes_hands_too(world, draft, leaves):
    case = case_in(world, leaves[0])
    area, other = world.town.units[Level.AREA][:2]
    worker, next_one = (
        UserFactory(last_name="陈", first_name="一"),
        UserFactory(last_name="李", first_name="四"),
    )
    post(worker, area)
    post(next_one, other)
    groups = [zone for zone in draft.below(key(area)) if zone.parent == key(area)]
    below = [replace(zone, parent=key(other)) for zone in groups]
    [row] = report(draft, changed(draft, *below, without=[key(area)]))["moving"]
    assert (row["number"], row["from"], row["to"]) == (case.number, key(area), key(other))
    assert "陈一" in row["people_before"]
    assert (row["people_after"], row["may_stay"]) == (["李四"], False)


def test_what_the_report_says_is_what_the_re_homing_then_does(world, draft, leaves):
    first, second = leaves[:2]
    west, south, east, north = shape_of(first).bounds
    middle = (south + north) / 2
    places = [middle + 0.0005, middle - 0.0005, south - 0.0005]
    cases = [world.case(lon=(west + east) / 2, lat=lat) for lat in places]
    cases.append(world.case(lon=(west + east) / 2, lat=middle - 0.0005))
    move(world, cases[-1], leaves[5])
    shapes = {
        first: shapely.box(west, middle, east, north),
        second: shapely.box(west, shape_of(second).bounds[1], east, middle),
    }
    after = changed(draft, *(replace(draft.zones[key(unit)], shape=shape) for unit, shape in shapes.items()))
    told = ways(report(draft, after))
    assert told == {cases[1].number: (key(first), key(second))}
    assert report(draft, after)["moving"][0]["may_stay"]
    when = timezone.now()
    units = {case.pk: case.unit_id for case in Incident.objects.all()}
    draw(shapes, when)
    rehome(unit_ids=[unit.pk for unit in shapes], when=when)
    moved = {
        case.number: (f"u{units[case.pk]}", f"u{case.unit_id}")
        for case in Incident.objects.all()
        if case.unit_id != units[case.pk]
    }
    assert moved == told


def test_who_leaves_the_scope_is_told(world, draft, leaves):
    case = case_in(world, leaves[-1])
    Incident.objects.filter(pk=case.pk).update(unit=leaves[1])
    found = report(draft, merged(draft, leaves[0], leaves[1]))
    assert ways(found) == {case.number: (key(leaves[1]), SCOPE)}


def test_a_case_is_where_its_place_is_even_on_a_border(world, draft, leaves):
    border = shape_of(leaves[0]).intersection(shape_of(leaves[1]))
    place = shapely.line_interpolate_point(border, 0.3, normalized=True)
    world.case(lon=place.x, lat=place.y)
    assert open_cases(draft, leaves[0], leaves[1]) == [1, 0]
